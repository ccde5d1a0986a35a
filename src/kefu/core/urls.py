"""Which URLs that people give the server may go to.

Rules: only http and https, only public addresses, only the ports 80, 443 and those from 1024 on,
for everybody, administrators too. The operator's allow-list alone opens more. A host is judged
twice: by what is written (``check_url``, when the URL is set) and by every address that it
resolves to (``check_addresses``, before each connection). One strict parser serves both and the
connection too, so no second reading of the same URL can lead elsewhere.
Not here: resolving, connecting, redirects (``outbound.fetch``).
Source of the ranges: IANA's special-purpose address registries, RFC 6890.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import quote

import msgspec

from kefu.core.addresses import ascii_host
from kefu.core.errors import BadInput
from kefu.core.text import is_storable

MAX_URL_CHARS = 2_048

_DEFAULT_PORTS = {"http": 80, "https": 443}
_FORBIDDEN_CHARS = re.compile(r"[\x00-\x20\x7f\\]")  # parsers drop some and disagree on others
_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*):(?://(?P<site>[^/?#]*)(?P<path>[^#]*))?", re.I | re.A
)
_SITE = re.compile(
    r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[^\[\]:@%]+))(?::(?P<port>[0-9]{1,5}))?", re.I | re.A
)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # as the last label it makes the host an IPv4 address

_NOT_PUBLIC_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; a cloud's metadata, too
        "127.0.0.0/8",
        "168.63.129.16/32",  # the host below a virtual machine in Azure
        "169.254.0.0/16",  # link-local: most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")  # Teredo, 6to4, examples
)
_NAT64 = IPv6Network("64:ff9b::/96")

Address = IPv4Address | IPv6Address


class UnsafeUrl(BadInput):
    """The server does not go to this URL."""

    code = "unsafe_url"


class Target(msgspec.Struct, frozen=True):
    """A URL taken apart. Everything is ASCII and ready for the wire."""

    scheme: str  # "http" or "https"
    host: str  # lower case; an IPv6 address without brackets
    port: int
    path: str  # with the query: "/hook?x=1"

    @property
    def authority(self) -> str:
        """The ``Host`` header: the port only if it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """``https://host`` or ``https://host:port``."""
        return f"{self.scheme}://{self.authority}"


class Allowed(msgspec.Struct, frozen=True):
    """What the operator opened beside the public addresses."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()  # any host that resolves into one
    sites: frozenset[tuple[str, int]] = frozenset()  # host and port; wherever it resolves to


NOTHING = Allowed()


def read_allowed(entries: Iterable[str]) -> Allowed:
    """Read an allow-list: each entry a network (``10.1.0.0/16``), an address, or ``host:port``.

    Raises ValueError: the entry that is none of these.
    """
    networks: list[IPv4Network | IPv6Network] = []
    sites: set[tuple[str, int]] = set()
    for entry in entries:
        try:
            networks.append(ip_network(entry))
            continue
        except ValueError:
            pass
        try:
            host, port = _read_site(entry)
        except UnsafeUrl:
            port = None
        if port is None:
            raise ValueError(entry)
        sites.add((host, port))
    return Allowed(networks=tuple(networks), sites=frozenset(sites))


def check_url(url: str, allowed: Allowed = NOTHING) -> Target:
    """Take ``url`` apart, if what is written in it is not plainly bad.

    Raises UnsafeUrl: too long, another scheme, a user name, a port below 1024 that is not the
    web's, an address that is not public in any notation, or no URL at all.
    """
    target = _read_url(url)
    if (target.host, target.port) in allowed.sites:
        return target
    if target.port < 1024 and target.port not in _DEFAULT_PORTS.values():
        raise UnsafeUrl("the port must be 80, 443 or at least 1024")
    if target.host == "localhost" or target.host.endswith(".localhost"):
        check_addresses(target, ["127.0.0.1"], allowed)
    if literal := literal_address(target.host):
        check_addresses(target, [literal], allowed)
    return target


def check_addresses(target: Target, addresses: Sequence[str], allowed: Allowed = NOTHING) -> None:
    """Check what the host of ``target`` resolved to; one bad address spoils all.

    Raises UnsafeUrl. Its text does not tell the address.
    """
    if (target.host, target.port) in allowed.sites:
        return
    for text in addresses:
        try:
            address = _plain(ip_address(text))
        except ValueError:
            raise UnsafeUrl("the host has no usable address") from None
        if not is_public(address) and not any(address in net for net in allowed.networks):
            raise UnsafeUrl("the address is not public")


def is_public(address: Address) -> bool:
    """Whether ``address`` is one host of the public internet."""
    address = _plain(address)
    if isinstance(address, IPv4Address):
        return not any(address in net for net in _NOT_PUBLIC_4)
    if address.scope_id is not None or address not in _PUBLIC_6:
        return False
    return not any(address in net for net in _NOT_PUBLIC_6)


def literal_address(host: str) -> str | None:
    """``host`` if it is an address and not a name."""
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def _plain(address: Address) -> Address:
    """The IPv4 address that is meant by a mapped or a NAT64 one."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(address.packed[-4:])
    return address


def _read_url(url: str) -> Target:
    if len(url) > MAX_URL_CHARS:
        raise UnsafeUrl("the URL is too long")
    if _FORBIDDEN_CHARS.search(url) or not is_storable(url):
        raise UnsafeUrl("the URL has characters that must be escaped")
    parts = _URL.fullmatch(url.partition("#")[0])
    scheme = parts["scheme"].lower() if parts else ""
    if parts is None or scheme not in _DEFAULT_PORTS:
        raise UnsafeUrl("the URL must begin with http:// or https://")
    host, port = _read_site(parts["site"] or "")
    path = quote(parts["path"] or "", safe="/?:@!$&'()*+,;=-._~%")
    return Target(
        scheme=scheme,
        host=host,
        port=_DEFAULT_PORTS[scheme] if port is None else port,
        path=path if path.startswith("/") else f"/{path}",
    )


def _read_site(site: str) -> tuple[str, int | None]:
    """Host and port of ``host:port``. Raises UnsafeUrl."""
    parts = _SITE.fullmatch(site)
    if parts is None:
        raise UnsafeUrl("the URL must name a host, without user, password or zone")
    port = int(parts["port"]) if parts["port"] else None
    if port is not None and not 0 < port < 65_536:
        raise UnsafeUrl("there is no such port")
    return (_read_six(parts["six"]) if parts["six"] else _read_name(parts["name"])), port


def _read_six(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except ValueError:
        raise UnsafeUrl("the URL names no host") from None


def _read_name(text: str) -> str:
    """A name or an IPv4 address in the one form that all parsers read alike."""
    try:
        name = text.lower() if text.isascii() else ascii_host(text)
    except UnicodeError:
        raise UnsafeUrl("the URL names no host") from None
    name = name.removesuffix(".")
    if len(name) > 253 or not _NAME.fullmatch(name):
        raise UnsafeUrl("the URL names no host")
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        try:
            return str(IPv4Address(name))
        except ValueError:
            raise UnsafeUrl("an IPv4 address must be four decimal numbers") from None
    return name
