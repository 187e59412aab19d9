"""The sentence that an alert says to people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from monitor.domain.observations import Observation

NAMELESS: Final = "an unnamed reader"
UNKNOWN: Final = "unknown"

_PLACEHOLDER: Final = re.compile(r"\{([a-z_.]+)\}")
_UNITS: Final = (("d", 86_400), ("h", 3_600), ("m", 60))
_DEFAULT_ONE: Final = "{rule}, by {author}"
_DEFAULT_MANY: Final = "{rule}: {count} within {within}, last by {author}"
_MATCHED_SHOWN: Final = 5


def sentence(observation: Observation, count: int) -> str:
    """Return the rule's `say` with its placeholders filled, or the default sentence.

    Filled by plain substitution, not by `str.format`: a template can reach nothing but the values
    named here; what else stands in braces stays as it is written. A score that no model gave is
    `unknown`.
    """
    template = observation.escalation.say
    if not template:
        template = _DEFAULT_ONE if observation.escalation.count == 1 == count else _DEFAULT_MANY
    values = _values(observation, count)
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], _unfilled(found)), template)


def duration(seconds: float) -> str:
    """Return a length of time as rules write it: `10m`, `90s`, `2h`."""
    for unit, size in _UNITS:
        if seconds and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"


def _unfilled(found: re.Match[str]) -> str:
    return UNKNOWN if found[1].startswith("score.") else found[0]


def _values(observation: Observation, count: int) -> dict[str, str]:
    comment = observation.event.comment
    scores = observation.signals.scores
    labels = scores.labels if scores else {}
    return {
        "author": comment.author.name or comment.author.id or NAMELESS,
        "thread": comment.thread or UNKNOWN,
        "rule": observation.title,
        "count": str(count),
        "within": duration(observation.escalation.within),
        "matched": _matched(observation),
        "link": comment.url or "",
        **{f"score.{label}": f"{score:.2f}" for label, score in labels.items()},
    }


def _matched(observation: Observation) -> str:
    text = observation.event.comment.text
    words = dict.fromkeys(text[start:end] for start, end in observation.match.spans)
    shown = list(words)[:_MATCHED_SHOWN]
    return ", ".join(shown) + (", …" if len(words) > len(shown) else "")
