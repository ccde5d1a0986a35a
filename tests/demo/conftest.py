"""A desk on a store of each kind."""

from __future__ import annotations

from tests.actions.conftest import desk as desk
from tests.gateways.conftest import house as house
