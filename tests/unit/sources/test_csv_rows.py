from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Misconfigured, Rejected
from monitor.sources.csv_rows import CsvRows
from monitor.sources.lines import MAX_LINE
from monitor.sources.reading import Position, Record


def decode(content: bytes, *, chunk: int | None = None, position: Position | None = None) -> list[Record]:
    size = chunk or len(content) or 1
    rows = CsvRows(position or Position())
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    return [record for part in chunks for record in rows.feed(part)] + list(rows.finish())


def contents(content: bytes) -> list[object]:
    return [
        (record.content.reason, record.content.detail)
        if isinstance(record.content, Rejected)
        else record.content
        for record in decode(content)
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_from_the_heading(delimiter: str) -> None:
    content = "id,text,author\n1,Good morning,Ann\n".replace(",", delimiter).encode()
    assert contents(content) == [{"id": "1", "text": "Good morning", "author": "Ann"}]


def test_excels_byte_order_mark_and_line_ends_are_read() -> None:
    content = "\ufeffID;Comment\r\n1;Guten Morgen, schöne Welt\r\n".encode()
    assert contents(content) == [{"ID": "1", "Comment": "Guten Morgen, schöne Welt"}]


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks() -> None:
    content = b'id,text\n1,"one, ""two""\r\n\r\nthree"\n2,"",\n3,"x"\n'
    records = decode(content)
    assert records[0].content == {"id": "1", "text": 'one, "two"\n\nthree'}
    assert [record.line for record in records] == [2, 5, 6]
    assert contents(content)[1:] == [
        ("malformed", "the row has 3 cells, the heading 2"),
        {"id": "3", "text": "x"},
    ]


def test_a_quote_inside_a_cell_is_a_quote() -> None:
    assert contents(b'id,text\n1,a 5" pipe\n2,"x"y"\n3,z\n') == [
        {"id": "1", "text": 'a 5" pipe'},
        {"id": "2", "text": 'xy"'},
        {"id": "3", "text": "z"},
    ]


def test_blank_rows_are_no_records() -> None:
    assert contents(b"\nid,text\n\n1,x\n,\n \n") == [{"id": "1", "text": "x"}]


def test_a_quote_that_never_closes_costs_one_row() -> None:
    assert contents(b'id,text\n1,x\n2,"oops\n3,y\n4,z') == [
        {"id": "1", "text": "x"},
        ("malformed", "a quotation mark opens a cell and never closes"),
        {"id": "3", "text": "y"},
        {"id": "4", "text": "z"},
    ]


def test_a_quote_that_never_closes_is_given_up_after_a_record_s_largest_size() -> None:
    rows = CsvRows(Position())
    filler = b"9," + b"y" * 50_000 + b"\n"
    records = [*rows.feed(b'id,text\n2,"oops\n'), *(r for _ in range(30) for r in rows.feed(filler))]
    assert isinstance(records[0].content, Rejected)
    assert len(records) == 31


def test_rows_too_large_or_not_utf_8_are_reported() -> None:
    content = b"id,text\n1," + b"x" * MAX_LINE + b"\n2,Caf\xe9\n3,x\n"
    large, other, good = (record.content for record in decode(content))
    assert isinstance(large, Rejected)
    assert isinstance(other, Rejected)
    assert (large.reason, other.reason, good) == ("too_large", "malformed", {"id": "3", "text": "x"})


def test_a_payload_holds_its_heading_and_the_row_as_it_came() -> None:
    (record,) = decode(b"id;text\r\n1;x;y\r\n")
    assert record.payload == b"id;text\n1;x;y"


@pytest.mark.parametrize("heading", [b"1,Good morning\n", b"id,votes\n", b"text\n", b"\xff,text\n"])
def test_a_first_row_that_is_no_heading_stops(heading: bytes) -> None:
    with pytest.raises(Misconfigured, match="the first row") as stopped:
        decode(heading)
    assert "Good morning" not in str(stopped.value)


CELL = st.text(alphabet='a,;"\n é', max_size=8)


@given(
    st.lists(st.tuples(st.integers(1, 99).map(str), CELL), max_size=6),
    st.sampled_from(",;\t"),
    st.integers(1, 40),
)
def test_what_pythons_writer_wrote_is_read_back(
    rows: list[tuple[str, str]], delimiter: str, chunk: int
) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([("id", "text"), *rows])
    records = decode(file.getvalue().encode(), chunk=chunk)
    assert [record.content for record in records] == [{"id": id_, "text": text} for id_, text in rows]


@given(st.text(alphabet='1a,"\n', max_size=40), st.integers(1, 10))
def test_any_rows_give_the_same_records_in_any_chunks_and_after_any_of_them(text: str, chunk: int) -> None:
    content = b"id,text\n" + text.encode()

    def seen(records: list[Record]) -> list[tuple[object, ...]]:
        return [
            (record.payload, record.offset, record.line, record.end, str(record.content))
            for record in records
        ]

    whole = seen(decode(content))
    assert seen(decode(content, chunk=chunk)) == whole
    for index, record in enumerate(decode(content), start=1):
        assert seen(decode(content[record.end.offset :], position=record.end)) == whole[index:]
