from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Rejected
from monitor.sources.times import moment

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "given_time",
    [
        "2026-03-01T12:00:00Z",
        "2026-03-01T13:00:00+01:00",
        "2026-03-01 12:00:00",
        "2026-03-01T12:00",
        "2026-03-01 12:00:00 UTC",
        " 20260301T120000Z ",
        1772366400,
        1772366400.0,
        "1772366400",
        1772366400000,
        "1772366400000",
    ],
)
def test_one_moment_has_many_spellings(given_time: object) -> None:
    assert moment(given_time, "created_at") == NOON


def test_times_come_in_utc_whatever_zone_they_were_given_in() -> None:
    assert moment("2026-03-01T13:00:00+01:00", "created_at").tzinfo is UTC


def test_a_day_is_its_first_moment() -> None:
    assert moment("2026-03-01", "created_at") == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "given_time",
    [
        "yesterday",
        "01.03.2026",
        "2026",
        2026,
        20260301,
        True,
        "",
        -1,
        [],
        {},
        "0001-01-01T00:00:00+14:00",
        1e300,
    ],
)
def test_what_is_no_time_is_refused_by_the_name_of_its_field(given_time: object) -> None:
    with pytest.raises(Rejected, match=r"^schema: `edited_at` is no ISO 8601 time") as refused:
        moment(given_time, "edited_at")
    assert "yesterday" not in str(refused.value)


@given(st.datetimes(min_value=datetime(1974, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 - the zone is added
def test_iso_seconds_and_milliseconds_give_the_same_moment(naive: datetime) -> None:
    time = naive.replace(microsecond=0, tzinfo=UTC)
    seconds = int(time.timestamp())
    assert time == moment(time.isoformat(), "t") == moment(seconds, "t") == moment(seconds * 1000, "t")


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_anything_is_a_moment_or_refused(value: object) -> None:
    with suppress(Rejected):
        assert moment(value, "t").tzinfo is UTC
