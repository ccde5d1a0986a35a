"""Many seeds of chaos: ``python -m tests.promise --seeds 50``.

Each seed is run on the tutorials' protocols and on the desk. Prints a line for each and a summary.
Exits with 1 after the first fault; its evidence is kept.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.promise import desk_chaos
from tests.promise.chaos import READY_S, Outcome, run_chaos
from tests.promise.desk_chaos import run_desk_chaos
from tests.serving import KefuServer


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.promise", description=__doc__)
    parser.add_argument("--seeds", type=int, default=50, metavar="N", help="how many")
    parser.add_argument("--first", type=int, default=1, metavar="SEED", help="the first of them")
    parser.add_argument("--kills", type=int, default=3, metavar="K", help="per seed")
    given = parser.parse_args()
    began_s = time.monotonic()
    outcomes, desks = [], []
    for seed in range(given.first, given.first + given.seeds):
        folder = Path(tempfile.mkdtemp(prefix=f"kefu-chaos-{seed}-"))
        outcome = asyncio.run(run_chaos(KefuServer(folder / "data"), seed, kills=given.kills))
        report(seed, outcome)
        desk = asyncio.run(run_desk_chaos(KefuServer(folder / "desk"), seed, kills=given.kills))
        report_desk(seed, desk)
        slow = outcome.start_s > READY_S
        broken = outcome.violations or desk.violations
        if broken or slow:
            fault = "The promise is broken" if broken else f"Not ready in {READY_S} s"
            again = f"python -m tests.promise --first {seed} --seeds 1 --kills {given.kills}"
            say(f"{fault}. Evidence: {folder}\nTo repeat: {again}")
            return 1
        outcomes.append(outcome)
        desks.append(desk)
        shutil.rmtree(folder)
    say(
        f"desk: {sum(desk.acknowledged for desk in desks)} messages acknowledged,"
        f" {sum(desk.shown for desk in desks)} shown, none lost, none twice"
    )
    say(
        f"{len(outcomes)} seeds, {2 * given.kills * len(outcomes)} kills,"
        f" {sum(outcome.stored for outcome in outcomes)} messages stored,"
        f" {sum(outcome.seen for outcome in outcomes)} seen, none lost, none twice,"
        f" in {time.monotonic() - began_s:.0f} s"
    )
    return 0


def report(seed: int, outcome: Outcome) -> None:
    say(
        f"seed {seed}: {outcome.stored} stored, {outcome.seen} seen, ready in"
        f" {outcome.start_s:.2f} s, {len(outcome.violations)} violations"
    )
    for violation in outcome.violations[:20]:
        say(f"  {violation.rule}: {violation.detail}")


def report_desk(seed: int, outcome: desk_chaos.Outcome) -> None:
    say(
        f"seed {seed}, desk: {outcome.acknowledged} acknowledged, {outcome.shown} shown,"
        f" {len(outcome.violations)} violations"
    )
    for violation in outcome.violations[:20]:
        say(f"  {violation.rule}: {violation.detail}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
