"""How a promise is held up to what came."""

from __future__ import annotations


def expect(promise: str, wanted: object, came: object) -> None:
    """Return if what came is what was wanted.

    Raises:
        AssertionError: it is not; the message says what was promised.
    """
    if wanted != came:
        raise AssertionError(f"{promise}\n  wanted: {wanted!r}\n  came:   {came!r}")


def hold(promise: str, came: object, *, holds: bool) -> None:
    """Return if the promise holds.

    Raises:
        AssertionError: it does not; the message says what was promised, and what came.
    """
    if not holds:
        raise AssertionError(f"{promise}\n  came: {came!r}")
