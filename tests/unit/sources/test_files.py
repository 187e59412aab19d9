from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.ports import Batch, Source
from monitor.sources.files import FileSource, PipeSource, open_source
from monitor.sources.tray import BATCH_BYTES, Reading

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUICK = Reading(site="gazette", batch=2, clock=lambda: NOW, poll_seconds=0.002)
DEADLINE = 10.0


def line(number: int, text: str = "Good morning") -> bytes:
    return json.dumps({"id": number, "text": text}).encode() + b"\n"


def ids(batches: list[Batch]) -> list[str]:
    return [event.comment.native_id for batch in batches for event in batch.events]


async def read(source: Source, cursor: str | None = None) -> list[Batch]:
    return [batch async for batch in source.batches(cursor)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "comments.jsonl"


@pytest.fixture
def odd_path(tmp_path: Path) -> Path:
    return tmp_path / "comments [1]*.jsonl"


def is_open(path: Path) -> bool:
    """Return whether this process still has the file open once every reader has had its chance."""
    for thread in threading.enumerate():
        if thread.name.startswith("source"):
            thread.join(DEADLINE)
    return str(path) in {str(number.resolve()) for number in Path("/proc/self/fd").iterdir()}


class Follower:
    """Collects what a followed file gives, while the test goes on writing it."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self._news = asyncio.Event()

    async def run(self, source: Source, cursor: str | None) -> None:
        async for batch in source.batches(cursor):
            self.batches.append(batch)
            self._news.set()

    async def until(self, expected: list[str]) -> None:
        async with asyncio.timeout(DEADLINE):
            while len(ids(self.batches)) < len(expected):
                self._news.clear()
                await self._news.wait()
        assert ids(self.batches) == expected


@asynccontextmanager
async def following(path: Path, cursor: str | None = None) -> AsyncIterator[Follower]:
    follower = Follower()
    task = asyncio.create_task(follower.run(FileSource(path, QUICK, follow=True), cursor))
    try:
        yield follower
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def move(path: Path, name: str) -> None:
    path.rename(path.with_name(name))


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


async def test_events_carry_the_site_their_place_and_when_they_were_seen(path: Path) -> None:
    write(path, line(1) + line(2))
    _, event = (await read(open_source(path, name="gazette", clock=lambda: NOW)))[0].events
    assert event.comment.key == "gazette:2"
    assert event.raw == f"file:comments.jsonl#{len(line(1))}"
    assert event.observed_at == NOW


async def test_the_site_is_the_files_name_where_none_is_given(path: Path) -> None:
    write(path, line(1))
    source = open_source(path)
    assert source.name == "comments:comments.jsonl"
    assert (await read(source))[0].events[0].comment.source == "comments"


async def test_a_last_line_without_its_end_is_read(path: Path) -> None:
    write(path, line(1) + line(2).rstrip())
    assert ids(await read(open_source(path))) == ["1", "2"]


async def test_a_batch_ends_at_its_number_or_at_its_bytes(path: Path) -> None:
    write(path, b"".join(line(number) for number in range(5)))
    assert [len(batch.events) for batch in await read(FileSource(path, QUICK))] == [2, 2, 1]

    write(path, b"".join(line(number, "x" * 900_000) for number in range(10)))
    sizes = [len(batch.events) for batch in await read(open_source(path))]
    assert sizes == [5, 5]
    assert BATCH_BYTES == 4_000_000


async def test_reading_on_gives_what_was_added(path: Path) -> None:
    write(path, line(1) + line(2))
    *_, last = await read(FileSource(path, QUICK))
    append(path, line(3))
    assert ids(await read(FileSource(path, QUICK), last.cursor)) == ["3"]


async def test_a_table_is_read_on_under_its_heading(tmp_path: Path) -> None:
    path = tmp_path / "comments.csv"
    write(path, b'\xef\xbb\xbfid;text\r\n1;"a\r\nb"\r\n2;c\r\n')
    first, *_ = await read(FileSource(path, Reading(site="gazette", batch=1)))
    append(path, b"3;d\r\n")
    rest = await read(FileSource(path, QUICK), first.cursor)
    assert [(event.comment.native_id, event.comment.text) for batch in rest for event in batch.events] == [
        ("2", "c"),
        ("3", "d"),
    ]


@pytest.mark.parametrize("size", [1, 40, 200])
async def test_a_file_that_was_written_anew_is_read_from_its_start(path: Path, size: int) -> None:
    write(path, b"".join(line(number) for number in range(size)))
    *_, last = await read(FileSource(path, QUICK))
    write(path, b"".join(line(number) for number in range(1000, 1000 + size * 2)))
    assert ids(await read(FileSource(path, QUICK), last.cursor))[0] == "1000"


async def test_a_file_that_was_cut_short_is_read_from_its_start(path: Path) -> None:
    write(path, line(1) + line(2))
    *_, last = await read(FileSource(path, QUICK))
    write(path, line(1))
    assert ids(await read(FileSource(path, QUICK), last.cursor)) == ["1"]


async def test_a_copied_file_is_the_same_file(path: Path) -> None:
    write(path, line(1) + line(2))
    *_, last = await read(FileSource(path, QUICK))
    write(path.with_name("copy"), line(1) + line(2) + line(3))
    move(path.with_name("copy"), path.name)
    assert ids(await read(FileSource(path, QUICK), last.cursor)) == ["3"]


async def test_what_was_not_read_before_a_rotation_comes_first(path: Path) -> None:
    write(path, line(1) + line(2) + line(3))
    first, *_ = await read(FileSource(path, QUICK))
    move(path, "comments.jsonl.1")
    path.with_name("comments.jsonl.2").write_bytes(line(8) * 9)
    write(path, line(4))

    rest = await read(FileSource(path, QUICK), first.cursor)
    assert ids(rest) == ["3", "4"]
    assert ids(await read(FileSource(path, QUICK), rest[0].cursor)) == ["4"]
    assert await read(FileSource(path, QUICK), rest[1].cursor) == []


async def test_a_rotated_file_is_found_whatever_its_name(odd_path: Path) -> None:
    write(odd_path, line(1) + line(2) + line(3))
    first, *_ = await read(FileSource(odd_path, QUICK))
    move(odd_path, f"{odd_path.name}.1")
    write(odd_path, line(4))
    assert ids(await read(FileSource(odd_path, QUICK), first.cursor)) == ["3", "4"]


async def test_a_followed_file_gives_what_is_added_once_its_line_ends(path: Path) -> None:
    write(path, line(1))
    async with following(path) as follower:
        await follower.until(["1"])
        append(path, line(2)[:9])
        append(path, line(2)[9:] + line(3)[:9])
        await follower.until(["1", "2"])
        cursor = follower.batches[-1].cursor
    append(path, line(3)[9:])
    assert ids(await read(FileSource(path, QUICK), cursor)) == ["3"]


async def test_an_empty_followed_file_waits_for_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "comments.txt"
    write(path, b"")
    async with following(path) as follower:
        append(path, b"id,te")
        append(path, b"xt\n1,Good morning\n")
        await follower.until(["1"])


def _rotate(path: Path) -> None:
    append(path, line(2))
    move(path, "comments.jsonl.1")
    write(path, line(3))


def _cut_short(path: Path) -> None:
    os.truncate(path, 0)
    append(path, line(3))


def _write_anew(path: Path) -> None:
    write(path, line(3) * 3)


@pytest.mark.parametrize(
    ("change", "expected"),
    [(_rotate, ["1", "2", "3"]), (_cut_short, ["1", "3"]), (_write_anew, ["1", "3", "3", "3"])],
)
async def test_a_followed_file_may_be_replaced(
    path: Path, change: Callable[[Path], None], expected: list[str]
) -> None:
    write(path, line(1))
    async with following(path) as follower:
        await follower.until(["1"])
        change(path)
        await follower.until(expected)
        append(path, line(9))
        await follower.until([*expected, "9"])


async def test_a_followed_file_that_was_moved_away_is_waited_for(path: Path) -> None:
    write(path, line(1))
    async with following(path) as follower:
        await follower.until(["1"])
        cursor = follower.batches[-1].cursor
    move(path, "comments.jsonl.1")
    async with following(path, cursor) as follower:
        append(path.with_name("comments.jsonl.1"), line(2))
        write(path, line(3))
        await follower.until(["2", "3"])


async def test_leaving_a_followed_file_closes_it(path: Path) -> None:
    write(path, line(1))
    async with following(path) as follower:
        await follower.until(["1"])
    assert not is_open(path)


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing.jsonl", "No such file"), (".", "Is a directory"), ("a.txt/b", "Not a directory")],
)
async def test_what_cannot_be_read_stops_with_its_path(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(Misconfigured, match=message):
        await read(FileSource(tmp_path / name, QUICK))


async def test_a_table_without_a_heading_stops_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "comments.csv").write_bytes(b"1,Good morning\n")
    with pytest.raises(Misconfigured, match=r"comments\.csv: error: the first row names no column"):
        await read(open_source(tmp_path / "comments.csv"))


@pytest.mark.parametrize("cursor", ["17", "{", '{"offset": "x"}'])
async def test_another_sources_cursor_stops(path: Path, cursor: str) -> None:
    write(path, line(1))
    with pytest.raises(Misconfigured, match="none of a file source"):
        await read(FileSource(path, QUICK), cursor)


async def test_a_page_cannot_be_followed(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be followed"):
        open_source(tmp_path / "page.txt", format="page", follow=True)
    (tmp_path / "page.txt").write_text("The Title\n\nAnn\n\nHello.\n")
    with pytest.raises(Misconfigured, match="cannot be followed"):
        await read(open_source(tmp_path / "page.txt", follow=True))


@pytest.mark.parametrize("name", ["", " ", "a:b"])
def test_a_name_that_would_blur_a_comments_key_is_refused(path: Path, name: str) -> None:
    with pytest.raises(Misconfigured, match="cannot be the name of a source"):
        open_source(path, name=name)


async def test_comments_may_differ_in_site_within_a_file(path: Path) -> None:
    write(path, b'{"id": 1, "text": "x", "source": "courier"}\n' + line(1))
    batches = await read(FileSource(path, QUICK))
    assert [event.comment.key for event in batches[0].events] == ["courier:1", "gazette:1"]


@pytest.mark.parametrize(
    "content",
    [
        line(1) + line(2).rstrip(),
        b"id,text\n1,x\n2,y",
        b"Title\n\nAnn Example\n\nHello.\n\nRolf\n\nHello, Ann.",
    ],
)
async def test_a_pipe_is_read_as_it_comes_whatever_its_format(content: bytes) -> None:
    reader, writer = os.pipe()
    source = PipeSource(reader, QUICK)
    reading = asyncio.create_task(read(source))
    for start in range(0, len(content), 5):
        os.write(writer, content[start : start + 5])
        await asyncio.sleep(0)
    os.close(writer)
    assert len(ids(await reading)) == 2
    assert source.name == "gazette:stdin"
    os.close(reader)


async def test_a_pipe_that_is_silent_holds_up_no_comment_and_no_stop() -> None:
    reader, writer = os.pipe()
    os.write(writer, line(1))
    batches = PipeSource(reader, QUICK).batches('{"offset": 999}')
    assert ids([await anext(batches)]) == ["1"]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await anext(batches)
    os.close(writer)
    os.close(reader)
