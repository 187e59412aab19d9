"""Disqus' `forums/listPosts`: a cursor that is given at the end too, to ask again with."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from monitor.sources.polling.site import Standing
from tests.sites.faces.face import Face, whole
from tests.sites.faces.store import Kept

KEY = "a key of the API"


class Disqus(Face):
    """Ordered by the time of writing; a moderator's key shows what was deleted too."""

    source = """\
preset: disqus
options: {forum: gazette, api: "{url}"}
secrets: {api_key: "${env:FACE_KEY}"}
"""

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the two listings, which are one here."""
        paths = ("/api/3.0/forums/listPosts.json", "/api/3.0/posts/list.json")
        return [web.get(path, self.posts) for path in paths]

    async def posts(self, request: web.Request) -> web.Response:
        """Answer posts after a cursor (microseconds:direction:flag), and the cursor after them."""
        if not (request.query.get("api_key") or request.query.get("api_secret")):
            return web.json_response({"code": 5, "response": "Invalid API key"}, status=401)
        found = sorted(
            self.included(request), key=_micro, reverse=request.query.get("order", "desc") == "desc"
        )
        if request.query.get("cursor"):
            after, offset, _ = map(int, request.query["cursor"].split(":"))
            found = [kept for kept in found if self._beyond(request, kept, after)][offset:]
        size = min(whole(request, "limit", 25), 100)
        page = found[:size]
        body = {"code": 0, "cursor": self._cursor(request, page, len(found) > size)}
        return web.json_response({**body, "response": [self.post(kept) for kept in page]})

    def included(self, request: web.Request) -> list[Kept]:
        """Return the posts of the kinds that were asked for."""
        wanted = set(",".join(request.query.getall("include", ["approved"])).split(","))
        wanted |= set(",".join(request.query.getall("include[]", [])).split(","))
        kinds = {Standing.VISIBLE: "approved", Standing.DELETED: "deleted", Standing.PENDING: "unapproved"}
        return [kept for kept in self.store.comments if kinds.get(kept.standing) in wanted]

    def post(self, kept: Kept) -> dict[str, object]:
        """Return a post as the API writes it: UTC without a Z."""
        return {
            "id": str(kept.number),
            "parent": kept.parent,
            "thread": kept.thread,
            "forum": "gazette",
            "author": {"name": kept.author, "username": kept.author, "isAnonymous": False},
            "message": f"<p>{_escaped(kept.text)}</p>",
            "raw_message": kept.text,
            "createdAt": f"{kept.created_at:%Y-%m-%dT%H:%M:%S}",
            "isEdited": kept.version > 1,
            "isDeleted": kept.standing is Standing.DELETED,
            "isApproved": kept.standing is not Standing.PENDING,
            "isSpam": kept.standing is Standing.SPAM,
            "url": f"https://gazette.example/{kept.thread}#comment-{kept.number}",
        }

    def _beyond(self, request: web.Request, kept: Kept, after: int) -> bool:
        if request.query.get("order", "desc") == "desc":
            return _micro(kept) <= after
        return _micro(kept) >= after

    def _cursor(self, request: web.Request, page: list[Kept], more: bool) -> dict[str, object]:  # noqa: FBT001
        """Return where the next page begins: at a time, after so many of that same time."""
        if not page:
            given = request.query.get("cursor", "0:0:0")
            return {"hasNext": False, "next": given, "more": False, "prev": None, "hasPrev": False}
        last = _micro(page[-1])
        offset = sum(_micro(kept) == last for kept in page)
        return {"hasNext": more, "next": f"{last}:{offset}:0", "more": more, "prev": None, "hasPrev": False}


def _micro(kept: Kept) -> int:
    return int(kept.created_at.timestamp() * 1e6)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
