from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.polling.schedule import TARGET, Arrivals, Pace, Turn, backed_off, paced, turn
from monitor.sources.polling.site import Policy

POLICY = Policy(every=30.0, floor=15.0, ceiling=900.0, jitter=0.1)


def after(policy: Policy, pace: Pace, *seen: Arrivals) -> Pace:
    for each in seen:
        pace, _ = paced(policy, pace, each)
    return pace


def settled(rate: float, page: int = 100, policy: Policy = POLICY) -> float:
    """Return the interval that steady arrivals of so many a second lead to."""
    pace, owed = Pace(interval=policy.every), 0.0
    for _ in range(200):
        owed += rate * pace.interval
        arrived = int(owed)
        owed -= arrived
        seen = Arrivals(new=arrived, elapsed=pace.interval, page=page, full=arrived >= page)
        pace, _ = paced(policy, pace, seen)
    return pace.interval


@pytest.mark.parametrize("rate", [1 / 60, 1 / 30, 1 / 10])
def test_a_reading_brings_a_few_comments(rate: float) -> None:
    assert 1 <= rate * settled(rate) <= 5


def test_a_reading_never_counts_on_more_than_half_a_page() -> None:
    assert settled(rate=1 / 20, page=2) <= 2 / 2 * 20 * 1.5


def test_nothing_new_doubles_the_interval_up_to_the_ceiling() -> None:
    idle = Arrivals(new=0, elapsed=30, page=20)
    intervals = []
    pace = Pace(interval=30)
    for _ in range(7):
        pace, why = paced(POLICY, pace, idle)
        intervals.append((pace.interval, why))
    assert intervals[:4] == [(60, "idle"), (120, "idle"), (240, "idle"), (480, "idle")]
    assert intervals[-1] == (900, "ceiling")


def test_a_page_full_of_unknown_comments_halves_the_interval() -> None:
    full = Arrivals(new=100, elapsed=400, page=100, full=True)
    assert paced(POLICY, Pace(interval=400), full)[1] == "full_page"
    assert after(POLICY, Pace(interval=400), full).interval == 200


def test_a_raid_after_a_quiet_night_is_followed_within_two_readings() -> None:
    raid = Arrivals(new=40, elapsed=900, page=100)
    pace = after(POLICY, Pace(interval=900, rate=0.0001), raid)
    assert pace.interval < 120


def test_the_interval_stays_within_floor_and_ceiling_and_says_so() -> None:
    fast = Arrivals(new=50, elapsed=15, page=200)
    assert paced(POLICY, Pace(interval=15, rate=3), fast)[0].interval == 15
    assert paced(POLICY, Pace(interval=15, rate=3), fast)[1] == "floor"


def test_a_fixed_interval_stays_as_it_is_written() -> None:
    fixed = replace(POLICY, adaptive=False, every=7.0)
    assert paced(fixed, Pace(), Arrivals(new=9, elapsed=7, page=10)) == (Pace(interval=7.0), "every")


def test_a_reading_that_catches_up_says_nothing_about_the_rate() -> None:
    pace = Pace(interval=60, rate=0.05)
    assert after(POLICY, pace, Arrivals(new=2000, elapsed=0, page=100)) == pace


def test_jitter_spreads_the_turns_and_what_the_site_asks_for_is_never_undercut() -> None:
    assert turn(POLICY, 100, "idle", 0.0).seconds == 90
    assert turn(POLICY, 100, "idle", 1.0).seconds == pytest.approx(110)
    assert turn(POLICY, 100, "idle", 0.0, asked=600) == Turn(seconds=600, why="asked")


def test_back_off_grows_with_full_jitter_and_has_an_end() -> None:
    waits = [backed_off(POLICY, failures, 1.0).seconds for failures in range(1, 8)]
    assert waits == [60, 120, 240, 480, 900, 900, 900]
    assert backed_off(POLICY, 5, 0.0).seconds == POLICY.floor
    assert backed_off(POLICY, 1, 1.0, asked=3600) == Turn(seconds=3600, why="asked")


@given(
    seen=st.builds(
        Arrivals,
        new=st.integers(0, 10_000),
        elapsed=st.floats(0, 1e6),
        page=st.integers(0, 1000),
        full=st.booleans(),
    ),
    before=st.builds(Pace, interval=st.floats(0, 1e5), rate=st.floats(0, 1e3)),
    chance=st.floats(0, 1),
)
def test_whatever_is_seen_the_interval_keeps_its_bounds(seen: Arrivals, before: Pace, chance: float) -> None:
    pace, why = paced(POLICY, before, seen)
    assert POLICY.floor <= pace.interval <= POLICY.ceiling
    assert POLICY.floor <= turn(POLICY, pace.interval, why, chance).seconds <= POLICY.ceiling * 1.1
    assert pace.rate >= 0


def test_the_target_is_a_few_comments() -> None:
    assert 1 <= TARGET <= 5
