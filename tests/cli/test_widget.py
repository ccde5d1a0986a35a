"""``kefu widget``: the line for a site's pages, and what keeps the widget from being seen."""

from __future__ import annotations

import base64
import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from kefu.cli import snippets
from kefu.cli.main import cli
from kefu.cli.options import texts
from kefu.cli.running import Unusable
from kefu.storage import schema
from kefu.storage.engine import writer_engine
from kefu.widget.loaders import released
from tests.cli.test_inboxes import listed, said
from tests.serving import KefuServer

HOME = "https://chat.example.com"
SITE = "https://shop.example"


def invoke(*words: object, language: int = 0) -> Result:
    """Run the command in this process; 0: in English, 1: in Chinese."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_language", language)
        return CliRunner().invoke(cli, ["widget", *map(str, words)])


def printed(*words: object, language: int = 0) -> tuple[str, str]:
    """What it says on stdout and on stderr."""
    done = invoke(*words, language=language)
    assert done.exit_code == 0, done.exception
    return done.stdout, done.stderr


def fault(*words: object, language: int = 0) -> str:
    done = invoke(*words, language=language)
    assert isinstance(done.exception, Unusable), done.exception
    assert done.stdout == ""
    return str(done.exception)


class Script(HTMLParser):
    """The one script of a line, by its attributes."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "script"
        self.found.append(dict(attrs))


def script(line: str) -> dict[str, str | None]:
    [found] = Script(line).found
    return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with an inbox, that nobody changes."""
    data = tmp_path_factory.mktemp("shop")
    said("add", "Shop", "--origin", SITE, "--data", data)
    return data


@pytest.fixture
def loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The newer of two released loaders."""
    for version in ("0.9.0", "0.10.0"):
        (tmp_path / f"kefu-{version}.js").write_text(f"/* {version} */")
    monkeypatch.setattr(snippets, "released", lambda: released(tmp_path))
    return (tmp_path / "kefu-0.10.0.js").read_bytes()


def test_an_inbox_is_called_as_by_the_other_commands(shop: Path):
    key = listed("--data", shop)["Shop"]["widget_key"]
    expected = f'<script src="{HOME}/kefu.js" data-widget="{key}" async></script>\n'
    for called in ("Shop", "shop", key, "2"):
        assert printed(called, "--url", HOME, "--data", shop) == (expected, "")


def test_pinned_it_names_the_newest_released_loader_by_its_hash(shop: Path, loader: bytes):
    line, _ = printed("Shop", "--pinned", "--url", HOME, "--data", shop)
    found = script(line)
    assert found["src"] == f"{HOME}/kefu-0.10.0.js"
    assert found["crossorigin"] == "anonymous"
    kind, _, value = str(found["integrity"]).partition("-")
    assert kind == "sha384"
    assert base64.b64decode(value) == hashlib.sha384(loader).digest()
    assert "integrity" not in script(printed("Shop", "--url", HOME, "--data", shop)[0])


def test_programs_get_the_line_and_its_parts(shop: Path, loader: bytes):
    key = listed("--data", shop)["Shop"]["widget_key"]
    plain = json.loads(printed("Shop", "--json", "--url", HOME, "--data", shop)[0])
    assert plain == {
        "widget_key": key,
        "src": f"{HOME}/kefu.js",
        "html": f'<script src="{HOME}/kefu.js" data-widget="{key}" async></script>',
        "origins": [SITE],
    }
    pinned = json.loads(printed("Shop", "--json", "--pinned", "--url", HOME, "--data", shop)[0])
    assert pinned["src"] == f"{HOME}/kefu-0.10.0.js"
    assert script(pinned["html"])["integrity"] == pinned["integrity"]


def test_without_a_released_loader_none_can_be_pinned(shop: Path, monkeypatch):
    monkeypatch.setattr(snippets, "released", list)
    assert "leave out --pinned" in fault("Shop", "--pinned", "--data", shop)
    assert "--pinned" in fault("Shop", "--pinned", "--data", shop, language=1)


def test_an_inbox_without_a_site_is_told_how_to_get_one(tmp_path: Path):
    said("add", "商店", "--data", tmp_path)
    key = listed("--data", tmp_path)["商店"]["widget_key"]
    words = ["商店", "--url", HOME, "--data", tmp_path]
    for language, told in ((0, "has no web site yet"), (1, "还没有网站")):
        line, hint = printed(*words, language=language)
        assert script(line)["data-widget"] == key
        assert told in hint
        assert f"kefu inbox set {key} --add-origin https://" in hint
    said("set", "商店", "--add-origin", SITE, "--data", tmp_path)
    assert printed(*words)[1] == ""


