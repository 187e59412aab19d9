"""How fast the scorers are, beside what people would write themselves: ratios of one run.

python -m tests.bench.scorers
python -m tests.bench.scorers --only embedded --comments 4096
python -m tests.bench.scorers --only detoxify --comments 64 --json
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from tests.bench import embedded

if TYPE_CHECKING:
    from tests.bench.cascade import Road
    from tests.bench.detoxify import Speed

PARTS: Final = ("detoxify", "cascade", "embedded")
COMMENTS: Final = {"detoxify": 192, "cascade": 192, "embedded": 4096}


def main() -> None:
    """Measure what the arguments ask for, and print it."""
    options = _options()
    for part in PARTS:
        if options.only in (None, part):
            _measure(part, options)


def _measure(part: str, options: argparse.Namespace) -> None:
    load = os.getloadavg()[0]
    count = options.comments or COMMENTS[part]
    if part == "embedded":
        ratio = embedded.measure(count)
        _print(ratio, part, load, _ratio_lines(ratio, load), as_json=options.json)
        return
    from tests.bench import cascade, detoxify

    if part == "cascade":
        roads = cascade.measure(count, options.threads, options.texts)
        _print(roads, part, load, _road_lines(roads, options, load), as_json=options.json)
        return
    speed = detoxify.measure(count, options.threads)
    _print(speed, part, load, _lines(speed, load), as_json=options.json)


def _print(found: object, part: str, load: float, lines: Iterator[str], *, as_json: bool) -> None:
    record = {"load": load, "nice": os.nice(0), part: found}
    print(msgspec.json.encode(record).decode() if as_json else "\n".join(lines))


def _ratio_lines(ratio: embedded.Ratio, load: float) -> Iterator[str]:
    yield (
        f"{ratio.comments} comments of {ratio.characters:.0f} characters on average, batches of "
        f"{embedded.BATCH}, load average {load:.1f} before the run\n"
    )
    yield "| way | comments/s | ratio |"
    yield "|---|---|---|"
    yield f"| HashingVectorizer and linear model | {ratio.pipeline:.0f} | 1.0 |"
    yield f"| embedded (loaded in {ratio.load_seconds:.2f} s) | {ratio.embedded:.0f} | {ratio.ratio:.1f} |"


def _lines(speed: Speed, load: float) -> Iterator[str]:
    yield (
        f"{speed.comments} comments of {speed.tokens:.0f} tokens on average, {speed.threads} threads "
        f"of {os.cpu_count()} CPUs ({speed.bf16 or 'no bfloat16'}), nice {os.nice(0)}, "
        f"load average {load:.1f} before the run\n"
    )
    yield "| way | comments/s | ratio | ratio of CPU time | largest difference of a score |"
    yield "|---|---|---|---|---|"
    for way in speed.ways:
        yield (
            f"| {way.name} | {way.per_second:.1f} | {way.ratio:.1f} | {way.cpu_ratio:.1f} "
            f"| {way.difference:.6f} |"
        )


def _road_lines(roads: Sequence[Road], options: argparse.Namespace, load: float) -> Iterator[str]:
    yield (
        f"{sum(roads[0].scored_by.values())} comments, {options.texts or 'one in ten with an insult in it'}, "
        f"{options.threads} threads, nice {os.nice(0)}, load average {load:.1f} before the run\n"
    )
    yield "| road | comments/s | comments a second of CPU time | scored by |"
    yield "|---|---|---|---|"
    for road in roads:
        scored = ", ".join(f"{number} {name}" for name, number in road.scored_by.items())
        yield f"| {road.name} | {road.per_second:.1f} | {road.per_cpu_second:.1f} | {scored} |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--comments", type=int)
    parser.add_argument("--texts", type=Path, help="cascade: comments of your own, one a line")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
