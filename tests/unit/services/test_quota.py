from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.services.quota import HOUR, LEAST_HOLD, Quota
from tests.alerts import NOON

SECOND = timedelta(seconds=1)


def test_a_rule_has_its_quota_and_no_more() -> None:
    quota = Quota(2)
    for _ in range(2):
        assert quota.held_until("a", NOON) is None
        quota.spend("a", NOON)
    assert quota.held_until("a", NOON) == NOON + HOUR
    assert quota.held_until("b", NOON) is None


def test_an_hour_later_there_is_room_again() -> None:
    quota = Quota(1)
    quota.spend("a", NOON)
    assert quota.held_until("a", NOON + HOUR - SECOND) is not None
    assert quota.held_until("a", NOON + HOUR) is None


def test_what_is_held_is_not_looked_at_again_within_a_minute() -> None:
    quota = Quota(1)
    quota.spend("a", NOON)
    almost = NOON + HOUR - SECOND
    assert quota.held_until("a", almost) == almost + LEAST_HOLD


def test_what_did_not_arrive_is_not_counted() -> None:
    quota = Quota(1)
    quota.spend("a", NOON)
    quota.refund("a", NOON)
    quota.refund("a", NOON)
    assert quota.held_until("a", NOON) is None


def test_what_went_out_before_a_restart_is_counted() -> None:
    quota = Quota(2)
    quota.remember([("a", NOON - HOUR), ("a", NOON - 2 * SECOND), ("a", NOON - SECOND)])
    assert quota.held_until("a", NOON) == NOON + HOUR - 2 * SECOND


def test_critical_ones_beyond_the_quota_push_the_next_moment_on() -> None:
    quota = Quota(1)
    quota.spend("a", NOON)
    quota.spend("a", NOON + SECOND)
    assert quota.held_until("a", NOON + SECOND) == NOON + SECOND + HOUR


@given(st.integers(1, 5), st.lists(st.integers(0, 4000), max_size=60).map(sorted))
def test_no_hour_ever_sees_more_than_the_quota(limit: int, seconds: list[int]) -> None:
    quota = Quota(limit)
    out: list[datetime] = []
    for moment in (NOON + timedelta(seconds=each) for each in seconds):
        if quota.held_until("a", moment) is None:
            quota.spend("a", moment)
            out.append(moment)
    assert [each for each in out if sum(each - HOUR < other <= each for other in out) > limit] == []
