"""The first version of a rule, from a few answers: complete, proved by its own tests, and in shadow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from monitor.domain.severity import Severity
from monitor.engine.reading import RuleFile, read_book
from monitor.ports import LanguageIdentifier
from monitor.services.ruletests import Failure, run_tests

SCHEMA: Final = "schema.json"
"""The JSON Schema beside the rules, by which editors complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What an author said. `entries` are words and phrases; `finds` and `spares` are comments."""

    id: str
    title: str
    why: str
    owner: str
    severity: Severity = Severity.MEDIUM
    entries: Sequence[str] = ()
    finds: str = ""
    spares: str = ""
    languages: Sequence[str] = ()


def starter(answers: Answers) -> str:
    """Return the text of the rule's file."""
    words = [entry for entry in answers.entries if len(entry.split()) == 1]
    phrases = [entry for entry in answers.entries if len(entry.split()) > 1]
    matchers = ({"words": words} if words else {}) | ({"phrases": phrases} if phrases else {})
    scope = {"applies_to": {"languages": list(answers.languages)}} if answers.languages else {}
    known = {"language": answers.languages[0]} if answers.languages else {}
    rule = {
        "id": answers.id,
        "title": answers.title,
        "why": answers.why,
        "owner": answers.owner,
        "status": "shadow",
        "severity": str(answers.severity),
        **scope,
        "when": {"text": matchers},
        "tests": [
            {"it": "finds it", "comment": {"text": answers.finds, **known}, "expect": "alert"},
            {"it": "leaves this alone", "comment": {"text": answers.spares, **known}, "expect": "nothing"},
        ],
    }
    return f"# yaml-language-server: $schema={SCHEMA}\n" + yaml.safe_dump(
        rule, sort_keys=False, allow_unicode=True, width=110
    )


def try_out(path: str, text: str, identifier: LanguageIdentifier) -> tuple[Failure, ...]:
    """Return which of the rule's own tests fail.

    Raises:
        Misconfigured: it is no rule, with every problem.
    """
    return run_tests(read_book([RuleFile(path, text)]), identifier).failures
