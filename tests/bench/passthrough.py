"""The baseline: Faust's plain pass-through, with Faust's defaults, as its documentation writes it.

    python -m tests.bench.passthrough BOOTSTRAP GROUP TOPIC_IN TOPIC_OUT

It moves bytes, which is the fastest that it can be: Faust's JSON would decode and encode each value.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import AsyncIterator

import faust


def main(bootstrap: str, group: str, source: str, target: str) -> None:
    """Carry what comes in on one topic to another until the process is told to stop."""
    with tempfile.TemporaryDirectory() as folder:
        carry(faust.App(group, broker=f"kafka://{bootstrap}", datadir=folder), source, target)


def carry(app: faust.App, source: str, target: str) -> None:
    """Run the app's worker."""
    topic_in = app.topic(source, value_type=bytes)
    topic_out = app.topic(target, value_type=bytes)

    async def pass_through(stream: AsyncIterator[bytes]) -> None:
        async for value in stream:
            await topic_out.send(value=value)

    app.agent(topic_in)(pass_through)
    app.finalize()
    sys.argv = ["faust", "worker", "--without-web", "--loglevel", "error"]
    app.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
