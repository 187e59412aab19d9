"""Source files: head, presets and what is laid over them, references, folders of files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.settings.secret import Secret
from monitor.sources.describing import (
    SourceText,
    build_sources,
    describe,
    read_sources,
    source_texts,
)
from monitor.sources.idle import idle_tools
from monitor.sources.presets import load_preset, preset_names
from monitor.sources.presets.starting import starting_lines
from tests.unit.sources.declared.conftest import Told

TOOLS = idle_tools(lambda: datetime.now(UTC))
FIVE_LINES = """
preset: wordpress
id: gazette
url: https://gazette.example/news/
secrets: {user: bot, password: "${env:PASSWORD}"}
"""


def test_five_lines_are_a_source(told: Told) -> None:
    site = told(FIVE_LINES, {"PASSWORD": "s3cret"})
    request = site.first(None)
    assert site.name == "gazette"
    assert request.url == "https://gazette.example/news/wp-json/wp/v2/comments"
    assert (request.params["context"], request.params["status"]) == ("edit", "all")
    assert request.credentials == {"Authorization"}


def test_what_needs_secrets_is_left_out_without_them(told: Told) -> None:
    request = told("{preset: wordpress, id: gazette, url: https://gazette.example}").first(None)
    assert "context" not in request.params
    assert request.credentials == frozenset()


def test_a_files_keys_are_laid_over_the_presets(told: Told) -> None:
    site = told(
        """
        preset: wordpress
        id: gazette
        url: https://gazette.example
        options: {per_page: 20}
        request: {params: {post: "7"}}
        fields: {author: {path: author_display}}
        poll: {every: 1m}
        """
    )
    params = site.first(None).params
    assert (params["per_page"], params["post"], params["orderby"]) == ("20", "7", "date_gmt")
    assert str(site.reader.fields["author"].places[0]) == "path author_display | html_to_text"
    assert (site.policy.every, site.policy.ceiling) == (60.0, 300.0)


def test_a_reference_is_a_secret(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    text = "id: a\nkind: poll\nx: Bearer ${file:token} for ${env:WHO}\n"
    described, sheet = describe(SourceText(path="a.yaml", text=text, base=tmp_path), {"WHO": "me"})
    assert described is not None
    fields = described.root.fields(("x",))
    assert fields is not None
    cursor = fields.get("x")
    assert cursor is not None
    assert described.value(cursor) == Secret("Bearer s3cret for me")
    assert sheet.problems == []


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: A\npreset: nonesuch\n")
    (tmp_path / "b.yaml").write_text("id: b\nkind: nonesuch\n")
    with pytest.raises(Misconfigured) as error:
        build_sources(tmp_path, TOOLS, {})
    assert [Path(problem.file).name for problem in error.value.problems] == ["a.yaml", "a.yaml", "b.yaml"]


def test_a_sound_file_stands_beside_a_wrong_one(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("{preset: isso, id: a, url: https://isso.example}")
    (tmp_path / "b.yaml").write_text("{preset: isso, id: b}")
    reading = read_sources(source_texts(tmp_path), TOOLS, {})
    assert [source.name for source in reading.sources] == ["a"]
    assert not reading.sound


def test_an_id_names_one_source(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yml"):
        (tmp_path / name).write_text("{preset: isso, id: a, url: https://isso.example}")
    reading = read_sources(source_texts(tmp_path), TOOLS, {})
    assert [problem.message.partition(" is taken")[0] for problem in reading.problems] == ["the id `a`"]


def test_one_file_may_tell_of_several_sources(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "{preset: isso, id: a, url: https://a.example}\n---\n{preset: isso, id: b, url: https://b.example}\n"
    )
    assert [source.name for source in build_sources(tmp_path / "a.yaml", TOOLS, {})] == ["a", "b"]


def test_what_is_no_source_file_is_passed_over(tmp_path: Path) -> None:
    for name in ("a.yaml", ".b.yaml", "schema.json", "c.yaml~"):
        (tmp_path / name).write_text("{preset: isso, id: a, url: https://isso.example}")
    assert [Path(text.path).name for text in source_texts(tmp_path)] == ["a.yaml"]


def test_an_empty_folder_or_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="holds no source file"):
        source_texts(tmp_path)
    with pytest.raises(Misconfigured, match="cannot be read"):
        source_texts(tmp_path / "nothing.yaml")
    (tmp_path / "a.yaml").write_text("# nothing\n")
    with pytest.raises(Misconfigured, match="this file is empty"):
        build_sources(tmp_path, TOOLS, {})


def test_what_is_missing_here_is_a_warning_to_tools_that_ask_no_site() -> None:
    text = SourceText(path="a.yaml", text=FIVE_LINES, base=Path())
    lenient, strict = (read_sources([text], TOOLS, {}, lenient=each) for each in (True, False))
    assert [problem.level for problem in lenient.problems] == ["warning"]
    assert (len(lenient.sources), lenient.sound, strict.sound) == (1, True, False)


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_stands_under_its_few_lines(name: str) -> None:
    preset = load_preset(name)
    for every_secret in (False, True):
        lines = starting_lines(
            preset, id_="gazette", url="https://gazette.example", every_secret=every_secret
        )
        text = SourceText(path="sources/gazette.yaml", text=lines, base=Path())
        reading = read_sources([text], TOOLS, {}, lenient=True)
        assert [problem.message for problem in reading.problems if problem.level == "error"] == []
        assert len(lines.splitlines()) <= 5
