"""How an error that nobody expected is named in a log: never by its text, which may hold a person's words."""

from __future__ import annotations

import traceback
from typing import Final

FRAMES: Final = 5
"""Places of an unexpected error that the log names."""


def name_of(error: Exception) -> str:
    """Return the error's kind."""
    return type(error).__name__


def where(error: Exception) -> list[str]:
    """Return the last places on the way to the error, the nearest last."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
