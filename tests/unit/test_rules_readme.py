from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from monitor.domain.severity import Severity, Status
from monitor.domain.signals import LABELS, Language
from monitor.engine.escalating import PLACEHOLDERS
from monitor.engine.reading import RuleFile, read_book
from monitor.services.rulebook import bundled_rules
from monitor.services.ruletests import run_tests

README = (bundled_rules() / "README.md").read_text(encoding="utf-8")


class Unasked:
    """No example needs the language."""

    def identify(self, texts: Sequence[str]) -> list[Language]:
        raise AssertionError(texts)


def code() -> set[str]:
    """Return the words that the README sets in code, outside of its longer examples."""
    prose = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
    return set(re.findall(r"[a-z_.]+", " ".join(re.findall(r"`([^`]+)`", prose))))


def test_the_first_rule_passes_its_check_and_its_tests() -> None:
    example = re.findall(r"```yaml\n(id:.*?)```", README, re.DOTALL)[0]
    book = read_book([RuleFile("rules/mine.yaml", example)])
    report = run_tests(book, Unasked())
    assert f"{report.rules} rule, {report.tests} tests, 0 failures" in README
    assert (report.failures, book.warnings) == ((), ())


def test_the_counting_example_is_a_rule() -> None:
    example = re.findall(r"```yaml\n(escalate:.*?)```", README, re.DOTALL)[0]
    head = "id: a\ntitle: A rule\nseverity: low\nwhen: {text: {words: [turnip]}}\n"
    assert read_book([RuleFile("a.yaml", head + example)]).warnings == ()


@pytest.mark.parametrize(
    "words",
    [LABELS, tuple(Severity), tuple(Status), PLACEHOLDERS],
    ids=["labels", "severities", "statuses", "placeholders"],
)
def test_every_word_of_the_language_is_explained(words: Collection[str]) -> None:
    assert set(words) - code() == set()


def test_every_folder_of_the_packs_is_described() -> None:
    folders = {path.name for path in bundled_rules().iterdir() if path.is_dir()}
    assert folders - set(re.findall(r"^\| `([a-z-]+)/` \|", README, re.MULTILINE)) == set()


def test_every_word_list_is_described() -> None:
    lists: Path = bundled_rules() / "lists"
    described = (lists / "README.md").read_text(encoding="utf-8")
    assert [file.stem for file in lists.glob("*.txt") if f"`{file.stem}`" not in described] == []
