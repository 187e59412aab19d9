"""A process that a supervisor keeps: `python -m tests.programs.child WHAT NOTES …`.

It appends its process id to NOTES and then, as WHAT says, `lasts` until SIGTERM, ends with an exit
code, or `says` the words that follow.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path


def main(what: str, notes: Path, words: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with notes.open("a") as file:
        file.write(f"{os.getpid()}\n")
    if what == "lasts":
        signal.pause()
    if what == "says":
        print("\n".join(words[: words.index("--parent")]), flush=True)
        return 0
    return int(what)


sys.exit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
