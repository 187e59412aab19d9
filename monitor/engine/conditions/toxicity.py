"""`toxicity`: compares the scores of the toxicity model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.domain.signals import LABELS
from monitor.engine.conditions.base import Condition, Truth
from monitor.engine.conditions.comparison import Comparison, read_share
from monitor.engine.conditions.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor, Fields
    from monitor.engine.subject import Subject

FORM: Final = Form(
    says="the toxicity model's scores; a missing score is unknown",
    kind="group",
    keys={
        **{label: Form(says=f"the score for {label.replace('_', ' ')}", kind="share") for label in LABELS},
        "any": Form(says="one of the scores, at least", kind="share"),
        "max": Form(says="the highest score", kind="share"),
        "unknown": Form(says="what a missing score counts as", kind="choice", among=("pass", "fail")),
    },
    example='toxicity: {threat: ">= 0.8", unknown: fail}',
)

_UNKNOWN: Final = {"pass": True, "fail": False}


@dataclass(frozen=True, slots=True)
class Toxicity(Condition):
    """True when every comparison holds.

    `any` holds when one of the scores does, `max` when the highest does; both look at the labels
    that the scorer gave. `unknown` says what a missing score counts as: None leaves it unknown.
    """

    comparisons: tuple[tuple[str, Comparison], ...]
    unknown: Truth = None

    def holds(self, subject: Subject) -> Truth:
        """Return whether the scores compare as asked."""
        scores = subject.signals.scores
        if scores is None:
            return self.unknown
        truth: Truth = True
        for label, comparison in self.comparisons:
            held = _compare(scores.labels, label, comparison)
            if held is None:
                held = self.unknown
            if held is False:
                return False
            if held is None:
                truth = None
        return truth

    def compares(self) -> Iterator[tuple[str, float]]:
        """Yield each label and the number that its score is compared with."""
        for label, comparison in self.comparisons:
            yield label, comparison.number

    def says(self) -> str:
        """Return the comparisons."""
        return "toxicity: " + ", ".join(f"{label} {comparison}" for label, comparison in self.comparisons)

    def seen(self, subject: Subject) -> str:
        """Return the scores that it compares; all of them for `any` and `max`."""
        scores = subject.signals.scores
        if scores is None:
            return "no model scored this comment"
        asked = {label for label, _ in self.comparisons}
        shown = scores.labels if asked & {"any", "max"} else asked
        given = scores.labels
        return ", ".join(
            f"{label} {given[label]:.2f}" if label in given else f"no {label}" for label in shown
        )


def _compare(labels: Mapping[str, float], label: str, comparison: Comparison) -> Truth:
    score = labels.get(label)
    if score is not None:
        return comparison.accepts(score)
    if label == "any" and labels:
        return any(map(comparison.accepts, labels.values()))
    if label == "max" and labels:
        return comparison.accepts(max(labels.values()))
    return None


def read(cursor: Cursor, _grammar: Grammar) -> Condition | None:
    """Read `toxicity: {label: ">= 0.8", unknown: pass|fail}`."""
    fields = cursor.fields(FORM.keys, hint='name a label: toxicity: {threat: ">= 0.8"}')
    if fields is None:
        return None
    labels = [(label, value) for label, value in fields.items() if label != "unknown"]
    if not labels and not fields.refused:
        cursor.error("`toxicity` compares nothing", 'write a label and a comparison: threat: ">= 0.8"')
        return None
    comparisons = [(label, read_share(value)) for label, value in labels]
    sound = tuple((label, comparison) for label, comparison in comparisons if comparison is not None)
    return Toxicity(sound, _read_unknown(fields)) if sound and len(sound) == len(labels) else None


def _read_unknown(fields: Fields) -> Truth:
    cursor = fields.get("unknown")
    choice = cursor.choice(tuple(_UNKNOWN)) if cursor else None
    return _UNKNOWN[choice] if choice else None
