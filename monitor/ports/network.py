"""Which addresses an outgoing request may reach: the public internet, and what a setting lists.

A URL is a setting, a link on a page or a redirect; none of them may turn this process into a door
to the network it stands in (server-side request forgery). So the check looks at the address of
each single connection, after the name was resolved, whatever the URL spelled: `localhost`,
`0x7f.1`, `2130706433`, `[::ffff:127.0.0.1]` and a name that answers differently the second time
all end there. A resolver of one's own would not do: address literals never reach it.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from monitor.domain.errors import Misconfigured
from monitor.domain.problems import Problem

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
AddressInfo = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]
"""What `getaddrinfo` returns for one address."""

_UNICAST6: Final = IPv6Network("2000::/3")
"""The only part of IPv6 that is routed on the internet (RFC 4291, section 2.4)."""

_NAT64: Final = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as an IPv6-only network reaches them (RFC 6052)."""

_NEVER4: Final = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""Protocol assignments and 6to4 relays, which Python releases before 3.11.10 take for global."""


class Forbidden(OSError):
    """The address is none that this request may reach.

    The message names no address, so that several of one host give one error.
    """

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "the address is in a network that is not allowed")


class Networks:
    """The public internet and the networks listed, such as `127.0.0.0/8` or `fd00::/8`.

    Raises:
        Misconfigured: an entry is no network.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        problems: list[Problem] = []
        networks: list[Network] = []
        for entry in allowed:
            try:
                networks.append(ip_network(entry))
            except ValueError as error:
                problems.append(Problem(message=f"not a network: {error}", hint="write it as 10.1.0.0/16"))
        if problems:
            raise Misconfigured(problems)
        self._allowed = tuple(networks)

    def permits(self, address: str) -> bool:
        """Return whether a connection to this address, as resolved, may be made."""
        target = _unwrapped(ip_address(address))
        return _public(target) or any(target in network for network in self._allowed)

    def socket(self, info: AddressInfo) -> socket.socket:
        """Return the socket to connect to this address by: the `socket_factory` of aiohttp.

        Raises:
            Forbidden: before anything was sent.
        """
        family, kind, protocol, _, where = info
        if not self.permits(str(where[0])):
            raise Forbidden
        return socket.socket(family, kind, protocol)


def _public(address: Address) -> bool:
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv6Address):
        return address in _UNICAST6
    return not any(address in network for network in _NEVER4)


def _unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for: mapped, by NAT64, by 6to4."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
