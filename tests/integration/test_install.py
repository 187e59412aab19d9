"""What a new user does first, on a machine with nothing but Python: the README's own commands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text()


def run(*command: str | Path, home: Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command with an empty home directory; nothing of this environment helps it."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    passed_on = (
        "PIP_INDEX_URL",
        "PIP_CONFIG_FILE",
        "SSL_CERT_FILE",
        "REQUESTS_CA_BUNDLE",
        "https_proxy",
        "http_proxy",
    )
    environment |= {name: os.environ[name] for name in passed_on if name in os.environ}
    return subprocess.run(
        command,
        check=False,
        cwd=cwd or home,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def blocks(language: str) -> list[str]:
    """Return the README's code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.slow
def test_the_first_command_of_the_readme_judges_the_sample_thread(tmp_path: Path) -> None:
    command = blocks("sh")[0].strip()
    assert command == "./deploy/quickstart"
    clone, home = tmp_path / "clone", tmp_path / "home"
    home.mkdir()
    subprocess.run(["git", "clone", "--quiet", REPOSITORY, clone], check=True)

    done = run(clone / command, home=home, cwd=clone)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "comments judged  70 of 70" in done.stdout
    alerts = (clone / "comment-monitor-data" / "demo" / "alerts.jsonl").read_text().splitlines()
    assert len(alerts) == done.stdout.count("\n  alert    al_")
    assert {"id", "rule", "severity", "comments"} <= json.loads(alerts[0]).keys()


def test_the_second_command_of_the_readme_is_what_ci_runs() -> None:
    assert blocks("sh")[1].strip() == "./tests/run"
    assert (REPOSITORY / ".ci" / "run").read_text().rstrip().endswith("\nexec ./tests/run")


def test_the_settings_of_the_readme_are_right(tmp_path: Path) -> None:
    secret = tmp_path / "case-tool"
    secret.write_text("secret")
    _, source = blocks("yaml")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "gazette.yaml").write_text(source)
    path = tmp_path / "comment-monitor.toml"
    path.write_text("\n".join(blocks("toml")).replace("/run/secrets/case-tool", str(secret)))
    environment = {
        **os.environ,
        "DESK_WEBHOOK": "https://chat.example.org/hooks/1",
        "GAZETTE_PASSWORD": "secret",
    }
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "--config", path, "config", "check"],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "sources", "check", tmp_path / "sources"],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "1 source, 0 errors, 0 warnings\n"), done.stdout


def test_the_rule_of_the_readme_passes_its_own_tests(tmp_path: Path) -> None:
    rule, _ = blocks("yaml")
    (tmp_path / "rule.yaml").write_text(rule)
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "rules", "test", tmp_path],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "1 rule, 2 tests, 0 failures\n"), done.stdout


@pytest.mark.slow
def test_the_wheel_serves_a_rule_author_without_kafka_or_torch(tmp_path: Path) -> None:
    built, outside = tmp_path / "built", tmp_path / "outside"
    outside.mkdir()
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", built, REPOSITORY],
        check=True,
        capture_output=True,
    )
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / "bin"
    (wheel,) = built.glob("*.whl")
    installed = run(binaries / "pip", "install", "--quiet", wheel, home=outside)
    assert installed.returncode == 0, installed.stderr

    tested = run(binaries / "comment-monitor", "rules", "test", home=outside)
    assert (tested.returncode, ", 0 failures" in tested.stdout) == (0, True), tested.stdout + tested.stderr

    (outside / "comments.jsonl").write_text('{"id": "1", "text": "You are an idiot, everyone says so."}\n')
    judged = run(binaries / "comment-monitor", "judge", "--input", "comments.jsonl", home=outside)
    assert judged.returncode == 0, judged.stderr
    assert "harassment.insult.en" in [match["rule"] for match in json.loads(judged.stdout)["matches"]]

    demo = run(binaries / "comment-monitor", "demo", home=outside)
    assert demo.returncode == 78
    assert "pip install 'comment-monitor[streams]'" in demo.stderr
    assert "Traceback" not in demo.stderr
