"""A progress bar on a terminal, and nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int], None]
"""Is told how far the work is, as often as it likes."""

_EVERY = 200
"""Calls between two looks at the bar: drawing costs more than a verdict."""


@contextmanager
def progress(what: str, total: int) -> Iterator[Progress]:
    """Yield the function that moves the bar to so many of `total` bytes."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        calls = 0

        def show(done: int) -> None:
            nonlocal calls
            calls += 1
            if calls % _EVERY == 0 or done >= total:
                bar.update(task, completed=done)

        yield show
