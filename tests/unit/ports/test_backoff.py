from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.ports.backoff import Backoff

BACKOFF = Backoff(first=0.5, longest=30.0)


def always() -> float:
    return 1.0


def test_the_ceiling_doubles_up_to_the_longest() -> None:
    assert [BACKOFF.delay(failures, always) for failures in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_what_the_other_side_asked_for_is_never_undercut() -> None:
    assert BACKOFF.delay(1, lambda: 0.1, asked=12.0) == 12.0
    assert BACKOFF.delay(7, always, asked=12.0) == 30.0


@given(failures=st.integers(1, 10_000), chance=st.floats(0, 1))
def test_any_delay_lies_between_none_and_the_longest(failures: int, chance: float) -> None:
    assert 0.0 <= BACKOFF.delay(failures, lambda: chance) <= 30.0
