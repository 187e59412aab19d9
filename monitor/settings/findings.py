"""What a section says about itself when its values do not go together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`key` is the field that the finding is shown at."""

    key: str
    message: str
    hint: str = ""


class Unfit(ValueError):
    """A value cannot be read as its type; the message is for a person."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Section:
    """Base of the settings' sections."""

    __slots__ = ()

    def findings(self) -> Iterable[Finding]:
        """Return what is wrong with values that are each right by themselves."""
        return ()
