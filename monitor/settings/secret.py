"""A value that nobody may read by accident."""

from __future__ import annotations

from typing import Final

MASK: Final = "********"


class Secret:
    """Text that prints as stars wherever it is shown; `reveal` is the one way to it.

    No dataclass and no `str`, so that no encoder, log or error message writes it out.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))
