"""Sigma detections on comments: fields such as `text` and `author`, and unbound keywords.

A value with stars matches as they say; without a modifier it is the whole field. The condition is
read as its specification has it: names, `1 of x*`, `all of them`, and, or, not, parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

from monitor.engine.nodes import ListNode, MapNode, Place, Scalar, Sheet
from monitor.engine.reading import RuleFile
from monitor.services.importing.result import Importing, Plain, fits, together

Clause = dict[str, Plain]

_FIELDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("text", "comment", "body", "message", "content"), "text"),
    **dict.fromkeys(("author", "user", "username", "author.name"), "author.name"),
    **dict.fromkeys(("url", "link"), "url"),
    "thread": "thread",
}
_LEVELS: Final = {"informational": "info"}
_SEVERITIES: Final = ("info", "low", "medium", "high", "critical")
_MATCHERS: Final = {
    "contains": "contains",
    "startswith": "starts_with",
    "endswith": "ends_with",
    "re": "regex",
}
_MODIFIERS: Final = {*_MATCHERS, "all", "cased", "i", "m", "s", "neq"}
_WILD: Final = re.compile(r"(?<!\\)[*?]")
_TOKEN: Final = re.compile(r"\(|\)|[^\s()]+")


class _Lost(Exception):
    """A part of a detection that has no counterpart here."""


def read(file: RuleFile, importing: Importing) -> None:
    """Make a rule of each document with a detection."""
    sheet = Sheet(file.path, file.text)
    for node in sheet.documents():
        fields = _fields(node)
        try:
            _add(fields, importing, node.place)
        except _Lost as lost:
            importing.remark(f"not carried over: {lost}", node.place)
    for problem in sheet.problems:
        importing.remark(f"not carried over: {problem.message}", None, problem.hint)


def _add(fields: Mapping[str, object], importing: Importing, place: Place) -> None:
    if "correlation" in fields:
        raise _Lost("a correlation; write it as `escalate`")
    detection = _fields(fields.get("detection"))
    condition = detection.pop("condition", None)
    if not detection or not isinstance(condition, Scalar):
        raise _Lost("there is no detection with one condition")
    selections = {name: _selection(node) for name, node in detection.items() if name != "timeframe"}
    when = _Condition(condition.value, selections).read()
    if complaint := fits(when):
        raise _Lost(complaint)
    title = _word(fields, "title") or "A Sigma rule"
    level = _LEVELS.get(_word(fields, "level"), _word(fields, "level"))
    rule: Clause = {"title": title}
    if why := _word(fields, "description"):
        rule["why"] = " ".join(why.split())
    rule |= {"severity": level if level in _SEVERITIES else "medium", "when": when}
    if alarms := fields.get("falsepositives"):
        rule["false_alarms"] = [*_words(alarms)]
    for key in ("logsource", "timeframe", "fields", "filter"):
        if key in fields:
            importing.remark(f"`{key}` left out: it says nothing about comments", place)
    importing.add_rule(title, rule, place)


def _selection(node: object) -> Clause:
    """Return the clause of one search identifier: a list is any of it, a group is all of it."""
    if isinstance(node, ListNode):
        if all(isinstance(item, Scalar) for item in node.items):
            return _keywords(_words(node))
        return _any([_selection(item) for item in node.items])
    if not isinstance(node, MapNode):
        return _keywords(_words(node))
    return together([_field(name, value) for name, value in _fields(node).items()])


def _keywords(words: list[str]) -> Clause:
    """Return the clause of words that belong to no field: any of them, anywhere in the text."""
    plain: list[Plain] = [word for word in words if not _WILD.search(word)]
    clauses: list[Clause] = [{"text": {"contains": plain}}] if plain else []
    clauses += [_value("text", "contains", word, {}) for word in words if _WILD.search(word)]
    if not clauses:
        raise _Lost("there is no word to look for")
    return _any(clauses)


def _field(name: str, value: object) -> Clause:
    field, *modifiers = name.split("|")
    target = _FIELDS.get(field.lower())
    if target is None:
        raise _Lost(f"comments have no field `{field}`; known are {', '.join(_FIELDS)}")
    if unknown := [each for each in modifiers if each not in _MODIFIERS]:
        raise _Lost(f"the modifier `{unknown[0]}` has no counterpart here")
    values = _words(value)
    if not values:
        raise _Lost(f"`{name}` compares with nothing, which asks whether a field is there")
    matcher = next((_MATCHERS[each] for each in modifiers if each in _MATCHERS), "")
    exact = "cased" in modifiers or ("re" in modifiers and "i" not in modifiers)
    inner: Clause = {"case": "sensitive"} if exact else {}
    flags = "".join(flag for flag in "ms" if flag in modifiers)
    values = [f"(?{flags}){entry}" if flags else entry for entry in values]
    clauses = [_value(target, matcher, entry, inner) for entry in values]
    found = together(clauses) if "all" in modifiers else _any(clauses)
    return {"not": found} if "neq" in modifiers else found


def _value(field: str, matcher: str, entry: str, inner: Clause) -> Clause:
    if matcher == "regex":
        return {field: {"regex": [entry], **inner}}
    starts, ends = entry.startswith("*"), entry.endswith("*") and not entry.endswith(r"\*")
    core = entry[1 if starts else 0 : -1 if ends and len(entry) > 1 else None]
    if _WILD.search(core):
        return {field: {"regex": [_wild(entry, matcher)], **inner}}
    plain = core.replace(r"\*", "*").replace(r"\?", "?")
    if not matcher:
        matcher = {(True, True): "contains", (True, False): "ends_with", (False, True): "starts_with"}.get(
            (starts, ends), "full"
        )
    elif (matcher == "starts_with" and starts) or (matcher == "ends_with" and ends):
        matcher = "contains"
    return {field: {matcher: [plain], **inner}}


def _wild(entry: str, matcher: str) -> str:
    """Return the pattern of a value with wildcards inside."""
    parts = re.split(r"(\\[*?\\]|\*|\?)", entry)
    marks = {"*": ".*", "?": "."}
    inner = "".join(
        marks.get(part) or re.escape(part.removeprefix("\\") if part[:1] == "\\" else part) for part in parts
    )
    start = "" if matcher in {"contains", "ends_with"} else "^"
    end = "" if matcher in {"contains", "starts_with"} else "$"
    return f"(?s){start}{inner}{end}"


def _any(clauses: list[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"any": [*clauses]}


class _Condition:
    """Reads the condition, from the loosest word (or) to the tightest (not)."""

    def __init__(self, text: str, selections: Mapping[str, Clause]) -> None:
        self._tokens: list[str] = _TOKEN.findall(text)
        self._selections = selections

    def read(self) -> Clause:
        clause = self._or()
        if self._tokens:
            raise _Lost(f"`{self._tokens[0]}` in the condition has no counterpart here")
        return clause

    def _or(self) -> Clause:
        parts = [self._and()]
        while self._next_is("or"):
            parts.append(self._and())
        return _any(parts)

    def _and(self) -> Clause:
        parts = [self._not()]
        while self._next_is("and"):
            parts.append(self._not())
        return together(parts)

    def _not(self) -> Clause:
        return {"not": self._not()} if self._next_is("not") else self._one()

    def _one(self) -> Clause:
        word = self._take()
        if word == "(":
            clause = self._or()
            if self._take() != ")":
                raise _Lost("a parenthesis of the condition is not closed")
            return clause
        if (word.isdigit() or word.lower() == "all") and self._next_is("of"):
            return self._of(word.lower())
        if word not in self._selections:
            raise _Lost(f"the condition names `{word}`, which is not there")
        return self._selections[word]

    def _of(self, number: str) -> Clause:
        pattern = self._take()
        named = [
            clause
            for name, clause in self._selections.items()
            if fnmatchcase(name, "*" if pattern == "them" else pattern)
        ]
        if not named:
            raise _Lost(f"the condition names `{pattern}`, which is not there")
        if number == "all":
            return together(named)
        return _any(named) if number == "1" else {"at_least": {"n": int(number), "of": [*named]}}

    def _next_is(self, word: str) -> bool:
        if self._tokens and self._tokens[0].lower() == word:
            self._tokens.pop(0)
            return True
        return False

    def _take(self) -> str:
        if not self._tokens:
            raise _Lost("the condition ends too early")
        return self._tokens.pop(0)


def _fields(node: object) -> dict[str, object]:
    pairs = node.pairs if isinstance(node, MapNode) else ()
    return {key.value: value for key, value in pairs if isinstance(key, Scalar)}


def _words(node: object) -> list[str]:
    if isinstance(node, Scalar):
        return [node.value] if node.value and node.value != "null" else []
    return (
        [item.value for item in node.items if isinstance(item, Scalar)] if isinstance(node, ListNode) else []
    )


def _word(fields: Mapping[str, object], key: str) -> str:
    node = fields.get(key)
    return node.value.strip() if isinstance(node, Scalar) else ""
