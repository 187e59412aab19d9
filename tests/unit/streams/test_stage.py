from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.errors import Misconfigured
from monitor.settings import load_settings
from streams.demo.stage import MARK, PROCESSES, Stage, set_stage, source_name

# What a file may be called, but for a reference such as ${env:HOME}, which the settings would follow.
names = st.text(st.characters(exclude_characters="/\0$", exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: name not in {".", ".."}
)


def a_stage(folder: Path, path: Path | None = None) -> Stage:
    return set_stage(
        folder,
        bootstrap="127.0.0.1:1",
        path=path or folder.parent / "thread.jsonl",
        form="auto",
        source="gazette",
    )


def test_the_settings_of_a_stage_load(tmp_path: Path) -> None:
    stage = a_stage(tmp_path / "demo")
    loaded = load_settings(stage.settings, {}).settings
    assert loaded.kafka.bootstrap == "127.0.0.1:1"
    assert [(source.name, source.path) for source in loaded.sources] == [
        ("gazette", tmp_path / "thread.jsonl")
    ]
    assert [(receiver.name, receiver.path) for receiver in loaded.receivers] == [
        ("screen", None),
        ("file", stage.alerts),
    ]
    assert loaded.http.port == stage.port


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names)
def test_a_path_may_be_called_anything(tmp_path: Path, name: str) -> None:
    stage = a_stage(tmp_path / "demo", Path("/data") / name)
    assert load_settings(stage.settings, {}).settings.sources[0].path == Path("/data") / name


@pytest.mark.parametrize("name", ['say "hi"', "back\\slash", "zwei\nZeilen", "naïve 😀", "\x7f", "tab\there"])
def test_a_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    stage = a_stage(tmp_path / name)
    loaded = load_settings(stage.settings, {}).settings
    assert (loaded.store.path, loaded.worker.data_dir) == (
        tmp_path / name / "monitor.sqlite",
        tmp_path / name / "tables",
    )


def test_the_folder_of_an_earlier_demonstration_is_emptied(tmp_path: Path) -> None:
    first = a_stage(tmp_path / "demo")
    first.alerts.write_text("{}\n")
    (first.folder / "monitor.sqlite").write_text("left over")
    second = a_stage(tmp_path / "demo")
    assert (second.alerts.read_text(), sorted(path.name for path in second.folder.iterdir())) == (
        "",
        [MARK, "alerts.jsonl", "comment-monitor.toml"],
    )


def test_a_folder_that_no_demonstration_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(Misconfigured, match="holds files that no demonstration made"):
        a_stage(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    assert a_stage(tmp_path / "demo").settings.is_file()


def test_a_link_to_the_folder_of_an_earlier_demonstration_is_followed(tmp_path: Path) -> None:
    a_stage(tmp_path / "demo")
    (tmp_path / "link").symlink_to(tmp_path / "demo")
    assert a_stage(tmp_path / "link").folder == tmp_path / "demo"


def test_ports_that_are_taken_are_left_out(tmp_path: Path) -> None:
    first = a_stage(tmp_path / "demo").port
    with socket.create_server(("127.0.0.1", first + PROCESSES - 1)):
        assert a_stage(tmp_path / "demo").port != first


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("comments.jsonl", "comments"),
        ("My Comments (1).csv", "my-comments-1"),
        ("Leserbriefe_März.txt", "leserbriefe_m-rz"),
        ("кот.jsonl", "input"),
    ],
)
def test_a_file_may_be_called_anything_and_names_its_source(tmp_path: Path, file: str, name: str) -> None:
    path = tmp_path / file
    stage = set_stage(
        tmp_path / "demo", bootstrap="127.0.0.1:9092", path=path, form="auto", source=source_name(path)
    )
    assert [source.name for source in load_settings(stage.settings, {}).settings.sources] == [name]
