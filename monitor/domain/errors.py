"""The three kinds of failure.

MonitorError
├── Retryable       try again with back-off (a site is down, a channel answers 503)
├── Rejected        this one message can never work: dead letter, go on
└── Misconfigured   stop at start (or refuse a reload) with file:line:column, the line, a caret and a hint
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from monitor.domain.problems import Problem, render

if TYPE_CHECKING:
    from collections.abc import Sequence


class MonitorError(Exception):
    """Base of every error that this product raises on purpose.

    Each survives pickling with its text and its fields: judging happens in processes of its own.
    """


class Retryable(MonitorError):
    """The same attempt may succeed later.

    `retry_after` is the number of seconds the other side asked for, if it did.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Rejected(MonitorError):
    """This one message can never work.

    `reason` is from a closed set (it becomes a metric label); `detail` is for a person and
    names the field, never its content.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"


class Misconfigured(MonitorError):
    """A person must change a setting, a rule or the installation before this can work."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return render(self.problems)

    @classmethod
    def plain(cls, message: str, *, hint: str = "") -> Self:
        """Return the error for a problem that stands in no file."""
        return cls([Problem(message=message, hint=hint)])
