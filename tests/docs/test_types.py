"""The TypeScript side of the protocol says what the server's structs say."""

from __future__ import annotations

from difflib import unified_diff

import pytest

from scripts import make_routes, make_types


@pytest.mark.parametrize("maker", [make_types, make_routes])
def test_the_types_and_routes_of_the_web_are_those_of_the_server(maker):
    written = maker.TARGET.read_text("utf-8").splitlines()
    made = maker.make().splitlines()
    changes = "\n".join(unified_diff(written, made, "as committed", "as the structs say", n=1))
    assert not changes, (
        f"A struct or command changed. Run `{maker.COMMAND}`, and commit "
        f"{maker.TARGET.name} with it.\n{changes}"
    )
