"""How fast the scorers are, beside what people would write themselves: ratios of one run.

python -m tests.bench.scorers
python -m tests.bench.scorers --only detoxify --comments 64 --json
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from typing import Final

import msgspec

from tests.bench.detoxify import Speed, measure

PARTS: Final = ("detoxify",)


def main() -> None:
    """Measure what the arguments ask for, and print it."""
    options = _options()
    load = os.getloadavg()[0]
    speed = measure(options.comments, options.threads)
    if options.json:
        print(msgspec.json.encode({"load": load, "nice": os.nice(0), "detoxify": speed}).decode())
    else:
        print("\n".join(_lines(speed, load)))


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


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--comments", type=int, default=192)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
