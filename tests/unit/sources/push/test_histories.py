"""Made-up histories: whatever happens in whatever order, what was told is what stands there."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from monitor.settings.secret import Secret
from monitor.sources.push.jetstream.posts import Wanted
from monitor.sources.push.jetstream.source import JetstreamSource, Network
from monitor.sources.push.mastodon.source import Following, MastodonSource, Timeline
from monitor.sources.push.mastodon.statuses import Selection
from monitor.sources.web.client import WebClient
from monitor.sources.web.message import Manners
from tests.listening import NOON, Bench, until
from tests.sites.chaos import open_chaos
from tests.sites.faults import RESET, reset_mid_body, seeded, status, truncated_gzip
from tests.sites.jetstream import POSTS, Jetstream, running_jetstream
from tests.sites.ledger import EVEN
from tests.sites.mastodon import TOKEN, Instance, running_instance
from tests.sites.politeness import Courtesy

pytestmark = pytest.mark.slow

LOOPBACK = ("127.0.0.0/8",)
ACTS = (*["post"] * 8, "edit", "edit", "delete", "hang_up", "hang_up", "wait", "wait", "restart")


@dataclass(slots=True)
class Pond:
    """A history of an instance."""

    site: Instance
    truth: dict[str, str] = field(default_factory=dict)

    def post(self, text: str, at: float, chance: random.Random) -> None:
        parent = chance.choice([None, *self.truth])
        self.truth[self.site.post(text, at=at, parent=parent)] = text

    def edit(self, native_id: str, text: str, at: float) -> None:
        self.site.edit(native_id, text, at=at)

    def delete(self, native_id: str, at: float) -> None:
        assert at > 0
        self.site.delete(native_id)

    async def hang_up(self) -> None:
        self.site.hang_up()


@dataclass(slots=True)
class Sky:
    """A history of the network."""

    site: Jetstream
    truth: dict[str, str] = field(default_factory=dict)
    keys: int = 0

    def post(self, text: str, at: float, chance: random.Random) -> None:
        self.keys += 1
        did = chance.choice(["did:plc:ann", "did:plc:ben"])
        self.truth[self.site.post(f"k{self.keys}", text, at=at - chance.random(), did=did)] = text

    def edit(self, native_id: str, text: str, at: float) -> None:
        did, _, key = native_id.removeprefix("at://").split("/")
        self.site.edit(key, text, at=at, did=did)

    def delete(self, native_id: str, at: float) -> None:
        did, _, key = native_id.removeprefix("at://").split("/")
        self.site.delete(key, at=at, did=did)

    async def hang_up(self) -> None:
        await self.site.hang_up()


def follow(site: Instance) -> Following:
    return Following(
        url=site.url,
        token=Secret(TOKEN),
        timeline=Timeline(rest="/api/v1/timelines/public", stream="/api/v1/streaming/public"),
        selection=Selection(source="pond"),
        manners=Manners(robots="skip", networks=LOOPBACK, rate=1000.0),
        oldest=True,
        within=0.01,
    )


async def live(history: Pond | Sky, bench: Bench, chance: random.Random) -> None:
    """Let a hundred things happen at most, until the process is to be restarted; mostly once it caught up."""
    for _ in range(100):
        bench.clock.forward(1)
        act, at = chance.choice(ACTS), (bench.clock.now - NOON).total_seconds()
        known = chance.choice([*history.truth, ""])
        if act == "post" or not known:
            history.post(f"text {at:g}", at, chance)
        elif act == "edit":
            history.truth[known] = f"edited {at:g}"
            history.edit(known, history.truth[known], at)
        elif act == "delete":
            del history.truth[known]
            history.delete(known, at)
        elif act == "hang_up":
            await history.hang_up()
        elif act == "wait":
            await asyncio.sleep(chance.random() / 50)
        else:
            break
    if chance.random() < 0.7:
        await until(lambda: bench.ledger.balance(history.truth) == EVEN)


@asynccontextmanager
async def _closing(web: WebClient) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await web.close()


@pytest.mark.parametrize("seed", range(3))
async def test_an_instances_history_is_told_truly(seed: int, bench: Bench) -> None:
    chance = random.Random(seed)
    async with running_instance() as site:
        following = follow(site)
        history = Pond(site)
        for _ in range(12):
            async with bench.running(MastodonSource(following, bench.tools)):
                await live(history, bench, chance)
        async with bench.running(MastodonSource(following, bench.tools)):
            await until(lambda: bench.ledger.balance(history.truth) == EVEN)


@pytest.mark.parametrize("seed", range(2))
async def test_an_instance_that_fails_often_is_told_truly(seed: int, bench: Bench) -> None:
    chance = random.Random(seed)
    faults = (status(500), status(502), RESET, reset_mid_body, truncated_gzip)
    web = WebClient(bench.clock)
    bench.tools = replace(bench.tools, web=web)
    async with (
        _closing(web),
        running_instance() as site,
        open_chaos(site.url, seeded(seed, *faults), Courtesy(concurrency=1)) as chaos,
    ):
        following = replace(follow(site), url=chaos.url)
        history = Pond(site)
        for _ in range(6):
            async with bench.running(MastodonSource(following, bench.tools)):
                await live(history, bench, chance)
        async with bench.running(MastodonSource(following, bench.tools)):
            await until(lambda: bench.ledger.balance(history.truth) == EVEN)
    assert chaos.violations == []


@pytest.mark.parametrize("seed", range(3))
async def test_the_networks_history_is_told_truly(seed: int, bench: Bench) -> None:
    chance = random.Random(seed)
    async with running_jetstream() as site:
        network = Network(
            hosts=(site.url, site.url + "/xrpc/network.bsky.jetstream.subscribeEvents"),
            wanted=Wanted(source="sky", collections=frozenset({POSTS})),
            oldest=True,
            within=0.01,
            networks=LOOPBACK,
        )
        history = Sky(site)
        for _ in range(12):
            async with bench.running(JetstreamSource(network, bench.tools)):
                await live(history, bench, chance)
        async with bench.running(JetstreamSource(network, bench.tools)):
            await until(lambda: bench.ledger.balance(history.truth) == EVEN)
