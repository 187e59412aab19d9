"""How fast sources' answers are read, and what many sources cost in one process.

python -m tests.bench.sources                     # both: three minutes, with an Apache Kafka of its own
python -m tests.bench.sources --only parsing
python -m tests.bench.sources --only crowd --sources 500 --every 5 --seconds 60
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from tests.bench import crowd, parsing
from tests.bench.broker import broker
from tests.bench.crowd import Crowd
from tests.bench.parsing import Figure

PARTS: Final = ("parsing", "crowd")


def main() -> None:
    """Measure what the arguments ask for, and print it."""
    options = _options()
    load = os.getloadavg()[0]
    figures = parsing.measure() if options.only != "crowd" else []
    crowds: list[Crowd] = []
    if options.only != "parsing":
        with broker(options.bootstrap) as bootstrap:
            measured = crowd.measure(bootstrap, options.sources, options.every, options.seconds)
            crowds.append(asyncio.run(measured))
    if options.json:
        print(msgspec.json.encode({"load": load, "parsing": figures, "crowd": crowds}).decode())
    else:
        print("\n".join((f"load average {load:.1f} before the run", *_parsing(figures), *_crowd(crowds))))


def _parsing(figures: Sequence[Figure]) -> Iterator[str]:
    if not figures:
        return
    yield "\nComments a second of CPU time, from the answer's bytes to comments\n"
    yield "| answer | comments, kB | ours | the parser alone | share |"
    yield "|---|---|---|---|---|"
    for each in figures:
        size = f"{each.count}, {each.kilobytes:.0f}"
        alone = f"{each.baseline}: {each.alone:.0f}"
        yield f"| {each.name} | {size} | {each.ours:.0f} | {alone} | {each.ours / each.alone:.0%} |"


def _crowd(crowds: Sequence[Crowd]) -> Iterator[str]:
    for each in crowds:
        share = each.per_second / each.allowed
        yield f"\n{each.sources} sources in a process, read every {each.every:g} s; {each.seconds:.0f} s\n"
        yield "| requests a second | of those allowed | CPU | memory, first and last | violations | lost |"
        yield "|---|---|---|---|---|---|"
        memory = f"{each.resident_first:.0f} and {each.resident:.0f} MB"
        figures = f"{each.per_second:.1f} | {share:.0%} of {each.allowed:.0f} | {each.cpu:.0%} | {memory}"
        yield f"| {figures} | {each.violations} | {each.lost} of {each.told} |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--sources", type=int, default=500, help="sources in the process (default: 500)")
    parser.add_argument("--every", type=float, default=5, help="seconds between two readings (default: 5)")
    parser.add_argument("--seconds", type=float, default=60, help="how long it is measured (default: 60)")
    parser.add_argument("--bootstrap", help="a broker that runs; without it one is started for this run")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
