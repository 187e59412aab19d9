"""How fast the road is, how late its alerts are, and what a worker weighs.

    python -m tests.bench.road
    python -m tests.bench.road --only throughput --comments 20000 --rounds 1 --json

The README beside this file says what is measured and how to read it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
from typing import Final

import msgspec

from tests.bench import latency, memory, throughput
from tests.bench.broker import broker
from tests.bench.report import Report, shown

PARTS: Final = ("throughput", "latency", "memory")


def main() -> None:
    """Measure what the arguments ask for, and print it."""
    options = _options()
    with broker(options.bootstrap) as bootstrap:
        report = asyncio.run(_measure(bootstrap, options))
    print(msgspec.json.encode(report).decode() if options.json else shown(report))


async def _measure(bootstrap: str, options: argparse.Namespace) -> Report:
    wanted = [options.only] if options.only else PARTS
    load, size = os.getloadavg()[0], options.comments
    return Report(
        cpus=os.cpu_count() or 1,
        load=load,
        python=platform.python_version(),
        throughput=await throughput.measure(bootstrap, size or 60_000, options.rounds)
        if "throughput" in wanted
        else None,
        latency=await latency.measure(bootstrap, options.seconds) if "latency" in wanted else None,
        memory=await memory.measure(bootstrap, size or 200_000) if "memory" in wanted else None,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--comments", type=int, help="60,000 a round of throughput, 200,000 for memory")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the throughput (default: 3)")
    parser.add_argument("--seconds", type=int, default=60, help="time of the latency (default: 60)")
    parser.add_argument("--bootstrap", help="a broker that runs; without it one is started for this run")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
