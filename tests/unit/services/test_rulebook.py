from __future__ import annotations

from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.services.rulebook import bundled_rules, find_rules, load_book

RULE = """
id: {id}
title: A rule
severity: low
when: {{text: {{{clause}}}}}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def write(path: str, rule_id: str, clause: str = "words: [turnip]") -> Path:
    return write_text(path, RULE.format(id=rule_id, clause=clause))


def write_text(path: str, text: str) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def ids(path: Path | None = None, *others: Path) -> list[str]:
    return sorted(rule.id for rule in load_book(path, *others).rules)


def refused(path: Path | None = None) -> Misconfigured:
    with pytest.raises(Misconfigured) as caught:
        load_book(path)
    return caught.value


def test_what_is_asked_for_comes_before_the_own_folder() -> None:
    write("rules/a.yaml", "own")
    write("others/a.yaml", "asked.for")
    assert ids(Path("others")) == ["asked.for"]


def test_the_own_folder_comes_before_the_bundled_packs() -> None:
    write("rules/a.yaml", "own")
    assert find_rules() == Path("rules")
    assert ids() == ["own"]


def test_the_bundled_packs_are_there_without_any_folder() -> None:
    assert find_rules() == bundled_rules()
    assert "violence.threat.en" in ids()


def test_what_is_asked_for_must_exist() -> None:
    assert "there are no rules at nowhere" in str(refused(Path("nowhere")))


def test_rules_are_read_from_folders_of_any_depth_and_both_endings() -> None:
    write("rules/a.yaml", "one")
    write("rules/deep/er/b.yml", "two")
    write_text("rules/README.md", "no rule")
    assert ids() == ["one", "two"]


def test_a_single_file_is_a_book() -> None:
    assert ids(write("somewhere/a.yaml", "one")) == ["one"]


def test_several_paths_are_one_book_and_each_file_counts_once() -> None:
    file = write("rules/a.yaml", "one")
    write("more/b.yaml", "two")
    assert ids(Path("rules"), Path("more"), file) == ["one", "two"]


def test_hidden_files_and_folders_are_left_out() -> None:
    write("rules/a.yaml", "one")
    write("rules/.a.yaml", "editor")
    write("rules/.git/b.yaml", "hidden")
    assert ids() == ["one"]


def test_a_mounted_volume_of_links_is_read_once() -> None:
    write("rules/..2026_01_01/a.yaml", "one")
    Path("rules/..data").symlink_to("..2026_01_01")
    Path("rules/a.yaml").symlink_to("..data/a.yaml")
    assert ids() == ["one"]


def test_nothing_below_the_lists_is_a_rule() -> None:
    write("rules/a.yaml", "one")
    write("rules/lists/b.yaml", "never")
    assert ids() == ["one"]


def test_word_lists_stand_in_the_folder_of_lists() -> None:
    write("rules/a.yaml", "one", "lists: [roots]")
    write_text("rules/lists/roots.txt", "turnip\n")
    assert ids() == ["one"]


def test_word_lists_may_stand_beside_a_part_of_the_book() -> None:
    write("rules/imported/a.yaml", "one", "lists: [roots]")
    write_text("rules/imported/lists/roots.txt", "turnip\n")
    assert ["one"] == [rule.id for rule in load_book(Path("rules")).rules]


@pytest.mark.parametrize("part", ["rules/deep", "rules/deep/a.yaml"])
def test_a_part_of_a_book_finds_the_word_lists_above_it(part: str) -> None:
    write("rules/deep/a.yaml", "one", "lists: [roots]")
    write_text("rules/lists/roots.txt", "turnip\n")
    assert ids(Path(part)) == ["one"]
    assert ids(Path(part).absolute()) == ["one"]


def test_no_rule_at_all_is_an_error() -> None:
    Path("rules").mkdir()
    assert "there are no rules in rules" in str(refused())


def test_overrides_by_themselves_are_no_book() -> None:
    write_text("rules/local.yaml", "override: one\nseverity: low\n")
    assert "name the folder of these rules, too" in str(refused())


def test_every_problem_of_every_file_is_reported_at_once() -> None:
    write("rules/a.yaml", "A bad id")
    write("rules/b.yaml", "fine", "wordz: [turnip]")
    Path("rules/c.yaml").write_bytes(b"id: fine\ntitle: caf\xe9\n")
    files = {problem.file for problem in refused().problems}
    assert files == {"rules/a.yaml", "rules/b.yaml", "rules/c.yaml"}


def test_a_file_that_is_no_utf8_is_named_with_the_place() -> None:
    write("rules/a.yaml", "fine")
    Path("rules/b.yaml").write_bytes("id: fine\ntitle: né caf".encode() + b"\xe9\n")
    (problem,) = refused().problems
    assert (problem.file, problem.line, problem.column) == ("rules/b.yaml", 2, 14)
    assert problem.hint == "save the file as UTF-8"


def test_a_word_list_that_is_no_utf8_is_named() -> None:
    write("rules/a.yaml", "fine")
    Path("rules/lists").mkdir()
    Path("rules/lists/roots.txt").write_bytes(b"\xff")
    assert [problem.file for problem in refused().problems] == ["rules/lists/roots.txt"]


def test_a_file_that_cannot_be_read_is_named() -> None:
    write("rules/a.yaml", "fine")
    Path("rules/b.yaml").symlink_to("gone.yaml")
    assert "rules/b.yaml: error: cannot be read: No such file or directory" in str(refused())


def test_a_byte_order_mark_does_no_harm() -> None:
    write_text("rules/a.yaml", "\ufeff" + RULE.format(id="one", clause="words: [turnip]").lstrip())
    assert ids() == ["one"]


def test_the_number_of_matched_characters_is_passed_on() -> None:
    write("rules/a.yaml", "one")
    assert load_book(max_text=123).max_text == 123
