"""Many conversations, on a desk."""

from __future__ import annotations

from tests.actions.conftest import desk

__all__ = ["desk"]
