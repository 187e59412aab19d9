"""What people do on a made-up site, drawn from a seed: the same every time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from random import Random
from typing import Final

from monitor.sources.polling.site import Standing
from tests.sites.faces.store import Kept, Store

WORDS: Final = ("bridge", "council", "river", "vote", "budget", "traffic", "noise", "tree", "school", "bus")
AUTHORS: Final = ("ann", "bo", "cem", "dora", "emil")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """How often what happens, as weights; how many acts, at what pause (seconds), how large a burst."""

    write: int = 50
    hold: int = 8
    approve: int = 8
    edit: int = 12
    trash: int = 6
    restore: int = 3
    burst: int = 2
    size: int = 40
    count: int = 60
    pause: float = 1.0
    threads: int = 4


class Scenario:
    """Drives a store. What is still held at the end is approved: late approvals are the trap."""

    def __init__(self, store: Store, acts: Acts, seed: int = 1) -> None:
        self._store = store
        self._acts = acts
        self._draw = Random(seed)

    async def run(self) -> None:
        """Do it all, at the pace of the running loop."""
        acts = self._acts
        names = ("write", "hold", "approve", "edit", "trash", "restore", "burst")
        weights = [int(getattr(acts, name)) for name in names]
        for _ in range(acts.count):
            self.do(self._draw.choices(names, weights)[0])
            await asyncio.sleep(acts.pause * self._draw.uniform(0.2, 1.8))
        for kept in self._standing(Standing.PENDING):
            self._store.stand(kept, Standing.VISIBLE)

    def do(self, act: str) -> None:
        """Do one thing; nothing where there is nobody to do it to."""
        if act in {"write", "hold"}:
            self._write(held=act == "hold")
        elif act == "burst":
            for _ in range(self._acts.size):
                self._write(held=False)
        elif act == "edit" and (kept := self._one(Standing.VISIBLE)):
            self._store.edit(kept, self._text())
        elif act == "approve" and (kept := self._one(Standing.PENDING)):
            self._store.stand(kept, Standing.VISIBLE)
        elif act == "trash" and (kept := self._one(Standing.VISIBLE)):
            self._store.stand(kept, Standing.DELETED)
        elif act == "restore" and (kept := self._one(Standing.DELETED)):
            self._store.stand(kept, Standing.VISIBLE)

    def _write(self, *, held: bool) -> None:
        thread = f"article-{self._draw.randrange(self._acts.threads) + 1}"
        shown = self._store.shown(thread)
        parent = self._draw.choice(shown).number if shown and self._draw.random() < 0.4 else None
        author = self._draw.choice(AUTHORS)
        self._store.write(self._text(), thread=thread, author=author, parent=parent, held=held)

    def _text(self) -> str:
        words = self._draw.choices(WORDS, k=self._draw.randrange(4, 20))
        # What HTML, JSON and XML each write in their own way; a number keeps texts apart.
        return f'{self._draw.randrange(10**6)} {" ".join(words)} & <so> "on" – ünï 🙂'

    def _standing(self, standing: Standing) -> list[Kept]:
        return [kept for kept in self._store.comments if kept.standing is standing]

    def _one(self, standing: Standing) -> Kept | None:
        found = self._standing(standing)
        return self._draw.choice(found) if found else None
