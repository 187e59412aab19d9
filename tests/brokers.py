"""Brokers for tests: Apache Kafka by the scripts of deploy/kafka, which can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

SCRIPTS: Final = Path(__file__).parents[1] / "deploy" / "kafka"
HOST: Final = "127.0.0.1"
ENDS_WITHIN: Final = 30.0


class ApacheKafka:
    """One node on ports and data of its own, the same after every restart.

    `with` starts it and stops it. Everything it holds is in `folder`. `properties` are more of Kafka's
    own, as `deploy/kafka/start` takes them.
    """

    def __init__(self, folder: Path, properties: str = "") -> None:
        self._folder = folder
        self._properties = properties
        self._port, self._controller_port = free_ports(2)

    @property
    def bootstrap(self) -> str:
        """Return the address that clients connect to."""
        return f"{HOST}:{self._port}"

    @property
    def pid(self) -> int:
        """Return the id of the broker's process."""
        return int((self._folder / "kafka.pid").read_text())

    def start(self) -> None:
        """Start the broker, fetching its jars if need be, and return when it answers."""
        script("install")
        ports = ["--port", str(self._port), "--controller-port", str(self._controller_port)]
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        properties = self._folder / "more.properties"
        properties.write_text(self._properties)
        script("start", "--data", str(self._folder), "--properties", str(properties), *ports)

    def stop(self) -> None:
        """Stop it the gentle way; does nothing if it does not run."""
        script("stop", "--data", str(self._folder))

    def kill(self) -> None:
        """Kill it with SIGKILL and return when the process has ended."""
        pid = self.pid
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(pid)

    def restart(self) -> None:
        """Stop it and start it again."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def script(name: str, *arguments: str) -> str:
    """Run a script of deploy/kafka and return what it printed; fail with that if it fails."""
    return _run(name, SCRIPTS / name, *arguments)


def tool(name: str, *arguments: str) -> str:
    """Run one of Kafka's own commands, by the name of its class; as `script` does."""
    line = 'source "$0" && exec java -cp "$kafka_home/libs/*" "$@"'
    return _run(name, "bash", "-c", line, SCRIPTS / "layout.bash", name, *arguments)


def _run(name: str, *line: str | Path) -> str:
    done = subprocess.run(
        line,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{name} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def runs(pid: int) -> bool:
    """Return whether a process runs; one that has ended and waits for its parent does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def wait_until_gone(pid: int) -> None:
    """Return when a process has ended; fail if it does not."""
    deadline = time.monotonic() + ENDS_WITHIN
    while runs(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs after {ENDS_WITHIN:.0f} s"
        time.sleep(0.01)
