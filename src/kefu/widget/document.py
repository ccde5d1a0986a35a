"""The headers of the widget's document: who may frame it, and what it may load.

Rules: they are of one inbox, and of now: a site that was taken out of its settings frames nothing
from the next request on. What people set gets in as an origin in its normal form alone, which has
no character that a header or a policy reads otherwise. Pictures come from us, from the logo's host
and from the inbox's own sites, where a card's are; nothing else is loaded from elsewhere. No text
becomes a script, also by way of the DOM (Trusted Types).
Not here: the document (``web/widget``), which pages may use the API (``gateways.rest.cors``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from kefu.core.inbox import Settings
from kefu.net.origins import policy_sources

POLICY: Final = "content-security-policy"

_COMMON: Final = {
    # The body may be kept; the headers are asked for again, and are in the tag.
    "cache-control": "no-cache",
    "permissions-policy": "camera=(self), microphone=(self), display-capture=(), geolocation=(), "
    "midi=(), payment=(), usb=()",
}
# A page under COEP frames only what says these. "require-corp" would do in one browser more, and
# would bar each logo whose host does not say that others may show it.
_FRAMED: Final = {
    "cross-origin-embedder-policy": "credentialless",
    "cross-origin-resource-policy": "cross-origin",
}
# In the place of a document that there is none of: nothing, in whose page it may be.
NO_DOCUMENT: Final = "<!doctype html><title>Kefu</title>"
NO_DOCUMENT_HEADERS: Final = {
    **_FRAMED,
    POLICY: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *",
}


def framed(settings: Settings) -> Mapping[str, str]:
    """Of the document in a frame on the inbox's sites, or on our own."""
    ancestors = ("'self'", *policy_sources(settings.origins))
    return {**_COMMON, **_FRAMED, POLICY: _policy(settings, ancestors)}


def alone(settings: Settings) -> Mapping[str, str]:
    """Of the document as a page of its own."""
    return {**_COMMON, POLICY: _policy(settings, ("'none'",))}


def _policy(settings: Settings, ancestors: Iterable[str]) -> str:
    logo = urlsplit(settings.look.logo or "")
    hosts = (f"{logo.scheme}://{logo.netloc}",), settings.origins
    sites = dict.fromkeys(one for each in hosts for one in policy_sources(each))
    pictures = ("'self'", "data:", "blob:", *(one for one in sites if one.startswith("https:")))
    return (
        f"default-src 'self'; img-src {' '.join(pictures)}; media-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'; "
        f"frame-ancestors {' '.join(ancestors)}"
    )
