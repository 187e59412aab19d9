"""Faust's consumer, which hands over no record that was fetched before the latest seek, and seeks everywhere.

After a rebalance Faust seeks to the committed offsets while a fetch may still be under way in the
consumer's thread. Such a fetch comes back with records from further on. Faust takes the offsets in
between for a hole in the topic, as transactions leave them, commits past it, and drops the true
records when they come: they are lost. (Seen with 0.15.3, in every third run of the test that kills
workers on a busy machine.)

And a partition of which nothing was ever committed is left out of the seek (by aiokafka 0.14): what
was fetched of it and dropped never comes again. (Seen in every fifth run of the test of the fuse.)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka.errors import IllegalStateError, KafkaError

if TYPE_CHECKING:
    from faust.types import TP

log = structlog.get_logger()


class Rewinding:
    """Mix it in before a Faust consumer."""

    if TYPE_CHECKING:
        # What Faust's consumer brings.
        earliest_offsets: Callable[..., Awaitable[Mapping[TP, int]]]
        seek: Callable[[TP, int], Awaitable[None]]
        assignment: Callable[[], set[TP]]
        _is_changelog_tp: Callable[[TP], bool]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._seeks_begun = 0
        self._seeks_ended = 0
        self._must_seek = False
        super().__init__(*args, **kwargs)

    async def seek_to_committed(self) -> Mapping[TP, int | None]:
        """Seek to the committed offsets, to the beginning where there is none; return them.

        Changelogs are left alone: they are never committed, and the table's recovery seeks in them.
        """
        committed: Mapping[TP, int | None] = await super().seek_to_committed()  # type: ignore[misc]
        left_out = [tp for tp, offset in committed.items() if not offset and not self._is_changelog_tp(tp)]
        if left_out:
            for tp, offset in (await self.earliest_offsets(*left_out)).items():
                with suppress(IllegalStateError):  # it went to another worker meanwhile
                    await self.seek(tp, offset)
        return committed

    async def perform_seek(self) -> None:
        """Seek to the committed offsets, and make every fetch that overlaps with it void."""
        self._seeks_begun += 1
        try:
            await super().perform_seek()  # type: ignore[misc]
        finally:
            self._seeks_ended += 1

    async def _wait_next_records(self, timeout: float) -> tuple[Any, Any]:  # noqa: ASYNC109 - Faust's name
        """Return the next records; none where a seek came between, and then seek once more.

        Nobody can tell on which side of the seek the void records were taken from the broker's
        answer, so wherever the consumer stands now, it must go back.
        """
        if self._must_seek and not await self._seek_again():
            return None, None
        before = self._seeks_ended
        records, active = await super()._wait_next_records(timeout)  # type: ignore[misc]
        if self._seeks_begun == before:
            return records, active
        log.info("consumer.rewinds", reason="a fetch overlapped with a seek")
        self._must_seek = True
        return None, None

    async def _seek_again(self) -> bool:
        """Return whether it stands where it must; Faust seeks by itself in a new assignment."""
        if self.assignment():
            try:
                await self.perform_seek()
            except KafkaError as error:
                log.warning("consumer.cannot_seek", error=type(error).__name__)
                return False
        self._must_seek = False
        return True