def test_an_inbox_that_takes_no_visitors_is_told_how_to(tmp_path: Path):
    said("add", "Shop", "--origin", SITE, "--data", tmp_path)
    said("set", "Shop", "--inactive", "--data", tmp_path)
    key = listed("--data", tmp_path)["Shop"]["widget_key"]
    _, hint = printed("Shop", "--url", HOME, "--data", tmp_path)
    assert f"kefu inbox set {key} --active" in hint
    assert "--active" in printed("Shop", "--url", HOME, "--data", tmp_path, language=1)[1]


@pytest.mark.parametrize("origin", ["https://my_shop.example", "https://[2001:db8::1]"])
def test_a_site_that_no_browser_lets_show_it_is_named(tmp_path: Path, origin: str):
    said("add", "Shop", "--origin", origin, "--origin", SITE, "--data", tmp_path)
    for language in (0, 1):
        hint = printed("Shop", "--url", HOME, "--data", tmp_path, language=language)[1]
        assert hint.startswith(origin)
        assert hint.count("\n") == 1


def test_an_address_of_this_machine_is_no_address_for_a_sites_visitors(tmp_path: Path):
    said("add", "Shop", "--origin", "http://localhost:8000", "--data", tmp_path)
    assert printed("Shop", "--data", tmp_path)[1] == ""  # nor is the site anybody else's
    said("set", "Shop", "--add-origin", SITE, "--data", tmp_path)
    line, hint = printed("Shop", "--data", tmp_path)
    assert script(line)["src"] == "http://127.0.0.1:3000/kefu.js"
    assert "--url" in hint
    assert "public_url" in hint
    assert "--url" in printed("Shop", "--data", tmp_path, language=1)[1]
    assert printed("Shop", "--url", HOME, "--data", tmp_path)[1] == ""


def test_the_address_is_the_configured_one(shop: Path, tmp_path: Path):
    file = tmp_path / "kefu.toml"
    file.write_text(f'[server]\npublic_url = "{HOME}"\n[storage]\ndata = "{shop}"\n')
    assert script(printed("Shop", "--config", file)[0])["src"] == f"{HOME}/kefu.js"
    other = printed("Shop", "--config", file, "--url", "https://Other.example:443/")[0]
    assert script(other)["src"] == "https://other.example/kefu.js"


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (["Nowhere"], "see kefu inbox list", "请看 kefu inbox list"),
        (["wk_gone"], "see kefu inbox list", "请看 kefu inbox list"),
        (["Classic"], "has no widget", "没有组件"),
        (["Shop", "--url", "chat.example"], "--url: chat.example does not", "--url：chat.example"),
        (["Shop", "--url", f"{HOME}/a"], "more than a host", "别的内容"),
        (["Shop", "--url", f'{HOME}"onload=1'], "names no host", "没有有效的主机"),
        (["a\0b"], "", ""),
    ],
)
def test_what_cannot_be_is_said_in_a_line(shop: Path, words: list[str], english, chinese):
    assert english in fault(*words, "--data", shop)
    assert chinese in fault(*words, "--data", shop, language=1)


def test_a_key_with_a_quote_ends_no_attribute(tmp_path: Path):
    """No key is drawn so; a store can be written to by others."""
    said("add", "Shop", "--data", tmp_path)
    engine = writer_engine(f"sqlite:///{tmp_path / 'kefu.db'}", lock_wait_s=3.0)
    with engine.begin() as conn:
        change = schema.inbox.update().where(schema.inbox.c.id == 2)
        conn.execute(change.values(widget_key='"><img onerror=1>&amp;'))
    engine.dispose()
    line, _ = printed("Shop", "--url", HOME, "--data", tmp_path)
    assert script(line)["data-widget"] == '"><img onerror=1>&amp;'


@pytest.mark.timeout(240)
def test_beside_a_server_the_line_leads_to_it(tmp_path: Path):
    with KefuServer(tmp_path / "data") as server:
        line, hint = printed("wk_demo", "--data", server.data_dir)
        assert script(line)["src"] == f"{server.base_url}/kefu.js"
        assert "--add-origin" in hint
        for loader in released():
            address = f"{server.base_url}/{loader.name}"
            assert httpx.get(address).content == loader.body
