"""Eight real answers of a very busy site: stale, overlapping, and empty while newer comments existed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.sources.polling.site import Policy
from monitor.sources.web.message import NO_VALIDATORS, Answer, Manners, Request, Validators
from tests.sites.board import START, BoardSite, BoardWeb, Face, a_run

RECORDED = Path(__file__).with_name("listing_stream.json")


class Replay(BoardWeb):
    """Gives the recorded answers one after the other, and the last one from then on."""

    def __init__(self, site: BoardSite, answers: list[list[str]]) -> None:
        super().__init__(site)
        self._answers = answers

    async def ask(self, request: Request, manners: Manners, validators: Validators = NO_VALIDATORS) -> Answer:
        answer = await super().ask(request, manners, validators)
        recorded = self._answers[min(len(self.asked), len(self._answers)) - 1]
        content = {"items": [_item(each) for each in recorded], "more": False, "resume": ""}
        return replace(answer, body=json.dumps(content).encode())


def _item(recorded: str) -> dict[str, str]:
    native_id, _, seconds = recorded.partition("+")
    created = START - timedelta(minutes=5) + timedelta(seconds=int(seconds))
    words = {"text": f"The words of {native_id}", "thread": "all", "state": "visible"}
    return {"id": native_id, "created": created.isoformat(), **words}


async def test_a_recorded_listing_stream_gives_every_id_once() -> None:
    answers = json.loads(RECORDED.read_text())["answers"]
    run = a_run(Face(), Policy(adaptive=False, every=15.0))
    run.web = Replay(run.site, answers)
    await run.pass_(600)
    expected = {f"created {each.partition('+')[0]}" for answer in answers for each in answer}
    assert len(expected) == 228
    assert Counter(expected) == Counter(run.told())
