"""A site as its file tells of it: what the poller asks of a `Site`, answered by the file's parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.domain.errors import Retryable
from monitor.sources.declared.comments import Reader
from monitor.sources.declared.data import json_or_none
from monitor.sources.declared.documents import Opener
from monitor.sources.declared.fan import Fan
from monitor.sources.declared.faults import Faults
from monitor.sources.declared.paging import Pager, Turn, known_of
from monitor.sources.declared.recheck import Recheck
from monitor.sources.declared.requests import Template
from monitor.sources.polling.site import Item, Page, Policy, Standing, Thread
from monitor.sources.web.message import Answer, Manners, Refused, Request

MOST_ITEMS: Final = 100_000
"""Items of one page, where the file says nothing: `max_bytes` is the limit that is met first."""

NOTHING_KNOWN: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Asks only for what is later than what was read: a parameter with a time (`incremental.cursor`).

    `field` is the comment's time that the site compares with; `overlap` seconds of what is known are
    asked for again, because sites compare by the second, in zones of their own, and exclusively.
    """

    field: str
    param: str
    epoch: bool
    overlap: float

    def mark(self, items: list[Item]) -> str:
        """Return the value to ask with next; empty where no item has a time."""
        comments = [item.comment for item in items]
        if self.field == "edited_at":
            times = [comment.edited_at or comment.created_at for comment in comments]
        else:
            times = [comment.created_at for comment in comments]
        known: list[datetime] = [time for time in times if time is not None]
        if not known:
            return ""
        since = max(known) - timedelta(seconds=self.overlap)
        return str(int(since.timestamp())) if self.epoch else since.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSite:
    """A site told in YAML. `resume_param` is the parameter that takes a kept cursor."""

    name: str
    policy: Policy
    manners: Manners
    template: Template
    opener: Opener
    reader: Reader
    pager: Pager
    faults: Faults
    fan: Fan | None = None
    rechecks: Recheck | None = None
    later: Later | None = None
    resume_param: str = ""
    max_items: int = MOST_ITEMS

    def listing(self) -> Request | None:
        """Return what to ask for the threads; None where they are fixed, or there are none."""
        template = self.fan.template if self.fan else None
        return template.fill(NOTHING_KNOWN) if template else None

    def fixed(self) -> tuple[Thread, ...]:
        """Return the threads that the file lists."""
        return self.fan.fixed if self.fan else ()

    def threads(self, answer: Answer) -> tuple[Thread, ...]:
        """Return the threads that are still active, most active first.

        Raises:
            Retryable: the answer is none that this site gives when it is well.
        """
        self.faults.check(answer)
        return self.fan.threads(answer) if self.fan else ()

    def first(self, thread: Thread | None, resume: str = "") -> Request:
        """Return the request for the first page, from the kept cursor on where there is one."""
        request = self.template.fill(known_of(thread, "" if self.resume_param else resume))
        return request.with_params(**{self.resume_param: resume}) if resume and self.resume_param else request

    def read(self, request: Request, answer: Answer, thread: Thread | None) -> Page:
        """Return what the answer to this request holds.

        Raises:
            Retryable: it is an error of the site, with the seconds to wait where it says so.
        """
        self.faults.check(answer)
        document = self.opener(answer)
        self.faults.check_content(answer, document.content)
        records = document.records()
        if len(records) > self.max_items:
            raise Refused(
                "too_large", f"a page of {len(records)} items; limits.max_items is {self.max_items}"
            )
        reading = self.reader.read(records, answer, thread)
        turn = Turn(
            template=self.template,
            request=request,
            answer=answer,
            document=document,
            found=len(records),
            known=known_of(thread),
        )
        return Page(
            items=tuple(reading.items),
            unreadable=tuple(reading.unreadable),
            next=self.pager.next(turn),
            found=len(records),
            wait=self.faults.rest(answer, document.content),
            missing_fields=dict(reading.missing),
            resume=self.later.mark(reading.items) if self.later else self.pager.resume(turn),
        )

    def recheck(self, native_id: str) -> Request | None:
        """Return what to ask whether this comment still stands; None where the site cannot be asked."""
        return self.rechecks.request(native_id) if self.rechecks else None

    def rechecked(self, answer: Answer) -> Standing:
        """Return what the answer to `recheck` says.

        Raises:
            Retryable: it says nothing.
        """
        if self.rechecks is None:
            raise Retryable("this site cannot be asked for single comments")
        return self.rechecks.standing(answer, self.reader)

    def rest(self, answer: Answer) -> float:
        """Return how many seconds the answer to `recheck` asks to wait before the next request."""
        content = json_or_none(answer.body)
        try:
            self.faults.check_content(answer, content)
        except Retryable as error:
            return error.retry_after or 0.0
        return self.faults.rest(answer, content)
