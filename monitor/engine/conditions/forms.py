"""How the keys of the language are written: what the schema, the editor and VOCABULARY.md say of each.

A condition declares its form beside its reader and reads by it, so that the two cannot part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal[
    "flag", "text", "texts", "number", "fraction", "share", "count", "duration", "length", "choice",
    "choices", "clause", "clauses", "clauses_by_name", "group", "groups",
]  # fmt: skip
"""`share`, `count` and `duration` are comparisons, with a share of 1, a number, a length of time; `number`,
`fraction` and `length` are plain ones. The plural forms take one or a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One key: what it means, how its value is written, and an example.

    `keys` are those of a group, `needs` the ones it cannot do without, `among` the words of a choice.
    `otherwise` is a second way to write it. Groups with the same keys in many places are `shared` by name.
    """

    says: str
    kind: Kind
    keys: Mapping[str, Form] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    example: str = ""
    otherwise: Form | None = None
    shared: str = ""


WRITTEN: Final[Mapping[Kind, str]] = {
    "flag": "`true` or `false`",
    "text": "a text",
    "texts": "a text or a list of texts",
    "number": "a whole number",
    "fraction": "a number from 0 to 1",
    "share": 'a comparison with a number from 0 to 1 or a percentage: `">= 0.8"`, `"< 30%"`',
    "count": 'a comparison with a number: `">= 3"`',
    "duration": 'a comparison with a length of time: `"< 2h"` (s, m, h, d)',
    "length": "a length of time: `30s`, `10m`, `2h`, `3d`",
    "choice": "one word",
    "choices": "one word or a list of them",
    "clause": "a condition",
    "clauses": "a list of conditions",
    "clauses_by_name": "a group of names, each with a condition",
    "group": "a group of keys",
    "groups": "a list of groups of keys",
}
"""How each kind is written, in words."""
