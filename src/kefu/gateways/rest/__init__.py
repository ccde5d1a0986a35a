"""REST: ``/api/v1``, ``/health`` and ``/ready``."""

from __future__ import annotations

from collections.abc import Iterable

from kefu.actions.context import Context
from kefu.gateways.rest.authentication import Authentication
from kefu.gateways.rest.endpoint import Rest
from kefu.gateways.rest.files import add_files
from kefu.gateways.rest.plain import add_plain, health, readiness

__all__ = ["Rest", "build_rest", "health", "readiness"]


def build_rest(ctx: Context, *, demo: bool, tokens: Iterable[str]) -> Rest:
    """The application of ``/api``; ``tokens`` are those of the rooms protocol's agents."""
    rest = Rest(ctx, Authentication(ctx, demo=demo, tokens=tokens))
    add_plain(rest, ctx)
    add_files(rest, ctx)
    return rest
