"""``kefu inbox`` as people run it: beside a store, and beside a real server."""

from __future__ import annotations

import asyncio
import json
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from PIL import Image
from sqlalchemy import select
from typer.testing import CliRunner, Result

from kefu.cli.main import cli
from kefu.cli.options import texts
from kefu.cli.running import Unusable
from kefu.storage import schema
from kefu.storage.engine import StoreUnusable, open_for_reading
from kefu.widget.settings import Look
from tests.cli.test_agents import NOTICED_S, add, sign_in
from tests.clients.realtime import RealtimeClient
from tests.databases import BACKENDS, fresh_url
from tests.serving import KefuServer


def invoke(*words: object, language: int = 0) -> Result:
    """Run a command in this process, which is quicker; 0: in English, 1: in Chinese."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_language", language)
        return CliRunner().invoke(cli, ["inbox", *map(str, words)])


def said(*words: object, language: int = 0) -> str:
    """Run a command that can; return what it says."""
    done = invoke(*words, language=language)
    assert done.exit_code == 0, done.exception
    return done.stdout


def fault(*words: object, language: int = 0) -> str:
    """Run a command that cannot; return why."""
    done = invoke(*words, language=language)
    assert isinstance(done.exception, Unusable), done.exception
    return str(done.exception)


def listed(*words: object) -> dict[str, dict[str, Any]]:
    """The inboxes by their names."""
    rows = map(json.loads, said("list", "--json", *words).splitlines())
    return {row["name"]: row for row in rows}


@pytest.fixture(params=BACKENDS)
def empty_store(request, tmp_path, monkeypatch):
    """Where the commands find a store in which nobody has put anything."""
    with fresh_url(request.param, tmp_path) as url:
        monkeypatch.setenv("KEFU_STORAGE_URL", url)
        yield


def test_an_inbox_can_be_made_before_the_first_start_and_read_by_programs(empty_store):
    assert isinstance(invoke("list").exception, StoreUnusable)
    told = said("add", "Shop", "--origin", "https://Shop.example:443", "--locale", "zh-CN")
    key = listed()["Shop"]["widget_key"]
    assert told == (
        f"Shop is number 2; its widget key: {key}\nChat page: http://127.0.0.1:3000/chat/{key}\n"
    )
    assert key.startswith("wk_")
    assert json.loads(said("show", key, "--json")) == {
        "id": 2,
        "name": "Shop",
        "kind": "widget",
        "widget_key": key,
        "active": True,
        "locale": "zh-CN",
        "origins": ["https://shop.example"],
        "look": json.loads(msgspec.json.encode(Look())),
        "agents": [],
    }


def test_an_inbox_is_known_by_its_number_unless_another_is_called_so(tmp_path):
    data = ["--data", tmp_path]
    assert said("add", "Shop", *data).startswith("Shop is number 2;")
    assert json.loads(said("show", "2", "--json", *data))["name"] == "Shop"
    assert said("set", "2", "--name", "Store", *data).startswith("Store\nnumber: 2\n")
    assert said("add", "2", *data).startswith("2 is number 3;")
    assert json.loads(said("show", "2", "--json", *data))["id"] == 3
    assert said("set", "3", "--name", "Help", *data).startswith("Help\nnumber: 3\n")
    assert json.loads(said("show", "2", "--json", *data))["name"] == "Store"
    for nowhere in ("4", "02", "+2", "-1"):
        assert nowhere in fault("show", *data, "--", nowhere)


def test_an_inbox_is_changed_and_what_is_not_named_stays(tmp_path):
    data = ["--data", tmp_path]
    add(tmp_path)
    add(tmp_path, "ann@example.com", "Ann", "agent")
    said("add", "Shop", "--origin", "https://a.example", "--agent", "Li", *data)
    key = listed(*data)["Shop"]["widget_key"]
    words = ["--add-origin", "http://b.example:8080", "--add-agent", "ann@example.com"]
    assert said("set", "Shop", *words, *data) == (
        f"Shop\nnumber: 2\nwidget key: {key}\nchat page: http://127.0.0.1:3000/chat/{key}\n"
        "state: active\nlanguage: en\nlook: #2f6b5b, right, host\nweb sites: https://a.example, http://b.example:8080\n"
        "agents: Li, Ann\n"
    )
    words = ["--remove-origin", "https://A.example", "--remove-agent", "Li", "--inactive"]
    told = said("set", key, *words, "--name", "商店", *data, language=1)
    assert "状态：已停用\n" in told
    assert "网站：http://b.example:8080\n" in told
    assert told.endswith("客服：Ann\n")
    assert said("list", *data) == (
        f"id\tname\twidget key\tstate\n1\tClassic\t-\tactive\n2\t商店\t{key}\tinactive\n"
    )
    assert said("list", *data, language=1).startswith("编号\t名称\t组件密钥\t状态\n1\t")
    said("set", "商店", "--active", *data)
    assert listed(*data)["商店"]["active"] is True


def test_inboxes_and_agents_are_called_by_any_name_that_looks_like_theirs(tmp_path):
    data = ["--data", tmp_path]
    add(tmp_path, "ann@example.com", "Ann", "agent")
    said("add", "Shop", "--agent", "ANN", *data)
    assert said("show", "sHοp", *data).startswith("Shop\n")
    said("set", "shop", "--remove-agent", "ann", "--locale", "zh-CN", *data)
    assert (listed(*data)["Shop"]["locale"], listed(*data)["Shop"]["agents"]) == ("zh-CN", [])


def test_a_number_is_no_name_that_only_looks_like_it(tmp_path):
    said("add", "l", "--data", tmp_path)
    assert said("show", "1", "--data", tmp_path).startswith("Classic\n")
    assert said("show", "L", "--data", tmp_path).startswith("l\n")


def test_what_is_not_named_of_a_look_stays(tmp_path):
    data = ["--data", tmp_path]
    said("add", "Shop", *data)
    said("set", "Shop", "--accent", "#0B6BCB", "--position", "left", *data)
    assert "外观：#0B6BCB, left, dark\n" in said(
        "set", "Shop", "--theme", "dark", *data, language=1
    )
    look = listed(*data)["Shop"]["look"]
    assert (look["accent"], look["position"], look["theme"]) == ("#0B6BCB", "left", "dark")


def picture(folder: Path) -> Path:
    path = folder / "logo.png"
    Image.new("RGB", (600, 300), "red").save(path)
    return path


def test_a_logo_is_kept_small_served_by_a_server_that_runs_and_taken_away(tmp_path):
    with KefuServer(tmp_path / "data") as server:
        data = ["--data", server.data_dir]
        said("set", "wk_demo", "--logo", picture(tmp_path), "--theme", "dark", *data)
        path = f"{server.base_url}/api/v1/widgets/wk_demo"
        look = httpx.get(path).json()["look"]
        assert look["theme"] == "dark"
        served = httpx.get(server.base_url + look["logo"])
        assert served.headers["content-type"] == "image/webp"
        with Image.open(BytesIO(served.content)) as small:
            assert small.size == (256, 128)
        said("set", "wk_demo", "--no-logo", *data)
        assert "logo" not in httpx.get(path).json()["look"]


def test_a_logo_that_cannot_be_is_told_and_leaves_nothing(tmp_path):
    data = ["--data", tmp_path / "data"]
    said("add", "Shop", *data)
    (tmp_path / "no.txt").write_text("no picture")
    logo = picture(tmp_path)
    for words, english, chinese in (
        ([tmp_path / "no.txt"], "The logo has to be a picture: PNG", "标志必须是图片：PNG"),
        ([tmp_path / "gone"], f"cannot read the logo {tmp_path / 'gone'}: No such", "无法读取标志"),
        ([tmp_path], "Is a directory", "无法读取标志"),
        ([logo, "--no-logo"], "leave one out", "请去掉一个"),
        ([logo, "--name", "Classic"], "another inbox has it", "已有收件箱使用这个名称"),
    ):
        assert english in fault("set", "Shop", "--logo", *words, *data)
        assert chinese in fault("set", "Shop", "--logo", *words, *data, language=1)
    config = tmp_path / "kefu.toml"
    config.write_text(f"[storage]\ndata = '{tmp_path / 'data'}'\n[limits]\nfile_bytes = 100\n")
    too_large = fault("set", "Shop", "--logo", logo, "--config", config)
    assert "larger than limits.file_bytes allows (100 bytes)" in too_large
    assert listed(*data)["Shop"]["look"]["logo"] is None
    kept = [one for one in (tmp_path / "data/files").rglob("*") if one.is_file()]
    assert kept == []


def test_a_change_stands_in_the_audit_trail_as_any_other(tmp_path):
    said("add", "Shop", "--data", tmp_path)
    said("set", "Shop", "--name", "Store", "--data", tmp_path)
    with open_for_reading(f"sqlite:///{tmp_path / 'kefu.db'}") as conn:
        acts = conn.execute(schema.audit.select().order_by(schema.audit.c.id)).all()
    assert [(one.act, one.subject) for one in acts] == [
        ("inbox.create", "inbox#2"),
        ("inbox.update", "inbox#2"),
    ]


@pytest.mark.parametrize(
    "impossible",
    [
        ["--name", "CLASSIC"],
        ["--remove-origin", "https://b.example"],
        ["--remove-agent", "Ann"],
        ["--add-agent", "nobody"],
    ],
    ids=" ".join,
)
def test_of_several_changes_all_are_made_or_none(tmp_path, impossible: list[str]):
    data = ["--data", tmp_path]
    add(tmp_path)
    add(tmp_path, "ann@example.com", "Ann", "agent")
    said("add", "Shop", "--origin", "https://a.example", "--agent", "Li", *data)
    before = listed(*data)
    others = ["--inactive", "--locale", "zh-CN", "--remove-agent", "Li"]
    fault("set", "Shop", *others, *impossible, *data)
    assert listed(*data) == before
    with open_for_reading(f"sqlite:///{tmp_path / 'kefu.db'}") as conn:
        acts = conn.scalars(select(schema.audit.c.act)).all()
    assert {act for act in acts if act.startswith("inbox.")} == {"inbox.create"}
    said("set", "Shop", *others, "--name", "Store", *data)
    after = listed(*data)["Store"]
    assert (after["active"], after["locale"], after["agents"]) == (False, "zh-CN", [])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with an inbox and an agent outside it, that nobody changes."""
    data = tmp_path_factory.mktemp("shop")
    add(data)
    said("add", "Shop", "--data", data)
    return data


