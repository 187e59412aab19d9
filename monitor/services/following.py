"""An inspector whose rules follow their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from monitor.domain.comments import CommentEvent
from monitor.domain.errors import Misconfigured
from monitor.domain.severity import Status
from monitor.domain.verdicts import Verdict
from monitor.services.acceleration import accelerate
from monitor.services.inspection import Inspector
from monitor.services.reload import Reloader
from monitor.services.rulebook import Sources
from monitor.services.ruleguard import RuleGuard


class Following:
    """Judges by the book that is in force now.

    Changed rules are taken, unsound ones refused, and fresh ones that fire too often demoted. Each book
    is accelerated where that can be done.
    """

    def __init__(self, inspector: Inspector, reloader: Reloader, guard: RuleGuard) -> None:
        self.inspector = inspector
        self._reloader = reloader
        self._guard = guard
        accelerate(inspector.book)

    @property
    def refused(self) -> Misconfigured | None:
        """Return what is wrong with the rule files as they are now; None where they are in force."""
        return self._reloader.refused

    @property
    def demoted(self) -> tuple[str, ...]:
        """Return the live rules that are treated as shadow ones since they fired too often."""
        return self._guard.demoted

    @property
    def sources(self) -> Sources:
        """Return the files of the book in force, as they were read."""
        return self._reloader.sources

    def rules(self) -> Mapping[str, int]:
        """Return how many rules there are by status; a demoted one counts as shadow."""
        return Counter(
            str(Status.SHADOW if rule.id in self.demoted else rule.status)
            for rule in self.inspector.book.rules
        )

    def look(self) -> bool:
        """Look at the files if it is time to, and return whether another book is in force now."""
        changed = self._reloader.look()
        if changed:
            self.inspector.book = self._reloader.book
            self._guard.follow(self._reloader.book)
            accelerate(self._reloader.book)
        return changed

    def inspect(self, events: Sequence[CommentEvent], waited: float = 0.0) -> list[Verdict]:
        """Return one verdict an event, in order; see `Inspector.inspect`."""
        return self._guard.judge(self.inspector.inspect(events, waited))
