"""An answer of a site, or a file saved from it, made ready to be looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, cast
from urllib.parse import urljoin, urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser

from monitor.domain.errors import Retryable
from monitor.sources.declared.data import feed_entries
from monitor.sources.web.charset import decoded
from monitor.sources.web.message import Answer

Form = Literal["html", "json", "feed", "nothing"]

_FEED: Final = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]")
_MARKUP: Final = re.compile(r"<[a-zA-Z!]")
_HEAD: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed; `answers` is the id of what it answers, where the feed says so."""

    id: str
    link: str
    title: str
    answers: str = ""


@dataclass(frozen=True, kw_only=True)
class Material:
    """What is looked at. `url` is empty for a saved file that does not say where it came from.

    Header names are in small letters.
    """

    form: Form
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    data: object = None
    entries: Sequence[Entry] = ()

    @property
    def host(self) -> str:
        """Return the host that it came from; empty where nothing says so."""
        return urlsplit(self.url).hostname or ""

    @property
    def origin(self) -> str:
        """Return scheme and host, as a URL begins with them; empty where nothing says so."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    def absolute(self, url: str) -> str:
        """Return a URL of the page as a whole one, as far as can be told."""
        whole = urljoin(self.url, url)
        return f"https:{whole}" if whole.startswith("//") else whole

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """Return the page; an empty one where this is none."""
        return LexborHTMLParser(self.text if self.form == "html" else "")

    @cached_property
    def scripts(self) -> str:
        """Return the text of all scripts of the page."""
        return "\n".join(script.text(deep=True) for script in self.tree.css("script"))


def material(answer: Answer) -> Material:
    """Return what was answered, ready to be looked at. What it is shows in its text, whatever it says."""
    text = decoded(answer)
    url, headers = answer.url, answer.headers
    data = _json(text)
    if data is not None:
        return Material(form="json", url=url, headers=headers, text=text, data=data)
    if _FEED.search(text[:_HEAD]):
        return Material(form="feed", url=url, headers=headers, text=text, entries=_entries(answer))
    if not _MARKUP.search(text):
        return Material(form="nothing", url=url, headers=headers, text=text)
    page = Material(form="html", url=url, headers=headers, text=text)
    return page if url else Material(form="html", url=_address(page), headers=headers, text=text)


def _json(text: str) -> object:
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        value: object = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    return value


def _entries(answer: Answer) -> Sequence[Entry]:
    try:
        feed = cast("Mapping[str, list[Mapping[str, object]]]", feed_entries(answer))
    except Retryable:
        return ()
    return [_entry(each) for each in feed["entries"]]


def _entry(each: Mapping[str, object]) -> Entry:
    reference = each.get("thr_in-reply-to")
    return Entry(
        id=str(each.get("id", "")),
        link=str(each.get("link", "")),
        title=str(each.get("title", "")),
        answers=str(reference.get("ref", "")) if isinstance(reference, Mapping) else "",
    )


_OWN_ADDRESS: Final = (
    ("link[rel='canonical']", "href"),
    ("meta[property='og:url']", "content"),
    ("link[rel='https://api.w.org/']", "href"),
    ("link[rel='shortlink']", "href"),
)


def _address(page: Material) -> str:
    """Return where a saved page says that it stands; of several, the first that names a host."""
    for selector, attribute in _OWN_ADDRESS:
        for node in page.tree.css(selector):
            url = page.absolute(node.attributes.get(attribute) or "")
            if urlsplit(url).hostname:
                return url
    return ""
