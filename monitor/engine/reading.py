"""Reads rule files into a book, and reports everything that is wrong with them at once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from monitor.domain.errors import Misconfigured
from monitor.engine.book import MAX_TEXT, Book
from monitor.engine.conditions.grammar import Grammar
from monitor.engine.cursor import Cursor
from monitor.engine.declaring import read_rule
from monitor.engine.linking import tie
from monitor.engine.lists import read_lists
from monitor.engine.nodes import ListNode, Node, Scalar, Sheet
from monitor.engine.overriding import is_override, overridden

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from monitor.domain.problems import Problem
    from monitor.engine.conditions.matched import Link
    from monitor.engine.lists import WordList
    from monitor.engine.rules import Rule

_DIGEST_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file that was read for us: how it is called in messages, and its text."""

    path: str
    text: str


def read_book(files: Sequence[RuleFile], lists: Sequence[RuleFile] = (), *, max_text: int = MAX_TEXT) -> Book:
    """Return the book of these rule files and word lists. The order of files makes no difference.

    Raises:
        Misconfigured: with every problem of every file.
    """
    list_sheets = _sheets(lists)
    grammar = Grammar(read_lists(list_sheets))
    sheets = _sheets(files)
    rules: dict[str, Rule] = {}
    links: dict[str, list[Link]] = {}
    overrides: list[Cursor] = []
    content: list[object] = []
    for sheet in sheets:
        for cursor in _rules_of(sheet):
            content.append(_canonical(cursor.node))
            if is_override(cursor):
                overrides.append(cursor)
                continue
            rule = read_rule(cursor, grammar, rules)
            if rule is not None:
                links.setdefault(rule.id, grammar.links)
                rules.setdefault(rule.id, replace(rule, digest=_rule_digest(cursor.node, grammar.lists)))
    _override(rules, overrides)
    tie(rules, links)
    _sign(rules, links)
    problems = [problem for sheet in sheets + list_sheets for problem in _in_order(sheet.problems)]
    if any(problem.level == "error" for problem in problems):
        raise Misconfigured(problems)
    content += [[words.name, *words.content()] for words in grammar.lists.values()]
    return Book(list(rules.values()), _digest(content), max_text=max_text, warnings=problems)


def _override(rules: dict[str, Rule], overrides: Iterable[Cursor]) -> None:
    """Change the rules as the overrides say, in the order of their files."""
    taken: dict[str, str] = {}
    for cursor in overrides:
        rule = overridden(cursor, rules, taken)
        if rule is not None:
            taken[rule.id] = f"{cursor.sheet.path}:{cursor.place.line}"
            digest = _digest([rule.digest, _canonical(cursor.node)])
            rules[rule.id] = replace(rule, digest=digest, overridden=taken[rule.id])


def _sign(rules: dict[str, Rule], links: Mapping[str, Sequence[Link]]) -> None:
    """Let the digest of a rule tell, too, when one that it builds on becomes another."""
    own = {rule_id: rule.digest for rule_id, rule in rules.items()}
    for rule_id, rule in rules.items():
        below = _below(rule_id, links) - {rule_id}
        if below:
            digests = sorted(own[other] for other in below if other in own)
            rules[rule_id] = replace(rule, digest=_digest([rule.digest, *digests]))


def _below(rule_id: str, links: Mapping[str, Sequence[Link]]) -> set[str]:
    """Return all rules that this one builds on, itself included."""
    found, fresh = {rule_id}, [rule_id]
    while fresh:
        named = {link.rule_id for link in links.get(fresh.pop(), ())} - found
        found |= named
        fresh += named
    return found


def _rule_digest(node: Node, lists: Mapping[str, WordList]) -> str:
    """Return the digest of a rule and of every list that it may name."""
    used = sorted(_texts(node) & lists.keys())
    return _digest([_canonical(node), *([name, *lists[name].content()] for name in used)])


def _texts(node: Node) -> set[str]:
    if isinstance(node, Scalar):
        return {node.value}
    inner = node.items if isinstance(node, ListNode) else [part for pair in node.pairs for part in pair]
    return set().union(*map(_texts, inner))


def _sheets(files: Iterable[RuleFile]) -> list[Sheet]:
    return [Sheet(file.path, file.text) for file in sorted(files, key=lambda file: file.path)]


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by place; a list that several rules use reports each of its own once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column))


def _rules_of(sheet: Sheet) -> Iterator[Cursor]:
    """Yield every rule of the file: one, a list of them, or several documents of either."""
    for document in sheet.documents():
        if isinstance(document, ListNode):
            yield from (Cursor(item, sheet, "rule") for item in document.items)
        else:
            yield Cursor(document, sheet, "rule")


def _canonical(node: Node) -> object:
    """Return the content of a node, without its layout."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, ListNode):
        return [_canonical(item) for item in node.items]
    return {json.dumps(_canonical(key)): _canonical(value) for key, value in node.pairs}


def _digest(content: Iterable[object]) -> str:
    lines = sorted(json.dumps(part, ensure_ascii=False, sort_keys=True) for part in content)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_DIGEST_LENGTH]
