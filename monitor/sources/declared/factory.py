"""The entry point of `kind: poll`."""

from __future__ import annotations

from monitor.ports import Source
from monitor.sources.declared.reading import read_site
from monitor.sources.kinds import Description, Tools


def poll(description: Description, tools: Tools) -> Source | None:
    """Return the source of a description; None where it cannot stand, which is reported on its places."""
    from monitor.sources.polling.poller import Poller

    site = read_site(description)
    return Poller(site, tools) if site is not None else None
