"""One reading of a site: its pages from the first one to where there is nothing more to learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from monitor.domain.comments import CommentEvent, EventKind
from monitor.domain.errors import Retryable
from monitor.ports import Sighting, Unreadable
from monitor.sources.kinds import Tools
from monitor.sources.polling.judging import View, believed, judge, mark_of
from monitor.sources.polling.site import Ended, Item, Page, Site, Thread
from monitor.sources.web.message import NO_VALIDATORS, Answer, Request, Validators
from monitor.sources.web.waiting import spread

PATIENCE: Final = 60.0
"""Seconds that a reading waits between two pages; a site that asks for more is read again later."""

MOST_EMPTY: Final = 5
"""Pages in a row without a comment on them, though each names a next one."""

MOST_REPEATED: Final = 2
"""Pages in a row that hold only what this reading has seen. One may be shifted that far by a burst."""

Sleep = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How far a reading goes.

    A deep one goes back to `reach`, whatever is known; `due` says that it was time for it. It
    begins at the site's cursor `resume`, so it covers what came after `since`. `pages` bounds it.
    """

    thread: Thread | None
    deep: bool
    due: bool
    resume: str
    since: datetime
    validators: Validators
    pages: int
    reach: datetime
    view: View


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What one page brought. `resume` is the site's cursor after it."""

    events: tuple[CommentEvent, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    resume: str = ""
    newest: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.events or self.sightings or self.unreadable)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a reading counted so far.

    `largest` is the most items on a page, `full` counts the pages on which all were unknown,
    `unknown` those unknown on the last page; `wait` is what the site asked for last, `pace` the
    seconds between requests that make its quota last.
    """

    requests: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    found: int = 0
    known: int = 0
    old: int = 0
    unreadable: int = 0
    events: Counter[EventKind] = field(default_factory=Counter)
    missing_fields: Counter[str] = field(default_factory=Counter)
    largest: int = 0
    pages: int = 0
    full: int = 0
    unknown: int = 0
    wait: float = 0.0
    pace: float = 0.0
    disbelieved: int = 0
    reworded: int = 0

    @property
    def rest(self) -> float:
        """Return the seconds after which the site may be asked again, having been asked so often."""
        return max(self.wait, self.pace * self.requests)

    def count(self, harvest: Harvest) -> None:
        """Count what goes out."""
        self.events.update(event.kind for event in harvest.events)
        self.unreadable += len(harvest.unreadable)


class Reading:
    """Walks over the pages, one a step. After it, `ended` says why it went no further.

    `seen` are the comments that it met, `oldest` is when the first of them was written, `first` the
    answer that it began with, `resumes` are the site's cursors after its pages.
    """

    def __init__(self, site: Site, tools: Tools, plan: Plan, sleep: Sleep) -> None:
        self.plan = plan
        self.tally = Tally()
        self.ended: Ended = ""
        self.seen: set[str] = set()
        self.oldest: datetime | None = None
        self.first: Answer | None = None
        self.resumes: list[str] = []
        self._site = site
        self._tools = tools
        self._sleep = sleep
        self._next: Request | None = site.first(plan.thread, plan.resume)
        self._asked: list[Request] = []
        self._empty = 0
        self._repeated = 0

    async def step(self) -> Harvest | None:
        """Return what the next page brings; None when the reading is over.

        Raises:
            Retryable: the site gave no page.
        """
        if self._next is None:
            return None
        request, self._next = self._next, None
        validators = NO_VALIDATORS if self._asked else self.plan.validators
        await self.rested()
        self._asked.append(request)
        answer = await self.ask(request, validators)
        self.first = self.first or answer
        if answer.unchanged:
            self.ended = _unchanged(validators)
            return None
        page = self._site.read(request, answer, self.plan.thread)
        harvest, unknown = await self._harvest(page)
        if page.resume:
            self.resumes.append(page.resume)
        self.ended = self._end(page, unknown)
        self._next = None if self.ended else page.next
        return harvest

    async def rested(self) -> bool:
        """Return whether the site may be asked again in this reading, having waited as it asked for."""
        if self.tally.wait > PATIENCE:
            return False
        if self.tally.wait:
            await self._sleep(self.tally.wait)
        return True

    async def ask(self, request: Request, validators: Validators = NO_VALIDATORS) -> Answer:
        """Return the site's answer, and count it.

        Raises:
            Retryable: there is none.
        """
        self.tally.requests += 1
        answer = await self._tools.web.ask(request, self._site.manners, validators)
        self.tally.answers[f"{answer.status // 100}xx"] += 1
        self.tally.pace = spread(answer.headers, answer.received_at)
        return answer

    async def _harvest(self, page: Page) -> tuple[Harvest, int]:
        """Return what a page brings, and how many of its comments were never seen before."""
        view = self.plan.view
        marks = {mark_of(record, view).native_id: record for record in page.unreadable}
        fresh = self._unseen(page)
        known = await self._tools.sightings.known(self._site.name, [*fresh, *marks])
        first = [judge(item, known.get(native_id), view) for native_id, item in fresh.items()]
        judged, reworded = believed(list(fresh.values()), first)
        self.tally.reworded += reworded
        unknown = sum(each.unknown for each in judged)
        self._tell(page, fresh, unknown)
        self.tally.old += sum(each.old for each in judged)
        buried = {key: record for key, record in marks.items() if key not in known}
        harvest = Harvest(
            events=tuple(each.event for each in judged if each.event),
            sightings=(
                *(each.sighting for each in judged if each.sighting),
                *(mark_of(record, view) for record in buried.values()),
                *_again(marks, known, view),
            ),
            unreadable=tuple(buried.values()),
            resume=page.resume,
            newest=max(filter(None, map(_time, page.items)), default=None),
        )
        self.tally.count(harvest)
        return harvest, unknown

    def _unseen(self, page: Page) -> dict[str, Item]:
        """Return the page's comments that this reading has not met yet: each is judged once."""
        found: dict[str, Item] = {}
        for item in page.items:
            if item.comment.native_id not in self.seen:
                found.setdefault(item.comment.native_id, item)
        self.seen.update(found)
        self._repeated = 0 if found or not page.items else self._repeated + 1
        self._empty = 0 if page.items or page.unreadable else self._empty + 1
        return found

    def _tell(self, page: Page, fresh: Mapping[str, Item], unknown: int) -> None:
        tally = self.tally
        tally.found += page.found
        tally.known += len(fresh) - unknown
        tally.largest = max(tally.largest, page.found)
        tally.unknown = unknown
        tally.pages += 1
        tally.full += bool(unknown) and unknown == len(page.items)
        tally.wait = max(page.wait, 0.0)
        tally.missing_fields.update(page.missing_fields)
        times = [time for item in fresh.values() if (time := item.comment.created_at)]
        self.oldest = min([*times, *filter(None, [self.oldest])], default=None)

    def _end(self, page: Page, unknown: int) -> Ended:
        """Return why to go no further after this page; empty to go on."""
        if page.next is None:
            return "end"
        if page.next in self._asked or self._repeated >= MOST_REPEATED:
            return "loop"
        if self._empty >= MOST_EMPTY:
            return "empty"
        return self._enough(page, unknown) or self._too_much(page)

    def _enough(self, page: Page, unknown: int) -> Ended:
        if self._site.policy.order == "newest_first" and _all_before(page, self.plan.reach):
            return "window"
        known = not self.plan.deep and not unknown and page.items and not self._repeated
        return "known" if known else ""

    def _too_much(self, page: Page) -> Ended:
        if len(self._asked) >= self.plan.pages:
            return "limit"
        return "asked" if page.wait > PATIENCE else ""


def _unchanged(validators: Validators) -> Ended:
    if not validators:
        raise Retryable("the site says that nothing changed, though it was not asked whether")
    return "unchanged"


def _again(marks: Mapping[str, Unreadable], known: Mapping[str, Sighting], view: View) -> list[Sighting]:
    return [
        mark_of(record, view)
        for key, record in marks.items()
        if key in known and view.at - known[key].seen_at >= view.refresh
    ]


def _all_before(page: Page, reach: datetime) -> bool:
    times = [_time(item) for item in page.items]
    return bool(times) and all(time is not None and time < reach for time in times)


def _time(item: Item) -> datetime | None:
    """Return when the comment was written or last edited, whichever a site sorts by."""
    comment = item.comment
    return max(filter(None, [comment.created_at, comment.edited_at]), default=None)
