"""What every action needs.

Rules: ports and values only, never other actions; past ten fields it is split.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from kefu.core.limits import Allowance, Limits
from kefu.core.permissions import Policy
from kefu.hub import Hub
from kefu.storage.database import Database


@dataclass(frozen=True, slots=True)
class Context:
    """One server's store, connections, clocks and rules."""

    database: Database
    hub: Hub
    policy: Policy
    limits: Limits
    rates_off: bool  # rates per connection and limits per address are not enforced (benches)
    now_ms: Callable[[], int]  # Unix milliseconds, for what is stored
    monotonic_s: Callable[[], float]  # for durations; never jumps
    token: Callable[[], str]  # a new unguessable id, URL-safe
    background: Callable[[Coroutine[Any, Any, None]], None]  # run a short task nobody awaits

    def allowance(self) -> Allowance | None:
        """What a new connection may say; None if rates are not enforced."""
        return None if self.rates_off else Allowance(self.limits)
