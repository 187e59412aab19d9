r"""Reddit's AutoModerator: its checks, modifiers, word borders and actions, as its documentation has them.

Its default is `includes-word`, `(?:^|\W|\b)…(?:$|\W|\b)`, which differs from a word of ours beside
digits and underscores; so those borders are written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from monitor.engine.cursor import Cursor
from monitor.engine.nodes import MapNode, Place, Scalar, Sheet, scalars
from monitor.engine.reading import RuleFile
from monitor.services.importing.result import Importing, Plain, across_lines, fits, together

_CHECK: Final = re.compile(r"(?P<not>~)?(?P<fields>[\w+#]+?)(?:#\d+)?\s*(?:\((?P<modifiers>[\w\-,\s]*)\))?\Z")
_SEVERITIES: Final = {"remove": "high", "spam": "high", "filter": "high", "report": "medium"}
_METHODS: Final = ("includes-word", "includes", "starts-with", "ends-with", "full-exact", "full-text")
_LITERAL: Final[Mapping[str, str]] = {
    "includes": "contains",
    "starts-with": "starts_with",
    "ends-with": "ends_with",
    "full-exact": "full",
}
_PATTERNS: Final[Mapping[str, str]] = {
    "includes-word": r"(?:^|\W|\b)(?:{})(?:$|\W|\b)",
    "includes": "{}",
    "starts-with": "^(?:{})",
    "ends-with": "(?:{})$",
    "full-exact": "^(?:{})$",
    "full-text": r"^\W*(?:{})\W*$",
}
_OF_SUBMISSIONS: Final = (
    *("title", "domain", "url", "flair_text", "flair_css_class", "flair_template_id", "media_author"),
    *("media_author_url", "media_title", "media_description", "poll_option_text", "crosspost_title"),
)
_OF_THREADS: Final = {"title": "thread.title", "url": "thread.url"}
_SILENT: Final = ("type", "action", "action_reason", "report_reason", "moderators_exempt")
_ANSWERS: Final = re.compile(
    r"comment(_locked|_stickied)?|(modmail|message)(_subject)?|set_\w+|overwrite_flair"
)
_KARMA: Final = re.compile(r"(comment|post|combined)(_subreddit)?_karma")
_AGE: Final = re.compile(r"\s*([<>]=?)\s*(\d+)\s*(minute|hour|day|week|month|year)?s?\s*\Z")
_UNITS: Final = {
    "minute": (1, "m"),
    "hour": (1, "h"),
    "day": (1, "d"),
    "week": (7, "d"),
    "month": (30, "d"),
    "year": (365, "d"),
}
_LONGEST_TITLE: Final = 60
_DIVIDER: Final = re.compile(r"^---(?=[ \t]*(?:#.*)?$)", re.MULTILINE)
_PLACEHOLDER: Final = re.compile(r"\s*\[?\{\{[^}]*\}\}\]?\s*")

Clause = dict[str, Plain]


def read(file: RuleFile, importing: Importing) -> None:
    """Make a rule of each document that concerns comments; a broken one leaves the others alone."""
    for sheet in _documents(file):
        for node in sheet.documents():
            if isinstance(node, MapNode):
                _Rule(Cursor(node, sheet, "rule"), importing).add()
            else:
                importing.remark("not carried over: this is no rule", node.place)
        for problem in sheet.problems:
            place = Place(problem.line, problem.column) if problem.line else None
            importing.remark(f"not carried over: {problem.message}", place, problem.hint)


def _documents(file: RuleFile) -> Iterator[Sheet]:
    """Yield each document as a sheet of its own in which lines keep their numbers."""
    before = 0
    for part in _DIVIDER.split(file.text.removeprefix("\ufeff")):
        yield Sheet(file.path, "\n" * before + part)
        before += part.count("\n")


class _Rule:
    """One document on its way."""

    def __init__(self, cursor: Cursor, importing: Importing) -> None:
        self._cursor = cursor
        self._importing = importing
        self._pairs = dict(_pairs(cursor))
        self._clauses: list[Clause] = []
        self._whole = True
        self._events: list[Plain] = []
        self._body = "text"

    def add(self) -> None:
        """Add the rule, if anything of it concerns comments."""
        kind, action = self._word("type"), self._word("action")
        if kind not in {"", "any", "comment"}:
            self._leave(f"not carried over: it is for a {kind}, and this monitor watches comments")
            return
        if action == "approve":
            self._leave("not carried over: it approves, and a rule of this monitor alerts")
            return
        if "ignore_blockquotes" in self._pairs and not fits({"unquoted": {"contains": ["x"]}}):
            self._body = "unquoted"
        for key, value in self._pairs.items():
            self._take(key, value)
        if not self._clauses:
            self._leave("not carried over: nothing is left of its conditions")
            return
        self._write(action)

    def _write(self, action: str) -> None:
        reason = self._word("report_reason") or self._word("action_reason")
        title = _PLACEHOLDER.sub(" ", reason).strip() or self._summary()
        rule: Clause = {"title": title, "severity": _SEVERITIES.get(action, "low")}
        if self._events:
            rule["applies_to"] = {"events": self._events}
        rule["when"] = together(self._clauses)
        self._importing.add_rule(title, rule, self._cursor.place, whole=self._whole)

    def _summary(self) -> str:
        """Return what a rule without a reason looks for, in a few words."""
        checks = [(key, value) for key, value in self._pairs.items() if _CHECK.match(key)]
        for key, value in checks:
            first = next(scalars(value.node), None)
            if key not in _SILENT and first and first.value.strip():
                return f"{key}: {first.value.strip()}"[:_LONGEST_TITLE]
        return f"AutoModerator, line {self._cursor.place.line}"

    def _take(self, key: str, value: Cursor) -> None:
        if key in _SILENT:
            return
        if _ANSWERS.fullmatch(key):
            self._importing.remark(
                f"`{key}` not carried over: this monitor alerts, it answers nobody", value.place
            )
        elif key == "priority":
            self._importing.remark(
                "`priority` left out: all rules are judged here, none stops another", value.place
            )
        elif key == "author":
            self._author(value)
        elif key == "is_edited":
            self._events = ["edited"] if value.spelled() == "true" else ["created"]
        elif key == "ignore_blockquotes":
            if self._body == "text":
                self._lose(key, value, "quoted lines are looked at too")
        elif clause := _compared(key, value.node.value if isinstance(value.node, Scalar) else ""):
            self._keep(key, value, clause)
        elif key == "parent_submission":
            self._thread(value)
        else:
            self._search(key, value)

    def _search(self, key: str, value: Cursor, *, field: str = "") -> None:
        """Take a search check; on comments, of joined fields the body alone exists."""
        found = _CHECK.match(key)
        names = found["fields"].split("+") if found else []
        known = [name for name in names if name == ("name" if field else "body")]
        others = [name for name in names if name in _OF_SUBMISSIONS]
        if found is None or not known:
            said = "comments have no such field" if others else "it has no counterpart here"
            self._lose(key, value, said)
            return
        if others:
            self._importing.remark(
                f"`{'`, `'.join(others)}` left out: comments have no such field", value.place
            )
        clause = self._texts(found["modifiers"] or "", value, field or self._body)
        if clause:
            self._keep(key, value, {"not": clause} if found["not"] else clause)
        else:
            self._lose(key, value, "it holds no text")

    def _texts(self, written: str, value: Cursor, field: str) -> Clause | None:
        modifiers = {each.strip() for each in written.split(",")}
        method = next((each for each in _METHODS if each in modifiers), "includes-word")
        entries: list[Plain] = [entry for entry, _ in value.words() if entry.strip()]
        if not entries:
            return None
        inner: Clause = {"case": "sensitive"} if "case-sensitive" in modifiers else {}
        if "regex" not in modifiers and method in _LITERAL:
            return {field: {_LITERAL[method]: entries, **inner}}
        if "regex" not in modifiers and method == "full-text":
            return {field: {"full": {"text": entries, "ignore_marks": True}, **inner}}
        patterns: list[Plain] = [
            across_lines(_PATTERNS[method].format(entry)) if "regex" in modifiers else _bordered(str(entry))
            for entry in entries
        ]
        return {field: {"regex": patterns, **inner}}

    def _thread(self, value: Cursor) -> None:
        for key, inner in dict(_pairs(value)).items():
            found = _CHECK.match(key)
            field = _OF_THREADS.get(found["fields"]) if found else None
            clause = self._texts(found["modifiers"] or "", inner, field) if found and field else None
            if found and clause:
                self._keep(f"parent_submission.{key}", inner, {"not": clause} if found["not"] else clause)
            elif not _ANSWERS.fullmatch(key):
                self._lose(f"parent_submission.{key}", inner, "threads have no such field here")

    def _author(self, value: Cursor) -> None:
        if not isinstance(value.node, MapNode):
            self._search("name", value, field="author.name")
            return
        pairs = dict(_pairs(value))
        any_of_them = pairs.pop("satisfy_any_threshold", None)
        thresholds: list[Plain] = []
        for key, inner in pairs.items():
            clause = _of_author(key, inner.spelled() if isinstance(inner.node, Scalar) else "")
            if _ANSWERS.fullmatch(key):
                self._importing.remark(f"`{key}` not carried over: this monitor answers nobody", inner.place)
            elif clause and any_of_them and any_of_them.spelled() == "true" and key != "is_submitter":
                thresholds.append({"author": clause})
            elif clause:
                self._keep(f"author.{key}", inner, {"author": clause})
            else:
                self._search(key, inner, field="author.name")
        if thresholds:
            self._keep("author", value, {"any": thresholds})

    def _keep(self, key: str, value: Cursor, clause: Clause) -> None:
        complaint = fits(clause)
        if complaint:
            self._lose(key, value, complaint)
        else:
            self._clauses.append(clause)

    def _lose(self, key: str, value: Cursor, why: str) -> None:
        """Leave a condition behind: without it the rule finds more, so it comes as a draft."""
        self._whole = False
        self._importing.remark(f"`{key}` not carried over: {why}", value.place, "the rule comes as a draft")

    def _leave(self, why: str) -> None:
        self._importing.remark(why, self._cursor.place)

    def _word(self, key: str) -> str:
        value = self._pairs.get(key)
        return value.node.value.strip() if value and isinstance(value.node, Scalar) else ""


def _pairs(cursor: Cursor) -> Iterator[tuple[str, Cursor]]:
    """Yield keys and values; the last of a doubled key counts, as in AutoModerator."""
    node = cursor.node
    for key, value in node.pairs if isinstance(node, MapNode) else ():
        if isinstance(key, Scalar):
            yield key.value.strip(), Cursor(value, cursor.sheet, key.value)


def _bordered(entry: str) -> str:
    """Return the literal with the borders of `includes-word`, which matter beside letters only."""
    start = r"\b" if re.match(r"\w", entry) else ""
    end = r"\b" if re.search(r"\w\Z", entry) else ""
    return start + re.escape(entry) + end


def _compared(key: str, value: str) -> Clause | None:
    """Return the clause of a check that compares with a number or a flag."""
    if key in {"body_longer_than", "body_shorter_than"}:
        return {"shape": {"length": f"{'>' if 'longer' in key else '<'} {value}"}}
    if key == "is_top_level":
        return {"shape": {"depth": "== 0" if value == "true" else "> 0"}}
    return {"reports": f">= {value}"} if key == "reports" else None


def _of_author(key: str, value: str | None) -> Clause | None:
    if key == "account_age" and (age := _AGE.match(value or "")):
        times, unit = _UNITS[age[3] or "day"]
        return {"account_age": f"{age[1]} {int(age[2]) * times}{unit}"}
    if _KARMA.fullmatch(key):
        return {"karma": value or ""}
    if key == "is_submitter":
        return {"is_thread_author": value == "true"}
    return None
