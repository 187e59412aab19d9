"""Whether a site's robots.txt lets us ask (RFC 9309), and how often."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from protego import Protego
from yarl import URL

from monitor.domain.errors import Retryable
from monitor.ports import Clock
from monitor.sources.web.message import Answer, Manners, Refused

KEPT: Final = timedelta(hours=24)
"""How long a robots.txt is believed at most (section 2.4)."""

MOST_READ: Final = 512_000
"""Bytes that are read of one: at least 500 KiB (section 2.5)."""

MOST_REDIRECTS: Final = 5
"""Redirects that are followed to it: at least five (section 2.3.1.2)."""

STALE_KEPT: Final = timedelta(minutes=5)
"""How long an old one goes on being believed while no new one can be had."""

UNREACHABLE_WAIT: Final = 60.0
"""Seconds until it is asked for again where it cannot be had; until then nothing is asked (2.3.1.4)."""

_MOST_SITES: Final = 2_048
_MOST_TEXT: Final = 32_000_000
"""Characters of all files together that are kept."""

_GROUP: Final = re.compile(r"^[ \t]*user[- ]?agent[ \t]*[: \t]([^#\r\n]*)", re.IGNORECASE | re.MULTILINE)
_OTHERS: Final = "User-agent: somebody~else"

Fetch = Callable[[str, Manners], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class _File:
    """One robots.txt, parsed for each agent that asked so far; `text` is empty where all is allowed."""

    text: str
    until: datetime
    parsed: dict[str, Protego]

    async def rules(self, agent: str) -> Protego:
        """Return the rules for an agent's product token. Parsed aside: half a megabyte takes a while."""
        if agent not in self.parsed:
            self.parsed[agent] = await asyncio.to_thread(Protego.parse, _concerning(self.text, agent))
        return self.parsed[agent]


class Robots:
    """Reads each site's robots.txt once a day.

    Args:
        fetch: asks for a URL and returns the answer, with its first bytes where it is long.
        clock: what a file's age is told by.
    """

    def __init__(self, fetch: Fetch, clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._files: dict[URL, _File] = {}
        self._reading: dict[URL, asyncio.Lock] = {}

    async def admit(self, url: URL, agent: str, manners: Manners) -> float:
        """Return the seconds that the site wants between two requests; 0 where it does not say.

        Args:
            url: what is to be asked for.
            agent: the User-Agent that it is asked with.
            manners: how the robots.txt is asked for.

        Raises:
            Refused: the robots.txt forbids it.
            Retryable: the robots.txt cannot be had.
        """
        token = product(agent)
        rules = await (await self._file(url.origin(), manners)).rules(token)
        if not rules.can_fetch(str(url), token):
            raise Refused("robots", f"the robots.txt of {url.host} does not allow {token} to ask for this")
        rate = rules.request_rate(token)
        return max(rules.crawl_delay(token) or 0.0, rate.seconds / rate.requests if rate else 0.0)

    async def _file(self, site: URL, manners: Manners) -> _File:
        """Return the file, read by one for all who wait for it."""
        async with self._reading.setdefault(site, asyncio.Lock()):
            known = self._files.get(site)
            if known is None or known.until <= self._clock():
                known = await self._read(site, manners, known)
                self._forget()
                self._files[site] = known
            return known

    async def _read(self, site: URL, manners: Manners, former: _File | None) -> _File:
        try:
            answer = await self._fetch(str(site.with_path("/robots.txt")), manners)
        except Retryable as error:
            if isinstance(error, Refused) and error.reason == "redirect":
                return _File("", self._clock() + KEPT, {})
            if isinstance(error, Refused):
                raise
            if former is not None:
                return _File(former.text, self._clock() + STALE_KEPT, former.parsed)
            wait = max(UNREACHABLE_WAIT, error.retry_after or 0.0)
            problem = f"nothing is asked of {site.host} until its robots.txt can be read"
            raise Retryable(f"{problem}: {error}", retry_after=wait) from None
        found = answer.status == HTTPStatus.OK
        text = answer.body.decode("utf-8-sig", "replace") if found else ""
        return _File(text, self._clock() + KEPT, {})

    def _forget(self) -> None:
        """Keep what is kept small: redirects can name any number of sites."""
        text = sum(len(file.text) for file in self._files.values())
        while self._files and (len(self._files) >= _MOST_SITES or text > _MOST_TEXT):
            oldest = next(iter(self._files))
            text -= len(self._files.pop(oldest).text)
        if len(self._reading) > _MOST_SITES:
            self._reading = {site: lock for site, lock in self._reading.items() if lock.locked()}


def product(agent: str) -> str:
    """Return the part of a User-Agent that robots.txt files call it by (section 2.2.1)."""
    return re.split(r"[/\s]", agent.strip(), maxsplit=1)[0] or agent


def _concerning(text: str, agent: str) -> str:
    """Return the file with the names of all agents that this one is not made one name.

    Protego notes every rule of a group for every agent named in its head, and looks each up in a
    list: 90 kB with 3,000 names before 3,000 rules keep it busy for 17 s.
    """
    token = agent.lower()

    def kept(match: re.Match[str]) -> str:
        name = match[1].strip().lower()
        concerned = name == "*" or (name and name.replace("*", "") in token)
        return match[0] if concerned else _OTHERS

    return _GROUP.sub(kept, text)
