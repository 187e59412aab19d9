"""Sets the stage: a folder for this run, and a settings file that a person can read and keep."""

from __future__ import annotations

import json
import re
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.domain.errors import Misconfigured

MARK: Final = ".comment-monitor-demo"
"""Stands in every folder that a demonstration made, so that no other folder is ever emptied."""

PROCESSES: Final = 4
"""Ports next to one another: the supervisor's place, ingest, notifier, worker."""

_SETTINGS: Final = """\
# Written by `comment-monitor demo`. The broker keeps everything in memory and ends with the demo:
# point kafka.bootstrap at your own Kafka and these are settings to start from.

[kafka]
bootstrap = {bootstrap}
idempotence = false  # the embedded broker has none
session_timeout = "3s"

[store]
path = {store}

[worker]
data_dir = {data}

[http]
port = {port}

[logs]
level = "warning"

[[receivers]]
name = "screen"
type = "console"

[[receivers]]
name = "file"
type = "jsonl"
path = {alerts}

[[sources]]
name = {source}
path = {path}
format = {form}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where this run's files are, and the port of its first process."""

    folder: Path
    port: int

    @property
    def settings(self) -> Path:
        """Return the settings file."""
        return self.folder / "comment-monitor.toml"

    @property
    def alerts(self) -> Path:
        """Return the file that the alerts are appended to."""
        return self.folder / "alerts.jsonl"

    @property
    def metrics(self) -> str:
        """Return the address of the worker's metrics."""
        return f"http://127.0.0.1:{self.port + PROCESSES - 1}/metrics"


def set_stage(folder: Path, *, bootstrap: str, path: Path, form: str, source: str) -> Stage:
    """Empty the folder of an earlier run, write the settings, and return the stage.

    Raises:
        Misconfigured: the folder holds something that no demonstration made.
    """
    stage = Stage(folder=folder.resolve(), port=_free_ports())
    _empty(stage.folder)
    values = {
        "bootstrap": bootstrap,
        "store": str(stage.folder / "monitor.sqlite"),
        "data": str(stage.folder / "tables"),
        "port": stage.port,
        "alerts": str(stage.alerts),
        "source": source,
        "path": str(path.resolve()),
        "form": form,
    }
    quoted = {name: _quoted(value) for name, value in values.items()}
    stage.settings.write_text(_SETTINGS.format(**quoted), encoding="utf-8")
    stage.alerts.touch()
    return stage


def source_name(path: Path) -> str:
    """Return the file's name as the settings take a source's name: `My Comments.csv` is `my-comments`."""
    return re.sub(r"[^a-z0-9_.-]+", "-", path.stem.lower()).strip("-_.") or "input"


def _quoted(value: object) -> str:
    """Return the value as TOML writes it: as JSON does, but for pairs of escapes and DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise Misconfigured.plain(
                f"{folder} holds files that no demonstration made", hint="name another folder with --data"
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()


def _free_ports() -> int:
    """Return the first of enough free ports in a row."""
    for port in range(8080, 9080, 10):
        if all(_is_free(port + number) for number in range(PROCESSES)):
            return port
    raise Misconfigured.plain("no free ports between 8080 and 9080 on this machine")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
