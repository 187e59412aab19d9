"""The JSON Schema of rule files, made of what the conditions declare: editors complete by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeAlias, Union

from monitor.engine.conditions.grammar import KINDS
from monitor.engine.rule_form import OVERRIDE, RULE

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.engine.conditions.forms import Form, Kind

Json: TypeAlias = Union[str, bool, int, float, "list[Json]", "dict[str, Json]"]

_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_SIGN: Final = r"^\s*(<=|>=|==|!=|<|>)\s*"
_SCALAR: Final[list[Json]] = ["string", "number", "boolean"]
"""What YAML may take an entry for; this product takes every entry as it is spelled, `null` in a list too."""

_ENTRY: Final[dict[str, Json]] = {"type": [*_SCALAR, "null"]}


def rule_schema() -> dict[str, Json]:
    """Return the schema of a file: one rule or override, or a list of them."""
    one: list[Json] = [{"$ref": "#/definitions/rule"}, {"$ref": "#/definitions/override"}]
    return {
        "$schema": _DRAFT,
        "title": "Rules of comment-monitor",
        "oneOf": [*one, {"type": "array", "items": {"oneOf": one}}],
        "definitions": {
            "rule": schema_of(RULE),
            "override": schema_of(OVERRIDE),
            **{form.shared: _group(form) for kind in KINDS.values() if (form := kind.form).shared},
            "clause": {
                "type": "object",
                "description": "one condition, or several that must all be true",
                "properties": {name: schema_of(kind.form) for name, kind in KINDS.items()},
                "additionalProperties": False,
                "minProperties": 1,
            },
        },
    }


def schema_of(form: Form) -> dict[str, Json]:
    """Return the schema of one form."""
    schema = _reference(form.shared) if form.shared else _WRITERS[form.kind](form)
    if form.otherwise is not None:
        other = schema_of(form.otherwise)
        schema = _texts(other) if form.kind == "texts" else {"anyOf": [schema, other]}
    return {"description": form.says, **schema}


def _reference(name: str) -> dict[str, Json]:
    """Return a reference that a description may stand beside, which a bare one does not allow."""
    return {"allOf": [{"$ref": f"#/definitions/{name}"}]}


def _one_or_many(schema: dict[str, Json]) -> dict[str, Json]:
    return {"anyOf": [schema, {"type": "array", "items": schema, "minItems": 1}]}


def _texts(other: dict[str, Json]) -> dict[str, Json]:
    """Return the schema of an entry or a list of them, each of which may be written in another way."""
    entries: dict[str, Json] = {"anyOf": [_ENTRY, other]} if other else _ENTRY
    single: dict[str, Json] = {"type": _SCALAR}
    return {"anyOf": [single, *filter(None, [other]), {"type": "array", "items": entries, "minItems": 1}]}


def _choice(form: Form) -> dict[str, Json]:
    return {"enum": [str(word) for word in form.among]}


def _group(form: Form) -> dict[str, Json]:
    group: dict[str, Json] = {
        "type": "object",
        "properties": {name: schema_of(inner) for name, inner in form.keys.items()},
        "additionalProperties": False,
    }
    return {**group, "required": list(form.needs)} if form.needs else group


def _compared(pattern: str) -> Callable[[Form], dict[str, Json]]:
    return lambda _form: {"type": "string", "pattern": f"{_SIGN}{pattern}\\s*$"}


_WRITERS: Final[Mapping[Kind, Callable[[Form], dict[str, Json]]]] = {
    "flag": lambda _: {"type": "boolean"},
    "text": lambda _: {"type": _SCALAR},
    "texts": lambda _: _texts({}),
    "number": lambda _: {"type": "integer", "minimum": 0},
    "fraction": lambda _: {"type": "number", "minimum": 0, "maximum": 1},
    "share": _compared(r"[0-9.]+\s*%?"),
    "count": _compared(r"-?[0-9.]+"),
    "duration": _compared(r"[0-9.]+\s*[smhd]"),
    "length": lambda _: {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?[smhd]$"},
    "choice": _choice,
    "choices": lambda form: _one_or_many(_choice(form)),
    "clause": lambda _: _reference("clause"),
    "clauses": lambda _: {"type": "array", "items": _reference("clause"), "minItems": 1},
    "clauses_by_name": lambda _: {"type": "object", "additionalProperties": _reference("clause")},
    "group": _group,
    "groups": lambda form: {"type": "array", "items": _group(form), "minItems": 1},
}
