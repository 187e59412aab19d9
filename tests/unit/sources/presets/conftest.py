from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from monitor.domain.errors import Misconfigured
from monitor.sources.declared.reading import read_site
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.describing import SourceText, describe
from monitor.sources.polling.site import Item, Page, Standing
from monitor.sources.web.message import Answer, Request

RECORDED = Path(__file__).parents[5] / "shared" / "data" / "sources"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Trial:
    """A source file, to be tried on answers that were made up or recorded."""

    site: DeclaredSite

    def read(
        self,
        body: object,
        status: int = 200,
        headers: dict[str, str] | None = None,
        asked: Request | None = None,
    ) -> Page:
        return self.site.read(asked or self.site.first(None), _answer(body, status, headers or {}), None)

    def one(self, body: object) -> Item:
        [item] = self.read(body).items
        return item

    def asked_again(self, body: object, status: int = 200) -> Standing:
        return self.site.rechecked(_answer(body, status, {}))

    def parameters(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.site.first(None).params.items()}


def _answer(body: object, status: int, headers: dict[str, str]) -> Answer:
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Answer(
        url="https://gazette.example/", status=status, headers=headers, body=content, received_at=NOW
    )


@pytest.fixture
def trial() -> Callable[[str], Trial]:
    """Return what makes a site of a source file's lines."""

    def make(lines: str) -> Trial:
        text = SourceText(path="gazette.yaml", text=f"id: gazette\n{lines}", base=Path())
        described, sheet = describe(text, {"A_SECRET": "s3cret"})
        site = read_site(described) if described else None
        if site is None or sheet.problems:
            raise Misconfigured(sheet.problems)
        return Trial(site)

    return make


@pytest.fixture
def recorded() -> Callable[[str], bytes]:
    """Return what reads a recorded answer; the test is skipped where there is none."""

    def content(name: str) -> bytes:
        path = RECORDED / name
        if not path.is_file():
            pytest.skip("the recorded answers are not beside this checkout")
        return path.read_bytes()

    return content
