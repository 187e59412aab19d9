from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.domain.signals import Language
from monitor.engine.reading import RuleFile, read_book
from monitor.services.benign import Harmless, harmless_comments
from monitor.services.ruletests import Failure, Report, run_tests

RULE = """id: roots.turnip
title: A turnip
why: For this test.
owner: kitchen
status: {status}
severity: low
when: {when}
tests:
  - {{it: finds one, comment: {{text: a turnip, author: ann}}, expect: alert}}
  - {{it: leaves carrots alone, comment: {{text: a carrot, author: bob}}, expect: nothing}}
"""
WORDS = "{text: {words: [turnip]}}"
SOUP = Harmless("A turnip soup, please.", "mine.txt", 7)


class German:
    def identify(self, texts: Sequence[str]) -> list[Language]:
        return [Language(code="de", confidence=1.0) for _ in texts]


def run(
    status: str = "live", when: str = WORDS, *, more: str = "", harmless: Sequence[Harmless] = (SOUP,)
) -> Report:
    text = RULE.format(status=status, when=when) + more
    return run_tests(read_book([RuleFile("rules/a.yaml", text)]), German(), harmless)


def test_a_live_rule_that_fires_on_a_harmless_comment_fails_with_the_rule_and_the_line() -> None:
    report = run()
    assert 1 == report.harmless
    assert (
        Failure(
            rule="roots.turnip",
            test="leaves the harmless comment in mine.txt:7 alone",
            file="rules/a.yaml",
            line=1,
            expected="nothing",
            happened="an alert",
            why="it found “turnip” in: A turnip soup, please.",
        ),
    ) == report.failures


def test_a_rule_that_counts_may_fire_on_fewer_harmless_comments_than_it_counts() -> None:
    counts = "escalate: {by: author, count: 3, within: 10m}\n"
    assert () == run(more=counts, harmless=[SOUP, SOUP]).failures
    assert ["a match"] * 3 == [failure.happened for failure in run(more=counts, harmless=[SOUP] * 3).failures]


def test_a_rule_in_shadow_may_still_find_too_much() -> None:
    assert ((), 0) == (run("shadow").failures, run("shadow").harmless)


def test_a_rule_that_looks_at_no_text_means_to_find_harmless_comments_too() -> None:
    assert () == run(when="{author: {name: {words: [ann, someone]}}}").failures


def test_languages_are_identified_where_a_rule_asks_for_them() -> None:
    english = "{all: [{text: {words: [turnip]}}, {language: {in: [en]}}]}"
    assert ["finds one"] == [failure.test for failure in run(when=english).failures]


def test_the_harmless_comments_that_ship_have_remarks_that_do_not_count() -> None:
    comments = harmless_comments()
    assert len(comments) >= 300
    assert not [comment for comment in comments if comment.text.startswith("#")]


def test_own_harmless_comments_come_beside_them(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("# ours\n\nGood soup.\n", encoding="utf-8")
    assert Harmless("Good soup.", str(own), 3) == harmless_comments(own)[-1]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_bytes(b"\xff\xfe")
    with pytest.raises(Misconfigured, match="cannot be read"):
        harmless_comments(own)
