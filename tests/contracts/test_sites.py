"""Sites told in YAML keep the promises that guests' sites are held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import pytest

from monitor.sources.contract import SiteContract
from monitor.sources.declared.reading import read_site
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.describing import SourceText, describe
from monitor.sources.polling.site import Thread
from monitor.sources.web.message import Answer

NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)


def an_answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Answer(
        url="https://gazette.example/", status=status, headers=headers or {}, body=content, received_at=NOON
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredCase:
    """The lines of a source file, and answers."""

    lines: str
    pages: Sequence[Answer]
    troubles: Sequence[Answer] = ()
    broken: Answer | None = None
    gone: Answer | None = None
    thread: Thread | None = field(default=None)

    def site(self) -> DeclaredSite:
        text = SourceText(path="gazette.yaml", text=f"id: gazette\n{self.lines}", base=Path())
        described, _ = describe(text, {})
        site = read_site(described) if described else None
        assert site is not None
        return site


def a_comment(number: int) -> dict[str, object]:
    return {
        "id": number,
        "post": 1,
        "author_name": "Ann",
        "content": {"rendered": f"<p>Words {number}.</p>"},
        "date_gmt": "2026-03-01T11:00:00",
        "status": "approved",
    }


def a_post(number: int) -> dict[str, object]:
    return {"id": number, "topic_id": 1, "post_number": number, "post_type": 1, "username": "ann", "raw": "x"}


def an_item(number: int, inside: str = "") -> str:
    words = f'<div class="comment-content">Words {number}.</div>'
    return f'<li class="comment" id="comment-{number}">{words}{inside}</li>'


def a_page(*items: str) -> bytes:
    return f"<!doctype html><html><body><ol>{''.join(items)}</ol></body></html>".encode()


NEXT: Final = {"link": '<https://gazette.example/wp-json/wp/v2/comments?page=2>; rel="next"'}
ENTRY: Final = (
    "<entry><id>tag:gazette.example,2026:{0}</id><title>x</title><summary>Words {0}.</summary></entry>"
)


def a_feed(*entries: str) -> bytes:
    return (
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'.encode()
    )


CASES: Final = {
    "wordpress": DeclaredCase(
        lines="preset: wordpress\nurl: https://gazette.example\n",
        pages=[an_answer([a_comment(3), a_comment(2)], headers=NEXT), an_answer([a_comment(1)])],
        troubles=[an_answer({"code": "rest_forbidden"}, 401), an_answer({"code": "rest_no_route"}, 404)],
        broken=an_answer([a_comment(3), {"id": 9}, a_comment(2)], headers=NEXT),
        gone=an_answer({"code": "rest_comment_invalid_id"}, 404),
    ),
    "discourse": DeclaredCase(
        lines="preset: discourse\nurl: https://gazette.example\n",
        pages=[
            an_answer({"latest_posts": [a_post(52), a_post(51)]}),
            an_answer({"latest_posts": [a_post(1)]}),
        ],
        troubles=[an_answer({"errors": ["no"], "error_type": "not_logged_in"}, 403)],
        broken=an_answer({"latest_posts": [a_post(52), a_post(51) | {"id": None}, a_post(51)]}),
        gone=an_answer({"errors": ["no"], "error_type": "not_found"}, 404),
    ),
    "wordpress-html": DeclaredCase(
        lines="preset: wordpress-html\nurl: https://gazette.example\n",
        thread=Thread(id="4", url="https://gazette.example/a"),
        pages=[an_answer(a_page(an_item(7, an_item(8)), an_item(9)))],
        broken=an_answer(a_page(an_item(7, an_item(8)), '<li id="comment-99"></li>', an_item(9))),
    ),
    "feed": DeclaredCase(
        lines="preset: feed\nurl: https://gazette.example/talk.atom\n",
        pages=[an_answer(a_feed(ENTRY.format(1), ENTRY.format(2)))],
        broken=an_answer(a_feed(ENTRY.format(1), "<entry><title></title></entry>", ENTRY.format(2))),
    ),
}


class TestSites(SiteContract):
    """The promises, kept by sites of each format."""

    @pytest.fixture(autouse=True, params=CASES)
    def _case(self, request: pytest.FixtureRequest) -> None:
        self.case = CASES[request.param]
