"""Schemathesis against a server of ours: requests made of the OpenAPI document, answers held to it.

Rules: it runs as a process of its own, with a fixed seed, and sees nothing but HTTP. A role's run
may end with what its requests did to the shop (it is deleted, moderated, resolved); no answer may
be a fault of the server or one that the document does not have.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import NamedTuple

from kefu.core.actors import AgentRole
from tests.gateways.conftest import House
from tests.gateways.rest.conftest import Headers, Shop

CONFIG = Path(__file__).parent / "schemathesis.toml"
ROLES = ("anonymous", "visitor", *AgentRole)
TRIED = re.compile(r"^\s*([0-9]+) generated", re.MULTILINE)


class Run(NamedTuple):
    """What came of it."""

    status: int  # 0: no fault was found
    requests: int
    report: str


async def busy_shop(house: House) -> Shop:
    """A shop with a few conversations, in which nobody asks too much."""
    shop = await Shop.open(await house.serve_production(enabled=False))
    shop.server.change(rates=None)
    for number in range(3):
        await shop.start(shop.visitor(), text=f"Question {number}")
    return shop


async def headers_of(shop: Shop, role: str) -> Headers:
    """What somebody of this role sends along; a bot comes with an API token, as all agents do."""
    if role == "anonymous":
        return {}
    if role != "visitor":
        return await shop.agent(AgentRole(role))
    visitor = shop.visitor()
    await shop.start(visitor, text="Mine")
    return visitor


async def try_contract(
    shop: Shop, who: Headers, folder: Path, *, phases: str, examples: int, seed: int
) -> Run:
    """Let Schemathesis try the API as somebody; ``folder`` is for what it leaves behind."""
    sent = [word for name, value in who.items() for word in ("--header", f"{name}: {value}")]
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(CONFIG), "run"),
        f"{shop.server.http}/api/v1/openapi.json",
        *sent,
        *("--phases", phases, "--max-examples", str(examples), "--seed", str(seed)),
        *("--no-color", "--warnings", "off", "--request-timeout", "60"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    report = said.decode(errors="replace")
    tried = TRIED.search(report)
    return Run(process.returncode or 0, int(tried[1]) if tried else 0, report)
