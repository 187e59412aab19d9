"""Ties rules to the rules that they build on, and refuses circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.engine.cursor import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.engine.conditions.matched import Link
    from monitor.engine.rules import Rule


def tie(rules: Mapping[str, Rule], links: Mapping[str, Sequence[Link]]) -> None:
    """Give every link its rule. `links` are those of each rule, by its id; what is wrong is reported."""
    for ties in links.values():
        for link in ties:
            if link.rule_id not in rules:
                known = suggestion(link.rule_id, list(rules)) if rules else ""
                link.cursor.error(f"there is no rule `{link.rule_id}`", known)
    done: set[str] = set()
    for rule_id in links:
        _walk(rule_id, links, [], done)
    for ties in links.values():
        for link in ties:
            if link.rule_id in done:
                link.rule = rules.get(link.rule_id)


def _walk(rule_id: str, links: Mapping[str, Sequence[Link]], path: list[str], done: set[str]) -> None:
    """Follow the links of a rule to their ends; report the one that leads back."""
    if rule_id in done:
        return
    for link in links.get(rule_id, ()):
        if link.rule_id in {*path, rule_id}:
            circle = [*path, rule_id, link.rule_id]
            link.cursor.error(
                f"these rules build on one another: {' → '.join(circle[circle.index(link.rule_id) :])}",
                "one of them must stand without the others",
            )
        else:
            _walk(link.rule_id, links, [*path, rule_id], done)
    done.add(rule_id)
