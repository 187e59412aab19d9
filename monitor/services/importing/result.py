"""What an import comes to: rules, word lists, and remarks on what was left behind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import yaml

from monitor.domain.errors import Misconfigured
from monitor.domain.problems import Problem
from monitor.engine.conditions.matchers.patterns import ASKS_FOR_CAPITALS
from monitor.engine.nodes import Place
from monitor.engine.reading import RuleFile, read_book

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain]"
"""What YAML is written from."""

_NO_ID: Final = re.compile(r"[^a-z0-9]+")
_ESCAPED: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
"""What is no dot that finds anything: an escape, one of several characters."""

_FLAGS: Final = re.compile(r"\(\?[a-z]+\)")
_LONGEST_ID: Final = 50
_HEAD: Final = "# Imported from {tool}: read it, add tests, then let it run in shadow before it goes live.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """`rules` is the text of a rule file, empty where no rule came of it; `lists` are texts by name."""

    rules: str
    count: int
    lists: Mapping[str, str]
    remarks: tuple[Problem, ...]


class Importing:
    """Collects what an importer makes of one file."""

    def __init__(self, file: RuleFile, tool: str) -> None:
        self._file = file
        self._tool = tool
        self._lines = file.text.splitlines()
        self._remarks: list[Problem] = []
        self._rules: dict[str, tuple[dict[str, Plain], Place]] = {}
        self._lists: dict[str, str] = {}

    def remark(self, message: str, place: Place | None, hint: str = "") -> None:
        """Say what was not carried over, or carried over differently."""
        line = place.line if place else 0
        self._remarks.append(
            Problem(
                message=message,
                hint=hint,
                file=self._file.path,
                line=line,
                column=place.column if place else 0,
                source_line=self._lines[line - 1] if 0 < line <= len(self._lines) else "",
                level="warning",
            )
        )

    def add_list(self, name: str, entries: list[str]) -> str:
        """Add a word list and return the name that it got."""
        self._lists[name] = "\n".join(entries) + "\n"
        return name

    def add_rule(self, name: str, rule: dict[str, Plain], place: Place, *, whole: bool = True) -> None:
        """Add a rule by a name that its id is made of; `whole` tells that nothing of it was lost.

        A rule that `rules check` would not take is left behind with what it says.
        """
        rule_id = self._free_id(name)
        written: dict[str, Plain] = {"id": rule_id, **rule, "status": "shadow" if whole else "draft"}
        if self._stands(written, place):
            self._rules[rule_id] = (written, place)

    def finish(self) -> Imported:
        """Return all of it."""
        parts = [_dumped(rule) for rule, _ in self._rules.values()]
        return Imported(
            rules=_HEAD.format(tool=self._tool) + "---\n".join(parts) if parts else "",
            count=len(parts),
            lists=dict(self._lists),
            remarks=tuple(sorted(self._remarks, key=lambda each: (each.line, each.column))),
        )

    def _free_id(self, name: str) -> str:
        letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        slug = _NO_ID.sub("-", letters).strip("-")[:_LONGEST_ID].strip("-") or "rule"
        base = f"{self._tool}.{slug}"
        number = 1
        while (candidate := base if number == 1 else f"{base}-{number}") in self._rules:
            number += 1
        return candidate

    def _stands(self, rule: dict[str, Plain], place: Place) -> bool:
        lists = [RuleFile(f"lists/{name}.txt", text) for name, text in self._lists.items()]
        try:
            read_book([RuleFile("rule.yaml", _dumped(rule))], lists)
        except Misconfigured as error:
            first = next(problem for problem in error.problems if problem.level == "error")
            self.remark(f"not carried over: {first.message}", place, first.hint)
            return False
        return True


def fits(clause: dict[str, Plain]) -> str:
    """Return why `rules check` would not take this condition; empty where it does."""
    rule: dict[str, Plain] = {"id": "one", "title": "One", "severity": "low", "when": clause}
    try:
        read_book([RuleFile("one.yaml", _dumped(rule))])
    except Misconfigured as error:
        return next(problem.message for problem in error.problems if problem.level == "error")
    return ""


def minding_case(pattern: str) -> str | None:
    """Return the pattern for `case: sensitive` where a part of it asks for capitals; else None."""
    return f"(?i){pattern}" if ASKS_FOR_CAPITALS.search(pattern) else None


def across_lines(pattern: str) -> str:
    """Return the pattern with a dot that also finds the end of a line, as other tools have it."""
    dotted = "." in _ESCAPED.sub("", pattern)
    return f"(?s){pattern}" if dotted and not _FLAGS.match(pattern) else pattern


def _dumped(rule: dict[str, Plain]) -> str:
    return yaml.safe_dump(rule, sort_keys=False, allow_unicode=True, width=110)


def together(clauses: list[dict[str, Plain]]) -> dict[str, Plain]:
    """Return one clause that needs all of these."""
    if len(clauses) == 1:
        return clauses[0]
    return {"all": [*clauses]}
