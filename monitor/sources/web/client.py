"""Asks servers for every source of a process: in turn, within limits, and only what may be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from typing import Final

import structlog

from monitor.domain.errors import Retryable
from monitor.ports import Clock
from monitor.sources.web.calls import PERMANENT, Call, first
from monitor.sources.web.hosts import Hosts, Sleep
from monitor.sources.web.masking import shown
from monitor.sources.web.mediatypes import check_kind
from monitor.sources.web.message import NO_VALIDATORS, Answer, Manners, Refused, Request, Validators
from monitor.sources.web.robots import MOST_READ, MOST_REDIRECTS, Robots
from monitor.sources.web.waiting import asked_wait, is_busy
from monitor.sources.web.wire import Wire

log = structlog.get_logger()

_MOST_MOVES_TOLD: Final = 1_000

Moved = Callable[[str, str], None]


def tell_moved(old: str, new: str) -> None:
    """Log that a place has moved for good. Neither URL holds a query or a secret."""
    log.warning("source.moved", old=old, new=new)


class WebClient:
    """The one `Web` of a process, for all its sources.

    Args:
        clock: what waits, robots.txt files and dates of headers are measured by.
        contact: where the owner of a server can turn to: a URL or a mail address, put into the User-Agent.
        sleep: waits; tests wait without passing time.
        moved: is told once of each place that has moved for good.
        proxies: use the proxies that the environment names.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        contact: str = "",
        sleep: Sleep = asyncio.sleep,
        moved: Moved = tell_moved,
        proxies: bool = False,
    ) -> None:
        self._clock = clock
        self._agent = user_agent(contact)
        self._moved = moved
        self._moves: set[tuple[str, str]] = set()
        self._hosts = Hosts(clock, sleep)
        self._robots = Robots(self._ask_robots, clock)
        self._wire = Wire(clock, proxies=proxies)

    async def ask(self, request: Request, manners: Manners, validators: Validators = NO_VALIDATORS) -> Answer:
        """Return the answer, as `monitor.sources.web.message.Web` promises it."""
        call = first(request, manners.user_agent or self._agent)
        answer = await self._follow(call, manners, validators)
        check_kind(answer, request.accept)
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()

    async def _ask_robots(self, url: str, manners: Manners) -> Answer:
        unbound = replace(manners, robots="skip", max_bytes=MOST_READ, max_redirects=MOST_REDIRECTS)
        call = first(Request(url=url), manners.user_agent or self._agent)
        return await self._follow(call, unbound, NO_VALIDATORS, cut=True)

    async def _follow(
        self, call: Call, manners: Manners, validators: Validators, *, cut: bool = False
    ) -> Answer:
        """Ask, and where the answer is to ask elsewhere, ask there: as often as the manners allow."""
        for _ in range(manners.max_redirects + 1):
            answer = await self._exchange(call, manners, validators, cut=cut)
            onward = call.onward(answer.status, answer.headers.get("location", ""))
            if onward is None:
                return answer
            if answer.status in PERMANENT and not cut:
                self._tell(call, onward)
            call = onward
        problem = f"redirects more than {manners.max_redirects} times"
        raise Refused("redirect", f"{call.host} {problem}")

    async def _exchange(self, call: Call, manners: Manners, validators: Validators, *, cut: bool) -> Answer:
        """Ask one host once, when it may be asked.

        Raises:
            Retryable: it asks to wait, or answers what cannot be.
        """
        host = self._hosts.of(call.url)
        if manners.robots == "enforce":
            host.slow_down(call.agent, await self._robots.admit(call.open_url, call.agent, manners))
        async with host.turn(manners):
            answer = await self._wire.send(call, manners, validators, cut=cut)
            wait = asked_wait(answer.status, answer.headers, self._clock())
            if wait is not None:
                host.hold(wait)
        if is_busy(answer.status, wait):
            raise Retryable(f"{call.host} answered HTTP {answer.status}", retry_after=wait)
        if answer.unchanged and not validators:
            raise Retryable(f"{call.host} says that nothing changed, without having been asked so")
        return answer

    def _tell(self, call: Call, onward: Call) -> None:
        """Tell once of each pair of sites, or place within one: a site that moves takes every page along."""
        old, new = call.url, onward.url
        pair = (str(old.origin()), str(new.origin()))
        if pair not in self._moves and len(self._moves) < _MOST_MOVES_TOLD:
            self._moves.add(pair)
            self._moved(shown(old), shown(new))


def user_agent(contact: str) -> str:
    """Return who we are, honestly: what asks, and whom to turn to."""
    name = f"comment-monitor/{version('comment-monitor')}"
    return f"{name} (+{contact})" if contact else name
