"""What `tests/bench/rules.py` compares is the same, on a size that a unit test can afford."""

from __future__ import annotations

from monitor.engine.prefilter import Prefilter
from tests.bench.rules import differing, keywords, patterns


def test_many_words_are_found_as_a_loop_over_them_finds_them() -> None:
    assert 0 == differing(keywords(200), 100)


def test_many_patterns_are_found_as_a_loop_over_them_finds_them() -> None:
    assert 0 == differing(patterns(200), 100)


def test_more_patterns_are_taken_than_fit_into_one_filter() -> None:
    words = keywords(6_000).written
    prefilter = Prefilter([f"{word}.{{1,30}}{word[::-1]}{word}" for word in words])

    assert [] == prefilter.candidates("nothing of it")
    assert [17, 4_711] == [
        at
        for at in prefilter.candidates(
            f"{words[17]} {words[17][::-1]}{words[17]} {words[4711]} {words[4711][::-1]}{words[4711]}"
        )
        if at in {17, 4_711}
    ]
