from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Protocol

import pytest

from monitor.domain.problems import render
from monitor.sources.declared.reading import read_site
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.describing import SourceText, describe
from monitor.sources.polling.site import Page, Thread
from monitor.sources.web.message import Answer

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[4]
RECORDED = ROOT.parent / "shared" / "data" / "sources"


class Told(Protocol):
    """Makes a site of a source file's text."""

    def __call__(self, text: str, environ: Mapping[str, str] | None = None) -> DeclaredSite: ...


class Problems(Protocol):
    """Returns what is wrong with a source file's text, as people see it."""

    def __call__(self, text: str, environ: Mapping[str, str] | None = None) -> str: ...


class Answered(Protocol):
    """Makes an answer."""

    def __call__(
        self,
        body: str | bytes,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        url: str = "https://gazette.example/comments",
        now: datetime = NOW,
    ) -> Answer: ...


class Read(Protocol):
    """Reads an answer by a source file's text."""

    def __call__(
        self, text: str, body: str | bytes, *, thread: Thread | None = None, now: datetime = NOW
    ) -> Page: ...


def _described(text: str, environ: Mapping[str, str] | None) -> tuple[DeclaredSite | None, str]:
    source = SourceText(path="sources/gazette.yaml", text=dedent(text), base=Path())
    described, sheet = describe(source, environ or {})
    site = read_site(described) if described is not None else None
    return site, render(sheet.problems)


def _told(text: str, environ: Mapping[str, str] | None = None) -> DeclaredSite:
    site, problems = _described(text, environ)
    assert not problems, problems
    assert site is not None
    return site


def _answered(
    body: str | bytes,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    url: str = "https://gazette.example/comments",
    now: datetime = NOW,
) -> Answer:
    encoded = body.encode() if isinstance(body, str) else body
    return Answer(url=url, status=status, headers=headers or {}, body=encoded, received_at=now)


def _read(text: str, body: str | bytes, *, thread: Thread | None = None, now: datetime = NOW) -> Page:
    site = _told(text)
    return site.read(site.first(thread), _answered(body, now=now), thread)


@pytest.fixture(scope="session")
def told() -> Told:
    return _told


@pytest.fixture(scope="session")
def problems() -> Problems:
    return lambda text, environ=None: _described(text, environ)[1]


@pytest.fixture(scope="session")
def answered() -> Answered:
    return _answered


@pytest.fixture(scope="session")
def read() -> Read:
    return _read


@pytest.fixture(scope="session")
def recorded() -> Path:
    if not RECORDED.is_dir():
        pytest.skip("the recorded answers of real sites do not stand beside this checkout")
    return RECORDED
