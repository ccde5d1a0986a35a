"""Settings: safe defaults, and a fault is named by its setting."""

import re
from pathlib import Path

import msgspec
import pytest

from kefu import config
from kefu.cli.texts import Texts
from kefu.config import ConfigError, Settings
from kefu.core.urls import UnsafeUrl, check_url, read_allowed


def load(tmp_path, toml, **env):
    file = tmp_path / "kefu.toml"
    file.write_text(toml, encoding="utf-8")
    return config.load(file, env)


def test_the_defaults_are_safe():
    settings = config.load(None, {})
    assert settings.on_loopback
    assert not settings.rooms.enabled
    assert not settings.direct.enabled
    assert not settings.demo
    assert not settings.limits_off


def test_a_demo_is_open_and_keeps_its_data_where_it_is_told():
    settings = config.demo(host="127.0.0.1", port=1, classic_port=2, data="/data", env={})
    assert settings.demo
    assert settings.rooms.enabled
    assert settings.direct.enabled
    assert settings.database_url == "sqlite:////data/kefu.db"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_webhooks_of_a_demo_may_reach_the_machine_that_it_runs_on(host: str):
    settings = config.demo(host=host, port=1, classic_port=2, data="", env={})
    allowed = read_allowed(settings.outbound.allow)
    for url in ("http://127.0.0.1:8099/", "http://[::1]:8099/", "http://localhost:8099/"):
        assert check_url(url, allowed)
    with pytest.raises(UnsafeUrl):
        check_url("http://10.0.0.1:8099/", allowed)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_webhooks_of_a_demo_that_others_can_reach_may_reach_nothing_inner(host: str):
    settings = config.demo(host=host, port=1, classic_port=2, data="", env={})
    assert settings.outbound.allow == ()


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[server]\nport = 'x'", "server.port"),
        ("[server]\nport = 65536", "server.port: 65536"),
        ("[server]\nprot = 3000", "prot"),
        ("[servers]\nport = 3000", "servers"),
        ("[rooms\n", "line 1"),
        ("demo = true", "demo"),
        ("limits_off = true", "limits_off"),
        ("[rooms.tokens]\n'小李' = 'short'", "小李"),
        ("[rooms.tokens]\n'系统' = 'sixteen characters'", "系统"),
        ("[server]\ntrusted_proxies = ['proxy']", "server.trusted_proxies: `proxy`"),
        ("[rooms]\norigins = ['shop.example']", "origins: `shop.example`"),
        ("[direct]\norigins = ['https://shop.example/']", "origins: `https://shop.example/`"),
        ("[limits]\nmessage_bytes = -1", r"limits\.message_bytes: -1"),
        ("[limits]\nmessages_per_s = 0", r"limits\.messages_per_s: 0"),
        ("[server]\nping_interval_s = nan", r"server\.ping_interval_s: nan"),
        ("[storage]\nlock_wait_s = inf", r"storage\.lock_wait_s: inf"),
        ("[server]\npublic_url = 'chat.example'", "server.public_url: `chat.example`"),
        ("[server]\npublic_url = 'app://chat'", "server.public_url: `app://chat`"),
        ("[outbound]\nallow = ['10.1.0.0/33']", "outbound.allow: `10.1.0.0/33`"),
        ("[mail]\nhost = 'mx.example'", "mail.from_address: ``"),
        ("[mail]\nport = 70000", "mail.port: 70000"),
        ("[mail]\nreply_to = 'x@y\\r\\nBcc: z@y'", "mail.reply_to: `"),
        ('[mail]\nreply_to = "a@b\\r\\nBcc: z@y"', "mail.reply_to: `"),
        ("[mail]\nreply_to = 'Ann <ann@shop.example>'", "mail.reply_to: `Ann <ann@shop.example>`"),
    ],
)
def test_a_bad_file_is_refused_by_the_name_of_the_setting(tmp_path, toml, said):
    with pytest.raises(ConfigError, match=said) as raised:
        load(tmp_path, toml)
    assert str(raised.value).startswith(str(tmp_path / "kefu.toml"))


SETTINGS = [
    (part.name, field.name)
    for part in msgspec.structs.fields(Settings)
    if isinstance(part.default, msgspec.Struct)
    for field in msgspec.structs.fields(part.default)
]
OTHERS_WORDS = re.compile(r"Expected|Object|Invalid|got|\$|\bint\b|\bstr\b|\bfloat\b|\barray\b")


def fault_in(tmp_path, toml):
    try:
        load(tmp_path, toml)
    except ConfigError as error:
        return error
    return None


