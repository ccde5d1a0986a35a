"""HTTP bodies in the content coding that a client takes best.

Rules: ``Accept-Encoding`` is read in linear time, and one that is longer than any client's is as
none. What does not change is coded once, when it is read, and is told apart by what it holds; a
part of it is not given out (``Range``), since it would be one of the coded body. What changes
is coded as it goes out, a large one beside the loop. A body under ``LEAST_BYTES`` stays as it is.
Not here: which answers may be compressed at all (docs/decisions/0027-what-may-be-compressed.md).
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

LEAST_BYTES: Final = 1024  # below, it is one packet anyway
MOST_HEADER_CHARS: Final = 1000
_MOST_BYTES_AT_ONCE: Final = 32 * 1024  # beyond, a thread codes it: about 1 ms
_LEVEL_ONCE: Final = 9
_LEVEL_EACH: Final = 4  # of gzip, where each answer is coded anew
_ENDINGS: Final = {"br": ".br", "gzip": ".gz"}  # the best first
_WEIGHT: Final = re.compile(r"[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


def choose(accepted: str, offered: Sequence[str]) -> str | None:
    """The coding of ``offered`` (the best first) that ``Accept-Encoding`` asks for; None: none."""
    if len(accepted) > MOST_HEADER_CHARS:
        return None
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        name, _, weight = part.partition(";")
        weights[name.strip().lower()] = _weight(weight.strip())
    others = weights.get("*", 0.0)
    wanted = {coding: weights.get(coding, others) for coding in offered}
    best = max(offered, key=wanted.__getitem__)  # the first of those that weigh the same
    return best if wanted[best] and wanted[best] >= weights.get("identity", 0.0) else None


def _weight(text: str) -> float:
    if not text:
        return 1.0
    found = _WEIGHT.fullmatch(text)
    return float(found[1]) if found else 0.0


class _Body:
    """Bytes, and the tag that they alone have."""

    __slots__ = ("data", "tag")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.tag = _tag(data)


class Content:
    """Something that does not change, as it is and in other codings, the best first."""

    def __init__(self, media_type: str, plain: bytes, coded: Mapping[str, bytes]) -> None:
        self._media_type = media_type
        self._plain = _Body(plain)
        self._coded = {coding: _Body(body) for coding, body in coded.items()}

    @classmethod
    def of(cls, body: bytes, media_type: str) -> Content:
        """``body``, and what gzip makes of it. Takes 10 ms for 400 kB."""
        small = gzip.compress(body, _LEVEL_ONCE, mtime=0) if len(body) >= LEAST_BYTES else body
        return cls(media_type, body, {"gzip": small} if len(small) < len(body) else {})

    def answer(
        self, request: Request, headers: Mapping[str, str], status: int = 200, *, under: str = ""
    ) -> Response:
        """What the client takes best, or that it has it already; ``headers`` are added.

        ``status``: another one says that this stands in the place of what was asked for.
        ``under``: of ``headers``, what a copy may not outlive. It is in the tag, so that nothing
        rests on what a browser, or a cache on the way, makes of a 304's headers.
        """
        coding = choose(_accepted(request), list(self._coded)) if self._coded else None
        body = self._coded[coding] if coding else self._plain
        tag = _tag(f"{body.tag}{under}".encode()) if under else body.tag
        known = ",".join(request.headers.getlist("if-none-match"))
        if status == 200 and (tag in known or known.strip() == "*"):
            answer = Response(None, 304, headers)
        else:
            answer = Response(body.data, status, headers, self._media_type)
            if coding:
                answer.headers["content-encoding"] = coding
        answer.headers["etag"] = tag
        if self._coded:
            answer.headers.add_vary_header("Accept-Encoding")
        return answer


def read_folder(folder: Path) -> dict[str, Content]:
    """Every file of ``folder`` by its path; ``x.br`` and ``x.gz`` beside ``x`` are that, coded."""
    files = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    copies = {name + ending for name in files for ending in _ENDINGS.values()}
    return {name: _read(path) for name, path in files.items() if name not in copies}


def _read(path: Path) -> Content:
    beside = {coding: path.with_name(path.name + ending) for coding, ending in _ENDINGS.items()}
    coded = {coding: copy.read_bytes() for coding, copy in beside.items() if copy.is_file()}
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Content(media_type, path.read_bytes(), coded)


async def compress(request: Request, answer: Response) -> None:
    """Code the body of ``answer`` if the client takes that and it is worth it."""
    answer.headers.add_vary_header("Accept-Encoding")
    body = bytes(answer.body)
    if len(body) < LEAST_BYTES or not choose(_accepted(request), ["gzip"]):
        return
    if len(body) > _MOST_BYTES_AT_ONCE:
        small = await asyncio.to_thread(gzip.compress, body, _LEVEL_EACH, mtime=0)
    else:
        small = gzip.compress(body, _LEVEL_EACH, mtime=0)
    answer.body = small
    answer.headers["content-encoding"] = "gzip"
    answer.headers["content-length"] = str(len(small))


def _accepted(request: Request) -> str:
    return ",".join(request.headers.getlist("accept-encoding"))


def _tag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'
