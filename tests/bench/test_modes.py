"""The short form of every measurement runs against every server it is for.

No figure is judged here: a test machine has no peace to measure in.
"""

import pytest

from bench import servers
from bench.load import Timing
from bench.modes import BARE_COMMIT, MODES, Plan, measure

pytestmark = pytest.mark.timeout(240)

TINY = Plan(
    pairs=(3,),
    direct_pairs=(3,),
    fixed_pairs=3,
    logins=6,
    idle=20,
    settle_s=0.05,
    rounds=1,
    timing=Timing(warm_up_s=0.05, window_s=0.25, rate=200.0),
)
PEERS = [servers.RELAY.key, servers.ROOMS.key, servers.DIRECT.key]
NEVER_NEGATIVE = {"kib", "cpu_us", "cpu_s", "server_share"}  # may be too small to be seen


def check(mode: str, keys: list[str]) -> None:
    cases = measure(mode, TINY, keys, lambda _line: None)
    assert [case.server for case in cases if case.server != BARE_COMMIT]
    for case in cases:
        for name, value in case.rounds[0].items():
            assert name in NEVER_NEGATIVE or value > 0, f"{case.server}: {name} is {value}"


@pytest.mark.node
@pytest.mark.parametrize("mode", MODES)
def test_peers_are_measured(mode: str) -> None:
    check(mode, PEERS)


@pytest.mark.parametrize("mode", MODES)
def test_kefu_is_measured(mode: str) -> None:
    check(mode, [servers.KEFU.key])
