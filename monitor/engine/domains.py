"""Links in a text: where they lead, and what they show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.engine.hosts import DOT, HIDDEN, has_known_ending, is_address, plain_host, registrable

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
    rf"(?:https?://|//|www{DOT})(?P<rest>\[[0-9a-f:.]{{2,45}}\]|(?:{DOT}|[^\s<>\"\])]){{1,2000}})"
    rf"|(?<![\w@./-])(?P<bare>(?:[\w{HIDDEN}-]{{1,63}}{DOT}){{1,6}}(?:xn--[a-z0-9-]{{1,59}}|[^\W\d_]{{2,24}}))"
    r"(?![\w@-]|\.\w)(?:/[^\s<>\"\])]{0,2000})?",
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


def _plain(text: str) -> Iterator[Linked]:
    for found in _URL.finditer(text):
        bare = found["bare"]
        host = plain_host(bare) if bare else _host_of(found["rest"])
        if bare and not _is_meant(bare, host):
            continue
        if "." in host or is_address(host):
            yield Linked(_without_www(host), found.span())


def _is_meant(spelled: str, host: str) -> bool:
    """Return whether this is a host, and no file and no missing space after a full stop."""
    name, _, ending = spelled.rpartition(".")
    begins_a_sentence = ending.istitle() and name.islower()
    return ending.lower() not in _NO_NAMES and not begins_a_sentence and has_known_ending(host)


def _with_text(text: str) -> Iterator[Linked]:
    """Yield the links that show a text of their own with a host in it."""
    for found in _SHOWN.finditer(text):
        shown = _HOST.search(found["text"] or found["inner"])
        address = (found["url"] or found["href"]).partition("://")[2]
        if shown:
            yield Linked(_without_www(_host_of(address)), found.span(), _without_www(plain_host(shown[0])))


def _host_of(address: str) -> str:
    """Return the host of what stands behind `//`; a name before `@` is none."""
    authority = re.split(r"[/?#\\]", address, maxsplit=1)[0].rpartition("@")[2]
    if authority.startswith("["):
        return authority[: authority.find("]") + 1].lower()
    return plain_host(authority.partition(":")[0].rstrip(".,;!?"))


def _without_www(host: str) -> str:
    return host.removeprefix("www.")
