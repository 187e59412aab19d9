"""Many small sites in one process, each on a loopback address of its own: `python -m tests.bench.hosts`.

It prints its port, and answers the figures at `/figures`. Every site judges how politely it is asked.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from aiohttp import web

from tests.sites.politeness import Courtesy, Referee, Visit

RATE: Final = 1.0
"""Requests a second that a host allows; what a source makes of it unless its file says otherwise."""

WINDOW: Final = 20
BEFORE: Final = 20
"""Comments that a site shows, and those that it begins with."""

TROUBLE: Final = 50
"""Every so manieth request is answered 429, with a Retry-After of this many seconds: """
PAUSE: Final = 5

WORDS: Final = (
    *("the", "council", "has", "talked", "about", "the", "bridge", "over", "the", "river", "for", "years"),
    *("and", "nobody", "has", "built", "it", "yet", "because", "of", "the", "money"),
)


@dataclass(slots=True)
class Hosts:
    """All sites. Comments come at `per_minute` to each of them, each at its own second."""

    per_minute: float = 6.0
    began: float = field(default_factory=time.time)
    referees: dict[str, Referee] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    """How many comments had left each site's window before it was asked for the first time."""
    requests: int = 0
    unchanged: int = 0

    async def comments(self, request: web.Request) -> web.StreamResponse:
        """Answer the newest comments of the site that was asked."""
        self.requests += 1
        referee = self.referees.setdefault(request.host, Referee(Courtesy(rate=RATE)))
        self.passed.setdefault(request.host, max(0, self._count(request.host) - WINDOW))
        visit = _visit(request)
        referee.arrives(visit)
        response = self._answer(request)
        visit.answered = True
        referee.answers(visit, response)
        return response

    async def figures(self, _: web.Request) -> web.Response:
        """Answer what was seen so far."""
        violations = [each for referee in self.referees.values() for each in referee.violations]
        return web.json_response(
            {
                "hosts": len(self.referees),
                "requests": self.requests,
                "unchanged": self.unchanged,
                "comments": sum(self._count(host) - passed for host, passed in self.passed.items()),
                "violations": len(violations),
                "first": violations[:5],
            }
        )

    def _answer(self, request: web.Request) -> web.StreamResponse:
        if self.requests % TROUBLE == 0:
            return web.Response(status=429, headers={"Retry-After": str(PAUSE)})
        count = self._count(request.host)
        etag = f'"{count}"'
        if request.headers.get("If-None-Match") == etag:
            self.unchanged += 1
            return web.Response(status=304, headers={"ETag": etag})
        shown = range(count, max(0, count - WINDOW), -1)
        body = {"comments": [self._comment(number) for number in shown]}
        return web.json_response(body, headers={"ETag": etag})

    def _count(self, host: str) -> int:
        offset = int.from_bytes(sha256(host.encode()).digest()[:2], "big") / 65536
        return BEFORE + int((time.time() - self.began) / 60 * self.per_minute + offset)

    def _comment(self, number: int) -> dict[str, object]:
        text = " ".join(WORDS[(number + place) % len(WORDS)] for place in range(24))
        written = self.began + (number - BEFORE) * 60 / self.per_minute
        return {
            "id": number,
            "author": f"reader {number % 50}",
            "text": f"{number} {text}",
            "written": written,
        }


def _visit(request: web.Request) -> Visit:
    return Visit(
        host=request.host,
        path=request.path,
        url=str(request.url),
        headers=request.headers,
        body=b"",
        at=time.monotonic(),
        request=request,
    )


async def main() -> None:
    """Serve on every address of this machine until it is ended."""
    hosts = Hosts()
    app = web.Application()
    app.add_routes([web.get("/comments.json", hosts.comments), web.get("/figures", hosts.figures)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "0.0.0.0", 0).start()  # noqa: S104 - every 127.x.y.z is a host of its own
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
