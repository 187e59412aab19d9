"""Discourse's `/posts.json`: the newest posts, and `before` in its new and its old meaning."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from aiohttp import web

from tests.sites.faces.face import Face, whole, zulu
from tests.sites.faces.store import Kept

PAGE = 50


class Discourse(Face):
    """`before=N`: the 50 visible posts with lower ids."""

    source = """\
preset: discourse
url: "{url}"
"""

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the listing, and a single post for who asks whether it still stands."""
        return [web.get("/posts.json", self.latest), web.get("/posts/{id:\\d+}.json", self.one)]

    async def latest(self, request: web.Request) -> web.Response:
        """Answer the newest posts before an id."""
        before = whole(request, "before", len(self.store.comments) + 1)
        posts = [self.post(kept) for kept in self.window(before)]
        return web.json_response({"latest_posts": posts})

    def window(self, before: int) -> list[Kept]:
        """Return what a page holds, newest first."""
        return [kept for kept in reversed(self.store.shown()) if kept.number < before][:PAGE]

    async def one(self, request: web.Request) -> web.Response:
        """Answer one post; 404 where it is gone, as Discourse does to who may not see it."""
        kept = self.store.get(int(request.match_info["id"]))
        if kept is None or not kept.shown:
            return web.json_response({"errors": ["not found"], "error_type": "not_found"}, status=404)
        return web.json_response(self.post(kept))

    def post(self, kept: Kept) -> dict[str, object]:
        """Return a post as the API writes it. `reply_to_post_number` counts within its topic."""
        topic = int(kept.thread.rpartition("-")[2])
        parent = self.store.get(kept.parent) if kept.parent else None
        return {
            "id": kept.number,
            "username": kept.author,
            "user_id": len(kept.author),
            "created_at": zulu(kept.created_at),
            "updated_at": zulu(kept.changed_at),
            "cooked": f"<p>{escape(kept.text)}</p>",
            "raw": kept.text,
            "post_number": self.number(kept),
            "post_type": 1,
            "reply_to_post_number": self.number(parent) if parent else None,
            "topic_id": topic,
            "topic_slug": kept.thread,
            "version": kept.version,
            "hidden": False,
            "user_deleted": False,
            "deleted_at": None,
        }

    def number(self, kept: Kept) -> int:
        """Return a post's number within its topic."""
        return sum(each.thread == kept.thread for each in self.store.comments[: kept.number])


class OldDiscourse(Discourse):
    """`before=N`: the ids N-49 to N, less what is hidden; a page may be empty while older ones are not."""

    def window(self, before: int) -> list[Kept]:
        """Return what a page holds, newest first."""
        return [kept for kept in reversed(self.store.shown()) if before - PAGE < kept.number <= before]