MANY = [word for i in range(51) for word in ("--add-origin", f"https://a{i}.example")]


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (["add", "SHOP"], "another inbox has it", "已有收件箱使用这个名称"),
        (["add", "\u200b"], "nothing of it can be seen", "名字里没有可见的字符"),
        (["add", "New", "--origin", "a.example"], "a.example does not begin with http", "开头"),
        (["add", "New", "--agent", "nobody"], "nobody called nobody", "没有 nobody 这个人"),
        (["show", "Desk"], "widget key or number: Desk; see kefu inbox list", "没有这个名称"),
        (["set", "Shop"], "say what is to change", "请说明要修改什么"),
        (["set", "Shop", "--add-origin", "https://a.example/x"], "more than a host", "主机"),
        (["set", "Shop", "--remove-origin", "https://a.example"], "no web site", "没有网站"),
        (["set", "Shop", "--remove-agent", "Li"], "Li does not work in Shop", "Li 不在 Shop"),
        (["set", "Classic", "--inactive"], "always there", "总是在"),
        (["add", ""], "name: must have at least 1 character", "name：至少须有 1 个字符"),
        (["set", "Shop", "--name", ""], "name: must have at least 1 character", "至少须有 1 个"),
        (["add", "x" * 1001], "and its name at most 1,000 characters", "名称最多 1000 个字符"),
        (["set", "Shop", "--accent", "red"], "a colour, such as #2f6b5b", "须写成如 #2f6b5b"),
        (["set", "Shop", *MANY], "at most 50 web sites", "最多 50 个网站"),
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_what_cannot_be_is_said_in_both_languages_and_changes_nothing(
    shop: Path, words: list[str], english: str, chinese: str
):
    before = listed("--data", shop)
    for language, expected in enumerate((english, chinese)):
        assert expected in fault(*words, "--data", shop, language=language)
    assert listed("--data", shop) == before


