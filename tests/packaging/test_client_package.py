"""``npm pack`` makes a ``@kefu/client`` that can be used: one ES module, types, no dependencies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kefu
from tests.packaging.building import ROOT
from tests.packaging.client_package import RUN, copy_example, install_client, run

pytestmark = [pytest.mark.node, pytest.mark.timeout(240)]

TYPED = """
import {
  type Client, type Commands, type Conversation, connect, portsOf, Unanswered,
} from "@kefu/client";

const client: Client = connect({
  url: "https://chat.example.com",
  side: "visitor",
  widget: "wk_1",
  ports: portsOf(globalThis),
});
client.on("event", ({ conversation, message }) => {
  const text: string | undefined = message?.text;
  client.say(text ?? "", conversation);
});
const all: readonly Conversation[] = client.conversations;
const form: Commands["message.send"]["form"] = { conversation: 1, client_id: "a", text: "x" };
client.call("message.send", form).catch((error: unknown) => error instanceof Unanswered);
// @ts-expect-error there is no such command
client.call("message.sent", form);
// @ts-expect-error a form has the fields that are documented
client.call("conversation.get", { chat: 1 });
client.open(all[0]?.id ?? 1).thread?.messages.map(({ sender }) => sender.name);
client.dispose();
"""
OPTIONS = (
    "--strict",
    "--noEmit",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--lib",
    "es2022,dom",
)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_client(tmp_path_factory.mktemp("client"))


def test_it_is_one_module_with_types_and_without_dependencies(fresh: Path):
    package = fresh / "node_modules/@kefu/client"
    manifest = json.loads((package / "package.json").read_text("utf-8"))
    assert manifest["version"] == kefu.__version__
    assert manifest["type"] == "module"
    assert not {"dependencies", "peerDependencies", "scripts"} & manifest.keys()
    assert {one.name for one in (fresh / "node_modules/@kefu").iterdir()} == {"client"}
    assert {one.name for one in package.iterdir()} == {
        "package.json", "client.js", "types", "LICENSE", "README.md",
    }  # fmt: skip


def test_it_is_imported_in_a_fresh_folder(fresh: Path):
    code = "import('@kefu/client').then((all) => console.log(Object.keys(all).sort().join()))"
    (fresh / "import.mjs").write_text(code, "utf-8")
    assert run(RUN, "node", fresh / "import.mjs").strip() == "TYPING_MS,Unanswered,connect,portsOf"


def test_its_types_are_whole_and_strict(fresh: Path):
    (fresh / "typed.ts").write_text(TYPED, "utf-8")
    run(RUN, ROOT / "web/node_modules/.bin/tsc", *OPTIONS, fresh / "typed.ts")


@pytest.mark.parametrize("name", ["chat.mjs", "bot.mjs"])
def test_an_example_is_short(fresh: Path, name: str):
    assert len(copy_example(name, fresh).read_text("utf-8").splitlines()) <= 32
