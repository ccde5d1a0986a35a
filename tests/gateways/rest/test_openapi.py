"""The document says everything about everything that is served, and the page says the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, cast, get_args

import jsonschema_rs
import msgspec
import pytest

from kefu.actions.catalogue import COMMANDS
from kefu.actions.context import Context
from kefu.core.content import Block
from kefu.core.errors import ChatError, TooMany
from kefu.gateways.rest import build_rest
from kefu.gateways.rest.errors import STATUS
from kefu.gateways.rest.pages import language_of, render
from kefu.gateways.rest.plain import describe


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    # A description needs nothing of what a request needs.
    rest = build_rest(cast(Context, None), demo=False, tokens=())
    made: dict[str, Any] = json.loads(json.dumps(describe(rest)))
    return made


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        one["operationId"]: one
        for methods in document["paths"].values()
        for one in methods.values()
    }


def test_every_command_stands_in_it_with_its_example(document):
    described = operations(document)
    for command in COMMANDS:
        assert document["paths"][f"/api/v1{command.path}"][command.method.lower()]
        one = described[command.name]
        assert one["summary"]
        assert one["tags"]
        assert one["security"]
        assert one["responses"][str(command.status)]["content"]["application/json"]["schema"]
        shown = {each["name"] for each in one["parameters"] if "example" in each}
        body = one.get("requestBody", {}).get("content", {}).get("application/json", {})
        assert command.example.keys() <= shown | body.get("example", {}).keys()


def test_what_is_no_command_stands_in_it_too(document):
    others = {"health", "limits", "openapi", "file.upload", "file.download"}
    assert others <= operations(document).keys()


def test_every_refusal_has_a_code_that_exists_and_an_example(document):
    for name, one in operations(document).items():
        for status, answer in one["responses"].items():
            content = answer.get("content", {}).get("application/json", {})
            for code, example in content.get("examples", {}).items():
                error = example["value"]["error"]
                assert error["code"] == code, name
                assert STATUS[code] == int(status) or status in ("405", "415"), name
                assert error["message"], name


def test_a_command_names_its_own_refusals(document):
    described = operations(document)
    for command in COMMANDS:
        named: tuple[type[ChatError], ...] = (*command.errors, TooMany)
        for error in named:
            answer = described[command.name]["responses"][str(STATUS[error.code])]
            assert error.code in answer["content"]["application/json"]["examples"], command.name


def test_nothing_refers_to_what_is_not_there(document):
    referred = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)))
    assert referred
    for reference in referred:
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


class Reader(HTMLParser):
    """What a page has in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> set[str]:
        return {value for _, attributes in self.tags if (value := attributes.get(name))}


def test_every_time_of_an_answer_is_said_to_be_one(document):
    times = re.compile(r"(\w+_)?at|until|timestamp")
    without = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        for field, told in schema.get("properties", {}).items()
        if times.fullmatch(field) and '"date-time"' not in json.dumps(told)
    ]
    assert without == []


def examples(found: Any) -> Iterator[tuple[Any, Any]]:
    """Every example in a part of the document, with its schema."""
    if isinstance(found, list):
        for one in found:
            yield from examples(one)
    elif isinstance(found, dict):
        shown = [found["example"]] if "example" in found else []
        shown += [one["value"] for one in found.get("examples", {}).values()]
        yield from ((found["schema"], one) for one in shown)
        for name, one in found.items():
            if name not in ("example", "examples", "schema"):
                yield from examples(one)


def test_every_example_keeps_to_its_schema(document):
    for name, one in operations(document).items():
        found = [*examples(one)]
        for schema, example in found:
            whole = {**schema, "components": document["components"]}
            jsonschema_rs.validate(whole, example, validate_formats=True)
        answered = [said for status, said in one["responses"].items() if status < "3"]
        shows_none = {"openapi", "file.download"}  # one is the document itself, one is a file
        assert (name in shows_none) == (not [*examples(answered)]), name


