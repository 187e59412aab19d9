from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Rejected
from monitor.sources.push.sse import EventStream, ServerEvent

RECORDED = Path(__file__).parents[5] / "shared" / "data" / "sources" / "mastodon"


def read(*chunks: bytes, most: int = 1000) -> list[ServerEvent]:
    stream = EventStream(most=most)
    return [event for chunk in chunks for event in stream.feed(chunk)]


def data(*chunks: bytes) -> list[str]:
    return [event.data for event in read(*chunks)]


def test_an_event_has_a_name_and_data() -> None:
    assert read(b"event: update\ndata: {}\n\n") == [ServerEvent(event="update", data="{}")]


def test_an_event_without_a_name_is_a_message() -> None:
    assert read(b"data: a\n\n") == [ServerEvent(event="message", data="a")]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_lines_end_in_three_ways(end: bytes) -> None:
    assert data(end.join([b"data: a", b"data: b", b"", b"data: c", b"", b""])) == ["a\nb", "c"]


def test_a_line_end_may_be_cut_in_two() -> None:
    assert data(b"data: a\r", b"\ndata: b\r", b"\n\r", b"\n") == ["a\nb"]


def test_two_carriage_returns_end_an_event_at_once() -> None:
    assert data(b"data: a\r\r", b"\n", b"data: b\n\n") == ["a", "b"]


def test_one_space_after_the_colon_is_no_data() -> None:
    assert data(b"data:a\ndata:  b\ndata\n\n") == ["a\n b\n"]


def test_comments_and_unknown_fields_say_nothing() -> None:
    assert data(b":)\n:thump\nweather: rain\ndata: a\n\n:thump\n\n") == ["a"]


def test_an_event_without_data_is_none() -> None:
    assert read(b"event: update\n\ndata: a\n\n") == [ServerEvent(data="a")]


def test_an_event_that_was_not_ended_is_none() -> None:
    assert data(b"data: a\n\ndata: b\n") == ["a"]


def test_an_id_stays_until_the_next_one() -> None:
    events = read(b"id: 1\ndata: a\n\ndata: b\n\nid: x\0y\ndata: c\n\nid\ndata: d\n\n")
    assert [event.id for event in events] == ["1", "1", "1", ""]


def test_the_server_says_how_long_to_wait() -> None:
    stream = EventStream()
    stream.feed(b"retry: 2500\nretry: soon\nretry: -1\n\n")
    assert stream.retry == 2.5


def test_a_byte_order_mark_is_dropped_at_the_start_only() -> None:
    mark = "\ufeff".encode()
    assert data(mark[:1], mark[1:] + b"data: a\n\ndata: " + mark + b"\n\n") == ["a", "\ufeff"]


def test_what_is_no_utf8_is_replaced() -> None:
    assert data(b"data: \xff!\n\n") == ["\N{REPLACEMENT CHARACTER}!"]


@pytest.mark.parametrize(
    "chunks",
    [[b"data: " + b"a" * 60], [b"data: aaaaaaaaaa\n"] * 6, [b"x" * 30, b"x" * 30], [b"data: 1\n" * 51]],
)
def test_an_event_may_not_grow_without_end(chunks: list[bytes]) -> None:
    with pytest.raises(Rejected, match="too_large"):
        read(*chunks, most=50)


LINES = st.sampled_from(
    [
        "data: one",
        "data:two ü",
        "data",
        "event: update",
        "id: 7",
        "id",
        ":)",
        "retry: 10",
        "",
        "x: y",
        "\ufeffdata: z",
    ]
)
ENDS = st.sampled_from(["\n", "\r", "\r\n"])


@given(st.lists(st.tuples(LINES, ENDS)), st.data())
def test_where_the_bytes_are_cut_makes_no_difference(
    lines: list[tuple[str, str]], cuts: st.DataObject
) -> None:
    stream = "".join(line + end for line, end in lines).encode()
    places = cuts.draw(st.lists(st.integers(0, len(stream))).map(sorted))
    borders = zip([0, *places], [*places, len(stream)], strict=True)
    assert read(*(stream[start:end] for start, end in borders)) == read(stream)


def test_a_recorded_stream_of_an_instance_is_read() -> None:
    recordings = sorted(RECORDED.glob("*.sse"))
    if not recordings:
        pytest.skip("the recorded streams are not beside this checkout")
    events = [event for path in recordings for event in read(path.read_bytes(), most=100_000)]
    assert events
    assert {event.event for event in events} <= {
        "update",
        "status.update",
        "delete",
        "notification",
        "conversation",
    }
