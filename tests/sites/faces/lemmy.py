"""Lemmy's comment list: who asks too often gets 400, not 429."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from monitor.sources.polling.site import Standing
from tests.sites.faces.face import Face, whole, zulu
from tests.sites.faces.store import Kept, Store

BETWEEN = 7
"""Every so manieth request is answered as if it were one too many."""


class Lemmy(Face):
    """Deleted comments stay in the list and say so."""

    source = """\
preset: lemmy
url: "{url}"
"""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.requests = 0

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the list, and a single comment."""
        return [web.get("/api/v3/comment/list", self.listing), web.get("/api/v3/comment", self.one)]

    async def listing(self, request: web.Request) -> web.Response:
        """Answer a page of comments, newest first."""
        self.requests += 1
        if self.requests % BETWEEN == 0:
            return web.json_response({"error": "rate_limit_error"}, status=400)
        size, page = min(whole(request, "limit", 10), 50), whole(request, "page", 1)
        found = [kept for kept in reversed(self.store.comments) if kept.standing is not Standing.PENDING]
        views = [self.view(kept) for kept in found[(page - 1) * size : page * size]]
        return web.json_response({"comments": views})

    async def one(self, request: web.Request) -> web.Response:
        """Answer one comment; 400, again, where it is gone."""
        kept = self.store.get(int(request.query["id"]))
        if kept is None or not kept.shown:
            return web.json_response({"error": "couldnt_find_comment"}, status=400)
        return web.json_response({"comment_view": self.view(kept)})

    def view(self, kept: Kept) -> dict[str, object]:
        """Return a comment as the API writes it: the path names all above it."""
        comment = {
            "id": kept.number,
            "content": kept.text if kept.shown else "",
            "published": zulu(kept.created_at),
            "deleted": not kept.shown,
            "removed": False,
            "ap_id": f"https://lemmy.example/comment/{kept.number}",
            "path": f"0.{kept.parent}.{kept.number}" if kept.parent else f"0.{kept.number}",
            "post_id": int(kept.thread.rpartition("-")[2]),
        }
        if kept.version > 1:
            comment["updated"] = zulu(kept.changed_at)
        creator = {"id": len(kept.author), "name": kept.author}
        post = {"id": comment["post_id"], "ap_id": f"https://lemmy.example/post/{comment['post_id']}"}
        return {"comment": comment, "creator": creator, "post": post, "counts": {"child_count": 0}}
