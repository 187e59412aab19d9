"""What a sign is, and what is known of a comment system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from monitor.sources.detecting.places import Place


class Sureness(IntEnum):
    """How much a sign says."""

    HINT = 1
    LIKELY = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign, and how much it says."""

    sureness: Sureness
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A comment system.

    `preset` reads it; none does where it is empty. `url` says which address the file names: the
    site's own (`origin`), the page's (`page`), or `none` where the preset knows it; `takes` says what
    of the file can be read off an answer, first place first. `options` are the preset's, with what
    stands there until a person knows better; one without is left out where nothing says what it is.
    `secrets` are the names of those that are wanted. `say` is what a person should know before
    choosing it. `asks` are addresses below the site's own, in which `{name}` is an option; what they
    answer is looked at, too, and where the last is not answered with JSON the preset cannot work.
    """

    name: str
    say: str
    signs: tuple[Sign, ...]
    preset: str = ""
    url: Literal["origin", "page", "none"] = "origin"
    takes: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
