"""Which handler a path and a method lead to.

Rules: segments are compared decoded, so a slash that is escaped stays within its segment; a fixed
segment wins over a field.
Not here: what handlers do, how a missing route looks (``errors``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import unquote

from kefu.net.requests import read_segments

H = TypeVar("H")


class Found(NamedTuple, Generic[H]):
    """A handler, and the path's fields."""

    handler: H
    fields: dict[str, str]


@dataclass(slots=True)
class _Node(Generic[H]):
    fixed: dict[str, _Node[H]] = field(default_factory=dict)
    any: _Node[H] | None = None
    handlers: dict[str, tuple[H, tuple[str, ...]]] = field(default_factory=dict)


class Routes(Generic[H]):
    """A tree of path segments."""

    def __init__(self) -> None:
        self._root: _Node[H] = _Node()

    def add(self, method: str, path: str, handler: H) -> None:
        """``path`` begins with a slash; ``{name}`` stands for any one segment."""
        node, names = self._root, []
        for segment in path.split("/")[1:]:
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.any = node = node.any or _Node()
            else:
                node = node.fixed.setdefault(segment, _Node())
        if method in node.handlers:
            raise ValueError(f"two handlers for {method} {path}")
        node.handlers[method] = (handler, tuple(names))

    def take(self, method: str, path: str) -> H:
        """Take the handler that was added so out again."""
        node, _ = self._node(path)
        return node.handlers.pop(method)[0]

    def find(self, method: str, path: str) -> Found[H] | None:
        """Where ``path``, as it came, leads to for this method."""
        node, values = self._node(path)
        if method not in node.handlers:
            return None
        handler, names = node.handlers[method]
        return Found(handler, dict(zip(names, values, strict=True)))

    def methods(self, path: str) -> list[str]:
        """What ``path`` can be asked with; nothing, if it leads nowhere."""
        return sorted(self._node(path)[0].handlers)

    def _node(self, path: str) -> tuple[_Node[H], tuple[str, ...]]:
        written = read_segments(path)
        if written is None:
            return _Node(), ()
        try:
            segments = [unquote(segment, errors="strict") for segment in written]
        except UnicodeDecodeError:
            return _Node(), ()
        return _walk(self._root, segments, ())


def _walk(
    node: _Node[H], segments: Sequence[str], values: tuple[str, ...]
) -> tuple[_Node[H], tuple[str, ...]]:
    """The node at the end of ``segments``, and what stood in place of fields; empty if none."""
    if not segments:
        return node, values
    first, rest = segments[0], segments[1:]
    if first in node.fixed:
        end, found = _walk(node.fixed[first], rest, values)
        if end.handlers:
            return end, found
    if node.any is not None and first:
        return _walk(node.any, rest, (*values, first))
    return _Node(), ()
