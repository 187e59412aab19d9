"""YouTube's comment threads: pages by token, a quota, replies that do not bring their thread up."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from aiohttp import web

from tests.sites.faces.face import Face, whole, zulu
from tests.sites.faces.store import Kept, Store

EMBEDDED = 5
"""Replies that a thread brings along at most."""


class YouTube(Face):
    """`quota` is how many units are left; a page costs one, and so does a refused request."""

    source = """\
preset: youtube
options: {channel: gazette, api: "{url}"}
secrets: {key: "${env:FACE_KEY}"}
"""

    def __init__(self, store: Store, quota: int = 10_000) -> None:
        super().__init__(store)
        self.quota = quota

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the threads and the replies."""
        paths = {"commentThreads": self.threads, "comments": self.replies}
        return [web.get(f"/youtube/v3/{name}", handler) for name, handler in paths.items()]

    def native(self, kept: Kept) -> str:
        """Return an id that says whose reply it is."""
        top = self.top(kept)
        return f"Ug{kept.number}" if top is kept else f"Ug{top.number}.r{kept.number}"

    def parent(self, kept: Kept) -> str | None:
        """Return the thread: YouTube keeps replies flat."""
        top = self.top(kept)
        return None if top is kept else self.native(top)

    def top(self, kept: Kept) -> Kept:
        """Return the comment that the thread began with."""
        above = self.store.get(kept.parent) if kept.parent else None
        return self.top(above) if above else kept

    def truth(self) -> dict[str, str]:
        """Return what people see: with a thread's first comment its replies go too."""
        return {self.native(kept): kept.text for kept in self.store.shown() if self.top(kept).shown}

    async def threads(self, request: web.Request) -> web.Response:
        """Answer a page of threads, the youngest first."""
        tops = [kept for kept in reversed(self.store.shown()) if self.top(kept) is kept]
        return self._page(request, "commentThread", [self.thread(kept) for kept in tops])

    async def replies(self, request: web.Request) -> web.Response:
        """Answer a page of a thread's replies, or the comments of these ids."""
        if "parentId" in request.query:
            found = self.replies_of(int(request.query["parentId"].removeprefix("Ug")))
        else:
            wanted = set(request.query["id"].split(","))
            found = [
                kept for kept in self.store.shown() if self.native(kept) in wanted and self.top(kept).shown
            ]
        return self._page(request, "comment", [self.comment(kept) for kept in found])

    def thread(self, kept: Kept) -> dict[str, object]:
        """Return a thread with its last replies."""
        found = self.replies_of(kept.number)
        snippet = {
            "channelId": "gazette",
            "videoId": kept.thread,
            "topLevelComment": self.comment(kept),
            "canReply": True,
            "totalReplyCount": len(found),
            "isPublic": True,
        }
        thread: dict[str, object] = {
            "kind": "youtube#commentThread",
            "id": self.native(kept),
            "snippet": snippet,
        }
        shown = [self.comment(each) for each in found[-EMBEDDED:]]
        return {**thread, "replies": {"comments": shown}} if shown else thread

    def comment(self, kept: Kept) -> dict[str, object]:
        """Return a comment or a reply."""
        snippet = {
            "authorDisplayName": kept.author,
            "authorChannelId": {"value": f"UC{kept.author}"},
            "videoId": kept.thread,
            "textDisplay": escape(kept.text),
            "textOriginal": kept.text,
            "publishedAt": zulu(kept.created_at),
            "updatedAt": zulu(kept.changed_at if kept.version > 1 else kept.created_at),
        }
        if above := self.parent(kept):
            snippet["parentId"] = above
        return {"kind": "youtube#comment", "id": self.native(kept), "snippet": snippet}

    def replies_of(self, number: int) -> list[Kept]:
        return [kept for kept in self.store.shown() if self.top(kept).number == number != kept.number]

    def _page(self, request: web.Request, kind: str, items: list[dict[str, object]]) -> web.Response:
        self.quota -= 1
        if self.quota < 0:
            errors = [
                {"domain": "youtube.quota", "reason": "quotaExceeded", "message": "exceeded your quota"}
            ]
            return web.json_response({"error": {"code": 403, "errors": errors}}, status=403)
        size, start = whole(request, "maxResults", 20), whole(request, "pageToken", 0)
        page = items[start : start + size]
        body = {"kind": f"youtube#{kind}ListResponse", "items": page, "pageInfo": {"resultsPerPage": size}}
        more = {"nextPageToken": str(start + size)} if start + size < len(items) else {}
        return web.json_response({**body, **more})
