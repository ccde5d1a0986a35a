"""The states and moves of the code are those of docs/conversations.md, no more and no less."""

from __future__ import annotations

from itertools import product

import pytest

from kefu.core.errors import IllegalState
from kefu.core.states import Move, Status, next_status
from tests.docs.pages import read, rows

PAGES = {
    "docs/conversations.md": ("## States", "## Moves"),
    "docs/conversations.zh-CN.md": ("## 状态", "## 转换"),
}


def moves_of(page: str, heading: str) -> dict[tuple[str, str], str]:
    """(state, move) → the state after it, as the page's table says."""
    columns = [*Status]
    return {
        (columns[place], move.strip("`")): after.strip("`")
        for move, *cells in rows(page, heading)
        for place, after in enumerate(cells)
        if after
    }


@pytest.mark.parametrize(("page", "headings"), PAGES.items(), ids=["en", "zh-CN"])
def test_every_pair_of_state_and_move_is_as_the_page_says(page, headings):
    specified = moves_of(page, headings[1])
    for status, move in product(Status, Move):
        try:
            after = str(next_status(status, move))
        except IllegalState:
            after = None
        assert after == specified.get((status, move)), f"{move} of {status}"
    assert {move for _, move in specified} == {*Move}


@pytest.mark.parametrize(("page", "headings"), PAGES.items(), ids=["en", "zh-CN"])
def test_the_page_lists_every_state_in_the_order_of_its_columns(page, headings):
    assert [cells[0].strip("`") for cells in rows(page, headings[0])] == [*Status]
    _, _, section = read(page).partition(f"\n{headings[1]}\n")
    heading = next(line for line in section.splitlines() if line.startswith("|"))
    assert [cell.strip(" `") for cell in heading.strip("|").split("|")][1:] == [*Status]
