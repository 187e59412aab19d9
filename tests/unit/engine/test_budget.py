"""What happens to patterns that run out of time; the clock is a list of what each try comes to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
import regex

from monitor.engine.scanning import Budget, CutOff


class Slow:
    """A pattern that runs out of time so many times, and then finds `turnip` at once."""

    def __init__(self, times_out: int) -> None:
        self.left = times_out

    def finditer(self, text: str, timeout: float) -> Iterator[regex.Match[str]]:
        if self.left:
            self.left -= 1
            raise TimeoutError
        return cast("Iterator[regex.Match[str]]", regex.finditer("turnip", text, timeout=timeout))


def spans(budget: Budget, times_out: int) -> list[tuple[int, int]]:
    return budget.spans(cast("regex.Pattern[str]", Slow(times_out)), "a turnip")


def test_a_pattern_that_ran_out_of_time_once_is_tried_again() -> None:
    assert [(2, 8)] == spans(Budget(), 1)


def test_a_pattern_that_runs_out_of_time_twice_is_cut_off() -> None:
    with pytest.raises(CutOff):
        spans(Budget(), 2)


def test_a_comment_gets_one_second_try_in_all() -> None:
    budget = Budget()
    assert [(2, 8)] == spans(budget, 1)
    with pytest.raises(CutOff):
        spans(budget, 1)
