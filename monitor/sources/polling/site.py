"""What the poller asks of a site: where to look, what stands there, and how to go on.

`monitor.sources.declared` makes one of a YAML file; a guest may write one in Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct

from monitor.domain.comments import Comment
from monitor.ports import Unreadable
from monitor.sources.web.message import Answer, Manners, Request

Why: TypeAlias = Literal["every", "arrivals", "idle", "floor", "ceiling", "asked", "backoff", "full_page"]
"""Why the next reading comes when it does."""

Ended: TypeAlias = Literal["", "end", "window", "known", "loop", "empty", "limit", "asked", "unchanged"]
"""What ended a reading: there was no further page; the late window was read; a page held nothing new;
the pages repeated themselves, or were empty in a row; the most pages were read; the site asked for a
long pause; the site said that nothing had changed. Empty: it failed."""


class Standing(StrEnum):
    """Whether people can see a comment at its site."""

    VISIBLE = "visible"
    PENDING = "pending"
    SPAM = "spam"
    DELETED = "deleted"

    @property
    def gone(self) -> bool:
        """Return whether the site took it away; one that waits for its moderators is not gone."""
        return self in {Standing.SPAM, Standing.DELETED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One place of comments on a site that is asked place by place, such as an article.

    `id` is put where the site's requests say `${thread.id}`.
    """

    id: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One comment as a page shows it.

    `version` is what an edit changes where the site tells it (a time or a number); empty means
    that only the text tells.
    """

    comment: Comment
    standing: Standing = Standing.VISIBLE
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one answer holds. `next` asks for the page after it; None at the end.

    `found` counts the items that the answer held before any was dropped or unreadable: none where
    there used to be some means that the site's form changed. `wait` is how many seconds the site
    asks for before its next request. `missing_fields` counts the items that lacked a field which
    the site's description expects, by field. `resume` is the site's own cursor after this page.
    """

    items: tuple[Item, ...]
    unreadable: tuple[Unreadable, ...] = ()
    next: Request | None = None
    found: int = 0
    wait: float = 0.0
    missing_fields: dict[str, int] = field(default_factory=dict)
    resume: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletes:
    """How it is found out that a comment is gone.

    `reconcile`: it is missing from where it ought to stand, `confirm_after` complete readings in a
    row; `status_code`: the site is asked for it by id; `field`: the items say it; `none`: never.
    More than `max_share` of what stands in the late window gone at once is taken for a fault of the
    site and believed of none until ten times `confirm_after` readings have missed it; a single one is
    believed however few there are. Where all are gone, the site's form has changed, and none is believed.
    """

    mode: Literal["reconcile", "status_code", "field", "none"] = "none"
    confirm_after: int = 2
    max_share: float = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a site is read over time. All times in seconds.

    `late_window` is how far back comments may still appear, change or vanish: every `deep_every`
    the pages are read back so far whatever is known. Otherwise reading stops after a page with
    nothing new (`stop_at_known`). With `conditional`, every `full_every`th request is made without
    validators, because validators lie. `every` is where the interval starts; it follows the rate of
    arrival between `floor` and `ceiling` where `adaptive`. `max_pages` bounds one reading. In
    the order `any` a known page says nothing about the others, so all are read every time.

    `backfill` is how old a comment may be when the source is read for the first time and still be
    told as new: None for the late window, 0 for only what is written from then on.
    """

    order: Literal["newest_first", "oldest_first", "any"] = "newest_first"
    stop_at_known: bool = True
    late_window: float = 7 * 86_400.0
    backfill: float | None = None
    deep_every: float = 900.0
    conditional: bool = True
    full_every: int = 10
    every: float = 30.0
    floor: float = 15.0
    ceiling: float = 900.0
    adaptive: bool = True
    jitter: float = 0.1
    max_pages: int = 20
    threads_every: float = 300.0
    deletes: Deletes = field(default_factory=Deletes)


class Site(Protocol):
    """A site whose comments are asked for by HTTP.

    All methods are plain computations: the poller does the asking, the waiting and the remembering.
    """

    @property
    def name(self) -> str:
        """Return the source's id: the part before the colon in the key of its comments."""
        ...

    @property
    def policy(self) -> Policy:
        """Return how the site is read over time."""
        ...

    @property
    def manners(self) -> Manners:
        """Return how the site's hosts are treated."""
        ...

    def listing(self) -> Request | None:
        """Return what to ask for the threads; None where `fixed` names all there are."""
        ...

    def fixed(self) -> tuple[Thread, ...]:
        """Return the threads that are always read; empty where the site is read as a whole."""
        ...

    def threads(self, answer: Answer) -> tuple[Thread, ...]:
        """Return the threads that are still active, most active first.

        Raises:
            Retryable: the answer is none that this site gives when it is well.
        """
        ...

    def first(self, thread: Thread | None, resume: str = "") -> Request:
        """Return the request for the first page; `resume` is the `Page.resume` kept last."""
        ...

    def read(self, request: Request, answer: Answer, thread: Thread | None) -> Page:
        """Return what the answer to this request holds.

        Raises:
            Retryable: it is an error of the site, with the seconds to wait where it says so.
        """
        ...

    def recheck(self, native_id: str) -> Request | None:
        """Return what to ask whether this comment still stands; None where the site cannot be asked."""
        ...

    def rechecked(self, answer: Answer) -> Standing:
        """Return what the answer to `recheck` says.

        Raises:
            Retryable: it says nothing.
        """
        ...

    def rest(self, answer: Answer) -> float:
        """Return how many seconds the answer to `recheck` asks to wait before the next request."""
        ...


class Poll(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one reading of a site (or thread) came to, for metrics and for people who ask why.

    `outcome`, `why` (the reason for `next_in`, the seconds to the next reading) and `ended` (what
    ended the reading) are from closed sets. `found` items were shown, `known` of them were known
    before, `old` ones were unknown but older than what counts as news. `disbelieved` deletes and
    `reworded` edits were too many at once. `gap` says that comments may have been missed. `answers`
    counts the answers by class (`2xx`), `missing_fields` the items that lacked a field, by field.
    `trouble` says in words what failed; it holds no comment's text and no secret.
    """

    outcome: Literal["read", "unchanged", "failed", "refused", "drifted"]
    at: datetime
    thread: str | None = None
    requests: int = 0
    answers: dict[str, int] = {}
    found: int = 0
    known: int = 0
    old: int = 0
    created: int = 0
    edited: int = 0
    deleted: int = 0
    restored: int = 0
    unreadable: int = 0
    disbelieved: int = 0
    reworded: int = 0
    missing_fields: dict[str, int] = {}
    gap: bool = False
    deep: bool = False
    ended: Ended = ""
    next_in: float = 0.0
    why: Why = "every"
    trouble: str = ""
