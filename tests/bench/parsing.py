"""Comments a second that a source's answers are made into, beside the parser alone that each format needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from time import process_time
from typing import Final

import feedparser
from selectolax.lexbor import LexborHTMLParser

from monitor.sources.declared.reading import read_site
from monitor.sources.describing import SourceText, describe
from monitor.sources.polling.site import Site
from monitor.sources.web.message import Answer
from tests.bench.generated import START, comments

SECONDS: Final = 2.0
"""CPU time of one measurement; the best of three counts."""

ROUNDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """An answer of one format: the source file that reads it, and its parser alone."""

    name: str
    source: str
    body: bytes
    media: str
    count: int
    baseline: str
    alone: Callable[[bytes], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Comments a second of CPU time, all of the way and the parser alone."""

    name: str
    count: int
    kilobytes: float
    ours: float
    baseline: str
    alone: float


def measure() -> list[Figure]:
    """Return the figures of JSON, a feed and a page."""
    return [_figure(each) for each in formats()]


def formats() -> Iterator[Format]:
    """Yield answers as WordPress gives them: a page of its API, its feed, an article with nested replies."""
    site = "url: https://gazette.example\n"
    yield Format(
        name="JSON (preset `wordpress`)",
        source=f"preset: wordpress\n{site}",
        body=_json(100),
        media="application/json",
        count=100,
        baseline="`json.loads`",
        alone=json.loads,
    )
    yield Format(
        name="Atom feed (preset `wordpress-feed`)",
        source=f"preset: wordpress-feed\n{site}",
        body=_atom(10),
        media="application/atom+xml",
        count=10,
        baseline="`feedparser.parse`",
        alone=feedparser.parse,
    )
    yield Format(
        name="HTML (preset `wordpress-html`)",
        source=f"preset: wordpress-html\n{site}",
        body=_html(50),
        media="text/html",
        count=50,
        baseline="`LexborHTMLParser`",
        alone=LexborHTMLParser,
    )


def site_of(source: str) -> Site:
    """Return the site that a source file with this text tells of."""
    described, sheet = describe(
        SourceText(path="gazette.yaml", text=f"id: gazette\n{source}", base=Path()), {}
    )
    site = read_site(described) if described else None
    assert site is not None, sheet.problems
    return site


def answer_of(form: Format) -> Answer:
    """Return the answer as the web hands it over."""
    return Answer(
        url="https://gazette.example/",
        status=200,
        headers={"content-type": form.media},
        body=form.body,
        charset="utf-8",
        received_at=START,
    )


def _figure(form: Format) -> Figure:
    site, answer = site_of(form.source), answer_of(form)
    request = site.first(None)
    found = len(site.read(request, answer, None).items)
    assert found == form.count, f"{form.name}: {found} of {form.count} comments"
    return Figure(
        name=form.name,
        count=form.count,
        kilobytes=len(form.body) / 1000,
        ours=form.count * _rate(lambda: site.read(request, answer, None)),
        baseline=form.baseline,
        alone=form.count * _rate(lambda: form.alone(form.body)),
    )


def _rate(work: Callable[[], object]) -> float:
    """Return how often a second of CPU time it can be done."""
    return max(_once(work) for _ in range(ROUNDS))


def _once(work: Callable[[], object]) -> float:
    began, count = process_time(), 0
    while (spent := process_time() - began) < SECONDS / ROUNDS:
        work()
        count += 1
    return count / spent


def _texts(count: int) -> Iterator[tuple[int, str, datetime]]:
    for number, event in enumerate(comments(count, [], matching=0)):
        yield number, event.comment.text, START - timedelta(minutes=number)


def _json(count: int) -> bytes:
    found = [
        {
            "id": 1000 + number,
            "post": number % 7,
            "parent": 999 + number if number % 3 == 0 else 0,
            "author": 0,
            "author_name": f"Reader {number}",
            "author_url": "",
            "date_gmt": f"{at:%Y-%m-%dT%H:%M:%S}",
            "content": {"rendered": f"<p>{escape(text)}</p>\n"},
            "link": f"https://gazette.example/bridge/comment-page-1/#comment-{1000 + number}",
            "status": "approved",
            "type": "comment",
        }
        for number, text, at in _texts(count)
    ]
    return json.dumps(found).encode()


def _atom(count: int) -> bytes:
    entries = [
        f"<entry><title>Comment on the bridge by Reader {number}</title>"
        f'<link rel="alternate" href="https://gazette.example/bridge/#comment-{number}" type="text/html"/>'
        f"<author><name>Reader {number}</name></author><id>https://gazette.example/bridge#comment-{number}</id>"
        f"<updated>{at:%Y-%m-%dT%H:%M:%SZ}</updated><published>{at:%Y-%m-%dT%H:%M:%SZ}</published>"
        f'<content type="html"><![CDATA[<p>{escape(text)}</p>]]></content>'
        '<thr:in-reply-to ref="https://gazette.example/bridge" href="https://gazette.example/bridge/"/></entry>'
        for number, text, at in _texts(count)
    ]
    spaces = 'xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"'
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}<feed {spaces}><title>Comments</title>{''.join(entries)}</feed>".encode()


def _html(count: int) -> bytes:
    items = [_item(number, text, at) for number, text, at in _texts(count)]
    nested = "".join(_nested(items[start : start + 2]) for start in range(0, count, 2))
    boilerplate = '<div class="widget"><a href="/about/">About</a><p>Words of a page.</p></div>' * 300
    page = f'<body class="postid-7">{boilerplate}<ol class="comment-list">{nested}</ol></body>'
    return f"<!doctype html><html><head><title>The bridge</title></head>{page}</html>".encode()


def _item(number: int, text: str, at: datetime) -> str:
    name = f'<b class="fn"><a href="https://example.org/{number}" rel="nofollow">Reader {number}</a></b>'
    time = f'<a href="#comment-{number}"><time datetime="{at.astimezone(UTC).isoformat()}">then</time></a>'
    head = f'<div class="comment-author vcard">{name}</div><div class="comment-metadata">{time}</div>'
    body = f'{head}<div class="comment-content"><p>{escape(text)}</p></div>'
    return f'<li id="comment-{number}" class="comment"><article class="comment-body">{body}</article>@</li>'


def _nested(items: list[str]) -> str:
    """Return the second comment as a reply within the first."""
    first, *rest = items
    reply = f'<ol class="children">{rest[0].replace("@", "")}</ol>' if rest else ""
    return first.replace("@", reply)
