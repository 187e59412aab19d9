from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import structlog

from monitor.logs import Throttle, configure
from monitor.settings import LogSettings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave the process's logging as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with warnings.catch_warnings():
        yield
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def out() -> io.StringIO:
    stream = io.StringIO()
    configure(LogSettings(), "worker-0", stream)
    return stream


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_event_is_one_line_of_json(out: io.StringIO) -> None:
    structlog.get_logger("monitor.tests").info("alert.opened", rule="threats.direct", alert="al_1")
    (line,) = lines(out)
    time = datetime.fromisoformat(str(line.pop("time")))
    assert timedelta(0) == time.utcoffset()
    assert line == {
        "level": "info",
        "event": "alert.opened",
        "role": "worker-0",
        "logger": "monitor.tests",
        "rule": "threats.direct",
        "alert": "al_1",
    }


def test_what_every_line_has_stands_first(out: io.StringIO) -> None:
    structlog.get_logger().info("alert.opened", alert="al_1")
    assert list(lines(out)[0]) == ["time", "level", "event", "role", "logger", "alert"]


def test_other_libraries_take_the_same_road(out: io.StringIO) -> None:
    logging.getLogger("aiokafka.conn").warning("no connection to %s", "broker:9092")
    (line,) = lines(out)
    assert (line["event"], line["level"], line["role"]) == (
        "no connection to broker:9092",
        "warning",
        "worker-0",
    )


def test_other_libraries_talk_only_when_something_is_wrong(out: io.StringIO) -> None:
    logging.getLogger("faust.worker").info("ready")
    assert lines(out) == []


def test_debugging_lets_other_libraries_talk() -> None:
    stream = io.StringIO()
    configure(LogSettings(level="debug"), "worker-0", stream)
    logging.getLogger("aiokafka.conn").debug("connected")
    assert [line["event"] for line in lines(stream)] == ["connected"]


def test_lines_below_the_level_are_not_written() -> None:
    stream = io.StringIO()
    configure(LogSettings(level="warning"), "worker-0", stream)
    structlog.get_logger().info("comment.judged")
    assert lines(stream) == []


def test_warnings_of_python_take_the_same_road(out: io.StringIO) -> None:
    warnings.simplefilter("always")
    warnings.warn("old", UserWarning, stacklevel=1)
    assert "UserWarning: old" in str(lines(out)[0]["event"])


def test_a_terminal_gets_columns() -> None:
    stream = Terminal()
    configure(LogSettings(), "notify", stream)
    structlog.get_logger().info("alert.opened", rule="threats.direct")
    assert "alert.opened" in stream.getvalue()
    with pytest.raises(json.JSONDecodeError):
        json.loads(stream.getvalue())


def test_json_is_json_on_a_terminal_too_when_told() -> None:
    stream = Terminal()
    configure(LogSettings(format="json"), "notify", stream)
    structlog.get_logger().info("alert.opened")
    assert lines(stream)[0]["event"] == "alert.opened"


def fail_on(comment: str) -> None:
    try:
        dict[str, str]()[comment]
    except KeyError as error:
        raise ValueError(f'cannot judge "{comment}"') from error


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_holds_no_comment(form: str) -> None:
    stream = io.StringIO()
    configure(LogSettings(format="json" if form == "json" else "console"), "worker-0", stream)
    try:
        fail_on("an angry comment")
    except ValueError:
        structlog.get_logger().exception("step.failed")
        logging.getLogger("faust.agents").exception("agent crashed")
    assert "an angry" not in stream.getvalue()
    assert stream.getvalue().count("ValueError: cannot judge '...'") == 2
    assert stream.getvalue().count("KeyError: '...'") == 2
    assert f"{__file__}:" in stream.getvalue()


def test_configuring_again_replaces_the_first_time(out: io.StringIO) -> None:
    again = io.StringIO()
    configure(LogSettings(), "worker-1", again)
    structlog.get_logger().info("worker.ready")
    assert lines(out) == []
    assert [line["role"] for line in lines(again)] == ["worker-1"]


def test_standard_output_is_left_to_results() -> None:
    program = (
        "from monitor.logs import configure; from monitor.settings import LogSettings; import structlog;"
        "configure(LogSettings(), 'demo'); structlog.get_logger().info('demo.started'); print('result')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "result\n"
    assert json.loads(done.stderr)["event"] == "demo.started"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def record(message: object = "no connection to %s", name: str = "aiokafka") -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "client.py", 1, message, ("broker:9092",), None)


def test_a_library_that_repeats_itself_is_cut_short() -> None:
    throttle = Throttle(Clock(), most_alike=3)
    assert [throttle.filter(record()) for _ in range(5)] == [True, True, True, False, False]


def test_the_line_after_the_silence_says_how_many_were_not_written() -> None:
    clock = Clock()
    throttle = Throttle(clock, most_alike=3, window=10)
    for _ in range(8):
        throttle.filter(record())
    clock.now = 10.0
    late = record()
    assert throttle.filter(late)
    assert late.suppressed == 5  # type: ignore[attr-defined]


def test_how_many_were_not_written_stands_in_the_line(out: io.StringIO) -> None:
    logging.getLogger("aiokafka").warning("no connection", extra={"suppressed": 5, "other": 1})
    (line,) = lines(out)
    assert line["suppressed"] == 5
    assert "other" not in line


def test_different_lines_do_not_silence_each_other() -> None:
    throttle = Throttle(Clock(), most_alike=1)
    assert throttle.filter(record("no connection to %s"))
    assert throttle.filter(record("node %s is gone"))
    assert throttle.filter(record("no connection to %s", name="aiokafka.producer"))


def test_our_own_events_are_never_held_back() -> None:
    throttle = Throttle(Clock(), most_alike=1)
    assert all(throttle.filter(record({"event": "alert.opened"})) for _ in range(100))


def test_a_library_that_never_repeats_itself_does_not_fill_the_memory() -> None:
    clock = Clock()
    throttle = Throttle(clock, window=10)
    for number in range(5000):
        clock.now += 1
        throttle.filter(record(f"line {number}"))
    assert len(throttle._seen) <= 1002