def test_what_a_message_holds_is_described(document):
    named = document["components"]["schemas"]
    blocks = named["Message"]["properties"]["blocks"]["items"]
    kinds = {one["$ref"].rpartition("/")[2] for one in blocks["anyOf"]}
    assert kinds == {kind.__name__ for kind in get_args(Block)}
    assert kinds <= named.keys()


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("Message", "answers"),
        ("Conversation", "attributes"),
        ("Contact", "attributes"),
        ("Details", "attributes"),
    ],
)
def test_what_a_form_or_an_attribute_can_say_is_described(document, value: str, field: str):
    told = json.dumps(document["components"]["schemas"][value]["properties"][field])
    for kind in ("string", "number", "boolean"):
        assert f'"{kind}"' in told


def test_an_answers_example_is_one_that_the_command_could_give(document):
    described = operations(document)
    for command in COMMANDS:
        answer = described[command.name]["responses"][str(command.status)]
        msgspec.convert(answer["content"]["application/json"]["example"], command.answer)


def test_what_the_request_names_is_the_same_in_the_answer(document):
    for operation in operations(document).values():
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        asked = dict(body.get("example", {}))
        asked |= {
            one["name"]: one["example"]
            for one in operation.get("parameters", ())
            if "example" in one
        }
        (shown,) = [
            said["content"]["application/json"].get("example", {})
            for status, said in operation["responses"].items()
            if status in ("200", "201") and "application/json" in said.get("content", {})
        ] or [{}]
        noun = operation["operationId"].partition(".")[0]
        for name in asked.keys() & shown.keys() - {"settings", "conversation", "cursor"}:
            assert shown[name] == asked[name], (operation["operationId"], name)
        if noun in asked and "id" in shown:
            assert shown["id"] == asked[noun]


def test_a_client_id_is_said_to_be_needed_unless_there_is_a_key(document):
    body = operations(document)["message.send"]["requestBody"]["content"]["application/json"]
    assert "client_id" not in body["schema"].get("required", ())
    assert (
        "unless there is an `Idempotency-Key`"
        in (body["schema"]["properties"]["client_id"]["description"])
    )


async def test_the_page_needs_no_script_and_nobody_else(house):
    server = await house.serve_production(enabled=False)
    page = await server.get("/api/v1/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    read = Reader(page.text)
    assert not {"script", "style", "iframe", "img"} & {tag for tag, _ in read.tags}
    assert not [
        name for _, attrs in read.tags for name in attrs if name == "style" or name[:2] == "on"
    ]
    assert all(not re.match(r"[a-z]+:|//", link) for link in read.all("href") | read.all("src"))
    look = await server.get("/api/v1/docs.css")
    assert look.headers["content-type"].startswith("text/css")
    assert "url(" not in look.text
    assert "@import" not in look.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_every_operation_and_every_value(document, language):
    read = Reader(render(document, language))
    ids = read.all("id")
    assert operations(document).keys() <= ids
    assert {f"value-{name}" for name in document["components"]["schemas"]} <= ids
    assert {link[1:] for link in read.all("href") if link.startswith("#")} <= ids


def test_the_page_says_how_to_prove_who_asks_and_shows_a_visitors_first_request_whole(document):
    page = render(document, "en")
    for name in ("Authorization: Bearer", "kefu_session", "X-Kefu-Widget"):
        assert f"<dt><code>{name}</code></dt>" in page
    start = page.partition('<article id="conversation.start">')[2].partition("</article>")[0]
    assert "X-Kefu-Widget: $WIDGET" in start


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("fr, zh;q=0.1", "zh"),
        ("zh;q=0", "en"),
        ("en;q=0.2, ZH-hant;q=0.3", "zh"),
        ("de", "en"),
        (";q=,,zh;q=9", "zh"),
    ],
)
def test_the_page_speaks_the_browsers_language(accepted, language):
    assert language_of(accepted) == language


def test_whatever_is_described_is_escaped():
    evil = "<script>alert(1)</script>"
    operation = {
        "operationId": "x.y",
        "tags": ["x"],
        "summary": evil,
        "description": f"`{evil}`",
        "security": [{}],
        "parameters": [{"name": evil, "in": "query", "schema": {"enum": [evil]}, "example": evil}],
        "responses": {"200": {"description": evil}},
    }
    page = render(
        {
            "info": {"version": evil, "description": evil},
            "paths": {f"/{evil}": {"get": operation}},
            "components": {"schemas": {"Odd": {"type": "string", "description": evil}}},
        },
        "en",
    )
    assert "<script" not in page
