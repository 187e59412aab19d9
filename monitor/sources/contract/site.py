"""What a `Site` promises to the poller, on answers that its case brings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Protocol

from monitor.domain.errors import Retryable
from monitor.sources.contract.promise import expect, hold
from monitor.sources.polling.site import Item, Page, Site, Thread
from monitor.sources.web.message import Answer

_ID: Final = re.compile(r"[a-z0-9-]+\Z")
_LOGIN: Final = b"<!doctype html><html><body><form><input type='password'></form></body></html>"


class SiteCase(Protocol):
    """A site, and answers of it: recorded ones, or made up."""

    @property
    def thread(self) -> Thread | None:
        """Return the thread that the pages are of; None where the site is read as a whole."""
        ...

    @property
    def pages(self) -> Sequence[Answer]:
        """Return the site's pages in their order, at least two comments in all; the last is the end."""
        ...

    @property
    def troubles(self) -> Sequence[Answer]:
        """Return answers of the site that are no pages: its errors, as it writes them."""
        ...

    @property
    def broken(self) -> Answer | None:
        """Return the first page with a record more that cannot be read; None where there can be none."""
        ...

    @property
    def gone(self) -> Answer | None:
        """Return what the site says when it is asked for a comment that is gone; None where it cannot be."""
        ...

    def site(self) -> Site:
        """Return the site, anew."""
        ...


class SiteContract:
    """The promises; a class of tests says `case = …` (or a fixture sets it)."""

    case: SiteCase

    def test_its_name_is_an_id_and_stays(self) -> None:
        """Cursor, comments and metrics carry it."""
        name = self.case.site().name
        hold("a name is made of small letters, digits and dashes", name, holds=bool(_ID.match(name)))
        expect("the name stays", name, self.case.site().name)

    def test_its_interval_lies_within_its_bounds(self) -> None:
        """The interval begins at `every` and follows the arrivals between `floor` and `ceiling`."""
        policy = self.case.site().policy
        bounds = [policy.floor, policy.every, policy.ceiling]
        hold("0 < floor <= every <= ceiling", bounds, holds=policy.floor > 0 and bounds == sorted(bounds))

    def test_its_pages_lead_from_one_to_the_next_and_the_last_to_none(self) -> None:
        """Each asks for what follows it and for nothing that was asked for; the end is told."""
        site = self.case.site()
        asked = [site.first(self.case.thread)]
        for number, answer in enumerate(self.case.pages, 1):
            following = site.read(asked[-1], answer, self.case.thread).next
            last = number == len(self.case.pages)
            hold(
                f"page {number} leads on, if it is not the last", following, holds=(following is None) == last
            )
            if following is not None:
                hold(f"page {number} leads on, not back", following, holds=following not in asked)
                asked.append(following)

    def test_its_comments_have_ids_that_are_unique_and_stay(self) -> None:
        """What is read twice is told once."""
        first, second = (sorted(item.comment.native_id for item in self._items()) for _ in range(2))
        hold("there are two comments or more", first, holds=len(first) > 1)
        expect("ids stay when it is read again", first, second)
        expect("no id comes twice", sorted(set(first)), first)

    def test_its_comments_carry_its_name(self) -> None:
        """A comment's key begins with its source."""
        name = self.case.site().name
        expect("comments are of this source", {name}, {item.comment.source for item in self._items()})

    def test_every_time_has_a_zone(self) -> None:
        """A time without a zone means another moment on every machine."""
        times = [time for item in self._items() for time in (item.comment.created_at, item.comment.edited_at)]
        naive = [time for time in times if time is not None and time.tzinfo is None]
        expect("every time has a zone", [], naive)

    def test_it_counts_what_it_found(self) -> None:
        """A page on which nothing is found where there used to be something tells that the site changed."""
        for page in self._read():
            counted = (page.found, len(page.items), len(page.unreadable))
            hold("`found` counts every item", counted, holds=counted[0] >= counted[1] + counted[2])

    def test_what_is_no_page_is_an_error_and_never_a_page_without_comments(self) -> None:
        """An error that is taken for an empty page looks as if every comment had been deleted."""
        site, good = self.case.site(), self.case.pages[0]
        odd = [replace(good, status=404), replace(good, status=500), replace(good, body=b"")]
        if not good.body.lstrip().startswith(b"<"):
            odd.append(replace(good, body=_LOGIN))
        for answer in (*odd, *self.case.troubles):
            told = f"HTTP {answer.status}, {answer.body[:40]!r}"
            hold("what is no page raises Retryable", told, holds=_refuses(site, self.case.thread, answer))

    def test_a_record_that_cannot_be_read_costs_no_other(self) -> None:
        """It is handed out, and the good comments come as if it were not there."""
        if self.case.broken is None:
            return
        whole, broken = (self._page(answer) for answer in (self.case.pages[0], self.case.broken))
        expect("the same comments come", _ids(whole), _ids(broken))
        hold("what cannot be read is handed out", broken.unreadable, holds=bool(broken.unreadable))
        expect("none is unreadable otherwise", (), whole.unreadable)

    def test_it_says_what_is_gone_if_it_is_asked_for_single_comments(self) -> None:
        """A comment is gone only where the site says so, not where it fails to answer."""
        site = self.case.site()
        if site.policy.deletes.mode != "status_code":
            return
        asked = site.recheck(next(iter(_ids(self._page(self.case.pages[0])))))
        hold("single comments can be asked for", asked, holds=asked is not None)
        if self.case.gone is None:
            raise AssertionError("the case brings no answer about a comment that is gone")
        standing = site.rechecked(self.case.gone)
        hold("the answer says that it is gone", standing, holds=standing.gone)
        failed = replace(self.case.gone, status=500, body=b"")
        hold("an answer of 500 says nothing", failed.status, holds=_says_nothing(site, failed))

    def _read(self) -> Iterator[Page]:
        site = self.case.site()
        request = site.first(self.case.thread)
        for answer in self.case.pages:
            page = site.read(request, answer, self.case.thread)
            request = page.next or request
            yield page

    def _items(self) -> list[Item]:
        return [item for page in self._read() for item in page.items]

    def _page(self, answer: Answer) -> Page:
        site = self.case.site()
        return site.read(site.first(self.case.thread), answer, self.case.thread)


def _ids(page: Page) -> list[str]:
    return [item.comment.native_id for item in page.items]


def _refuses(site: Site, thread: Thread | None, answer: Answer) -> bool:
    try:
        site.read(site.first(thread), answer, thread)
    except Retryable:
        return True
    return False


def _says_nothing(site: Site, answer: Answer) -> bool:
    try:
        site.rechecked(answer)
    except Retryable:
        return True
    return False
