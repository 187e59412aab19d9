"""The source behind one door: lets in who may post, and answers 2xx once Kafka has what was posted.

A sender that gets no 2xx sends the same again, so 503 loses nothing; what comes again is known by
its delivery id, which is remembered in the transaction that remembers the comments.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, Literal

import aiohttp
from aiohttp import web

from monitor.domain.errors import Rejected, Retryable
from monitor.ports import Batch, Sighting, Unreadable
from monitor.settings.secret import Secret
from monitor.sources.kinds import Tools
from monitor.sources.push.bundles import Bundles
from monitor.sources.push.news import sift
from monitor.sources.push.webhooks.letter import Content, Dialect, Letter, Spoiled
from monitor.sources.push.webhooks.letterbox import MOST_WAITING, Buried, Delivery, Letterbox
from monitor.sources.push.webhooks.locks import Lock

READ_SECONDS: Final = 10.0
"""How long a sender may take for its body."""

MOST_READ_AT_ONCE: Final = 100
"""Bodies, of whomever, that are read at once: strangers shall not fill the memory."""

_REMEMBERED: Final = "delivery:"
"""Goes before a delivery's id where it is remembered beside comments."""

_PLAIN_ID: Final = re.compile(r"[\w.:=+/-]{1,100}\Z", flags=re.ASCII)
_AGAIN: Final = {"Retry-After": "30"}

Outcome = Literal[
    "accepted",
    "repeated",
    "ignored",
    "handshake",
    "wrong_signature",
    "stale",
    "too_large",
    "too_slow",
    "unread",
    "full",
    "late",
    "other",
]
"""What became of a knock; the words become metric labels."""

