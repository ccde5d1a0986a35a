"""A long try of the API's contract: ``python -m tests.gateways.rest --examples 300``.

Prints a line per role. Exits with 1 after the first fault, with Schemathesis' own report.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from tests.gateways.conftest import House
from tests.gateways.rest.contract import ROLES, Run, busy_shop, headers_of, try_contract

PHASES = "examples,coverage,fuzzing,stateful"


async def fuzz(role: str, folder: Path, *, examples: int, seed: int) -> Run:
    """Try everything as one role."""
    async with AsyncExitStack() as stack:
        shop = await busy_shop(House(str(folder), stack))
        who = await headers_of(shop, role)
        return await try_contract(shop, who, folder, phases=PHASES, examples=examples, seed=seed)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.gateways.rest", description=__doc__)
    parser.add_argument("--examples", type=int, default=300, metavar="N", help="per operation")
    parser.add_argument("--seed", type=int, default=random.randrange(2**31), metavar="SEED")
    parser.add_argument("--role", choices=ROLES, action="append", help="these only")
    given = parser.parse_args()
    for role in given.role or ROLES:
        began_s = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="kefu-fuzz-") as folder:
            run = asyncio.run(fuzz(role, Path(folder), examples=given.examples, seed=given.seed))
        took_s = time.monotonic() - began_s
        fate = "fine" if run.status == 0 else "FAULT"
        sys.stdout.write(
            f"{role:<12} seed {given.seed}  {run.requests:>7} requests  {took_s:6.0f} s  {fate}\n"
        )
        if run.status:
            sys.stdout.write(run.report)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
