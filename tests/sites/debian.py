"""Programs out of Debian's packages, unpacked into this user's cache: nothing is installed, no root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest


def cache() -> Path:
    """Return the folder that fetched things of the tests are kept in."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "comment-monitor"


def unpacked(name: str, packages: Sequence[str]) -> Path:
    """Return a folder that holds the content of these packages, fetched at the first call."""
    stamp = sha256(" ".join(packages).encode()).hexdigest()[:12]
    folder = cache() / f"{name}-{stamp}"
    if not folder.exists():
        _unpack(packages, folder)
    return folder


def _unpack(packages: Sequence[str], folder: Path) -> None:
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        pytest.skip("needs apt-get and dpkg: this part runs on Debian 12")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="partial.") as made:
        partial = Path(made)
        _run(partial, "apt-get", "--quiet", "download", *packages)
        for package in sorted(partial.glob("*.deb")):
            _run(partial, "dpkg", "-x", package.name, "root")
        # In one step, so that a broken fetch never leaves half of it, nor two at once.
        with suppress(OSError):
            (partial / "root").rename(folder)
        assert folder.is_dir(), f"{folder} could not be made"


def _run(folder: Path, *line: str) -> None:
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(line)}\n{done.stdout}{done.stderr}"


def environment(root: Path) -> dict[str, str]:
    """Return the environment in which programs of the unpacked packages find their libraries."""
    libraries = os.pathsep.join(str(path) for path in (root / "usr" / "lib").glob("*-linux-gnu"))
    return {**os.environ, "LD_LIBRARY_PATH": libraries}
