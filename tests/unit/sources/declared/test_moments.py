"""The times that sites write."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sources.declared.moments import Dating, NoMoment, Tongue, Unit

NOW = datetime(2026, 12, 1, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("2026-11-22T17:18:07Z", "2026-11-22T17:18:07+00:00"),
        ("2026-11-22T17:18:07+02:00", "2026-11-22T15:18:07+00:00"),
        ("2026-11-22T17:18:07", "2026-11-22T17:18:07+00:00"),
        ("2026-11-22 17:18:07 UTC", "2026-11-22T17:18:07+00:00"),
        ("Sun, 22 Nov 2026 17:18:07 GMT", "2026-11-22T17:18:07+00:00"),
        ("Sun, 22 Nov 2026 12:18:07 -0500", "2026-11-22T17:18:07+00:00"),
        (1795367887, "2026-11-22T17:18:07+00:00"),
        ("1795367887", "2026-11-22T17:18:07+00:00"),
        (1795367887.25, "2026-11-22T17:18:07.250000+00:00"),
        (1795367887250, "2026-11-22T17:18:07.250000+00:00"),
        (1795367887250000, "2026-11-22T17:18:07.250000+00:00"),
    ],
)
def test_a_time_is_read_as_a_moment_in_utc(value: object, wanted: str) -> None:
    assert Dating().moment(value, NOW).isoformat() == wanted


@pytest.mark.parametrize(
    "value",
    ["", "soon", "50 minutes ago", "0000-00-00 00:00:00", "2026", 0, True, None, "1970-01-01", 10**40],
)
def test_what_is_no_time_is_none(value: object) -> None:
    with pytest.raises(NoMoment):
        Dating().moment(value, NOW)


def test_a_unit_can_be_told() -> None:
    assert Dating(unit=Unit.MILLISECONDS).moment(1795367887000, NOW).year == 2026
    with pytest.raises(NoMoment):
        Dating(unit=Unit.MICROSECONDS).moment(1795367887, NOW)


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("22. November 2026, 17:18", Tongue.GERMAN, "2026-11-22T16:18:00+00:00"),
        ("22. Nov 2026, 17:18", Tongue.GERMAN, "2026-11-22T16:18:00+00:00"),
        ("22. Wintermonat 2026, 17:18", Tongue.GERMAN, None),
        ("8. März 2026, 10:00", Tongue.GERMAN, "2026-03-08T09:00:00+00:00"),
        ("1. décembre 2025, 10:00", Tongue.FRENCH, "2025-12-01T09:00:00+00:00"),
        ("3. października 2026, 10:00", Tongue.POLISH, "2026-10-03T08:00:00+00:00"),
    ],
)
def test_months_are_known_in_the_sites_language(text: str, language: Tongue, wanted: str | None) -> None:
    dating = Dating(zone=ZoneInfo("Europe/Berlin"), format="%d. %B %Y, %H:%M", languages=(language,))
    if wanted is None:
        with pytest.raises(NoMoment):
            dating.moment(text, NOW)
    else:
        assert dating.moment(text, NOW).isoformat() == wanted


def test_a_time_is_never_ahead_of_the_clock() -> None:
    assert Dating().moment("2031-01-01T00:00:00Z", NOW) == NOW


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (datetime(2026, 11, 1, 5, 45, tzinfo=UTC), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        (datetime(2026, 11, 1, 6, 31, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        (NOW, datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_a_clock_change_makes_twice_is_the_later_one_that_is_not_ahead(
    now: datetime, wanted: datetime
) -> None:
    assert Dating(zone=NEW_YORK).moment("2026-11-01T01:30:00", now) == wanted


def test_a_time_that_a_clock_change_leaves_out_is_some_moment() -> None:
    assert Dating(zone=NEW_YORK).moment("2026-03-08T02:30:00", NOW) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


@settings(max_examples=50)
@given(
    st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2026, 11, 1), timezones=st.timezones())  # noqa: DTZ001 - bounds are naive
)
def test_what_names_its_zone_is_read_exactly(moment: datetime) -> None:
    assert Dating(zone=NEW_YORK).moment(moment.isoformat(), NOW) == moment.astimezone(UTC)


@settings(max_examples=50)
@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans()))
def test_nothing_but_no_moment_comes_of_anything_else(value: object) -> None:
    with suppress(NoMoment):
        assert Dating(zone=NEW_YORK).moment(value, NOW) <= NOW
