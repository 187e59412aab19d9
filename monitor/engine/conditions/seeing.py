"""`view`, `case` and `exact` of a text clause: how the text is read before anything is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from monitor.engine.conditions.forms import Form
from monitor.engine.text import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.engine.cursor import Fields

VIEWS: Final[tuple[View, ...]] = (*get_args(get_args(View)[0]), *get_args(get_args(View)[1]))
ANY: Final = "any"
"""Short for every view but `raw` and `joined`."""

SIGHT: Final[Mapping[str, Form]] = {
    "view": Form(
        says="how the text is read before anything is looked for; a view finds what is not disguised, too",
        kind="choices",
        among=(*VIEWS, ANY),
    ),
    "case": Form(
        says="whether capitals count; they do not unless told",
        kind="choice",
        among=("sensitive", "insensitive"),
    ),
    "exact": Form(says="accents count in views that leave them out", kind="flag"),
}

UNDOES: Final[Mapping[str, str]] = {
    "raw": "nothing",
    "folded": "what nobody sees: invisible characters, full-width letters, curly apostrophes, Arabic "
    "words made longer; the default",
    "skeleton": "letters of other scripts that look Latin, letters in boxes and flags, writing upside "
    "down or shown from right to left",
    "leet": "the same, and digits and symbols as letters: `1d10t`, `a$$`",
    "squeezed": "the same, and `i d i o t`, `i.d.i.o.t`, `idiooot`, accents (unless `exact: true`)",
    "masked": "`f*ck`, `cr#p`, `idio*`, and words in pieces, `mo.ron`, `mo/ron`, `mo ro n`: words of "
    "four letters or more whose first letter is given, by themselves and in phrases",
    "joined": "all that is no letter is left out, and entries are searched inside: for names and links",
    ANY: "all but `raw` and `joined`",
}
"""What each view undoes."""

_READ_IN: Final[Mapping[str, tuple[View, ...]]] = {
    "raw": ("raw",),
    "folded": ("folded",),
    "skeleton": ("folded", "skeleton"),
    "leet": ("folded", "skeleton", "leet"),
    "squeezed": ("folded", "skeleton", "leet", "squeezed"),
    "masked": ("folded", "masked"),
    "joined": ("joined",),
    ANY: ("folded", "skeleton", "leet", "squeezed", "masked"),
}
"""In which views a text is read when an author names one: a disguise may, but need not be there."""

_CASELESS: Final = frozenset(VIEWS) - {"raw", "folded"}


@dataclass(frozen=True, slots=True)
class Sight:
    """The views, the plainest first, each with how entries are read in it: with accents, without, or both.

    Where accents do not count, an entry is looked for without them in the folded text too: `imbécil`
    finds `imbecil`.
    """

    views: tuple[tuple[View, tuple[bool, ...]], ...]
    keeps_case: bool


def read_sight(fields: Fields) -> Sight:
    """Read how a clause sees its text."""
    named = _named(fields)
    keeps_case = _read_case(fields)
    views = [view for view in VIEWS if any(view in _READ_IN[name] for name in named)]
    exact = fields.get("exact")
    strict = bool(exact.flag()) if exact else False
    loose = "squeezed" in views and not strict
    if exact and strict and "squeezed" not in views:
        exact.warn("accents count in this view anyway", "`exact` is for `view: squeezed` and `view: any`")
    case = fields.get("case")
    if case and keeps_case and _CASELESS.intersection(views):
        case.error("capitals are no part of a disguise", "`case: sensitive` needs `view: folded` or `raw`")
    return Sight(tuple((view, _readers(view, loose=loose)) for view in views), keeps_case)


def _readers(view: View, *, loose: bool) -> tuple[bool, ...]:
    if not loose:
        return (True,)
    return {"squeezed": (False,), "folded": (True, False)}.get(view, (True,))


def _named(fields: Fields) -> list[str]:
    cursor = fields.get("view")
    if cursor is None:
        return ["folded"]
    cursors = list(cursor.items()) if cursor.is_list() else [cursor]
    names = [item.choice((*VIEWS, ANY)) for item in cursors]
    return [name for name in names if name is not None] or ["folded"]


def _read_case(fields: Fields) -> bool:
    cursor = fields.get("case")
    return cursor is not None and cursor.choice(("sensitive", "insensitive")) == "sensitive"
