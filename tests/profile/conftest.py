"""One of the team and their own things, on a desk."""

from __future__ import annotations

from tests.actions.conftest import desk

__all__ = ["desk"]
