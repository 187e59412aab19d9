"""A host by the one name that it has, however a link spells it, and what of it somebody has registered."""

from __future__ import annotations

import re
from functools import cache
from ipaddress import IPv4Address, ip_address
from typing import Final

from publicsuffixlist import PublicSuffixList

HIDDEN: Final = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
"""Characters that nobody sees and that browsers drop from a host (UTS 46), as a class of a pattern."""

DOT: Final = r"(?:\.|\[\.\]|\(\.\)|\{\.\}|[\[({]dot[\])}])"
"""A dot, also as people write it who want no link to be made of a host."""

_HIDDEN: Final = re.compile(f"[{HIDDEN}]")
_DOT: Final = re.compile(DOT, re.IGNORECASE)
_NUMBER: Final = re.compile(r"0x([0-9a-f]*)|0([0-7]*)|([1-9][0-9]*)")
_RESERVED: Final = frozenset(("example", "test", "invalid", "localhost", "onion"))
"""Endings that nobody registers and that links have all the same (RFC 2606, RFC 7686)."""

_MOST_PARTS: Final = 4
_BYTE: Final = 256


def plain_host(spelled: str) -> str:
    """Return the host in small ASCII letters: nothing hidden, Punycode, numbers as an address."""
    host = _HIDDEN.sub("", _DOT.sub(".", spelled)).lower().rstrip(".")
    if not host.isascii():
        host = _in_ascii(host)
    return _as_address(host) or host


def is_address(host: str) -> bool:
    """Return whether the host is an address in numbers."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def has_known_ending(host: str) -> bool:
    """Return whether sites are really called so: `there.it` is a host, `ok.thanks` is none."""
    ending = host.rpartition(".")[2]
    return ending in _RESERVED or bool(_suffixes().publicsuffix(host, accept_unknown=False))


def registrable(host: str) -> str:
    """Return the part of the host that somebody has registered: `bbc.co.uk` of `news.bbc.co.uk`.

    By the public suffix list (publicsuffix.org) as it is packed into the library, hosters that let others
    register below their own name included; no network.
    """
    if is_address(host):
        return host
    return _suffixes().privatesuffix(host) or host


def is_shared(domain: str) -> bool:
    """Return whether it is a name under which anybody registers: `co.uk`, `blogspot.com`."""
    return _suffixes().privatesuffix(domain) is None


def is_below(host: str, domain: str) -> bool:
    """Return whether this is the domain or one below it."""
    return host == domain or host.endswith(f".{domain}")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _in_ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _as_address(host: str) -> str:
    """Return the IPv4 address that a browser takes these numbers for; empty where they are none.

    Decimal, octal and hexadecimal, one to four of them, the last filling what is left (WHATWG URL, 3.5).
    """
    numbers = [_number(part) for part in host.split(".")]
    if len(numbers) > _MOST_PARTS or None in numbers:
        return ""
    *head, last = [number for number in numbers if number is not None]
    if any(number >= _BYTE for number in head) or last >= _BYTE ** (_MOST_PARTS - len(head)):
        return ""
    value = last + sum(number * _BYTE ** (3 - place) for place, number in enumerate(head))
    return str(IPv4Address(value))


def _number(part: str) -> int | None:
    found = _NUMBER.fullmatch(part)
    if found is None:
        return None
    hexadecimal, octal, decimal = found.groups()
    if hexadecimal is not None:
        return int(hexadecimal or "0", 16)
    return int(decimal) if decimal else int(octal or "0", 8)
