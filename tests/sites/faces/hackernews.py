"""Hacker News: Firebase's items, of which the newest may be null yet, and Algolia's search."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from aiohttp import web

from monitor.sources.polling.site import Standing
from tests.sites.faces.face import Face, whole, zulu
from tests.sites.faces.store import Kept

CAP = 1000
"""Hits that a search gives at most, over all its pages."""


class HackerNews(Face):
    """A held comment is `null` until it is shown; a deleted one keeps its place and loses its text."""

    source = """\
preset: hackernews
options: {api: "{url}", items: "{url}"}
"""

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return Firebase's three paths and Algolia's."""
        return [
            web.get("/v0/maxitem.json", self.maxitem),
            web.get("/v0/updates.json", self.updates),
            web.get("/v0/item/{id:\\d+}.json", self.item),
            web.get("/api/v1/search_by_date", self.search),
            web.get("/api/v1/items/{id:\\d+}", self.hit_of),
        ]

    async def maxitem(self, _: web.Request) -> web.Response:
        """Answer the highest id there is, whether it is shown or not."""
        return web.json_response(len(self.store.comments))

    async def updates(self, _: web.Request) -> web.Response:
        """Answer what changed of late."""
        latest = sorted(self.store.comments, key=lambda kept: kept.changed_at)[-60:]
        return web.json_response({"items": [kept.number for kept in latest], "profiles": []})

    async def item(self, request: web.Request) -> web.Response:
        """Answer one item."""
        kept = self.store.get(int(request.match_info["id"]))
        return web.json_response(self.written(kept) if kept else None)

    def written(self, kept: Kept) -> dict[str, object] | None:
        """Return an item as Firebase writes it."""
        if kept.standing is Standing.PENDING:
            return None
        time = int(kept.created_at.timestamp())
        item = {"id": kept.number, "type": "comment", "time": time, "parent": self._above(kept)}
        if not kept.shown:
            return {**item, "deleted": True}
        return {**item, "by": kept.author, "text": escape(kept.text)}

    async def search(self, request: web.Request) -> web.Response:
        """Answer a page of comments, newest first."""
        size, page = whole(request, "hitsPerPage", 20), whole(request, "page", 0)
        found = [kept for kept in reversed(self.store.shown()) if _within(request, kept)][:CAP]
        hits = [self.hit(kept) for kept in found[page * size : (page + 1) * size]]
        pages = -(-len(found) // size)
        return web.json_response({"hits": hits, "page": page, "nbPages": pages, "nbHits": len(found)})

    async def hit_of(self, request: web.Request) -> web.Response:
        """Answer one item as Algolia does; 404 where it is gone."""
        kept = self.store.get(int(request.match_info["id"]))
        if kept is None or not kept.shown:
            return web.json_response({"status": 404, "error": "Not Found"}, status=404)
        return web.json_response(self.hit(kept))

    def hit(self, kept: Kept) -> dict[str, object]:
        """Return a comment as Algolia writes it."""
        return {
            "objectID": str(kept.number),
            "author": kept.author,
            "comment_text": escape(kept.text),
            "created_at": zulu(kept.created_at),
            "created_at_i": int(kept.created_at.timestamp()),
            "parent_id": self._above(kept),
            "story_id": self._story(kept),
            "story_title": kept.thread,
            "_tags": ["comment", f"author_{kept.author}", f"story_{self._story(kept)}"],
        }

    def _story(self, kept: Kept) -> int:
        return 1_000_000 + int(kept.thread.rpartition("-")[2])

    def _above(self, kept: Kept) -> int:
        return kept.parent or self._story(kept)


def _within(request: web.Request, kept: Kept) -> bool:
    bound = request.query.get("numericFilters", "").removeprefix("created_at_i<=")
    return not bound or int(kept.created_at.timestamp()) <= int(bound)
