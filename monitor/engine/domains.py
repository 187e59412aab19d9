"""Links in a text: where they lead, what they show, and which part of a host somebody has registered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from publicsuffixlist import PublicSuffixList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.engine.text import Span

_SHORTENER_LIST: Final = """
    bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly cutt.ly rebrand.ly rb.gy shorturl.at tiny.cc t.ly
    lnkd.in s.id v.gd bl.ink soo.gd clck.ru vk.cc u.to adf.ly ouo.io shrtco.de tiny.one bit.do x.co
    shorte.st qr.ae trib.al dlvr.it amzn.to youtu.be fb.me wa.me t.me linktr.ee urlz.fr kutt.it
"""
SHORTENERS: Final = frozenset(_SHORTENER_LIST.split())
"""Hosts whose links say nothing of where they lead."""

_URL: Final = re.compile(
    r"(?:https?://|//|www\.)(?P<rest>\[[0-9a-f:.]{2,45}\]|[^\s<>\"\])]{1,2000})"
    r"|(?<![\w@./-])(?P<bare>(?:[\w-]{1,63}\.){1,6}[a-z]{2,24})(?![\w@.-])(?:/[^\s<>\"\])]{0,2000})?",
    re.IGNORECASE,
)
_SHOWN: Final = re.compile(
    r"\[(?P<text>[^\[\]\n]{1,300})\]\((?P<url>https?://[^\s()]{1,2000})\)"
    r"|<a\s[^<>]{0,300}?href\s*=\s*[\"']?(?P<href>https?://[^\s\"'<>]{1,2000})[^<>]{0,300}>(?P<inner>[^<>]{1,300})</a>",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}", re.IGNORECASE)
_ENDING_LIST: Final = """
    html htm php jpg jpeg png gif webp svg pdf txt md py js ts css json xml yaml yml csv zip gz exe doc
    docx
"""
_NO_NAMES: Final = frozenset(_ENDING_LIST.split())
"""Endings of file names that look like those of hosts."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A link: the host that it leads to, where it stands, and the host that its text shows, if any."""

    host: str
    span: Span
    shown: str = ""

    @property
    def is_disguised(self) -> bool:
        """Return whether it shows one site and leads to another."""
        return bool(self.shown) and registrable(self.shown) != registrable(self.host)


def linked(text: str) -> tuple[Linked, ...]:
    """Return the links of a text, in their order."""
    found = [link for part in (_with_text(text), _plain(text)) for link in part]
    return tuple(sorted(found, key=lambda link: link.span))


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


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def is_below(host: str, domain: str) -> bool:
    """Return whether this is the domain or one below it."""
    return host == domain or host.endswith(f".{domain}")


def is_address(host: str) -> bool:
    """Return whether the host is an address in numbers."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _plain(text: str) -> Iterator[Linked]:
    for found in _URL.finditer(text):
        if found["bare"]:
            host = found["bare"].lower()
            if host.rpartition(".")[2] in _NO_NAMES or not host.isascii():
                continue
        else:
            host = _host_of(found["rest"])
        if "." in host or is_address(host):
            yield Linked(_without_www(host), found.span())


def _with_text(text: str) -> Iterator[Linked]:
    """Yield the links that show a text of their own with a host in it."""
    for found in _SHOWN.finditer(text):
        shown = _HOST.search(found["text"] or found["inner"])
        address = (found["url"] or found["href"]).partition("://")[2]
        if shown:
            yield Linked(_without_www(_host_of(address)), found.span(), _without_www(shown[0].lower()))


def _host_of(address: str) -> str:
    """Return the host of what stands behind `//`; a name before `@` is none."""
    authority = re.split(r"[/?#\\]", address, maxsplit=1)[0].rpartition("@")[2]
    if authority.startswith("["):
        return authority[: authority.find("]") + 1].lower()
    return authority.partition(":")[0].rstrip(".,;!?").lower()


def _without_www(host: str) -> str:
    return host.removeprefix("www.")
