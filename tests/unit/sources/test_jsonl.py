from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Rejected
from monitor.sources.jsonl import MAX_DEPTH, JsonLines
from monitor.sources.lines import MAX_LINE
from monitor.sources.reading import Position, Record


def decode(content: bytes, *, chunk: int | None = None) -> list[Record]:
    size = chunk or len(content) or 1
    lines = JsonLines(Position())
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    return [record for part in chunks for record in lines.feed(part)] + list(lines.finish())


def only(content: bytes) -> Mapping[str, object] | Rejected:
    (record,) = decode(content)
    return record.content


def test_each_line_is_a_record_and_says_where_it_stands() -> None:
    records = decode(b'{"id": 1}\r\n\n  \n{"id": 2}')
    assert [(record.content, record.offset, record.line) for record in records] == [
        ({"id": 1}, 0, 1),
        ({"id": 2}, 15, 4),
    ]
    assert records[0].end == Position(offset=11, line=1)
    assert records[1].payload == b'{"id": 2}'


@pytest.mark.parametrize(
    ("line", "reason", "detail"),
    [
        (b'{"id": "secret', "malformed", "the line is no JSON: Input data was truncated"),
        (b'{"id": secret}', "malformed", "the line is no JSON: invalid character (byte 7)"),
        (b'{"id": "secret\xff"}', "malformed", "the line is not UTF-8"),
        (b'["secret"]', "schema", "the line is JSON, but no object in curly brackets"),
        (b'{"a":' + b"[" * 100_000, "malformed", "the JSON is nested too deep"),
        (b'{"a":' * MAX_DEPTH + b"{}" + b"}" * MAX_DEPTH, "malformed", "the JSON is nested too deep"),
    ],
)
def test_a_bad_line_is_reported_without_its_content(line: bytes, reason: str, detail: str) -> None:
    (record,) = decode(line + b"\n")
    assert isinstance(record.content, Rejected)
    assert (record.content.reason, record.content.detail) == (reason, detail)
    assert record.payload == line


def test_a_line_too_large_is_reported_and_the_next_one_read() -> None:
    large, good = decode(b'{"text": "' + b"x" * MAX_LINE + b'"}\n{"id": 2}\n', chunk=65_536)
    assert isinstance(large.content, Rejected)
    assert large.content.reason == "too_large"
    assert good.content == {"id": 2}


def test_brackets_side_by_side_are_not_deep() -> None:
    assert isinstance(only(b'{"a": [' + b"[]," * 100 + b"[]]}"), dict)


@pytest.mark.parametrize(
    ("given_text", "text"),
    [
        (rb"half \ud83d", "half \ufffd"),
        (rb"\ude00 half", "\ufffd half"),
        (rb"whole \ud83d\ude00 half \uD83D", "whole \N{GRINNING FACE} half \ufffd"),
        (rb"no escape \\ud83d \ud83d", r"no escape \ud83d " + "\ufffd"),
    ],
)
def test_half_a_character_hides_no_comment(given_text: bytes, text: str) -> None:
    assert only(b'{"text": "' + given_text + b'"}') == {"text": text}


def _as_utf8(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


OBJECT = st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers() | st.none(), max_size=4)


@given(st.lists(OBJECT, max_size=6), st.sampled_from([json.dumps, _as_utf8]), st.integers(1, 40))
def test_what_was_written_as_lines_is_read_back(
    objects: list[dict[str, object]], dumps: Callable[[object], str], chunk: int
) -> None:
    content = "".join(dumps(item) + "\n" for item in objects).encode()
    assert [record.content for record in decode(content, chunk=chunk)] == objects


@given(st.binary(max_size=200), st.integers(1, 20))
def test_any_bytes_give_the_same_records_in_any_chunks(content: bytes, chunk: int) -> None:
    def seen(records: list[Record]) -> list[tuple[object, ...]]:
        return [
            (record.payload, record.offset, record.line, record.end, str(record.content))
            for record in records
        ]

    assert seen(decode(content, chunk=chunk)) == seen(decode(content))
