from __future__ import annotations

import pytest

from monitor.domain.signals import Language, Signals
from monitor.engine.conditions.explaining import Explanation, Found
from monitor.engine.reading import RuleFile, read_book
from tests.trial import an_event

HEAD = "id: roots.turnip\ntitle: A turnip\nseverity: low\nwhen:\n"


def explained(when: str, text: str, signals: Signals | None = None) -> Explanation:
    book = read_book([RuleFile("a.yaml", HEAD + "  " + when)]).alone("roots.turnip")
    return book.explain("roots.turnip", an_event(text), signals or Signals())


def test_each_clause_says_what_it_asks_and_how_it_came_out() -> None:
    tree = explained(
        'all: [{text: {words: [turnip]}}, {not: {text: {words: [soup]}}}, {toxicity: {insult: ">= 0.5"}}]',
        "Turnip soup",
    )
    assert ("all of these", False) == (tree.says, tree.truth)
    assert [True, False, None] == [part.truth for part in tree.parts]
    assert "no model scored this comment" == tree.parts[2].seen


def test_what_was_found_points_into_the_original_text() -> None:
    tree = explained("text: {words: [turnip, 'so*'], phrases: [hot soup]}", "A Tur\u200bnip, hot... SOUP")
    assert (
        Found(entry="turnip", field="text", view="folded", spans=((2, 9),), words=("Tur\u200bnip",)),
        Found(entry="hot soup", field="text", view="folded", spans=((11, 22),), words=("hot... SOUP",)),
        Found(entry="so*", field="text", view="folded", spans=((18, 22),), words=("SOUP",)),
    ) == tree.found


def test_parts_are_explained_although_the_whole_was_decided_before() -> None:
    tree = explained("any: [{text: {words: [turnip]}}, {text: {words: [soup]}}]", "turnip soup")
    assert ["turnip", "soup"] == [part.found[0].entry for part in tree.parts]


def test_the_language_that_was_told_is_shown() -> None:
    german = Signals(language=Language(code="de", confidence=0.9))
    tree = explained("language: {in: [en, es]}", "rübe", german)
    assert ("language: in en, es", False, "de, confidence 0.90") == (tree.says, tree.truth, tree.seen)


@pytest.mark.parametrize(
    ("unsupported", "seen"),
    [
        (True, "no model in force knows fi"),
        (False, "a model knows fi"),
        (None, "not known: no model was asked, or the language cannot be told"),
    ],
)
def test_whether_a_model_knows_the_language_is_shown(unsupported: bool | None, seen: str) -> None:  # noqa: FBT001
    signals = Signals(language=Language(code="fi", confidence=0.9), unsupported=unsupported)
    tree = explained("language: {unsupported: true}", "nauris", signals)
    assert ("language.unsupported: true", unsupported, seen) == (tree.says, tree.truth, tree.seen)


def test_a_field_that_the_source_does_not_give_is_unknown_and_says_so() -> None:
    tree = explained("url: {contains: [example]}", "turnip")
    assert (None, "the source gives no url") == (tree.truth, tree.seen)
