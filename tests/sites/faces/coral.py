"""Coral's GraphQL: one address for everything, and errors that come with 200."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tests.sites.faces.face import Face, zulu
from tests.sites.faces.store import Kept, Store

FAILS = 6
"""Every so manieth answer is an error with status 200."""


class Coral(Face):
    """A moderator's token lists all comments, newest first, by cursor."""

    source = """\
kind: poll
format: json
request:
  url: "{url}/api/graphql"
  method: POST
  auth: {bearer: "${env:FACE_KEY}"}
  json:
    query: |
      query ($after: Cursor) {
        comments(first: 50, after: $after, orderBy: CREATED_AT_DESC) {
          edges { node { id body createdAt author { username } parent { id } story { id } } }
          pageInfo { hasNextPage endCursor }
        }
      }
    variables: {after: "${cursor}"}
paginate: {type: cursor, path: data.comments.pageInfo.endCursor, more: data.comments.pageInfo.hasNextPage}
select: {items: "data.comments.edges[].node"}
fields:
  id: {path: id}
  parent_id: {path: parent.id, optional: true}
  thread_id: {path: story.id}
  author: {path: author.username}
  text: {path: body, transform: [html_to_text]}
  created_at: {path: createdAt}
errors: {body: [{when: errors, then: retry, wait: 2s}]}
incremental: {order: newest_first, detect_deletes: {mode: reconcile}}
"""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.requests = 0

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the one address."""
        return [web.post("/api/graphql", self.graphql)]

    async def graphql(self, request: web.Request) -> web.Response:
        """Answer a page after a cursor."""
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            return web.json_response({"errors": [{"message": "not authorized"}]})
        self.requests += 1
        if self.requests % FAILS == 0:
            errors = [{"message": "rate limit exceeded", "extensions": {"code": "RATE_LIMIT_EXCEEDED"}}]
            return web.json_response({"data": {"comments": None}, "errors": errors})
        body = await request.json()
        after = (body.get("variables") or {}).get("after") or ""
        shown = [kept for kept in reversed(self.store.shown()) if not after or cursor(kept) < after]
        edges = [{"cursor": cursor(kept), "node": self.node(kept)} for kept in shown[:50]]
        end = cursor(shown[:50][-1]) if edges else None
        page = {"hasNextPage": len(shown) > 50, "endCursor": end}
        return web.json_response({"data": {"comments": {"edges": edges, "pageInfo": page}}})

    def node(self, kept: Kept) -> dict[str, object]:
        """Return a comment as the schema names its fields."""
        return {
            "id": self.native(kept),
            "body": kept.text.replace("&", "&amp;").replace("<", "&lt;"),
            "createdAt": zulu(kept.created_at),
            "author": {"id": kept.author, "username": kept.author},
            "parent": {"id": str(kept.parent)} if kept.parent else None,
            "story": {"id": kept.thread, "url": f"https://gazette.example/{kept.thread}"},
            "status": "APPROVED",
            "revision": {"id": str(kept.version)},
        }


def cursor(kept: Kept) -> str:
    """Return a cursor: Coral's is the time of writing; a number keeps those of one moment apart."""
    return f"{zulu(kept.created_at)}~{kept.number:08d}"
