from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.engine.precision import Precision


def test_nothing_decided_is_unknown_and_proves_nothing() -> None:
    assert (None, 0.0) == (Precision().share, Precision().at_least)


@pytest.mark.parametrize(
    ("confirmed", "false_alarms", "share", "at_least"),
    [(3, 0, 1.0, 0.4385), (60, 0, 1.0, 0.9398), (15, 10, 0.6, 0.4074), (0, 5, 0.0, 0.0)],
)
def test_the_lower_bound_is_wilsons(confirmed: int, false_alarms: int, share: float, at_least: float) -> None:
    precision = Precision(confirmed, false_alarms)
    assert share == precision.share
    assert at_least == pytest.approx(precision.at_least, abs=5e-5)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_bound_never_exceeds_the_share(confirmed: int, false_alarms: int) -> None:
    precision = Precision(confirmed, false_alarms)
    assert 0.0 <= precision.at_least <= (precision.share or 0.0) + 1e-12
