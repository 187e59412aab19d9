"""A site that is asked place by place: which threads (articles) are still active."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.sources.declared.documents import Opener, Record
from monitor.sources.declared.fields import FIELD, Field, field_of
from monitor.sources.declared.formats import EMPTY, ITEMS, REPLIES, Format, accept_of, opener_of
from monitor.sources.declared.requests import REQUEST_OR_URL, Reveal, Template, template_of
from monitor.sources.declared.transforms import Setting, Unfit
from monitor.sources.forms import LENGTH, TEXT, Form, Given, Key, group, listing, whole, word
from monitor.sources.polling.site import Thread
from monitor.sources.web.message import Answer

_MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """Finds the threads of a site: the `fixed` ones, or those that a listing names."""

    fixed: tuple[Thread, ...] = ()
    template: Template | None = None
    opener: Opener | None = None
    id: Field | None = None
    url: Field | None = None
    active_at: Field | None = None
    most: int = _MOST
    active_within: float | None = None
    every: float | None = None

    def threads(self, answer: Answer) -> tuple[Thread, ...]:
        """Return the threads that the listing names and that are active, the most active first.

        Raises:
            Retryable: the answer is no listing.
        """
        if self.opener is None:
            return self.fixed
        found: dict[str, tuple[Thread, datetime | None]] = {}
        for record in self.opener(answer).records():
            thread, active = self._thread(record, answer)
            if thread is not None and self._active(active, answer):
                found.setdefault(thread.id, (thread, active))
        threads = list(found.values())
        if self.active_at is not None:
            threads.sort(key=lambda pair: pair[1] or answer.received_at, reverse=True)
        return tuple(thread for thread, _ in threads[: self.most])

    def _thread(self, record: Record, answer: Answer) -> tuple[Thread | None, datetime | None]:
        setting = Setting(record=record, base=answer.url, now=answer.received_at)
        try:
            id_, url, active = (
                each.value(setting) if each else None for each in (self.id, self.url, self.active_at)
            )
        except Unfit:
            return None, None
        if id_ is None or isinstance(id_, bool | list | dict):
            return None, None
        time = active if isinstance(active, datetime) else None
        return Thread(id=str(id_), url=str(url) if url is not None else ""), time

    def _active(self, active: datetime | None, answer: Answer) -> bool:
        """Return whether a thread may still get comments; one of which nothing is known may."""
        if active is None or self.active_within is None:
            return True
        return answer.received_at - active <= timedelta(seconds=self.active_within)


LIST: Final = Key(name="list", says="the threads' ids, or addresses", form=listing(TEXT))
REQUEST_: Final = Key(name="request", says="what to ask for the threads", form=REQUEST_OR_URL)
FORMAT: Final = Key(
    name="format", says="how that answer is written; without it, as the comments", form=word(Format)
)
ID: Final = Key(name="id", says="a thread's id, which requests know as ${thread.id}", form=FIELD)
URL: Final = Key(name="url", says="its address, which requests know as ${thread.url}", form=FIELD)
ACTIVE_AT: Final = Key(name="active_at", says="when it was last active", form=FIELD)
MAX: Final = Key(name="max", says="the most threads", form=whole(least=1), example="200")
WITHIN: Final = Key(
    name="active_within",
    says="only threads that were active so lately (by `active_at`)",
    form=LENGTH,
    example="3d",
)
EVERY: Final = Key(name="every", says="how often the threads are looked for", form=LENGTH, example="5m")
FROM: Final = Key(
    name="from",
    says="a `list`, or a `request` with its `items`, their `id` and so on",
    form=group(LIST, REQUEST_, FORMAT, ITEMS, REPLIES, EMPTY, ID, URL, ACTIVE_AT, MAX, WITHIN, EVERY),
    needed=True,
)
THREADS: Final[Form[Given]] = group(FROM)


def fan_of(threads: Given, format_: Format, reveal: Reveal) -> Fan:
    """Return how threads are found; what is wrong is reported."""
    given = threads.inner(FROM)
    if LIST in given:
        for key in given.written(REQUEST_, ITEMS, ID, URL):
            given.at(key).error(
                f"`{key.name}` has no meaning beside `list`", "write a `list`, or a `request`"
            )
        return Fan(fixed=_fixed(given.get(LIST) or ()), every=given.get(EVERY))
    for key in (REQUEST_, ID):
        if key not in given:
            given.cursor.error(f"`from` needs `{key.name}`", f"{key.name}: {key.says}; or write a `list`")
    listed = given.get(FORMAT) or format_
    request, id_ = given.get(REQUEST_), given.get(ID)
    url, active_at = given.get(URL), given.get(ACTIVE_AT)
    return Fan(
        template=template_of(request, reveal, accept_of(listed)) if request else None,
        opener=opener_of(listed, _selecting(given)),
        id=field_of("id", id_, listed.family) if id_ else None,
        url=field_of("url", url, listed.family) if url else None,
        active_at=field_of("active_at", active_at, listed.family, time=True) if active_at else None,
        most=given.get(MAX) or _MOST,
        active_within=given.get(WITHIN),
        every=given.get(EVERY),
    )


def _selecting(given: Given) -> Given:
    """Return the part of the group that says which things are threads, as `select` does for comments."""
    keys = given.written(ITEMS, REPLIES, EMPTY)
    names = {key.name for key in keys}
    return Given(
        given.cursor,
        {name: value for name, value in given.values.items() if name in names},
        {name: place for name, place in given.places.items() if name in names},
    )


def _fixed(names: Sequence[str]) -> tuple[Thread, ...]:
    return tuple(Thread(id=name, url=name if "://" in name else "") for name in names)
