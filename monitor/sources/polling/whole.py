"""A site that is read as a whole and not asked for single comments, as most are that are written by hand."""

from __future__ import annotations

from abc import ABC, abstractmethod

from monitor.domain.errors import Retryable
from monitor.sources.polling.site import Page, Policy, Standing, Thread
from monitor.sources.web.message import Answer, Manners, Request


class WholeSite(ABC):
    """A `Site` of which only the name, the requests and the reading of answers are left to say."""

    def __init__(self, name: str, policy: Policy, manners: Manners) -> None:
        self.name = name
        self.policy = policy
        self.manners = manners

    @abstractmethod
    def first(self, thread: Thread | None, resume: str = "") -> Request:
        """Return the request for the first page; `resume` is the `Page.resume` kept last."""

    @abstractmethod
    def read(self, request: Request, answer: Answer, thread: Thread | None) -> Page:
        """Return what the answer to this request holds.

        Raises:
            Retryable: it is an error of the site, with the seconds to wait where it says so.
        """

    def listing(self) -> Request | None:
        """Return None: there are no threads to look for."""
        return None

    def fixed(self) -> tuple[Thread, ...]:
        """Return nothing: the site is read as a whole."""
        return ()

    def threads(self, answer: Answer) -> tuple[Thread, ...]:  # noqa: ARG002 - the protocol's
        """Return nothing: no answer names threads."""
        return ()

    def recheck(self, native_id: str) -> Request | None:  # noqa: ARG002 - the protocol's
        """Return None: it cannot be asked."""
        return None

    def rechecked(self, answer: Answer) -> Standing:  # noqa: ARG002 - the protocol's
        """Raise: nothing was asked.

        Raises:
            Retryable: always.
        """
        raise Retryable("this site cannot be asked for single comments")

    def rest(self, answer: Answer) -> float:  # noqa: ARG002 - the protocol's
        """Return 0: nothing was asked."""
        return 0.0
