"""Whatever a site answers: comments that can be sent on, or a failure that is tried again; never a crash."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from monitor.domain.errors import Retryable
from monitor.sources.declared.reading import read_site
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.declared.trying import canonical
from monitor.sources.describing import SourceText, describe
from monitor.sources.polling.site import Page
from monitor.sources.presets import load_preset, preset_names
from monitor.sources.presets.starting import starting_lines
from monitor.sources.web.message import Answer
from tests.unit.sources.declared.conftest import Answered

SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parent / "samples").glob("*.*"))]
SAMPLES.append(
    b'[{"id": 1, "post": 4, "parent": 0, "author_name": "Ann", "date_gmt": "2026-11-01T06:00:00",'
    b' "content": {"rendered": "<p>Hello</p>"}, "text": "Hello", "created": 1795367887.5, "mode": 1}]'
)
SAMPLES.append(
    b'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>C</title>'
    b"<entry><id>comment-1</id><published>2026-11-22T17:00:00Z</published><content>Hi</content></entry></feed>"
)
PIECES = [
    b"null", b'"', b"{}", b"[]", b"<div>", b"</li>", b"\x00", b"1e999", b"true", b"-1", b'"\\ud800"', b"&#0;",
    b"9" * 400, b"]]>", b"<![CDATA[", b"<blockquote>", b"\xff\xfe", b'<?xml encoding="\x9a"?>', b"2026-13-45",
]  # fmt: skip
HEADERS: list[dict[str, str]] = [
    {},
    {"link": '<http://[::1>; rel="next"'},
    {"link": '<::/>; rel="next"'},
    {"retry-after": "x"},
]
STATUSES = [200, 200, 200, 401, 404, 500]


def mutated(body: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(0, 6)):
        at = chance.randrange(len(body) + 1)
        end = min(len(body), at + chance.randint(0, 60))
        middle = chance.choice([b"", chance.choice(PIECES), body[at:end] * 3, bytes([chance.randrange(256)])])
        body = body[:at] + middle + body[end:]
    return body


@pytest.fixture(scope="module")
def sites() -> list[DeclaredSite]:
    found = []
    for name in preset_names():
        lines = starting_lines(load_preset(name), id_="a", url="https://gazette.example", every_secret=True)
        described, _ = describe(SourceText(path="a.yaml", text=lines, base=Path()), {}, lenient=True)
        site = read_site(described) if described is not None and described.kind == "poll" else None
        if site is not None:
            found.append(site)
    return found


def ask(site: DeclaredSite, answer: Answer) -> Page:
    """Ask for all that a site can be asked for; what it refuses to read is a page without comments."""
    with suppress(Retryable):
        site.threads(answer)
    with suppress(Retryable):
        site.rechecked(answer)
    try:
        return site.read(site.first(None), answer, None)
    except Retryable:
        return Page(items=())


@pytest.mark.parametrize("seed", range(6))
def test_no_answer_breaks_a_preset(sites: list[DeclaredSite], answered: Answered, seed: int) -> None:
    chance = random.Random(seed)
    for site in sites:
        for _ in range(8):
            body = mutated(chance.choice(SAMPLES), chance)
            page = ask(site, answered(body, status=chance.choice(STATUSES), headers=chance.choice(HEADERS)))
            msgspec.json.encode([(canonical(item.comment), item.comment.extra) for item in page.items])
