"""What happens at a WordPress site in a proof: all that makes readers of its channels lose comments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.sites.wordpress import Act, WordPress

NIGHT = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
"""An hour before New York's clocks go back: 01:00 there, which comes twice."""

Pause = Callable[[], Awaitable[None]]
"""Waits until every channel was read."""


@dataclass(slots=True)
class Gazette:
    """The acts, in order, and whom they concerned.

    `late`: approved long after they were written; `burst`: came all at once; `dated_back`: came with an
    old time.
    """

    site: WordPress
    clock: Callable[[], datetime]
    held: list[int] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)
    before_all: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    burst: list[int] = field(default_factory=list)
    dated_back: list[int] = field(default_factory=list)
    edited: list[int] = field(default_factory=list)
    taken_away: list[int] = field(default_factory=list)

    async def before(self) -> None:
        """Fill the site: 130 comments over the hour that comes twice; some wait, some are spam."""
        acts = [self._seed(number) for number in range(130)]
        ids = await self.site.act(*acts)
        for act, native_id in zip(acts, ids, strict=True):
            {"0": self.held, "1": self.shown}.get(str(act["status"]), []).append(native_id)
        self.before_all = ids
        await self.site.act(
            self.site.comment("[...] excerpt [...]", NIGHT, author="Some blog", kind="pingback"),
            self.site.comment("behind a password", NIGHT, post=self.site.protected),
        )

    def _seed(self, number: int) -> Act:
        status = "0" if number % 10 == 9 else "spam" if number % 20 == 18 else "1"
        return self._comment(f"Seed {number}", NIGHT + timedelta(minutes=number // 3 * 2), status=status)

    async def during(self, pause: Pause) -> None:
        """Let one thing after the other happen, each once the channels have seen the one before."""
        for act in (
            *(self.three_a_second, self.replies, self.over_the_clock_change, self.late_approvals),
            *(self.edits, self.a_burst, self.taking_away, self.bringing_back, self.another_zone),
            *(self.late_approvals, self.behind_the_password, self.three_a_second),
        ):
            await act()
            await pause()

    async def three_a_second(self) -> None:
        """Nine comments, three with each time."""
        now = self.clock()
        times = [now + timedelta(seconds=number // 3 - 3) for number in range(9)]
        self.shown += await self.site.act(*(self._comment(f"Now {at}", at) for at in times))

    async def replies(self) -> None:
        """Answers to answers, five deep."""
        parent = self.shown[-1]
        for depth in range(5):
            (parent,) = await self.site.act(self._comment(f"Reply {depth}", self.clock(), parent=parent))
            self.shown.append(parent)

    async def over_the_clock_change(self) -> None:
        """Comments of 05:30, 06:10 and 06:50 UTC: by New York's clocks the second is before the first."""
        for minutes in (30, 70, 110):
            at = NIGHT + timedelta(minutes=minutes)
            self.dated_back += await self.site.act(self._comment(f"Night {minutes}", at))
        self.shown += self.dated_back

    async def late_approvals(self) -> None:
        """Six that waited are shown, with the times and the ids that they have had all along."""
        for _ in range(6):
            native_id = self.held.pop(0)
            self.late += await self.site.act({"do": "status", "id": native_id, "status": "approve"})

    async def edits(self) -> None:
        """Old and new comments change."""
        chosen = [*self.shown[:4], *self.shown[-3:]]
        texts = [f"Edited {number} – with “quotes”" for number in chosen]
        edits = [{"do": "edit", "id": each, "text": text} for each, text in zip(chosen, texts, strict=True)]
        self.edited = await self.site.act(*edits)

    async def a_burst(self) -> None:
        """Two hundred comments between two readings."""
        now = self.clock()
        times = [now + timedelta(seconds=number // 3 - 66) for number in range(200)]
        self.burst = await self.site.act(*(self._comment(f"Burst {at}", at) for at in times))
        self.shown += self.burst

    async def taking_away(self) -> None:
        """Some go to the trash, one is called spam, one is deleted for good."""
        first, second, third, fourth = self.shown[10:14]
        recent = self.shown[-2]
        self.taken_away = await self.site.act(
            *({"do": "trash", "id": each} for each in (first, second, recent)),
            {"do": "status", "id": third, "status": "spam"},
            {"do": "delete", "id": fourth},
        )

    async def bringing_back(self) -> None:
        """One comes out of the trash again."""
        await self.site.act({"do": "untrash", "id": self.shown[10]})

    async def another_zone(self) -> None:
        """The owner moves: every local time that the site shows is another now."""
        await self.site.act({"do": "option", "name": "timezone_string", "value": "Asia/Kathmandu"})

    async def behind_the_password(self) -> None:
        """A comment on the post that asks for a password."""
        await self.site.act(self.site.comment("another secret", self.clock(), post=self.site.protected))

    def _comment(self, text: str, at: datetime, *, parent: int = 0, status: str = "1") -> Act:
        rest = '& <b>bold</b> "quotes" — ünïcode 🙂\n\nsecond paragraph'
        return self.site.comment(f"{text} {rest}", at, parent=parent, status=status)
