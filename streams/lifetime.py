"""No process outlives the one that started it, and none hangs when it shall stop."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
from typing import Final

import structlog

log = structlog.get_logger()

END_WITHIN: Final = 26.0
"""Seconds from the word to stop to the end: less than supervisors wait (ours, and Kubernetes) before
they kill."""

TRY_LATER: Final = 75
"""Exit code, from <sysexits.h>, of a process that could not end well."""

PR_SET_PDEATHSIG: Final = 1
"""From <linux/prctl.h>: the kernel signals this process when its parent dies."""


def die_with_parent(parent: int, number: signal.Signals) -> None:
    """Have the kernel send `number` to this process when `parent`, which started it, dies.

    Ends at once where the parent has died already.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(1)


def give_back() -> None:
    """Give memory that is free again back to the system, where the C library can (glibc)."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


def end_within(seconds: float = END_WITHIN) -> None:
    """Let this process be gone after so many seconds, whatever holds it then.

    Faust and aiokafka wait for a broker that is away as long as it takes, and not all of that can be
    cancelled. What is cut off was never acknowledged, so it comes again.
    """
    timer = threading.Timer(seconds, _leave, [seconds])
    timer.daemon = True
    timer.start()


def _leave(seconds: float) -> None:
    log.error("process.did_not_end", seconds=seconds)
    os._exit(TRY_LATER)
