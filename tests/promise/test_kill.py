"""kill -9 under fifty senders: whatever anybody saw is stored, once, in order.

A few seeds here; ``make chaos SEEDS=50`` runs many.
"""

from __future__ import annotations

import pytest

from tests.promise.chaos import READY_S, run_chaos
from tests.promise.mutants import MUTANTS, MutantServer
from tests.serving import KefuServer

BUSY = 3  # times slower than promised may a machine be that does other things meanwhile


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [1, 2])
async def test_what_anybody_saw_survives_kills(tmp_path, seed):
    outcome = await run_chaos(KefuServer(tmp_path / "data"), seed)
    assert outcome.violations == []
    assert outcome.refused == []
    assert outcome.seen > outcome.stored > 0
    assert outcome.start_s <= BUSY * READY_S


@pytest.mark.parametrize("name", MUTANTS)
async def test_a_server_that_breaks_the_promise_is_caught(tmp_path, name):
    server = MutantServer(tmp_path / "data", name)
    outcome = await run_chaos(server, seed=1, kills=1, rooms=4, direct=4)
    _, rule = MUTANTS[name]
    assert rule in {violation.rule for violation in outcome.violations}
