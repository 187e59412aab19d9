"""The composition root: which adapter stands behind which port, by the settings."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from monitor.domain.errors import Misconfigured
from monitor.sources.files import open_source

if TYPE_CHECKING:
    from monitor.ports import Source
    from monitor.settings import SourceSettings
    from monitor.sources.formats import Format


def now() -> datetime:
    """Return the time: the clock of every process."""
    return datetime.now(UTC)


def build_source(source: SourceSettings) -> Source:
    """Return the source that these settings describe.

    Raises:
        Misconfigured: it cannot be read as it is set up.
    """
    if source.type != "file" or source.path is None:
        raise Misconfigured.plain(f"source '{source.name}': there is no source type '{source.type}'")
    path: Path | Literal["-"] = "-" if str(source.path) == "-" else source.path
    return open_source(path, cast("Format", source.format), source.name, follow=source.follow)


def build_deliverer(*args):
    raise NotImplementedError
