"""The TypeScript side of the protocol says what the server's structs say."""

from __future__ import annotations

from difflib import unified_diff

from scripts import make_types


def test_the_types_of_the_web_are_those_of_the_server():
    written = make_types.TARGET.read_text("utf-8").splitlines()
    made = make_types.make().splitlines()
    changes = "\n".join(unified_diff(written, made, "as committed", "as the structs say", n=1))
    assert not changes, (
        f"A struct or command changed. Run `{make_types.COMMAND}`, and commit "
        f"{make_types.TARGET.name} with it.\n{changes}"
    )
