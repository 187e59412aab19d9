"""Readings of a text that undo disguises.

Each starts from the folded text and lists edits; where there is nothing to undo there is no
reading, so that clean text costs its gates only. What is not disguised reads as it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from monitor.engine.views import joined, leet, skeleton, squeezed
from monitor.engine.views.direction import overridden, turn
from monitor.engine.views.edits import Edit, Layer
from monitor.engine.views.joined import letters
from monitor.engine.views.masked import Vocabulary
from monitor.engine.views.squeezed import without_accents

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.engine.views.edits import Span

    Stage: TypeAlias = "Callable[[str], list[Edit]]"

__all__ = [
    "MOST_CHARACTERS",
    "STAGES",
    "Disguise",
    "Undisguised",
    "Vocabulary",
    "letters",
    "overridden",
    "prepare",
    "undisguise",
    "without_accents",
]

Disguise = Literal["skeleton", "leet", "squeezed", "masked", "joined"]

MOST_CHARACTERS: Final = 5_000
"""Disguises are undone in as much of a text, which bounds the work; what is longer is said to be cut."""

_MOST_READINGS: Final = 8
_MOST_SHOWN: Final = 8_000
"""So many readings of a text are tried, but two at most where they fill this many characters."""

STAGES: Final[Mapping[Disguise, tuple[Stage, ...]]] = {
    "skeleton": (),
    "leet": (leet.undo,),
    "squeezed": (squeezed.join, squeezed.unwedge, squeezed.unaccent, leet.undo, squeezed.calm),
    "masked": (),
    "joined": (joined.undo,),
}
"""What each view undoes beyond what `skeleton` undoes, one after the other."""


@dataclass(frozen=True, slots=True)
class Undisguised:
    """One reading of a text, and the layers that lead back from it to the folded one."""

    text: str
    layers: tuple[Layer, ...] = ()

    def back(self, span: Span) -> Span:
        """Return where this part stands in the folded text."""
        for layer in reversed(self.layers):
            span = layer.back(span)
        return span


def prepare(folded: str, turned: Sequence[Span] = ()) -> Sequence[Undisguised]:
    """Return the readings of a folded text in which every letter is what it stands for.

    `turned` are the places that are shown from their end to their beginning.
    """
    plain = Undisguised(folded[:MOST_CHARACTERS])
    readings = [plain, *_after(plain, lambda text: turn(text, turned))] if turned else [plain]
    return [after for before in readings for after in _after(before, skeleton.undo)][:_MOST_READINGS]


def undisguise(
    prepared: Sequence[Undisguised],
    view: Disguise,
    words: Vocabulary | None = None,
    *,
    exact: bool = False,
) -> Sequence[Undisguised]:
    """Return the readings in this view of a text that was prepared; none where nothing is disguised.

    `words` are those that masked ones are compared with. `exact` keeps accents.
    """
    done = len(prepared[0].layers)
    readings = list(prepared)
    for stage in (*STAGES[view], *([words.undo] if words else [])):
        if not (exact and stage is squeezed.unaccent):
            readings = [after for before in readings for after in _after(before, stage)][:_MOST_READINGS]
    if view == "joined":
        return readings
    needed = 1 if view == "skeleton" else done + 1
    return [reading for reading in readings if len(reading.layers) >= needed]


def _after(before: Undisguised, stage: Stage) -> list[Undisguised]:
    edits = stage(before.text)
    if not edits:
        return [before]
    ways = min(max(len(edit.readings) for edit in edits), max(2, _MOST_SHOWN // len(before.text)))
    layers = [Layer(before.text, edits, choice) for choice in range(ways)]
    return [Undisguised(layer.text, (*before.layers, layer)) for layer in layers]
