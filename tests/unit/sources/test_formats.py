from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain.errors import Rejected
from monitor.ports import Batch
from monitor.sources.files import open_source
from monitor.sources.formats import by_content, by_suffix
from monitor.sources.records import reread

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("a.jsonl", "jsonl"),
        ("a.NDJSON", "jsonl"),
        ("a.csv", "csv"),
        ("a.tsv", "csv"),
        ("a.txt", None),
        ("a", None),
    ],
)
def test_a_name_may_tell_the_format(name: str, format_: str | None) -> None:
    assert by_suffix(name) == format_


@pytest.mark.parametrize(
    ("head", "format_"),
    [
        (b'\n {"id": 1', "jsonl"),
        (b'\xef\xbb\xbf{"id": 1}', "jsonl"),
        (b"Comment ID;Date;Body\n", "csv"),
        (b"id,text\n", "csv"),
        (b"A title\n\nAn article, with commas.\n", "page"),
        (b"Identity, text and comment: a lecture\n", "page"),
        (b"\xff\xfe", "page"),
        (b"", "page"),
    ],
)
def test_the_first_line_tells_the_format_otherwise(head: bytes, format_: str) -> None:
    assert by_content(head) == format_


async def _batch(path: Path) -> Batch:
    (batch,) = [batch async for batch in open_source(path, name="gazette", clock=lambda: NOW).batches(None)]
    return batch


async def test_an_unreadable_line_of_json_can_be_read_again_once_it_is_repaired(tmp_path: Path) -> None:
    (tmp_path / "comments.jsonl").write_bytes(b'{"id": 1, "text": "one"}\n{"id": 2, "text": "two"\n')
    (letter,) = (await _batch(tmp_path / "comments.jsonl")).unreadable

    assert letter.origin == "jsonl:gazette:comments.jsonl:2"
    with pytest.raises(Rejected, match="malformed"):
        reread(letter.payload, letter.origin, observed_at=NOW)
    event = reread(letter.payload + b"}", letter.origin, observed_at=NOW)
    assert (event.comment.key, event.comment.text, event.raw) == ("gazette:2", "two", "file:comments.jsonl:2")


async def test_an_unreadable_row_can_be_read_again_without_its_table(tmp_path: Path) -> None:
    (tmp_path / "comments.csv").write_bytes(b'id;text\n1;"one"\n2;two;and a half\n')
    (letter,) = (await _batch(tmp_path / "comments.csv")).unreadable

    assert letter.origin == "csv:gazette:comments.csv:3"
    with pytest.raises(Rejected, match="3 cells"):
        reread(letter.payload, letter.origin, observed_at=NOW)
    event = reread(letter.payload.replace(b";and a half", b""), letter.origin, observed_at=NOW)
    assert (event.comment.key, event.comment.text) == ("gazette:2", "two")


@pytest.mark.parametrize(
    ("payload", "origin"),
    [
        (b'{"id": 1, "text": "one"}', ""),
        (b'{"id": 1, "text": "one"}', "comments.jsonl:17"),
        (b'{"id": 1, "text": "one"}', "morse:gazette:comments.morse:17"),
        (b'{"id": 1, "text": "one"}\n{"id": 2, "text": "two"}', "jsonl:gazette:comments.jsonl:17"),
        (b"", "jsonl:gazette:comments.jsonl:17"),
        (b"no;heading\n1;2", "csv:gazette:comments.csv:17"),
    ],
)
def test_what_is_no_record_of_a_file_cannot_be_read_again(payload: bytes, origin: str) -> None:
    with pytest.raises(Rejected):
        reread(payload, origin, observed_at=NOW)
