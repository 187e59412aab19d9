"""Stack Exchange's comments: pages, a quota, and a `backoff` that must be heard."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from aiohttp import web

from tests.sites.faces.face import Face, whole
from tests.sites.faces.store import Kept, Store

PAUSE = 3
"""Seconds of a `backoff`; every fourth answer carries one."""


class StackExchange(Face):
    """`unheard` counts requests that came within a `backoff`: each is refused, and none may come."""

    source = """\
preset: stackexchange
options: {site: cooking, api: "{url}"}
"""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.answers = 0
        self.silent_until = 0.0
        self.unheard = 0

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the comments of the site, and single ones by ids."""
        return [web.get("/2.3/comments", self.comments), web.get("/2.3/comments/{ids}", self.some)]

    async def comments(self, request: web.Request) -> web.Response:
        """Answer a page of comments by the time of writing."""
        found = self.store.shown()
        if request.query.get("order", "desc") == "desc":
            found = found[::-1]
        since = whole(request, "fromdate", 0)
        return self._page(request, [kept for kept in found if kept.created_at.timestamp() >= since])

    async def some(self, request: web.Request) -> web.Response:
        """Answer those of these comments that still stand."""
        wanted = {int(number) for number in request.match_info["ids"].split(";")}
        return self._page(request, [kept for kept in self.store.shown() if kept.number in wanted])

    def written(self, kept: Kept, *, body: bool) -> dict[str, object]:
        """Return a comment; its text comes only with a filter that asks for it."""
        comment = {
            "comment_id": kept.number,
            "post_id": int(kept.thread.rpartition("-")[2]),
            "creation_date": int(kept.created_at.timestamp()),
            "edited": kept.version > 1,
            "owner": {"user_id": len(kept.author), "display_name": kept.author, "user_type": "registered"},
            "score": 0,
        }
        text = {"body": escape(kept.text, quote=True), "body_markdown": escape(kept.text)}
        return {**comment, **text} if body else comment

    def _page(self, request: web.Request, found: list[Kept]) -> web.Response:
        now = self.store.clock().timestamp()
        if now < self.silent_until:
            self.unheard += 1
            error = {
                "error_id": 502,
                "error_name": "throttle_violation",
                "error_message": "too many requests",
            }
            return web.json_response(error, status=400)
        self.answers += 1
        size, page = whole(request, "pagesize", 30), whole(request, "page", 1)
        body = request.query.get("filter") not in {None, "default"}
        items = [self.written(kept, body=body) for kept in found[(page - 1) * size : page * size]]
        more = {
            "has_more": len(found) > page * size,
            "quota_max": 10_000,
            "quota_remaining": 10_000 - self.answers,
        }
        if self.answers % 4 == 0:
            self.silent_until = now + PAUSE
            more["backoff"] = PAUSE
        return web.json_response({"items": items, **more})
