"""The three little languages inside a source file: JMESPath, CSS selectors, regular expressions.

Each is compiled when the file is read, with the mistake shown at its character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import jmespath
import re2
from jmespath.exceptions import JMESPathError, ParseError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from monitor.engine.cursor import Cursor, suggestion
from monitor.sources.forms import Form

_PLAIN_PATH: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\Z")
_DASHED: Final = re.compile(r"(?:\A|\.)([A-Za-z_]\w*(?:-\w+)+)")


@dataclass(frozen=True, slots=True)
class Query:
    """A JMESPath expression. `text` is how it is written."""

    text: str
    search: Callable[[object], object]

    def holds(self, value: object) -> bool:
        """Return whether the expression gives something true as JMESPath understands it."""
        found = self.search(value)
        return found is not None and found is not False and found not in ("", [], {})


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression without catastrophes: it takes time linear in the text."""

    text: str
    compiled: re2._Regexp

    def find(self, text: str) -> str | None:
        """Return the first group of the first match, the whole match where it has no group."""
        found = self.compiled.search(text)
        if found is None:
            return None
        group: str | None = found.group(1 if self.compiled.groups else 0)
        return group

    def end_at_start(self, text: str) -> int:
        """Return where a match at the very start ends; 0 where there is none."""
        found = self.compiled.match(text)
        return found.end() if found else 0


def compile_query(text: str) -> Query:
    """Return the expression, compiled.

    A plain path (`content.rendered`), which most are, is walked without the interpreter.

    Raises:
        JMESPathError: it is none.
    """
    if _PLAIN_PATH.match(text):
        return Query(text, _walk(tuple(text.split("."))))
    return Query(text, _interpreted(jmespath.compile(text)))


def _walk(names: tuple[str, ...]) -> Callable[[object], object]:
    def search(value: object) -> object:
        for name in names:
            if not isinstance(value, Mapping):
                return None
            value = value.get(name)
        return value

    return search


def _interpreted(compiled: ParsedResult) -> Callable[[object], object]:
    def search(value: object) -> object:
        try:
            found: object = compiled.search(value)
        except JMESPathError:
            return None
        return found

    return search


def _read_query(cursor: Cursor) -> Query | None:
    text = cursor.text()
    if text is None:
        return None
    try:
        _know_functions(jmespath.compile(text).parsed, cursor)
        return compile_query(text)
    except ParseError as error:
        hint = "the language is described at https://jmespath.org"
        if dashed := _DASHED.search(text):
            hint = f"a name with a dash needs quotes inside the expression: '\"{dashed[1]}\"'"
        at = min(error.lex_position, max(len(text) - 1, 0))
        cursor.error(f"`{cursor.name}` is no JMESPath expression", hint, at=at)
    except JMESPathError as error:
        cursor.error(f"`{cursor.name}` is no JMESPath expression: {error}")
    return None


def _know_functions(node: object, cursor: Cursor) -> None:
    """Report functions that JMESPath does not have: it would say so only when it gets to them."""
    if not isinstance(node, dict):
        return
    if node["type"] == "function_expression" and node["value"] not in Functions.FUNCTION_TABLE:
        cursor.error(
            f"JMESPath has no function `{node['value']}`",
            suggestion(node["value"], sorted(Functions.FUNCTION_TABLE)),
        )
    for child in node["children"]:
        _know_functions(child, cursor)


def _read_selector(cursor: Cursor) -> str | None:
    text = cursor.text()
    if text is None:
        return None
    try:
        LexborHTMLParser("<p></p>").css(text)
    except SelectolaxError:
        cursor.error(
            f"`{text}` is no CSS selector", "such as: .comment-body, li[id^='comment-'], article a.title"
        )
        return None
    return text


def _read_pattern(cursor: Cursor) -> Pattern | None:
    text = cursor.text()
    if text is None:
        return None
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(text, options)
    except re2.error as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error.args[0])
        hint = "what looks ahead or behind, (?=…) or (?<=…), is not taken here" if "(?" in said else ""
        cursor.error(f"`{cursor.name}` is no regular expression: {said}", hint)
        return None
    if compiled.groups > 1:
        cursor.error(
            f"`{cursor.name}` has {compiled.groups} groups",
            "one ( ) says what to keep; write (?:…) otherwise",
        )
        return None
    return Pattern(text, compiled)


QUERY: Final[Form[Query]] = Form(read=_read_query, schema={"type": "string"}, written="a JMESPath expression")
SELECTOR: Final[Form[str]] = Form(read=_read_selector, schema={"type": "string"}, written="a CSS selector")
PATTERN: Final[Form[Pattern]] = Form(
    read=_read_pattern,
    schema={"type": "string"},
    written="a regular expression (RE2), with at most one group that says what to keep",
)
