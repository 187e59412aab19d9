"""How long a backtest takes: `python -m tests.bench.backtest [--verdicts 200000] [--books 5]`.

Every verdict is judged anew by all rules (a hundred a book), all of them counted as if they were live.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from itertools import islice
from pathlib import Path

from monitor.domain.signals import Language, Scores, Signals
from monitor.domain.verdicts import Verdict
from monitor.engine.book import Book
from monitor.engine.reading import RuleFile, read_book
from monitor.ports.wire import VERDICTS
from monitor.services.archive import read_archive
from monitor.services.backtest import Backtest
from tests.bench.generated import comments
from tests.bench.rulebook import rule_book

SIGNALS = Signals(
    language=Language(code="en", confidence=0.9),
    scores=Scores(scored_by="bench", labels={"threat": 0.1, "insult": 0.7}),
)


def books(count: int) -> tuple[Book, list[str]]:
    """Return a book of `count` hundred rules, and what makes some of them match."""
    made = [rule_book(seed) for seed in range(count)]
    files = [
        RuleFile(f"{number}.yaml", each.text.replace("bench.rule-", f"bench.b{number}.rule-"))
        for number, each in enumerate(made)
    ]
    return read_book(files), [slur for each in made for slur in each.slurs]


def write_archive(path: Path, size: int, slurs: list[str]) -> None:
    """Write the messages of the topic of verdicts, one a line."""
    with path.open("wb") as file:
        for event in comments(size, slurs):
            verdict = Verdict(
                event=event, signals=SIGNALS, matches=(), book="bench", judged_at=event.observed_at
            )
            file.write(VERDICTS.encode(verdict) + b"\n")


def main() -> None:
    """Measure once and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--verdicts", type=int, default=200_000)
    parser.add_argument("--books", type=int, default=5)
    wanted = parser.parse_args()
    book, slurs = books(wanted.books)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "verdicts.jsonl"
        write_archive(archive, wanted.verdicts, slurs)
        load, began, used = os.getloadavg()[0], time.perf_counter(), time.process_time()
        backtest = Backtest(book, [rule.id for rule in book.rules])
        verdicts = (entry.verdict for entry in read_archive(archive) if entry.verdict)
        while batch := list(islice(verdicts, 1000)):
            backtest.take(batch)
        report = backtest.report()
    wall, used = time.perf_counter() - began, time.process_time() - used
    matches = sum(rule.matches for rule in report.rules)
    print(f"{report.verdicts} verdicts, {len(report.rules)} rules: {wall:.0f} s, {used:.0f} s of one CPU")
    print(f"{matches} matches, {sum(rule.alerts for rule in report.rules)} alerts, load before {load:.1f}")


if __name__ == "__main__":
    main()
