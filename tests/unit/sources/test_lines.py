from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.lines import KEPT, MAX_LINE, Line, Lines
from monitor.sources.reading import Position

BYTES = st.lists(st.sampled_from([b"\n", b"\r\n", b"a", b"\xc3\xa9", b'"', b","]), max_size=30).map(b"".join)


def cut(chunks: Sequence[bytes], position: Position | None = None) -> list[Line]:
    lines = Lines(position or Position())
    return [line for chunk in chunks for line in lines.feed(chunk)] + list(lines.finish())


def pieces(content: bytes, sizes: Sequence[int]) -> list[bytes]:
    chunks = []
    for size in sizes:
        chunks.append(content[:size])
        content = content[size:]
    return [*chunks, content]


def test_lines_come_with_their_place() -> None:
    assert cut([b"one\ntwo\r\nthree"]) == [
        Line(payload=b"one", offset=0, number=1, size=4),
        Line(payload=b"two", offset=4, number=2, size=5),
        Line(payload=b"three", offset=9, number=3, size=5),
    ]


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert [line.payload for line in cut([b"\xef\xbb\xbfone\n\xef\xbb\xbftwo\n"])] == [
        b"one",
        b"\xef\xbb\xbftwo",
    ]


def test_a_line_too_large_is_kept_in_part_and_costs_no_other() -> None:
    chunks = [b"one\n", *[b"x" * 60_000] * 40, b"\ntwo\n"]
    one, large, two = cut(chunks)
    assert (one.payload, two.payload) == (b"one", b"two")
    assert (large.payload, large.size, large.too_large) == (b"x" * KEPT, 2_400_001, True)
    assert (two.offset, two.number) == (2_400_005, 3)


def test_the_longest_line_is_read() -> None:
    (line,) = cut([b"x" * MAX_LINE + b"\n"])
    assert (len(line.payload), line.too_large) == (MAX_LINE, False)


@given(BYTES, st.lists(st.integers(0, 8), max_size=20))
def test_any_cut_into_chunks_gives_the_same_lines(content: bytes, sizes: list[int]) -> None:
    assert cut(pieces(content, sizes)) == cut([content])


@given(BYTES)
def test_sizes_add_up_to_the_whole(content: bytes) -> None:
    assert sum(line.size for line in cut([content])) == len(content)


@given(BYTES)
def test_reading_on_after_any_line_gives_the_rest(content: bytes) -> None:
    lines = cut([content])
    for index, line in enumerate(lines, start=1):
        end = line.end()
        assert cut([content[end.offset :]], end) == lines[index:]