VALUES = ("7", "7.5", "'x'", "true", "[1]", "{ a = 1 }", "1979-05-27", "07:32:00")
ANY_FORM = {
    **{
        f"{part}.{name}": [f"[{part}]\n{name} = {value}" for value in VALUES]
        for part, name in SETTINGS
    },
    **{part: [f"{part} = 1"] for part, _ in SETTINGS},
    "an unknown setting": ["[server]\nprot = 3000"],
    "an unknown table": ["[servers]\nport = 3000"],
    "a bracket": ["[rooms\n"],
    "a name that stands twice": ["[rooms]\nenabled = true\nenabled = true"],
    "a text that does not end": ["[rooms]\norigins = ['"],
    "a long number": [f"[server]\nport = {'9' * 5000}"],
    "lists in lists": [f"x = {'[' * 5000}"],
}


@pytest.mark.parametrize("files", ANY_FORM.values(), ids=ANY_FORM)
def test_whatever_is_wrong_with_a_file_is_told_in_our_own_words_in_both_languages(tmp_path, files):
    for error in filter(None, (fault_in(tmp_path, toml) for toml in files)):
        english, chinese = (Texts({"LANG": lang}).fault(error) for lang in ("C", "zh_CN.UTF-8"))
        where = f"{tmp_path / 'kefu.toml'}: "
        assert english.startswith(where)
        assert not OTHERS_WORDS.search(english.removeprefix(where))
        said = chinese.removeprefix(where)
        assert not OTHERS_WORDS.search(said)
        assert re.search("[\u4e00-\u9fff]", said)
        assert not re.search(r"must|this|look for", said)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[server]\nprot = 3000", "unknown setting `server.prot`"),
        ("[server]\nport = 'x'", "server.port: must be an integer"),
        ("[mail]\nsecurity = 'x'", "mail.security: must be one of none, starttls, tls"),
        ("[rooms]\norigins = 'x'", "rooms.origins: must be a list"),
        ("server = 1", "server: must be a table"),
        ("[server]\n\nport 3", "line 3, column 6: this cannot be read as TOML"),
        ("[server]\nport = =", "line 2, column 8"),
        ("[server]\nport = 1\nport = 2", "line 3, column 9: this cannot be read as TOML"),
        ("[rooms]\n[rooms]", "line 2, column 7: this cannot be read as TOML"),
        ("[server]\nport =", "line 2, column 7: this cannot be read as TOML"),
        ("[rooms]\norigins = ['a',", "the file ends too early to be TOML"),
        ('[rooms]\norigins = ["""a', "the file ends too early to be TOML"),
    ],
)
def test_a_fault_says_which_setting_or_which_place(tmp_path, toml, said):
    with pytest.raises(ConfigError, match=re.escape(f"kefu.toml: {said}")):
        load(tmp_path, toml)


def test_a_file_in_another_encoding_says_the_line(tmp_path):
    file = tmp_path / "kefu.toml"
    file.write_bytes(b"# a\n# caf\xe9\n")
    with pytest.raises(ConfigError, match="line 2: this is no UTF-8"):
        config.load(file, {})


def test_a_file_may_begin_with_the_mark_of_its_encoding(tmp_path):
    assert load(tmp_path, "\ufeff[server]\nport = 3001").server.port == 3001
    with pytest.raises(ConfigError, match="line 2, column 8"):
        load(tmp_path, "\ufeff[server]\nport = =")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml: No such file"):
        config.load(tmp_path / "none.toml", {})


def test_the_environment_wins_over_the_file(tmp_path):
    settings = load(tmp_path, "", KEFU_STORAGE_URL="postgresql://db/kefu", KEFU_LIMITS="off")
    assert settings.database_url == "postgresql://db/kefu"
    assert settings.limits_off


@pytest.mark.parametrize(
    ("toml", "limits"),
    [("[server]\nhost = '0.0.0.0'", "off"), ("[server]\nhost = '::'", "off"), ("", "maybe")],
)
def test_limits_are_off_on_loopback_only(tmp_path, toml, limits):
    with pytest.raises(ConfigError, match="KEFU_LIMITS"):
        load(tmp_path, toml, KEFU_LIMITS=limits)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_is_known_in_every_form(tmp_path, host):
    assert load(tmp_path, f"[server]\nhost = '{host}'").on_loopback


def test_zero_is_taken_where_the_page_says_what_it_means():
    """And nowhere else: each number of which the page says what 0 means, and no other."""
    page = (Path(__file__).parent.parent / "docs/configuration.md").read_text("utf-8")
    told, section = set(), ""
    for line in page.splitlines():
        if found := re.match(r"## `\[(\w+)\]`", line):
            section = found[1]
        if found := re.match(r"\| `(\w+)` \| (?:integer|number) \|.*\b0 (?:means|takes)", line):
            told.add(f"{section}.{found[1]}")
    assert "limits.connections_per_address" in told
    for name in told:
        part, _, setting = name.partition(".")
        zero = msgspec.structs.replace(getattr(Settings(), part), **{setting: 0})
        config.check(msgspec.structs.replace(Settings(), **{part: zero}))
    assert told == config._MAY_BE_ZERO
