"""Kefu's own realtime protocol, ``kefu.v1`` (docs/protocol/realtime.md), and its fallback."""
