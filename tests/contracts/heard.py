"""Material for the sources that listen: a server that says its piece and hangs up.

Such a source ends with Retryable, to be connected again; here that is the end of the material. What
it remembered with each cursor is kept beside it, as the store keeps both in one transaction.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from monitor.domain.errors import Retryable
from monitor.ports import Batch, Source
from monitor.settings.secret import Secret
from monitor.sources.push.jetstream.posts import Wanted
from monitor.sources.push.jetstream.source import JetstreamSource, Network
from monitor.sources.push.mastodon.source import Following, MastodonSource, Timeline
from monitor.sources.push.mastodon.statuses import Selection
from monitor.sources.web.message import Manners
from monitor.store.sightings import MemorySightings
from tests.listening import Bench
from tests.sites.jetstream import running_jetstream
from tests.sites.mastodon import TOKEN, running_instance

TEXTS: Final = ("Good morning, all.", "And to you.", "Same here.", "Bye.", "Bye.")
LOOPBACK: Final = ("127.0.0.0/8",)

Remembered = dict[tuple[Path, str | None], MemorySightings]
Speaking = Callable[[Bench, bool], AbstractAsyncContextManager[Source]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A source that is given its server, and what it remembered, whenever it is read."""

    name: str
    folder: Path
    speaking: Speaking
    broken: bool
    remembered: Remembered

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch, None]:
        bench = Bench()
        bench.remember(deepcopy(self.remembered.get((self.folder, cursor), MemorySightings())))
        async with self.speaking(bench, self.broken) as source:
            with suppress(Retryable):
                async for batch in source.batches(cursor):
                    bench.sightings.take(self.name, batch)
                    self.remembered[self.folder, batch.cursor] = deepcopy(bench.sightings)
                    yield batch


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardCase:
    """A listening source, and how its server speaks."""

    name: str
    speaking: Speaking
    breaks: bool = True
    remembered: Remembered = field(default_factory=dict)

    def open(self, folder: Path, *, broken: bool) -> Source:
        return Listener(
            name=self.name,
            folder=folder,
            speaking=self.speaking,
            broken=broken,
            remembered=self.remembered,
        )


@asynccontextmanager
async def _sky(bench: Bench, broken: bool) -> AsyncIterator[Source]:  # noqa: FBT001 - one of the speakers
    async with running_jetstream() as sky:
        sky.patient = False
        for number, text in enumerate(TEXTS):
            sky.post(f"k{number}", text, at=number / 2)
            if broken and number % 2:
                sky.post(f"b{number}", text, at=number / 2 + 0.1, langs="en")
        network = Network(
            hosts=(sky.url,), wanted=Wanted(source="sky"), oldest=True, most=2, within=0.1, networks=LOOPBACK
        )
        yield JetstreamSource(network, bench.tools)


@asynccontextmanager
async def _pond(bench: Bench, broken: bool) -> AsyncIterator[Source]:  # noqa: FBT001
    async with running_instance() as pond:
        for number, text in enumerate(TEXTS):
            pond.post(text, at=200 * number)
        for number in range(2 * broken):
            pond.post("unreadable", at=400 * number + 100, account=None)
        pond.patient = False
        following = Following(
            url=pond.url,
            token=Secret(TOKEN),
            timeline=Timeline(rest="/api/v1/timelines/public", stream="/api/v1/streaming/public"),
            selection=Selection(source="pond"),
            manners=Manners(robots="skip", networks=LOOPBACK),
            overlap=0.0,
            oldest=True,
            most=2,
        )
        yield MastodonSource(following, bench.tools)


CASES: Final = {
    "mastodon": HeardCase(name="pond", speaking=_pond),
    "jetstream": HeardCase(name="sky", speaking=_sky),
}
