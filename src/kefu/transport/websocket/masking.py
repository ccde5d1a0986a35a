"""Masking of client payloads (RFC 6455, section 5.3): XOR with a four-byte key."""

from __future__ import annotations

__all__ = ["apply_mask"]

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform without the compiled module: the same in Python, slower
    from websockets.utils import apply_mask
