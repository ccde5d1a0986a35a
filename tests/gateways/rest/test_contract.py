"""The API keeps what its OpenAPI document says, whoever asks and whatever they send.

Long runs of the same: ``make fuzz``.
"""

from __future__ import annotations

import pytest

from tests.gateways.rest.contract import ROLES, busy_shop, headers_of, try_contract

# Bounded: what is at the edges of every bound is tried by one role, a few surprises by all.
PHASES = {"admin": "examples,coverage"}
LEAST_REQUESTS = 150


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ROLES)
async def test_the_document_holds(house, tmp_path, role):
    shop = await busy_shop(house)
    who = await headers_of(shop, role)
    phases = PHASES.get(role, "examples,fuzzing")
    run = await try_contract(shop, who, tmp_path, phases=phases, examples=1, seed=1)
    assert run.status == 0, run.report
    assert run.requests >= LEAST_REQUESTS
