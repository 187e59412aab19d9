"""What is counted of things that rooms above know: closed sets and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

Unknown = Literal["no_model", "language", "unsupported", "failed"]
"""Why a comment has no scores: there is no model, its language cannot be told or is one that no model in
force knows, or the model failed."""


class JudgedFacts(Protocol):
    """What is counted of one judged comment: closed sets and numbers."""

    @property
    def source(self) -> str:
        """Return the comment's source."""
        ...

    @property
    def language(self) -> str:
        """Return its language's code."""
        ...

    @property
    def matches(self) -> Sequence[tuple[str, str, str]]:
        """Return (rule, status, severity) of each match."""
        ...

    @property
    def scores(self) -> Sequence[tuple[str, float]] | None:
        """Return (label, probability), or None where the model gave none."""
        ...

    @property
    def scored_by(self) -> str | None:
        """Return what gave the scores."""
        ...

    @property
    def unknown(self) -> Unknown | None:
        """Return why there are no scores, of a comment that should have some."""
        ...

    @property
    def cut_off(self) -> Sequence[str]:
        """Return the rules that ran out of time."""
        ...

    @property
    def age(self) -> float:
        """Return the seconds from the comment's time to its judgement."""
        ...


class PolledFacts(Protocol):
    """What is counted of one reading of a site."""

    @property
    def outcome(self) -> str:
        """Return what it came to, of a closed set."""
        ...

    @property
    def at(self) -> datetime:
        """Return when it began."""
        ...

    @property
    def requests(self) -> int:
        """Return how many requests it took."""
        ...

    @property
    def answers(self) -> Mapping[str, int]:
        """Return how many answers came, by class."""
        ...

    @property
    def created(self) -> int:
        """Return how many comments were new."""
        ...

    @property
    def edited(self) -> int:
        """Return how many had changed."""
        ...

    @property
    def deleted(self) -> int:
        """Return how many were gone."""
        ...

    @property
    def restored(self) -> int:
        """Return how many were back."""
        ...

    @property
    def known(self) -> int:
        """Return how many were known."""
        ...

    @property
    def old(self) -> int:
        """Return how many were unknown and too old to be told."""
        ...

    @property
    def disbelieved(self) -> int:
        """Return how many missing ones were not believed to be gone."""
        ...

    @property
    def reworded(self) -> int:
        """Return how many changed texts were not believed to be edits."""
        ...

    @property
    def missing_fields(self) -> Mapping[str, int]:
        """Return how many comments lacked a field, by field."""
        ...

    @property
    def gap(self) -> bool:
        """Return whether comments may have been missed."""
        ...

    @property
    def next_in(self) -> float:
        """Return the seconds to the next reading."""
        ...
