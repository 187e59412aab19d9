"""`comment-monitor sources check`, `try` and `schema`."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from click.testing import CliRunner, Result

from monitor.cli import command_line
from monitor.sources.declared.schema import source_schema
from monitor.sources.push.forms import LISTENING

ANSWER = json.dumps(
    [
        {"id": 2, "post": 4, "parent": 1, "author_name": "Ann", "date_gmt": "2026-11-01T06:10:00",
         "content": {"rendered": "<p>You <b>turnip</b>\x1b[2J</p>"}, "link": "https://gazette.example/#2"},
        {"id": 1, "post": 4, "parent": 0, "date_gmt": "2026-11-01T06:00:00", "content": {"rendered": "Hi"}},
        {"id": 0, "post": 4},
    ]
)  # fmt: skip
KEYS = ["id", "native_id", "parent", "thread", "author", "text", "url", "created_at", "edited_at"]


def run(*arguments: str | Path, given: str = "") -> Result:
    return CliRunner().invoke(command_line, ["sources", *map(str, arguments)], input=given)


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    path = tmp_path / "answer.json"
    path.write_text(ANSWER, encoding="utf-8")
    return path


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_saved_answer_is_read_by_a_preset_alone(answer: Path) -> None:
    result = run("try", "--preset", "wordpress", "--file", answer, "--format", "json")
    assert result.exit_code == 0
    comments = [json.loads(line) for line in result.stdout.splitlines()]
    assert [list(comment) for comment in comments] == [KEYS, KEYS]
    assert comments[0] == {
        "id": "wordpress:2",
        "native_id": "2",
        "parent": "1",
        "thread": "4",
        "author": "Ann",
        "text": "You turnip\x1b[2J",
        "url": "https://gazette.example/#2",
        "created_at": "2026-11-01T06:10:00Z",
        "edited_at": None,
    }
    assert "1 unreadable" in result.stderr


def test_an_answer_may_come_from_standard_input() -> None:
    result = run(
        "try", "--preset", "wordpress", "--file", "-", "--format", "json", "--limit", "1", given=ANSWER
    )
    assert len(result.stdout.splitlines()) == 1


def test_text_says_where_each_field_came_from_and_what_was_missing(answer: Path) -> None:
    result = run("try", "--preset", "wordpress", "--file", answer)
    assert "  author      Ann   <- path author_name | html_to_text" in result.stdout
    assert "<- path content.rendered | html_to_text" in result.stdout
    assert "missing: author in 1 of 2" in result.stdout
    assert "unreadable: `text` is missing (1)" in result.stdout


def test_a_comment_cannot_command_the_terminal(answer: Path) -> None:
    assert "\x1b" not in run("try", "--preset", "wordpress", "--file", answer).stdout


def test_an_answer_of_another_kind_is_told_in_words(tmp_path: Path) -> None:
    page = written(tmp_path / "page.html", "<html>Please log in</html>")
    result = run("try", "--preset", "isso", "--file", page)
    assert (result.exit_code, result.stderr) == (75, "error: the answer is no JSON\n")


def test_a_page_without_comments_says_what_to_look_at(tmp_path: Path) -> None:
    page = written(tmp_path / "page.html", "<html>Please log in</html>")
    assert (
        "nothing stands where `select` looks"
        in run("try", "--preset", "wordpress-html", "--file", page).stdout
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give a source file, or --preset NAME"),
        (["--preset", "wordpress"], "--preset needs --url"),
        (["--preset", "wordpres", "--url", "https://a.example"], "did you mean `wordpress`?"),
    ],
)
def test_a_wrong_use_is_told(arguments: list[str], said: str) -> None:
    result = run("try", *arguments)
    assert result.exit_code in {2, 78}
    assert said in result.stderr


def test_a_wrong_source_file_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    source = written(tmp_path / "gazette.yaml", "preset: wordpress\nid: Gazette\n")
    result = run("try", source)
    assert result.exit_code == 1
    assert "`Gazette` is no source id" in result.stderr
    assert "needs `url`" in result.stderr


async def test_a_site_is_asked_once(tmp_path: Path) -> None:
    asked: list[str] = []

    async def comments(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text=ANSWER, content_type="application/json")

    app = web.Application()
    app.router.add_get("/wp-json/wp/v2/comments", comments)
    async with TestServer(app, host="127.0.0.1") as server:
        head = f"preset: wordpress\nid: gazette\nurl: {server.make_url('/')}\n"
        source = written(tmp_path / "gazette.yaml", head + "politeness: {networks: [127.0.0.0/8]}\n")
        result = await asyncio.to_thread(run, "try", source, "--format", "json")
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["gazette:2", "gazette:1"]
    assert asked == ["/wp-json/wp/v2/comments"]


def test_check_tells_every_problem_and_its_place(tmp_path: Path) -> None:
    written(tmp_path / "a.yaml", "preset: isso\nid: a\nurl: https://isso.example\n")
    written(tmp_path / "b.yaml", "preset: isso\nid: B\nurl: isso.example\n")
    result = run("check", tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path / 'b.yaml'}:2:5: error: `B` is no source id" in result.stdout
    assert "b.yaml:3:6: error: `isso.example` is no whole address" in result.stdout
    assert result.stdout.endswith("1 source, 2 errors, 0 warnings\n")


def test_check_is_content_without_secrets_but_says_so(tmp_path: Path) -> None:
    source = written(
        tmp_path / "a.yaml",
        "preset: wordpress\nid: a\nurl: https://a.example\n"
        'secrets: {user: bot, password: "${env:NOT_SET_HERE}"}\n',
    )
    result = run("check", source)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "1 source, 0 errors, 1 warning")
    assert "warning: the environment variable NOT_SET_HERE is not set" in result.stdout


def test_check_speaks_to_machines(tmp_path: Path) -> None:
    source = written(tmp_path / "a.yaml", "preset: isso\nid: A\nurl: https://isso.example\n")
    told = json.loads(run("check", source, "--format", "json").stdout)
    assert (told["sources"], [problem["line"] for problem in told["problems"]]) == (0, [2])
    assert run("check", source, "--format", "github").stdout.startswith(
        f"::error file={source},line=2,col=5::"
    )


WITHOUT_THE_EXTRA = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"jmespath", "selectolax"}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Missing())
sys.argv = ["comment-monitor", "sources", "schema"]
from monitor.cli import main
main()
"""


def test_without_the_extra_a_person_is_told_what_to_install() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_EXTRA], capture_output=True, text=True, check=False
    )
    assert done.returncode == 78
    assert done.stderr == (
        "error: `sources schema` needs more than the core: pip install 'comment-monitor[sources]'\n"
    )


def test_the_schema_goes_to_standard_output_or_to_a_file(tmp_path: Path) -> None:
    assert json.loads(run("schema").stdout) == source_schema(LISTENING)
    run("schema", "--out", tmp_path / "sources" / "schema.json")
    assert json.loads((tmp_path / "sources" / "schema.json").read_text("utf-8")) == source_schema(LISTENING)
