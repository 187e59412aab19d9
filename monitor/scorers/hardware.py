"""What the processor can do."""

from __future__ import annotations

from pathlib import Path
from typing import Final

CPUINFO: Final = Path("/proc/cpuinfo")

_BF16: Final = frozenset({"avx512_bf16", "amx_bf16"})


def multiplies_bf16(cpuinfo: str) -> bool:
    """Return whether a processor multiplies bfloat16 itself, by its lines in `/proc/cpuinfo`.

    On any other such numbers are widened one by one, which is slower than single precision.
    """
    flags = next((line for line in cpuinfo.splitlines() if line.startswith("flags")), "")
    return not _BF16.isdisjoint(flags.split())


def read_cpuinfo(path: Path = CPUINFO) -> str:
    """Return the processor's description; empty where there is none to be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
