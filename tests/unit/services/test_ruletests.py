from __future__ import annotations

from collections.abc import Sequence

import pytest

from monitor.domain.errors import Misconfigured
from monitor.domain.signals import Language
from monitor.engine.reading import RuleFile, read_book
from monitor.services.ruletests import Failure, Report, run_tests

HEAD = """id: roots.turnip
title: Somebody is called a turnip
severity: low
"""

COUNTING = HEAD + "when: {text: {words: [turnip]}}\nescalate: {by: author, count: 3, within: 10m}\n"


class Knows:
    """Takes every text for German, and remembers how many it was asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def identify(self, texts: Sequence[str]) -> list[Language]:
        self.asked += len(texts)
        return [Language(code="de", confidence=1.0) for _ in texts]


def run(rule: str, *tests: str, identifier: Knows | None = None) -> Report:
    text = rule + "tests:\n" + "".join(f"  - {test}\n" for test in tests) if tests else rule
    return run_tests(read_book([RuleFile("rules/a.yaml", text)]), identifier or Knows())


def failure(rule: str, *tests: str) -> Failure:
    (only,) = run(rule, *tests).failures
    return only


WORDS = HEAD + "when: {text: {words: [turnip]}}\n"


def test_a_test_that_holds_is_counted() -> None:
    report = run(
        WORDS,
        "{it: finds one, comment: {text: a turnip}, expect: alert}",
        "{it: leaves carrots, comment: {text: a carrot}, expect: nothing}",
    )
    assert report == Report(rules=1, tests=2, failures=())


def test_a_missed_match_says_what_was_expected_and_why_not() -> None:
    assert failure(WORDS, "{it: finds carrots, comment: {text: a carrot}, expect: alert}") == Failure(
        rule="roots.turnip",
        test="finds carrots",
        file="rules/a.yaml",
        line=6,
        expected="an alert",
        happened="nothing",
        why="the condition is not met: nothing that it looks for is there",
    )


def test_a_false_alarm_says_which_words_matched() -> None:
    found = failure(WORDS, "{it: is calm, comment: {text: A Turnip!}, expect: nothing}")
    assert (found.expected, found.happened, found.why) == ("nothing", "an alert", "it found “Turnip”")


def test_a_disguise_that_stands_beside_the_plain_word_is_not_met_instead_of_unknown() -> None:
    rule = HEAD + "when: {text: {words: [turnip], view: any}, evasion: true}\n"
    found = failure(rule, "{it: finds it, comment: {text: turnip and turn1p}, expect: alert}")
    assert found.why == (
        "condition 1 of 2 is met (“turnip”, “turn1p”); "
        "condition 2 of 2 is not met: nothing that it looks for is there"
    )


def test_each_condition_is_accounted_for() -> None:
    rule = HEAD + (
        "when:\n  all:\n"
        "    - text: {words: [turnip]}\n"
        "    - not: {text: {words: [soup]}}\n"
        '    - toxicity: {insult: ">= 0.5"}\n'
    )
    found = failure(rule, "{it: finds it, comment: {text: turnip soup}, expect: alert}")
    assert found.why == (
        "condition 1 of 3 is met (“turnip”); "
        "condition 2 of 3 is not met: it excludes “soup”; "
        "condition 3 of 3 is unknown: the test gives no score, language or field that it needs"
    )


@pytest.mark.parametrize("status", ["draft", "shadow", "retired"])
def test_rules_of_every_status_are_tested(status: str) -> None:
    report = run(
        WORDS + f"status: {status}\n",
        "{it: finds one, comment: {text: a turnip}, expect: alert}",
        "{it: wrong, comment: {text: a carrot}, expect: alert}",
    )
    assert [failed.test for failed in report.failures] == ["wrong"]


def test_one_rule_does_not_answer_for_another() -> None:
    other = WORDS.replace("roots.turnip", "roots.carrot").replace("[turnip]", "[carrot]")
    text = WORDS + "---\n" + other + "tests:\n  - {it: x, comment: {text: turnip}, expect: nothing}\n"
    assert run(text).failures == ()


def test_scores_that_a_test_gives_are_used() -> None:
    rule = HEAD + 'when: {toxicity: {insult: ">= 0.5"}}\n'
    assert run(
        rule,
        "{it: high, comment: {text: x, scores: {insult: 0.9}}, expect: alert}",
        "{it: low, comment: {text: x, scores: {insult: 0.1}}, expect: nothing}",
        "{it: unknown, comment: {text: x}, expect: nothing}",
    ) == Report(rules=1, tests=3, failures=())


def test_a_test_may_say_that_no_model_knows_the_language() -> None:
    rule = HEAD + "when: {language: {unsupported: true}}\n"
    assert run(
        rule,
        "{it: no model, comment: {text: x, unsupported: true}, expect: alert}",
        "{it: a model, comment: {text: x, unsupported: false}, expect: nothing}",
        "{it: unknown, comment: {text: x}, expect: nothing}",
    ) == Report(rules=1, tests=3, failures=())


def test_a_time_may_be_told_as_how_long_before_the_comment_it_was() -> None:
    fresh = HEAD + 'when: {author: {account_age: "< 2d"}}\n'
    assert run(
        fresh,
        "{it: fresh, comment: {text: x, given: {author.created_at: 47h}}, expect: alert}",
        "{it: old, comment: {text: x, given: {author.created_at: 3d}}, expect: nothing}",
        "{it: a time, comment: {text: x, given: {author.created_at: '2020-01-01T00:00Z'}}, expect: nothing}",
        "{it: seconds, comment: {text: x, given: {author.created_at: 1577836800}}, expect: nothing}",
    ) == Report(rules=1, tests=4, failures=())


def test_a_time_that_is_none_is_reported() -> None:
    told = "{it: fresh, comment: {text: x, given: {author.created_at: yesterday}}, expect: alert}"
    with pytest.raises(Misconfigured, match="`yesterday` is no duration"):
        run(HEAD + 'when: {author: {account_age: "< 2d"}}\n', told)


@pytest.mark.parametrize(
    "asking", ["applies_to: {languages: [de]}", "when: {any: [{not: {language: {in: [en]}}}]}"]
)
def test_the_language_is_identified_where_the_rule_asks_and_the_test_does_not_say(asking: str) -> None:
    identifier = Knows()
    rule = HEAD + asking + "\n" + ("" if "when" in asking else "when: {text: {words: [rübe]}}\n")
    tests = (
        "{it: identified, comment: {text: rübe}, expect: alert}",
        "{it: given, comment: {text: rübe, language: en}, expect: nothing}",
    )
    assert run(rule, *tests, identifier=identifier).failures == ()
    assert identifier.asked == 1


def test_the_language_is_not_identified_for_rules_that_do_not_ask() -> None:
    identifier = Knows()
    run(WORDS, "{it: finds one, comment: {text: a turnip}, expect: alert}", identifier=identifier)
    assert identifier.asked == 0


def test_a_comment_outside_the_rules_languages_is_explained() -> None:
    rule = WORDS + "applies_to: {languages: [en, es]}\n"
    found = failure(rule, "{it: finds one, comment: {text: a turnip}, expect: alert}")
    assert found.why == "it looks at en or es only, and this text was taken for de"


def test_a_comment_outside_the_rules_sources_is_explained() -> None:
    rule = WORDS + "applies_to: {sources: [gazette]}\n"
    found = failure(rule, "{it: finds one, comment: {text: a turnip}, expect: alert}")
    assert found.why == "it looks at the source gazette only, and this comment's is test"


def test_an_edit_counts_as_one() -> None:
    rule = WORDS + "applies_to: {events: [edited]}\n"
    report = run(
        rule,
        "{it: edited, comment: {text: turnip, edited: true}, expect: alert}",
        "{it: created, comment: {text: turnip}, expect: alert}",
    )
    assert [(failed.test, failed.why) for failed in report.failures] == [
        ("created", "it does not look at comments that are created")
    ]


def thread(alerts: int, *times: str) -> str:
    comments = ", ".join(f"{{at: {at}, author: ann, text: turnip}}" for at in times)
    return f"{{it: counts, thread: [{comments}], expect: {{alerts: {alerts}}}}}"


def test_a_thread_opens_as_many_alerts_as_on_the_road() -> None:
    assert run(COUNTING, thread(1, "0s", "5m", "10m"), thread(0, "0s", "5m", "11m")).failures == ()


def test_a_thread_that_counts_otherwise_says_so() -> None:
    found = failure(COUNTING, thread(2, "0s", "5m", "10m"))
    assert (found.expected, found.happened) == ("2 alerts", "1 alert")
    assert found.why == "in each of 3 comments it found “turnip”"


def test_a_thread_whose_comments_differ_is_explained_one_by_one() -> None:
    test = (
        "{it: counts, thread: [{at: 0s, text: turnip}, {at: 1s, text: carrot}, {at: 2s, text: turnip}], "
        "expect: {alerts: 1}}"
    )
    assert failure(COUNTING, test).why.splitlines() == [
        "comment 1: it found “turnip”",
        "comment 2: the condition is not met: nothing that it looks for is there",
        "comment 3: it found “turnip”",
    ]


MATCHING = "{it: finds one, comment: {text: turnip}, expect: alert}"


def test_a_counting_rule_is_probed_at_its_borders() -> None:
    assert run(COUNTING, MATCHING) == Report(rules=1, tests=1 + 3, failures=())


def test_a_rule_that_does_not_count_has_no_borders() -> None:
    assert run(WORDS, MATCHING).tests == 1


def test_a_counting_rule_without_an_example_cannot_be_probed() -> None:
    assert run(COUNTING, "{it: x, comment: {text: carrot}, expect: nothing}").tests == 1


def test_distinct_authors_are_told_apart_by_the_probes() -> None:
    rule = COUNTING.replace("by: author", "by: thread, distinct: author")
    assert run(rule, MATCHING) == Report(rules=1, tests=4, failures=())


def test_a_count_that_can_never_be_reached_fails_its_probe() -> None:
    found = failure(COUNTING.replace("by: author", "by: author, distinct: author"), MATCHING)
    assert (found.test, found.line) == ("boundary: 3 at the two ends of the window are enough", 1)
    assert (found.expected, found.happened) == ("1 alert", "no alerts")


def test_probes_that_the_rule_does_not_match_are_left_out() -> None:
    rule = COUNTING.replace(
        "when: {text: {words: [turnip]}}", "when: {text: {words: [turnip]}, author: {name: {words: [ann]}}}"
    ).replace("by: author", "by: thread, distinct: author")
    assert run(rule, "{it: x, comment: {text: turnip, author: ann}, expect: alert}").failures == ()


ONE, TWO, THREE = (f"{{at: {minute}m, author: ann, text: turnip}}" for minute in (0, 1, 4))


@pytest.mark.parametrize(
    ("change", "alerts"),
    [
        ("{at: 2m, deletes: 1}", 0),
        ("{at: 2m, edits: 1, text: darling}", 0),
        ("{at: 2m, edits: 1, text: turnips! turnip!}", 1),
        ("{at: 5m, deletes: 1}", 1),
    ],
)
def test_a_thread_may_tell_what_happens_to_its_comments(change: str, alerts: int) -> None:
    thread = [ONE, TWO, change, THREE] if "2m" in change else [ONE, TWO, THREE, change]
    found = run(COUNTING, f"{{it: counts, thread: [{', '.join(thread)}], expect: {{alerts: {alerts}}}}}")
    assert () == found.failures


def test_an_edit_is_by_the_same_author_unless_the_test_says_otherwise() -> None:
    edit = "{at: 2m, edits: 1, text: a turnip again}"
    thread = f"{ONE}, {TWO}, {edit}, {THREE}"
    assert () == run(COUNTING, f"{{it: counts, thread: [{thread}], expect: {{alerts: 1}}}}").failures