_STATUS: Final[dict[Outcome, int]] = {
    "accepted": 200,
    "repeated": 200,
    "ignored": 200,
    "handshake": 200,
    "wrong_signature": 401,
    "stale": 401,
    "too_large": 413,
    "too_slow": 408,
    "unread": 503,
    "full": 503,
    "late": 503,
    "other": 405,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A door as its source file tells it. Seconds, bytes.

    `verify_token` answers Meta's handshake. A sender gets 503 after `answer_within`, and at once
    while `most_waiting` deliveries wait already.
    """

    source: str
    path: str
    dialect: Dialect
    lock: Lock
    verify_token: Secret | None = None
    most_bytes: int = 1_000_000
    most_waiting: int = MOST_WAITING
    answer_within: float = 10.0
    within: float = 0.01
    remember: float = 30 * 86_400.0


class WebhookSource:
    """Takes deliveries as long as it is read."""

    def __init__(self, endpoint: Endpoint, tools: Tools) -> None:
        self._endpoint = endpoint
        self._tools = tools
        self._being_read = 0
        self._buried = Buried()

    @property
    def name(self) -> str:
        """Return the source's id."""
        return self._endpoint.source

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch, None]:  # noqa: ARG002 - nothing to resume
        """Yield what is posted. Whoever asks for the next batch says that the one before is safe.

        Raises:
            Misconfigured: the path is taken, or nothing can be listened on.
        """
        box = Letterbox(self._endpoint.most_waiting)
        bundles = Bundles(box.deliveries(), within=self._endpoint.within)
        await self._tools.doors.open(self._endpoint.path, partial(self._answer, box))
        self._tools.watch.connected(self.name, up=True)
        try:
            while True:
                deliveries = await bundles.take()
                yield await self._batch(deliveries)
                self._buried.add(deliveries)
                box.settle(deliveries)
        finally:
            self._tools.doors.close(self._endpoint.path)
            box.close()
            await bundles.close()

    async def _batch(self, deliveries: Sequence[Delivery]) -> Batch:
        now = self._tools.clock()
        heard = [each for delivery in deliveries for each in delivery.heard]
        news = await sift(heard, self._tools.sightings, self.name, now)
        remembered = (
            Sighting(native_id=_REMEMBERED + delivery.id, digest="", seen_at=now, gone=True)
            for delivery in deliveries
            if not delivery.spoiled
        )
        return Batch(
            events=news.events,
            cursor=now.isoformat(),
            unreadable=news.unreadable,
            sightings=(*news.sightings, *remembered),
            forget_before=now - timedelta(seconds=self._endpoint.remember),
        )

    async def _answer(self, box: Letterbox, request: web.Request) -> web.Response:
        if request.method == "GET" and (challenge := self._challenge(request)) is not None:
            self._tools.watch.knocked(self.name, "handshake")
            return web.Response(text=challenge)
        outcome = await self._outcome(box, request) if request.method == "POST" else "other"
        self._tools.watch.knocked(self.name, outcome)
        status = _STATUS[outcome]
        return web.Response(status=status, headers=_AGAIN if status == _STATUS["late"] else None)

    def _challenge(self, request: web.Request) -> str | None:
        """Return what proves to Meta that we know the token which a person gave to both."""
        token, query = self._endpoint.verify_token, request.query
        if token is None or query.get("hub.mode") != "subscribe":
            return None
        given = query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
        return query.get("hub.challenge") if hmac.compare_digest(given, token.reveal().encode()) else None

    async def _outcome(self, box: Letterbox, request: web.Request) -> Outcome:
        if self._being_read >= MOST_READ_AT_ONCE:
            return "full"
        self._being_read += 1
        try:
            body = await self._body(request)
        finally:
            self._being_read -= 1
        return body if isinstance(body, str) else await self._read(box, request, body)

    async def _read(self, box: Letterbox, request: web.Request, body: bytes) -> Outcome:
        headers = {name.lower(): ", ".join(request.headers.getall(name)) for name in request.headers}
        letter = Letter(headers=headers, body=body, received_at=self._tools.clock())
        if complaint := self._endpoint.lock.complaint(letter):
            return complaint
        delivery_id = _identity(self._endpoint.dialect, letter)
        if delivery_id in self._buried or await self._known(delivery_id):
            return "repeated"
        delivery = box.find(delivery_id)
        if delivery is None:
            try:
                async with asyncio.timeout(self._endpoint.answer_within):
                    content = await self._content(letter)
            except (Retryable, TimeoutError):
                return "unread"
            if not content.told and not content.spoiled:
                return "ignored"
            delivery = box.put(self._delivery(delivery_id, content))
        return "full" if delivery is None else await self._settled(delivery)

    async def _known(self, delivery_id: str) -> bool:
        return bool(await self._tools.sightings.known(self.name, [_REMEMBERED + delivery_id]))

    async def _content(self, letter: Letter) -> Content:
        """Return what the letter tells; one that is authentic is never lost because it cannot be read."""
        try:
            return await self._endpoint.dialect.read(letter)
        except Rejected as error:
            spoiled = Spoiled(payload=letter.body, reason=error.reason, detail=error.detail)
            return Content(spoiled=(spoiled,))

    def _delivery(self, delivery_id: str, content: Content) -> Delivery:
        origin = f"webhook:{self.name}:{delivery_id}"
        unreadable = (
            Unreadable(payload=each.payload, reason=each.reason, detail=each.detail, origin=origin)
            for each in content.spoiled
        )
        return Delivery(id=delivery_id, heard=(*content.told, *unreadable))

    async def _settled(self, delivery: Delivery) -> Outcome:
        await asyncio.wait({delivery.safe}, timeout=self._endpoint.answer_within)
        return "accepted" if delivery.safe.done() and delivery.safe.result() else "late"

    async def _body(self, request: web.Request) -> bytes | Outcome:
        """Return the body, or why it is not taken; no more of it is read than may be."""
        most = self._endpoint.most_bytes
        if (request.content_length or 0) > most:
            return "too_large"
        try:
            async with asyncio.timeout(READ_SECONDS):
                body = await _taken(request.content, most)
        except (TimeoutError, ConnectionError, aiohttp.ClientError):
            return "too_slow"
        return "too_large" if body is None else body


async def _taken(content: aiohttp.StreamReader, most: int) -> bytes | None:
    """Return all that comes, None where it is more than may be."""
    body = bytearray()
    while chunk := await content.readany():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def _identity(dialect: Dialect, letter: Letter) -> str:
    """Return what tells this delivery from others: the site's id for it, else what it says."""
    given = dialect.delivery(letter)
    if _PLAIN_ID.match(given):
        return given
    return hashlib.sha256(given.encode("utf-8", "surrogatepass") or letter.body).hexdigest()
