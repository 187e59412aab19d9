from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from monitor.cli import command_line
from monitor.domain.errors import Retryable
from monitor.ports import Batch, Sighting
from monitor.sources.polling.explaining import REFUSED, explain
from monitor.sources.web.message import Refused
from monitor.store.cursors import SqliteCursors
from monitor.store.database import Database
from monitor.store.sightings import SqliteSightings
from tests.sites.board import Run, a_run

HOUR = 3_600.0

SETTINGS = """\
[store]
path = "monitor.sqlite"

[[sources]]
type = "site"
path = "sources"

[[sources]]
name = "archive"
path = "old.jsonl"
"""
SOURCE = "version: 1\nid: gazette\npreset: wordpress\nurl: https://gazette.example\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with settings and one source file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "comment-monitor.toml").write_text(SETTINGS)
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "gazette.yaml").write_text(SOURCE)


def sources(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, ["sources", *arguments])


def kept(run: Run) -> None:
    """Put the run's cursor into the store, as ingest would."""

    async def live() -> None:
        async with Database(Path("monitor.sqlite")) as database:
            run.cursors, run.sightings = SqliteCursors(database), SqliteSightings(database)
            await run.pass_(HOUR)

    asyncio.run(live())


def test_a_source_that_was_never_read_is_listed_and_explained() -> None:
    listed, explained = sources("list"), sources("explain", "gazette")
    assert "never read" in listed.output
    assert "is `comment-monitor run ingest` running" in explained.output
    assert not Path("monitor.sqlite").exists()


def test_a_site_that_is_read_says_what_it_found_and_when_it_is_read_next() -> None:
    run = a_run()
    for _ in range(3):
        run.site.board.write()
    kept(run)
    said = sources("explain", "gazette").output
    assert "3 found, 0 new, 3 known" in said
    assert "it is overdue" in said  # the run lies in the past
    assert "a page held nothing new" in said or "there was no further page" in said


def test_a_site_that_fails_says_what_it_answered() -> None:
    run = a_run()
    run.web.down = Retryable("gazette.example answered HTTP 503")
    kept(run)
    said = sources("explain", "gazette").output
    assert "failed for" in said
    assert "gazette.example answered HTTP 503" in said


async def test_a_site_that_is_refused_is_not_said_to_have_asked_for_the_pause() -> None:
    run = a_run()
    run.web.down = Refused("content_type", "gazette.example answers with text/html")
    await run.pass_(HOUR)
    [explained] = explain(await run.bookmarks(), run.time().timestamp())
    assert (explained.state, explained.nothing) == ("refused", "gazette.example answers with text/html")
    assert explained.because == REFUSED


async def test_what_is_found_and_not_told_is_accounted_for() -> None:
    run = a_run()
    for _ in range(3):
        run.site.board.write()
    await run.pass_(HOUR)
    bookmarks = await run.bookmarks()
    [(key, bookmark)] = bookmarks.threads.items()
    assert bookmark.last is not None
    more = replace(bookmark, last=replace(bookmark.last, found=5))
    [explained] = explain(replace(bookmarks, threads={key: more}), run.time().timestamp())
    assert explained.nothing == (
        "of 5 found none was new: 3 known, 2 left out, not public, or not to be read: "
        "`sources try` shows which"
    )


def test_the_data_is_given_as_json_too() -> None:
    run = a_run()
    run.site.board.write()
    kept(run)
    explained = json.loads(sources("explain", "gazette", "--format", "json").output)
    assert [each["state"] for each in explained[0]["threads"]] == ["well"]
    listed = json.loads(sources("list", "--format", "json").output)
    assert [(row["id"], row["kind"]) for row in listed] == [
        ("gazette", "poll"),
        ("archive:old.jsonl", "file"),
    ]


def test_a_source_that_is_not_there_is_a_wrong_use() -> None:
    asked = sources("explain", "gazete")
    assert asked.exit_code == 2
    assert "did you mean `gazette`?" in asked.output


def test_a_source_that_is_called_or_tells_by_itself_says_when_it_last_did() -> None:
    Path("sources/pond.yaml").write_text(
        "id: pond\nkind: mastodon\nurl: https://pond.example\ntoken: ${env:POND_TOKEN}\n"
    )
    Path("sources/hook.yaml").write_text("id: hook\nkind: webhook\ndialect: github\nsecrets: ${env:HOOK}\n")

    async def live() -> None:
        async with Database(Path("monitor.sqlite")) as database:
            seen = Sighting(native_id="7", digest="", seen_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
            await SqliteCursors(database).save("pond", Batch(events=(), cursor="7", sightings=(seen,)))

    asyncio.run(live())
    said = sources("explain", "pond").output
    assert "last seen   2026-03-01 12:00:00 UTC" in said
    assert "it tells by itself; whether it is connected" in said
    assert "nobody called it yet" in sources("explain", "hook").output
