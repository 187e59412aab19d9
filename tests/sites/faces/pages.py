"""HTML pages of articles: replies nested in what they answer, five threads a page, a link to the next."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from aiohttp import web

from tests.sites.faces.face import Face, whole, zulu
from tests.sites.faces.store import Kept

TOPS = 5


class Pages(Face):
    """A comment whose parent is gone moves up to where the parent stood, as WordPress shows it."""

    source = """\
kind: poll
format: html
threads:
  from:
    request: "{url}/"
    items: article a.title
    id: {attr: href, transform: [urljoin]}
    every: 5s
request: {url: "${thread.id}"}
paginate: {type: next_link, css: a.next}
select: {items: li.comment, nested: true}
fields:
  id: {attr: id, regex: "comment-([0-9]+)"}
  parent_id: {ancestor: li.comment, attr: id, regex: "comment-([0-9]+)", optional: true}
  author: {css: .author}
  text: {css: .text}
  created_at: {css: time, attr: datetime}
incremental: {order: any, detect_deletes: {mode: reconcile}}
"""

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the front page and the articles."""
        return [web.get("/", self.front), web.get("/{thread:article-\\d+}", self.article)]

    async def front(self, _: web.Request) -> web.Response:
        """Answer the articles, the one commented on last first."""
        links = [
            f'<article><a class="title" href="/{name}">{name}</a></article>' for name in self.store.threads()
        ]
        return _page("".join(links))

    async def article(self, request: web.Request) -> web.Response:
        """Answer a page of an article's threads, newest first."""
        thread, page = request.match_info["thread"], whole(request, "page", 1)
        shown = self.store.shown(thread)
        tops = [kept for kept in reversed(shown) if self.above(kept) is None]
        items = [self.item(kept, shown) for kept in tops[(page - 1) * TOPS : page * TOPS]]
        more = (
            f'<a class="next" href="/{thread}?page={page + 1}">Older</a>' if len(tops) > page * TOPS else ""
        )
        return _page(f'<h1>{thread}</h1><ol class="comments">{"".join(items)}</ol>{more}')

    def above(self, kept: Kept) -> Kept | None:
        """Return the comment that this one stands in: the nearest above it that is shown."""
        above = self.store.get(kept.parent) if kept.parent else None
        return above if above is None or above.shown else self.above(above)

    def item(self, kept: Kept, shown: list[Kept]) -> str:
        """Return a comment with the replies that stand in it."""
        replies = "".join(self.item(each, shown) for each in shown if self.above(each) is kept)
        nested = f'<ol class="children">{replies}</ol>' if replies else ""
        head = (
            f'<span class="author">{kept.author}</span> <time datetime="{zulu(kept.created_at)}">then</time>'
        )
        text = f'<div class="text"><p>{escape(kept.text)}</p></div>'
        return f'<li class="comment" id="comment-{kept.number}">{head}{text}{nested}</li>'


def _page(body: str) -> web.Response:
    return web.Response(text=f"<!doctype html><title>Gazette</title>{body}", content_type="text/html")
