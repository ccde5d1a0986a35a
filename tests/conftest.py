"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# A busy machine may take its time over one example; a test's own timeout is for what hangs.
settings.register_profile("kefu", deadline=None)
settings.load_profile("kefu")
