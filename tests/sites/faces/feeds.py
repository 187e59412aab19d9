"""Comment feeds: the newest ten, and an ETag that only a new comment changes."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from aiohttp import web

from tests.sites.faces.face import Face, zulu
from tests.sites.faces.store import Kept

WINDOW = 10
ATOM = "http://www.w3.org/2005/Atom"
THREADING = "http://purl.org/syndication/thread/1.0"
CONTENT = "http://purl.org/rss/1.0/modules/content/"


class AtomFeed(Face):
    """An edit, a late approval, a deletion: all of them leave the ETag as it is."""

    source = """\
preset: feed
url: "{url}/comments.atom"
"""
    path = "/comments.atom"
    media_type = "application/atom+xml"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the feed."""
        return [web.get(self.path, self.feed)]

    def native(self, kept: Kept) -> str:
        """Return the entry's own id."""
        return f"tag:gazette.example,2026:comment-{kept.number}"

    async def feed(self, request: web.Request) -> web.Response:
        """Answer the feed, or that it did not change."""
        newest = self.store.shown()[::-1][:WINDOW]
        etag = f'"{max((kept.number for kept in newest), default=0)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        body = ET.tostring(self.tree(newest), encoding="utf-8", xml_declaration=True)
        return web.Response(body=body, content_type=self.media_type, charset="utf-8", headers={"ETag": etag})

    def tree(self, newest: list[Kept]) -> ET.Element:
        """Return the feed of these comments."""
        feed = ET.Element(f"{{{ATOM}}}feed")
        _add(feed, f"{{{ATOM}}}title", "Comments of the Gazette")
        for kept in newest:
            entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
            _add(entry, f"{{{ATOM}}}id", self.native(kept))
            _add(ET.SubElement(entry, f"{{{ATOM}}}author"), f"{{{ATOM}}}name", kept.author)
            _add(entry, f"{{{ATOM}}}published", zulu(kept.created_at))
            _add(entry, f"{{{ATOM}}}updated", zulu(kept.changed_at))
            _add(entry, f"{{{ATOM}}}content", f"<p>{_html(kept.text)}</p>", type="html")
            _add(entry, f"{{{ATOM}}}link", "", href=f"https://gazette.example/{kept.thread}#{kept.number}")
            if above := self.parent(kept):
                _add(entry, f"{{{THREADING}}}in-reply-to", "", ref=above)
        return feed


class RssFeed(AtomFeed):
    """The same as RSS 2.0, which does not say whom a comment answers."""

    source = """\
preset: feed
url: "{url}/comments.rss"
"""
    path = "/comments.rss"
    media_type = "application/rss+xml"

    def tree(self, newest: list[Kept]) -> ET.Element:
        """Return the feed of these comments."""
        feed = ET.Element("rss", version="2.0")
        channel = ET.SubElement(feed, "channel")
        _add(channel, "title", "Comments of the Gazette")
        for kept in newest:
            item = ET.SubElement(channel, "item")
            _add(item, "guid", self.native(kept), isPermaLink="false")
            _add(item, "title", f"By: {kept.author}")
            _add(item, "{http://purl.org/dc/elements/1.1/}creator", kept.author)
            _add(item, "pubDate", f"{kept.created_at:%a, %d %b %Y %H:%M:%S} +0000")
            _add(item, f"{{{CONTENT}}}encoded", f"<p>{_html(kept.text)}</p>")
            _add(item, "link", f"https://gazette.example/{kept.thread}#{kept.number}")
        return feed


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text or None


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
