"""Where a client's address comes in: the one reader of peers and of what proxies say of them.

Rules: an address has one form (no port, bracket or zone; an IPv4 address that is written as an IPv6
one is that IPv4 address), in which it is shown, logged and kept. What is counted by address is
counted by ``network_of``: a household or a server has a whole /64 of IPv6. ``X-Forwarded-For`` is
believed as far as trusted proxies wrote it, from its end; what is no address there ends the
reading, so nobody makes addresses up. ``Forwarded`` is not read: a proxy that does not write it
passes on what a client wrote.
Not here: what is counted (``core.limits``, ``transport``), who is a client (``gateways``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any

UNKNOWN = ""  # e.g. of a Unix socket

Network = IPv4Network | IPv6Network

# An address with a port or in brackets; of IPv6 without brackets any colon is its own.
_WRITTEN = re.compile(
    r"(?:\[(?P<six>[^\[\]]*)\]|(?P<four>[0-9.]+))(?::[0-9]{1,5})?|(?P<bare>[^\[\]]*)"
)
_MOST_CHARS = 100  # of one address, as proxies write it
_MOST_HOPS = 32  # that are looked at, from the end
_SAID_BY_PROXIES = ("x-forwarded-for", "forwarded")
_SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}


def read_address(text: str) -> str:
    """``text`` in the one form of an address; UNKNOWN: it is none."""
    found = _read(text.strip(" \t"))
    return UNKNOWN if found is None else str(found)


@lru_cache(maxsize=10_000)
def network_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or an IPv6 network of 64 bits.

    What is no address counts as it stands.
    """
    found = _read(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((int(found) >> 64 << 64, 64)))
    return address if found is None else str(found)


def was_forwarded(headers: Collection[str] | Mapping[str, str]) -> bool:
    """Whether a request with these headers (lower-case names) came over a proxy."""
    return any(name in headers for name in _SAID_BY_PROXIES)


def address_in(scope: Mapping[str, Any]) -> str:
    """The client of an ASGI request that came by the site, which has read it already."""
    client = scope.get("client")
    return client[0] if client else UNKNOWN


class Proxies:
    """The proxies whose word on a client counts."""

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        """``trusted``: addresses and networks (``10.0.0.0/8``). Raises ValueError: the one that
        is neither."""
        self._networks = tuple(map(_network, trusted))

    def __contains__(self, address: object) -> bool:
        found = _read(address) if isinstance(address, str) else None
        return found is not None and any(found in network for network in self._networks)

    def client_of(self, peer: str, forwarded_for: str) -> str:
        """The address of whoever asks, as the last proxy that is trusted saw it.

        Args:
            peer: the other end of the connection, UNKNOWN if it has no address.
            forwarded_for: ``X-Forwarded-For``, several joined by commas; "" if there is none.
        """
        client = read_address(peer)
        if not forwarded_for or client not in self:
            return client
        for hop in reversed(forwarded_for.rsplit(",", _MOST_HOPS)[-_MOST_HOPS:]):
            if not hop.strip(" \t"):
                continue  # an empty element of a list is none (RFC 9110, section 5.6.1)
            if client not in self or not (said := read_address(hop)):
                break
            client = said
        return client

    def scheme_of(self, peer: str, scheme: str, forwarded_proto: str) -> str:
        """``http`` or ``https``, as the last proxy says it if it is trusted."""
        said = _SCHEMES.get(forwarded_proto[-_MOST_CHARS:].rpartition(",")[2].strip(" \t").lower())
        return said if said and peer in self else scheme


def _read(text: str) -> IPv4Address | IPv6Address | None:
    written = _WRITTEN.fullmatch(text) if len(text) <= _MOST_CHARS else None
    if written is None:
        return None
    plain = written["six"] or written["four"] or written["bare"] or ""
    try:
        found = ip_address(plain.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def _network(text: str) -> Network:
    address, slash, _ = text.partition("/")
    try:
        if not slash and (found := _read(address)) is not None:
            return ip_network(found)
        network = ip_network(text, strict=False)
    except ValueError:
        raise ValueError(text) from None
    if isinstance(network, IPv6Network) and network.prefixlen >= 96:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            return IPv4Network((int(mapped), network.prefixlen - 96))
    return network
