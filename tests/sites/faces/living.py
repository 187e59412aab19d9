"""One life of a made-up site, read from beginning to end by the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.sources.polling.site import Poll
from tests.sites.chaos import WELL, open_chaos
from tests.sites.faces.face import Face, serving
from tests.sites.faces.scenario import Acts, Scenario
from tests.sites.faces.store import Store
from tests.sites.faults import Plan
from tests.sites.haste import hasten
from tests.sites.ledger import Balance
from tests.sites.politeness import Courtesy
from tests.sites.watching import watching

RATE: Final = 10.0
"""Requests a second of the hasty loop that a site allows, as the source files of the faces say."""

SETTLED: Final = 40
"""Readings back over the late window within which everything must have been told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How it ended: what does not agree, what was impolite, how the readings went, what was unreadable."""

    balance: Balance
    violations: list[str]
    polls: list[Poll]
    buried: int
    events: int


def live(  # noqa: PLR0913 - what a life may be like
    face: Callable[[Store], Face],
    acts: Acts = Acts(),  # noqa: B008 - frozen
    *,
    plan: Plan = WELL,
    robots: str | None = None,
    rate: float = RATE,
    factor: float = 80.0,
    calm: bool = False,
    settled: int = SETTLED,
) -> Told:
    """Let people live on a site while faults happen by plan; read it until all is told, and a while longer.

    `calm`: the faults end when the people do. `settled`: the most readings that are waited for after that.
    """

    async def work(clock: Callable[[], datetime]) -> Told:
        store = Store(clock)
        site = face(store)
        courtesy = Courtesy(rate=rate * factor, robots=robots)
        async with (
            serving(site) as url,
            open_chaos(url, plan, courtesy, clock=clock) as chaos,
            watching(site.source_at(chaos.url), clock) as watcher,
        ):
            await Scenario(store, acts).run()
            chaos.plan = WELL if calm else plan
            for _ in range(settled):
                await watcher.readings(1, deep=1, patience=8000)
                if watcher.balance(site.truth()) == Balance():
                    break
            if settled:
                await watcher.readings(2, deep=1, patience=8000)
            return Told(
                balance=watcher.balance(site.truth()),
                violations=chaos.violations,
                polls=watcher.polls,
                buried=len(watcher.ledger.buried),
                events=len(watcher.ledger.events),
            )

    return hasten(work, factor)