@pytest.mark.parametrize(
    "words",
    [[""], ["Shop", "--origin", "a.example"], ["Shop", "--agent", "nobody"]],
    ids=["name", "site", "agent"],
)
def test_an_inbox_that_cannot_be_makes_no_store(tmp_path, words: list[str]):
    fault("add", *words, "--data", tmp_path / "new")
    assert not (tmp_path / "new").exists()


async def test_a_server_that_runs_goes_by_what_a_command_changed(tmp_path):
    with KefuServer(tmp_path / "data") as server:
        data = ["--data", server.data_dir]
        await asyncio.to_thread(add, server.data_dir, "ann@example.com", "Ann", "agent")
        async with RealtimeClient.join(
            server.base_url, sign_in(server, "ann@example.com")
        ) as client:
            told = await asyncio.to_thread(said, "add", "Shop", "--agent", "Ann", *data)
            done_s = time.monotonic()
            await client.closed()  # to come back with what she may see now
            assert time.monotonic() - done_s < NOTICED_S
        page = told.split()[-1]
        assert page.startswith(f"{server.base_url}/chat/wk_")
        public = f"{server.base_url}/api/v1/widgets/{page.rpartition('/')[2]}"
        async with httpx.AsyncClient() as asking:
            assert (await asking.get(public)).json()["name"] == "Shop"
            await asyncio.to_thread(said, "set", "Shop", "--inactive", *data)
            assert (await asking.get(public)).status_code == 404
