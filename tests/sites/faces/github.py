"""GitHub's issue comments: by the time of their last change, with ETags and Link headers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from aiohttp import web

from tests.sites.faces.face import Face, whole
from tests.sites.faces.store import Kept


class GitHub(Face):
    """A deleted comment is simply gone: only asking for it by id tells."""

    source = """\
preset: github
options: {repository: gazette/site, api: "{url}"}
secrets: {token: "${env:FACE_KEY}"}
"""

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the listing, and a single comment."""
        path = "/repos/gazette/site/issues/comments"
        return [web.get(path, self.listing), web.get(path + "/{id:\\d+}", self.one)]

    async def listing(self, request: web.Request) -> web.Response:
        """Answer a page of comments changed since a time; 304 where it would be the same again."""
        found = [kept for kept in self.store.shown() if changed(kept) >= request.query.get("since", "")]
        found.sort(
            key=lambda kept: kept.changed_at if request.query.get("sort") == "updated" else kept.created_at
        )
        if request.query.get("direction") == "desc":
            found.reverse()
        size, page = min(whole(request, "per_page", 30), 100), whole(request, "page", 1)
        response = web.json_response([self.comment(kept) for kept in found[(page - 1) * size : page * size]])
        etag = f'W/"{sha256(response.body if isinstance(response.body, bytes) else b"").hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        response.headers["ETag"] = etag
        response.headers["X-RateLimit-Remaining"] = "4999"
        if len(found) > page * size:
            response.headers["Link"] = f'<{request.url.update_query(page=page + 1)}>; rel="next"'
        return response

    async def one(self, request: web.Request) -> web.Response:
        """Answer one comment; 404 where it is gone."""
        kept = self.store.get(int(request.match_info["id"]))
        if kept is None or not kept.shown:
            return web.json_response({"message": "Not Found"}, status=404)
        return web.json_response(self.comment(kept))

    def comment(self, kept: Kept) -> dict[str, object]:
        """Return a comment as the API writes it."""
        issue = f"https://api.github.example/repos/gazette/site/issues/{kept.thread.rpartition('-')[2]}"
        return {
            "id": kept.number,
            "body": kept.text,
            "user": {"login": kept.author, "id": len(kept.author)},
            "created_at": f"{kept.created_at:%Y-%m-%dT%H:%M:%SZ}",
            "updated_at": changed(kept),
            "issue_url": issue,
            "html_url": f"{issue}#issuecomment-{kept.number}",
        }


def changed(kept: Kept) -> str:
    """Return when a comment changed, to the second: many share one."""
    time: datetime = kept.changed_at
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
