"""The headers of the widget's document: who may frame it, and what it may load.

Rules: who frames it is of one inbox, and of now: a site that was taken out of its settings frames
nothing from the next request on. What people set gets in as an origin in its normal form alone,
which has no character that a header or a policy reads otherwise. Pictures come from wherever the
team says, by https: logos, and those of cards; nothing else is loaded from elsewhere. No text
becomes a script, also by way of the DOM (Trusted Types).
Not here: the document (``web/widget``), which pages may use the API (``gateways.rest.cors``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from kefu.net.origins import policy_sources

POLICY: Final = "content-security-policy"

_COMMON: Final = {
    # The body may be kept; the headers are asked for again, and the policy is in the tag.
    "cache-control": "no-cache",
    "permissions-policy": "camera=(self), microphone=(self), display-capture=(), geolocation=(), "
    "midi=(), payment=(), usb=()",
}
# A page under COEP frames only what says these. "require-corp" would do in one browser more, and
# would bar each picture whose host does not say that others may show it.
_FRAMED: Final = {
    "cross-origin-embedder-policy": "credentialless",
    "cross-origin-resource-policy": "cross-origin",
}


def _policy(ancestors: str) -> str:
    return (
        "default-src 'self'; img-src 'self' data: blob: https:; media-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'; "
        f"frame-ancestors {ancestors}"
    )


def framed(origins: Iterable[str]) -> Mapping[str, str]:
    """Of the document in a frame on an inbox's sites, its ``origins``, or on our own."""
    policy = _policy(" ".join(("'self'", *policy_sources(origins))))
    return {**_COMMON, **_FRAMED, POLICY: policy}


ALONE: Final[Mapping[str, str]] = {**_COMMON, POLICY: _policy("'none'")}  # a page of its own

# In the place of a document that there is none of: nothing, in whose page it may be.
NO_DOCUMENT: Final = "<!doctype html><title>Kefu</title>"
NO_DOCUMENT_HEADERS: Final = {
    **_FRAMED,
    POLICY: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *",
}
