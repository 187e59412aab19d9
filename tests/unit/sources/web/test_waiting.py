from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.ports.http import seconds_until
from monitor.sources.web.waiting import LONGEST_WAIT, UNTOLD_WAIT, asked_wait, is_busy, spread

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
NAMES = [
    "retry-after",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
    "ratelimit-remaining",
    "ratelimit-reset",
    "ratelimit",
]


@given(st.integers(0, 3_600))
def test_retry_after_is_told_in_seconds_or_as_a_date(seconds: int) -> None:
    date = format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)
    assert [seconds, seconds] == [
        asked_wait(503, {"retry-after": each}, NOON) for each in (str(seconds), date)
    ]


@pytest.mark.parametrize(
    "value",
    [
        "Sun, 29 Nov 2026 12:00:30 GMT",
        "Sunday, 29-Nov-26 12:00:30 GMT",
        "Sun Nov 29 12:00:30 2026",
        "Sun, 29 Nov 2026 13:00:30 +0100",
        " 30 ",
    ],
)
def test_all_forms_of_a_date_are_read(value: str) -> None:
    assert 30 == asked_wait(429, {"retry-after": value}, NOON)


@pytest.mark.parametrize("value", ["", "soon", "-1", "٣", "1e3", "Sun, 99 Nov 2026 12:00:30 GMT"])
def test_what_says_nothing_is_not_heard(value: str) -> None:
    assert [None, UNTOLD_WAIT] == [asked_wait(status, {"retry-after": value}, NOON) for status in (503, 429)]


def test_a_date_that_is_past_asks_for_nothing() -> None:
    assert 0 == asked_wait(503, {"retry-after": "Sun, 29 Nov 2020 12:00:00 GMT"}, NOON)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "42"},
        {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "42"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{NOON.timestamp() + 42:.0f}"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{1000 * NOON.timestamp() + 42_000:.0f}"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-11-29T12:00:42.000000Z"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-11-29 12:00:42"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "Sun, 29 Nov 2026 12:00:42 GMT"},
        {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "42"},
        {"ratelimit-remaining": "0", "ratelimit-reset": "42"},
        {"ratelimit": "limit=100, remaining=0, reset=42"},
        {"ratelimit": '"default";r=0;t=42'},
        {"ratelimit": '"burst";r=7;t=1, "hour";r=0;t=42, "day";r=9;t=9999'},
    ],
)
def test_a_quota_used_up_asks_to_wait_until_it_is_renewed(headers: dict[str, str]) -> None:
    assert 42 == asked_wait(200, headers, NOON)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-ratelimit-remaining": "1", "x-ratelimit-reset": "42"},
        {"x-ratelimit-remaining": "0"},
        {"x-ratelimit-remaining": "none", "x-ratelimit-reset": "42"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "later"},
        {"ratelimit": "limit=100, remaining=1, reset=42"},
        {"ratelimit": '"default";r=10;t=42'},
        {"retry-after": "42"},
    ],
)
def test_a_good_answer_with_quota_left_asks_for_nothing(headers: dict[str, str]) -> None:
    assert asked_wait(200, headers, NOON) is None


@given(
    st.sampled_from([200, 304, 403, 429, 503]),
    st.dictionaries(
        st.sampled_from(NAMES), st.text(max_size=40) | st.integers().map(str) | st.floats().map(str)
    ),
)
def test_no_header_keeps_us_waiting_for_long_or_breaks_us(status: int, headers: dict[str, str]) -> None:
    wait = asked_wait(status, headers, NOON)
    assert wait is None or 0 <= wait <= LONGEST_WAIT


@given(st.datetimes(timezones=st.timezones()), st.datetimes())
def test_any_date_is_read(moment: datetime, now: datetime) -> None:
    assert (seconds_until(format_datetime(moment), now.replace(tzinfo=UTC)) or 0) >= 0


@pytest.mark.parametrize(
    ("status", "wait", "busy"), [(403, None, False), (403, 5.0, True), (404, 5.0, False), (501, None, True)]
)
def test_a_refusal_with_a_wait_is_no_refusal(status: int, wait: float | None, *, busy: bool) -> None:
    assert busy is is_busy(status, wait)


@pytest.mark.parametrize(
    ("headers", "pace"),
    [
        ({"x-ratelimit-remaining": "60", "x-ratelimit-reset": "600"}, 10),
        ({"x-ratelimit-remaining": "60", "x-ratelimit-reset": str(int(NOON.timestamp()) + 600)}, 10),
        ({"ratelimit": '"day";r=100;t=1000'}, 10),
        ({"ratelimit": '"minute";r=60;t=60, "day";r=100;t=1000'}, 10),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "600"}, 0),
        ({"x-ratelimit-remaining": "60"}, 0),
        ({}, 0),
    ],
)
def test_what_a_quota_leaves_is_spread_until_it_is_renewed(headers: dict[str, str], pace: float) -> None:
    assert pace == spread(headers, NOON)
