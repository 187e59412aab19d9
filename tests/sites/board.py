"""A site in virtual time for the poller's proofs: what stands on it, how it shows it, and a run over it.

Things happen at their moments also between two pages of one reading, for every answer takes time.
"""

from __future__ import annotations

import asyncio
import heapq
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final, Literal

from monitor.domain.comments import Comment
from monitor.domain.errors import Retryable
from monitor.ports import Batch, Cursors, Publisher, Sightings, Unreadable
from monitor.services.ingest import Ingest, Pacing
from monitor.sources.kinds import Handler, Tools
from monitor.sources.polling.bookmarks import Bookmarks
from monitor.sources.polling.poller import Poller
from monitor.sources.polling.site import Item, Page, Policy, Poll, Standing, Thread
from monitor.sources.web.message import NO_VALIDATORS, Answer, Manners, Request, Validators
from monitor.store.cursors import MemoryCursors
from monitor.store.sightings import MemorySightings
from tests.sites.ledger import Ledger

START: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATENCY: Final = 0.2
"""Seconds that an answer takes."""

TOO_MANY: Final = 20_000
"""Requests that no run makes."""

State = Literal["visible", "pending", "spam", "deleted", "erased"]


class Over(Exception):
    """The time of the run is up."""


class Time:
    """A clock that moves when somebody waits, and does what was planned on the way."""

    def __init__(self) -> None:
        self.now = START
        self.end = START
        self._planned: list[tuple[datetime, int, Callable[[], object]]] = []
        self._order = count()

    def __call__(self) -> datetime:
        return self.now

    def plan(self, seconds: float, action: Callable[[], object]) -> None:
        """Do this so many seconds after the start."""
        heapq.heappush(self._planned, (START + timedelta(seconds=seconds), next(self._order), action))

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + timedelta(seconds=seconds)
        while self._planned and self._planned[0][0] <= until:
            moment, _, action = heapq.heappop(self._planned)
            self.now = max(self.now, moment)
            action()
        self.now = max(self.now, until)

    async def sleep(self, seconds: float) -> None:
        """Wait; end the run when its time is up."""
        if self.now + timedelta(seconds=seconds) > self.end:
            self.pass_((self.end - self.now).total_seconds())
            raise Over
        self.pass_(seconds)
        await asyncio.sleep(0)


@dataclass(slots=True, kw_only=True)
class Entry:
    """A comment as the site's own store holds it."""

    id: int
    text: str
    created: datetime | None
    thread: str = "bridge"
    state: State = "visible"


