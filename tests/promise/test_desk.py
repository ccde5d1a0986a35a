"""The desk under kill -9 and lost connections: nothing lost, doubled or out of order.

A few seeds here; ``make chaos`` runs many.
"""

from __future__ import annotations

import pytest

from tests.promise.desk_chaos import run_desk_chaos
from tests.promise.desk_mutants import MUTANTS, DeskMutant
from tests.serving import KefuServer


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [1, 2])
async def test_what_was_acknowledged_is_shown_by_everybody_once_and_in_order(tmp_path, seed):
    outcome = await run_desk_chaos(KefuServer(tmp_path / "data"), seed, pairs=4)
    assert outcome.violations == []
    assert outcome.shown > outcome.acknowledged > 0


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", MUTANTS)
async def test_a_server_that_breaks_the_promise_is_caught(tmp_path, name):
    _, rules = MUTANTS[name]
    outcome = await run_desk_chaos(DeskMutant(tmp_path / "data", name), 1, kills=1, pairs=4)
    assert rules & {violation.rule for violation in outcome.violations}
