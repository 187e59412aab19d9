from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import COMMANDS, SUMMARIES, command_line

ROOT = Path(__file__).parents[3]

COMMAND = """
import click
from monitor.domain.errors import Misconfigured, Rejected, Retryable

@click.command()
@click.argument("what")
@click.pass_obj
def command(configuration, what):
    if what == "bug":
        raise RuntimeError("a bug")
    if what == "interrupt":
        raise KeyboardInterrupt
    if what == "settings":
        click.echo(configuration.load().settings.kafka.bootstrap)
        return
    raise {
        "misconfigured": Misconfigured.plain("the rules are wrong", hint="look at them"),
        "retryable": Retryable("the broker is away"),
        "rejected": Rejected("schema", "no id"),
    }[what]
"""


@pytest.fixture
def _guest(guest: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {"guest_command": COMMAND, "guest_without_kafka": "import aiokafka.no_such_module\n"}
    entries = {"guest": "guest_command:command", "lacking": "guest_without_kafka:command"}
    guest(modules, "comment_monitor.commands", entries)
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, arguments, prog_name="comment-monitor")


def test_the_version_is_that_of_the_package() -> None:
    assert f"comment-monitor, version {version('comment-monitor')}\n" == run("--version").output


def test_python_m_monitor_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "--version"], capture_output=True, text=True, check=True
    )
    assert run("--version").output == done.stdout


@pytest.mark.usefixtures("_guest")
def test_the_help_lists_every_command_and_guests_with_their_package() -> None:
    shown = run("--help").output
    assert [name for name in COMMANDS.names() if f"\n  {name} " not in shown] == []
    assert "From the package guest-package." in shown


def test_a_warning_of_a_command_stays_out_of_its_results(guest: Callable[..., None], tmp_path: Path) -> None:
    warning = "import click, structlog\n@click.command()\ndef command():\n"
    warning += "    structlog.get_logger().warning('list.stale')\n    click.echo('result')\n"
    guest({"guest_that_warns": warning}, "comment_monitor.commands", {"warning": "guest_that_warns:command"})
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "warning"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
    )
    assert done.stdout == "result\n"
    assert "list.stale" in done.stderr


def test_the_help_imports_neither_faust_nor_torch() -> None:
    program = (
        "import sys; from monitor.cli import command_line\n"
        "try: command_line(['--help'])\n"
        "except SystemExit: print([name for name in ('faust', 'aiokafka', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("\n[]\n")


def test_our_own_commands_all_have_a_line_in_the_help() -> None:
    ours = {name for name in COMMANDS.names() if COMMANDS.origin(name) == "comment-monitor"}
    assert set(SUMMARIES) == ours


@pytest.mark.usefixtures("_guest")
def test_a_command_reads_the_settings_of_the_one_option() -> None:
    Path("other.toml").write_text('[kafka]\nbootstrap = "other:9092"\n', encoding="utf-8")
    assert run("--config", "other.toml", "guest", "settings").output == "other:9092\n"


@pytest.mark.usefixtures("_guest")
@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        ("misconfigured", 78, "error: the rules are wrong\n    hint: look at them\n"),
        ("retryable", 75, "error: the broker is away\n"),
        ("rejected", 65, "error: schema: no id\n"),
        ("interrupt", 130, ""),
    ],
)
def test_a_named_failure_is_a_message_and_an_exit_code(failure: str, code: int, message: str) -> None:
    result = run("guest", failure)
    assert (code, message, "") == (result.exit_code, result.stderr, result.stdout)


@pytest.mark.usefixtures("_guest")
def test_a_bug_keeps_its_traceback() -> None:
    assert isinstance(run("guest", "bug").exception, RuntimeError)


@pytest.mark.usefixtures("_guest")
def test_a_missing_extra_is_one_sentence() -> None:
    result = run("lacking")
    assert result.exit_code == 78
    assert (
        result.stderr
        == "error: command 'lacking' needs more than the core: pip install 'comment-monitor[streams]'\n"
    )


def test_an_unknown_command_gets_a_hint() -> None:
    result = run("ruels")
    assert result.exit_code == 2
    assert "there is no command 'ruels'; did you mean 'rules'?" in result.stderr
