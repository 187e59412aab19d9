"""`${env:NAME}` and `${file:PATH}` in the settings file, so that it may hold no secret itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.settings.findings import Unfit

_REFERENCE: Final = re.compile(r"\$\{(?:(\w+):)?([^}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expander:
    """Puts in what a text refers to. Paths are read from `base`."""

    environ: Mapping[str, str]
    base: Path

    def expand(self, value: object) -> object:
        """Return the value with every reference replaced, in lists too.

        Raises:
            Unfit: what is referred to does not exist.
        """
        if isinstance(value, str):
            return _REFERENCE.sub(self._replacement, value)
        if isinstance(value, list):
            return [self.expand(item) for item in value]
        return value

    def file(self, path: str) -> str:
        """Return a file's text without the line break at its end.

        Raises:
            Unfit: it cannot be read.
        """
        try:
            return (self.base / Path(path).expanduser()).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise Unfit(f"the file {path} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise Unfit(f"the file {path} is not written in UTF-8") from None

    def _replacement(self, reference: re.Match[str]) -> str:
        readers: dict[str, Callable[[str], str]] = {"env": self._variable, "file": self.file}
        reader = readers.get(reference[1] or "")
        if reader is None:
            raise Unfit(f"{reference[0]} refers to nothing", hint="write ${env:NAME} or ${file:PATH}")
        return reader(reference[2].strip())

    def _variable(self, name: str) -> str:
        if name in self.environ:
            return self.environ[name]
        raise Unfit(f"the environment variable {name} is not set")


def refers(value: object) -> bool:
    """Return whether there is something to expand."""
    return isinstance(value, str) and bool(_REFERENCE.search(value))
