"""A team's own JSON API: pages by number, which shift under the reader as comments come in."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tests.sites.faces.face import Face, whole
from tests.sites.faces.store import Kept


class JsonApi(Face):
    """Newest first; a comment that is gone is 404 by its id."""

    source = """\
kind: poll
format: json
request: {url: "{url}/api/comments", params: {per_page: "20"}}
paginate: {type: page, param: page}
select: {items: comments}
fields:
  id: {path: id}
  parent_id: {path: parent, optional: true}
  thread_id: {path: article}
  author: {path: author}
  text: {path: text}
  created_at: {path: written, transform: [{datetime: {unit: s}}]}
incremental: {order: newest_first, detect_deletes: {mode: status_code}}
"""

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the listing, and a single comment."""
        return [web.get("/api/comments", self.listing), web.get("/api/comments/{id:\\d+}", self.one)]

    async def listing(self, request: web.Request) -> web.Response:
        """Answer a page."""
        size, page = whole(request, "per_page", 20), whole(request, "page", 1)
        found = self.store.shown()[::-1]
        items = [self.comment(kept) for kept in found[(page - 1) * size : page * size]]
        return web.json_response({"comments": items, "total": len(found)})

    async def one(self, request: web.Request) -> web.Response:
        """Answer one comment."""
        kept = self.store.get(int(request.match_info["id"]))
        if kept is None or not kept.shown:
            return web.json_response({"error": "no such comment"}, status=404)
        return web.json_response(self.comment(kept))

    def comment(self, kept: Kept) -> dict[str, object]:
        """Return a comment."""
        return {
            "id": kept.number,
            "parent": kept.parent,
            "article": kept.thread,
            "author": kept.author,
            "text": kept.text,
            "written": kept.created_at.timestamp(),
        }