@dataclass(slots=True, kw_only=True)
class Board:
    """The site's store."""

    time: Time
    entries: dict[int, Entry] = field(default_factory=dict)

    def write(
        self, text: str = "Good morning", *, age: float = 0, state: State = "visible", thread: str = "bridge"
    ) -> int:
        """Add a comment that was written `age` seconds ago."""
        number = len(self.entries) + 1
        created = self.time() - timedelta(seconds=age)
        self.entries[number] = Entry(id=number, text=text, created=created, state=state, thread=thread)
        return number

    def edit(self, number: int, text: str) -> None:
        """Change a text."""
        self.entries[number].text = text

    def move(self, number: int, state: State) -> None:
        """Approve, trash, restore or erase."""
        self.entries[number].state = state

    def shown(self) -> dict[str, str]:
        """Return the texts that people can see, by id."""
        return {str(each.id): each.text for each in self.entries.values() if each.state == "visible"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """How the site shows its store.

    `moderator` shows what waits and what was taken away too. `newest` is how many the list holds at
    all, 0 for all. `etag` is `true`, or `lazy`: it changes with the newest comment only. `resumes`
    gives the site's own cursor after each page. `rest` is how many seconds every answer asks to wait
    before the next. `hidden_page` is shown empty, `circle` leads from the
    last page to the first, `odd` are records that nobody can read.
    """

    per_page: int = 10
    order: Literal["newest_first", "oldest_first", "any"] = "newest_first"
    moderator: bool = False
    newest: int = 0
    etag: Literal["none", "true", "lazy"] = "none"
    resumes: bool = False
    dated: bool = True
    listed: bool = False
    hidden_page: int = 0
    rest: float = 0.0
    circle: bool = False
    odd: tuple[str, ...] = ()


@dataclass(slots=True)
class BoardSite:
    """The site as the poller knows it."""

    board: Board
    face: Face = field(default_factory=Face)
    policy: Policy = field(default_factory=Policy)
    threads_: Sequence[str] = ()
    blind: bool = False
    name: str = "gazette"
    manners: Manners = field(default_factory=Manners)

    def listing(self) -> Request | None:
        return Request(url="http://site/threads") if self.face.listed else None

    def fixed(self) -> tuple[Thread, ...]:
        return () if self.face.listed else tuple(Thread(id=each) for each in self.threads_)

    def threads(self, answer: Answer) -> tuple[Thread, ...]:
        return tuple(Thread(id=each) for each in json.loads(answer.body))

    def first(self, thread: Thread | None, resume: str = "") -> Request:
        params = {"thread": thread.id} if thread else {}
        return Request(url="http://site/comments", params=params | ({"after": resume} if resume else {}))

    def read(self, request: Request, answer: Answer, thread: Thread | None) -> Page:
        del thread
        content = json.loads(answer.body)
        number = int(str(request.params.get("page", "1")))
        following = request.with_params(page=str(number + 1)) if content["more"] else None
        if self.face.circle and following is None:
            following = request.with_params(page="1") if number > 1 else request
        if self.blind:
            return Page(items=())
        return Page(
            items=tuple(self._item(each) for each in content["items"]),
            unreadable=tuple(
                Unreadable(payload=each.encode(), reason="schema", detail="no id", origin="site")
                for each in content.get("odd", ())
            ),
            next=following,
            found=len(content["items"]),
            resume=content["resume"],
            wait=content.get("wait", 0.0),
        )

    def recheck(self, native_id: str) -> Request | None:
        return Request(url=f"http://site/comments/{native_id}")

    def rechecked(self, answer: Answer) -> Standing:
        if answer.status >= 500:
            raise Retryable("the site is down")
        return Standing.VISIBLE if answer.status == 200 else Standing.DELETED

    def rest(self, answer: Answer) -> float:
        return float(json.loads(answer.body).get("wait", 0.0))

    def _item(self, fields: dict[str, str]) -> Item:
        created = datetime.fromisoformat(fields["created"]) if self.face.dated else None
        comment = Comment(
            source=self.name,
            native_id=fields["id"],
            text=fields["text"],
            thread=fields["thread"],
            created_at=created,
        )
        return Item(comment=comment, standing=Standing(fields["state"]))


class BoardWeb:
    """Answers as the site would, and can be told to fail. `asked` holds every request."""

    def __init__(self, site: BoardSite) -> None:
        self.site = site
        self.asked: list[tuple[Request, Validators]] = []
        self.down: Retryable | None = None
        self.down_threads: set[str] = set()
        self.before: Callable[[], None] = lambda: None
        self.headers: dict[str, str] = {}

    async def ask(self, request: Request, manners: Manners, validators: Validators = NO_VALIDATORS) -> Answer:
        del manners
        self.asked.append((request, validators))
        assert len(self.asked) < TOO_MANY, "the site is asked without end"
        self.site.board.time.pass_(LATENCY)
        self.before()
        if self.down:
            raise self.down
        if request.params.get("thread") in self.down_threads:
            raise Retryable("the thread is broken")
        answer = self._answer(request)
        tag = answer.validators
        unchanged = bool(tag) and tag == validators
        return self._made(304, b"", answer.headers) if unchanged else answer

    def _answer(self, request: Request) -> Answer:
        place = request.url.removeprefix("http://site/")
        if place == "threads":
            return self._made(200, json.dumps(list(self.site.threads_)).encode(), {})
        if place != "comments":
            there = place.removeprefix("comments/") in self.site.board.shown()
            asked = json.dumps({"wait": self.site.face.rest}).encode()
            return self._made(200 if there else 404, asked, {})
        return self._page(request)

    def _page(self, request: Request) -> Answer:
        face, shown = self.site.face, self._shown(request.params.get("thread"))
        number, after = int(str(request.params.get("page", "1"))), str(request.params.get("after", ""))
        if after:
            shown = [each for each in shown if each.id > int(after)]
        begin = (number - 1) * face.per_page
        some = shown[begin : begin + face.per_page]
        content = {
            "items": [] if number == face.hidden_page else [self._fields(each) for each in some],
            "odd": face.odd,
            "more": len(shown) > begin + face.per_page,
            "resume": str(some[-1].id) if face.resumes and some else "",
            "wait": face.rest,
        }
        return self._made(200, json.dumps(content).encode(), self._headers(shown))

    def _shown(self, thread: object) -> list[Entry]:
        face = self.site.face
        states = {"visible", "pending", "spam", "deleted"} if face.moderator else {"visible"}
        entries = [
            each
            for each in self.site.board.entries.values()
            if each.state in states and thread in {None, each.thread}
        ]
        newest_first = sorted(entries, key=lambda each: (each.created or START, each.id), reverse=True)
        kept = newest_first[: face.newest] if face.newest else newest_first
        match face.order:
            case "newest_first":
                return kept
            case "oldest_first":
                return sorted(kept, key=lambda each: each.id)
            case _:
                return sorted(kept, key=lambda each: each.id * 7919 % 101)

    def _headers(self, shown: Sequence[Entry]) -> Mapping[str, str]:
        match self.site.face.etag:
            case "none":
                return {}
            case "lazy":
                return {"etag": str(max((each.id for each in shown), default=0))}
            case _:
                return {"etag": str(hash(tuple((each.id, each.text, each.state) for each in shown)))}

    def _fields(self, entry: Entry) -> dict[str, str]:
        created = entry.created.isoformat() if entry.created else ""
        return {
            "id": str(entry.id),
            "text": entry.text,
            "thread": entry.thread,
            "state": entry.state,
            "created": created,
        }

    def _made(self, status: int, body: bytes, headers: Mapping[str, str]) -> Answer:
        now, headers = self.site.board.time(), {**headers, **self.headers}
        return Answer(url="http://site/", status=status, headers=headers, body=body, received_at=now)


@dataclass(slots=True)
class Watching:
    """Keeps what the poller tells."""

    polls: list[Poll] = field(default_factory=list)

    def polled(self, source: str, poll: Poll) -> None:
        del source
        self.polls.append(poll)

    def connected(self, source: str, *, up: bool, reason: str = "") -> None:
        """Polled sites do not connect."""

    def knocked(self, source: str, outcome: str) -> None:
        """Nobody knocks at polled sites."""

    def taken(self, source: str, batch: Batch) -> None:
        """What is taken is in the ledger."""

    def waiting(self, source: str, error: Retryable, seconds: float) -> None:
        """The poller waits by itself."""


class NoDoors:
    """There are no webhooks here."""

    async def open(self, path: str, handler: Handler) -> None:
        """Open nothing."""

    def close(self, path: str) -> None:
        """Close nothing."""


class Run:
    """A poller over a board, with a memory, run for as long as is said, again and again."""

    def __init__(self, site: BoardSite) -> None:
        self.site = site
        self.time = site.board.time
        self.web = BoardWeb(site)
        self.watching = Watching()
        self.ledger = Ledger()
        self.publisher: Publisher = self.ledger
        memory = MemorySightings()
        self.sightings: Sightings = memory
        self.cursors: Cursors = MemoryCursors(memory)
        self.chance: Callable[[], float] = lambda: 0.5

    async def pass_(self, seconds: float) -> None:
        """Start the source anew and let it run for so many seconds."""
        self.time.end = self.time.now + timedelta(seconds=seconds)
        pacing = Pacing(sleep=self.time.sleep, chance=self.chance)
        try:
            await Ingest(self.source(), self.publisher, self.cursors, self.watching, pacing).run()
        except Over:
            return

    def source(self) -> Poller:
        tools = Tools(
            web=self.web,
            sightings=self.sightings,
            clock=self.time,
            watch=self.watching,
            doors=NoDoors(),
        )
        return Poller(self.site, tools, sleep=self.time.sleep, chance=self.chance)

    def later(self, seconds: float, number: int, state: State) -> None:
        """Move a comment, so many seconds after the start."""
        self.time.plan(seconds, lambda: self.site.board.move(number, state))

    async def bookmarks(self) -> Bookmarks:
        """Return what the saved cursor holds."""
        return Bookmarks.read(await self.cursors.load(self.site.name), self.time().timestamp())

    def told(self) -> list[str]:
        """Return what was told: the kind and the id of each event."""
        return [f"{event.kind} {event.comment.native_id}" for event in self.ledger.events]


def a_run(face: Face | None = None, policy: Policy | None = None, threads: Sequence[str] = ()) -> Run:
    """Return a run over an empty board."""
    board = Board(time=Time())
    return Run(BoardSite(board, face or Face(), policy or Policy(), threads))
