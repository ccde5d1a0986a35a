"""Which web pages may connect (the Fetch standard's origins), by one comparison.

Rules: origins are compared in the form in which browsers send them: lower case, the host in ASCII
(IDNA), without the scheme's own port; what people set is brought into it, when it is set and when
it is read. The pages of an app's web view have a scheme that their app or its framework chose
(``capacitor://localhost``); every app may choose the same, so such an origin says that apps may,
not which one. A request without ``Origin`` is no page of another origin and passes; a page of the
request's own host passes, and one of the origins that are known to be ours, since a proxy may tell
another host; any other has to be named. ``null`` (a sandboxed frame, a file) is never named.
Where the server is for its own machine alone (``local``), who asks under another host is refused:
that name was bound to loopback by another site.
Credentials play no part here: which page asks proves nothing of who asks.
Not here: what a page may then do (``gateways``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, Literal, NamedTuple

import idna

ANY: Final = "*"

_MOST_CHARS: Final = 300  # of an origin; a host has 253 at most
_PORTS: Final = {"http": 80, "https": 443}
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*(?=://)", re.IGNORECASE)
# Their pages have no origin (URL, 4.7), or there are no pages under them.
_OF_NO_PAGE: Final = frozenset(
    {"about", "blob", "data", "file", "filesystem", "ftp"}
    | {"javascript", "mailto", "view-source", "ws", "wss"}
)
_AUTHORITY: Final = re.compile(
    r"(?P<host>\[[0-9a-f:.]{2,45}\]|[^\s/?#@:\[\]\\%]+)(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE
)
# What a Host of this machine can look like (RFC 9110, section 7.2).
_HERE: Final = re.compile(r"(?P<name>localhost|[0-9.]+|\[[0-9a-f:.]+\])(:[0-9]+)?", re.IGNORECASE)
# Labels as the DNS has them (RFC 1035, section 2.3.4); the underscore is what browsers take, too.
_NAME: Final = re.compile(r"(?=.{1,254}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
# The hosts that a policy can name (CSP 3, section 2.3.1): no underscore, no address in brackets.
_IN_POLICY: Final = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9.-]+(?::[0-9]+)?")
# A host whose last label is a number is an address to browsers, whatever it is before (URL, 3.5).
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


class BadOrigin(ValueError):
    """This is no origin that a page can have; says why."""


class _Host(NamedTuple):
    name: str
    port: int | None  # None: the scheme's own


class _Origin(NamedTuple):
    scheme: str
    name: str
    port: int | None  # None: an app's scheme, which has none of its own

    def __str__(self) -> str:
        port = "" if self.port == _PORTS.get(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{self.name}{port}"


def normal_origin(text: str) -> str:
    """``text``, ``SCHEME://HOST`` or ``SCHEME://HOST:PORT``, as a browser or a web view sends it.

    Raises BadOrigin, which says what is wrong.
    """
    return str(_read_origin(_short(text)))


def normal_home(text: str) -> str:
    """The same of a server that browsers reach, so under http or https. Raises BadOrigin."""
    origin = _read_origin(_short(text))
    if origin.scheme not in _PORTS:
        raise BadOrigin("does not begin with http:// or https://")
    return str(origin)


def policy_sources(named: Iterable[str]) -> tuple[str, ...]:
    """``named``, in whatever form, as sources of a Content-Security-Policy; ANY is all there are.

    What is no origin is left out, and so is one that a policy has no form for.
    """
    named = tuple(named)
    if ANY in named:
        return (ANY,)
    normal = filter(None, map(_normal, named))
    return tuple(dict.fromkeys(one for one in normal if _IN_POLICY.fullmatch(one)))


@dataclass(frozen=True, slots=True)
class Pages:
    """Which pages may connect.

    ``own``: origins that are ours, in their normal form, beside the host of each request.
    ``others``: those that may, too, in their normal form; ANY: whatever page it is.
    ``local``: nobody may who asks under a host that is neither loopback nor of ``own``.
    """

    own: frozenset[str] = frozenset()
    others: frozenset[str] | Literal["*"] = frozenset()
    local: bool = False

    def beside(self, named: Iterable[str]) -> Pages:
        """The same, and those that somebody named, in whatever form; what is none is no page."""
        named = tuple(named)
        if ANY in named:
            return replace(self, others=ANY)
        return replace(self, others=frozenset(filter(None, map(_normal, named))))

    def are_own(self, headers: Mapping[str, str]) -> bool:
        """Whether no page sent these headers (names in lower case), or one of our own did."""
        said = headers.get("origin")
        return said is None or self._is_own(said, headers.get("host", ""))

    def may(self, headers: Mapping[str, str]) -> bool:
        """Whether no page sent these headers, or one that may connect."""
        if self.local and not self._is_known(headers.get("host", "")):
            return False
        said = headers.get("origin")
        if said is None or self.others == ANY or _normal(said) in self.others:
            return True
        return self._is_own(said, headers.get("host", ""))

    def _is_known(self, host: str) -> bool:
        schemes = _PORTS if self.own else ()
        return is_loopback(host) or any(_normal(f"{one}://{host}") in self.own for one in schemes)

    def _is_own(self, said: str, host: str) -> bool:
        try:
            origin = _read_origin(_short(said))
            if str(origin) in self.own:
                return True
            at = _read_host(_short(host))
        except BadOrigin:
            return False
        if origin.scheme not in _PORTS:
            return False
        # Behind a proxy that ends TLS the request's scheme is not known: the page's is taken.
        return (at.name, at.port or _PORTS[origin.scheme]) == (origin.name, origin.port)


OWN_ALONE: Final = Pages()


def is_loopback(host: str) -> bool:
    """Whether ``host``, a name or an address and perhaps a port, means the machine that asks."""
    found = _HERE.fullmatch(_short_or_none(host))
    if found is None:
        return False
    name = found["name"].strip("[]").lower()
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _short_or_none(text: str) -> str:
    return text if len(text) <= _MOST_CHARS else ""


def _short(text: str) -> str:
    if len(text) > _MOST_CHARS:
        raise BadOrigin("is too long")
    return text


def _normal(text: str) -> str | None:
    try:
        return normal_origin(text)
    except BadOrigin:
        return None


@lru_cache(maxsize=1_000)
def _read_origin(text: str) -> _Origin:
    scheme = _SCHEME.match(text)
    if scheme is None or (name := scheme[0].lower()) in _OF_NO_PAGE:
        raise BadOrigin("does not begin with https://, http:// or an app's scheme")
    host = _read_host(text[scheme.end() + 3 :])
    return _Origin(name, host.name, host.port or _PORTS.get(name))


@lru_cache(maxsize=1_000)
def _read_host(text: str) -> _Host:
    found = _AUTHORITY.match(text)
    if found is None:
        raise BadOrigin("names no host")
    if rest := text[found.end() :]:
        raise BadOrigin("has more than a host and a port" if rest[0] in "/?#@" else "names no host")
    port = int(found["port"]) if found["port"] else None
    if port is not None and not 0 < port < 65_536:
        raise BadOrigin("has a port that is none")
    return _Host(_read_name(found["host"]), port)


def _read_name(text: str) -> str:
    try:
        if text.startswith("["):
            return f"[{IPv6Address(text[1:-1])}]"
        if not text.isascii():
            # Not idna's own writing, which refuses the signs and emoji that browsers take.
            mapped = idna.uts46_remap(text, std3_rules=False)
            text = ".".join(map(_encoded, mapped.split(".")))
        name = text.lower()
        if _NUMBER.fullmatch(name.rstrip(".").rpartition(".")[2]):
            return str(IPv4Address(name))
        for label in name.split("."):
            if label.startswith("xn--"):
                _check_encoded(label)
    except ValueError:  # also idna's own
        raise BadOrigin("names no host") from None
    if not _NAME.fullmatch(name):
        raise BadOrigin("names no host")
    return name


def _encoded(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def _check_encoded(label: str) -> None:
    """Raise ValueError if a browser makes no host of it (UTS 46, section 4, steps 4 and 5)."""
    encoded = label[4:].encode("ascii")
    decoded = encoded.decode("punycode")
    is_own_form = decoded.encode("punycode") == encoded and not decoded.isascii()
    if not is_own_form or idna.uts46_remap(decoded, std3_rules=False) != decoded:
        raise ValueError(label)
    idna.check_initial_combiner(decoded)
    idna.check_bidi(decoded)
    for at, char in enumerate(decoded):
        if char in "\u200c\u200d" and not idna.valid_contextj(decoded, at):
            raise ValueError(label)
