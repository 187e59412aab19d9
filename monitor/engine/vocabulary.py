"""The tables of VOCABULARY.md, made of what the conditions declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.engine.conditions.forms import WRITTEN
from monitor.engine.conditions.grammar import KINDS
from monitor.engine.conditions.matchers import MATCHERS
from monitor.engine.conditions.seeing import UNDOES
from monitor.engine.conditions.text import MODIFIERS
from monitor.engine.given import NAMES
from monitor.engine.rule_form import OVERRIDE, RULE
from monitor.engine.subject import NAMES_OF_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.engine.conditions.forms import Form


def describe_rule() -> str:
    """Return the table of a rule's keys."""
    return _table(RULE.keys, needs=RULE.needs)


def describe_override() -> str:
    """Return the table of an override's keys."""
    return _table(OVERRIDE.keys, needs=OVERRIDE.needs)


def describe_conditions() -> str:
    """Return the table of all conditions but those on a text field, and one for each group of keys."""
    forms = {name: kind.form for name, kind in KINDS.items() if name not in (*NAMES_OF_FIELDS, "any_text")}
    groups = {
        name: form
        for name, form in forms.items()
        if form.kind == "group" and name not in ("at_least", "points")
    }
    parts = [_table(forms)]
    parts += [f"\n### Inside `{name}`\n\n{_table(form.keys)}" for name, form in groups.items()]
    return "".join(parts)


def describe_fields() -> str:
    """Return the table of the text fields."""
    fields = {name: KINDS[name].form.says for name in (*NAMES_OF_FIELDS, "any_text")}
    return _lines(("field", "true when"), [(f"`{name}`", says) for name, says in fields.items()])


def describe_matchers() -> str:
    """Return the table of the matchers and of what goes with them."""
    forms = {name: matcher.form for name, matcher in MATCHERS.items()}
    return _table(forms) + "\n" + _table(MODIFIERS)


def describe_views() -> str:
    """Return the table of the views."""
    return _lines(("view", "undoes"), [(f"`{name}`", says) for name, says in UNDOES.items()])


def describe_given() -> str:
    """Return the table of the names by which sources give more than a comment's own fields."""
    return _lines(("name", "holds"), [(f"`{name}`", says) for name, says in NAMES.items()])


def _table(forms: Mapping[str, Form], needs: tuple[str, ...] = ()) -> str:
    rows: list[tuple[str, ...]] = [
        (f"`{name}`" + (" (needed)" if name in needs else ""), form.says, _written(form))
        for name, form in forms.items()
    ]
    return _lines(("key", "means", "is written"), rows)


def _written(form: Form) -> str:
    """Return how the value is written, and the example."""
    ways = [_way(form)] + ([_way(form.otherwise)] if form.otherwise else [])
    written = ", or ".join(ways)
    return f"{written}; `{form.example}`" if form.example else written


def _way(form: Form) -> str:
    if form.among:
        words = ", ".join(f"`{word}`" for word in form.among)
        return f"{WRITTEN[form.kind]}: {words}"
    if form.kind in {"group", "groups"}:
        return f"{WRITTEN[form.kind]}: " + ", ".join(f"`{key}`" for key in form.keys)
    return WRITTEN[form.kind]


def _lines(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return "".join(f"{line}\n" for line in _rows(head, rows))


def _rows(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
