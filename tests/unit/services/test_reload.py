from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.services.reload import Reloader, RuleFiles
from monitor.services.rulebook import edited_since, load_book

RULE = "id: roots.turnip\ntitle: A root\nstatus: shadow\nseverity: low\nwhen: {{text: {{words: [{}]}}}}\n"
EVERY = timedelta(seconds=5)


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, length: timedelta = EVERY) -> None:
        self.now += length


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "turnip")
    return tmp_path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reloader(folder: Path, clock: Clock) -> Reloader:
    return build(folder, clock)


def build(folder: Path, clock: Clock, every: timedelta = EVERY) -> Reloader:
    return Reloader(RuleFiles(paths=(folder,)), clock, every)


def write(folder: Path, words: str, name: str = "a.yaml") -> None:
    (folder / name).write_text(RULE.format(words), encoding="utf-8")


def looks(reloader: Reloader, clock: Clock, times: int = 2) -> list[bool]:
    """Return what so many looks, each when it is due, came to."""
    changed = []
    for _ in range(times):
        clock.pass_by()
        changed.append(reloader.look())
    return changed


def test_a_changed_file_is_in_force_once_it_has_been_quiet(
    folder: Path, reloader: Reloader, clock: Clock
) -> None:
    before = reloader.book.digest
    write(folder, "turnip, beet")
    assert [False, True, False] == looks(reloader, clock, 3)
    assert before != reloader.book.digest


def test_files_are_left_alone_until_it_is_time_to_look(
    folder: Path, reloader: Reloader, clock: Clock
) -> None:
    write(folder, "turnip, beet")
    clock.pass_by(timedelta(seconds=4))
    assert [False, False] == [reloader.look(), reloader.look()]


def test_an_invalid_change_is_refused_whole_and_the_last_good_book_stays(
    folder: Path, reloader: Reloader, clock: Clock
) -> None:
    before = reloader.book
    write(folder, "beet", "b.yaml")
    (folder / "a.yaml").write_text("id: roots.turnip\nseverity: loud\n", encoding="utf-8")
    assert [False, False] == looks(reloader, clock)
    assert before is reloader.book
    assert "cannot be `loud`" in str(reloader.refused)


def test_the_refusal_stands_until_the_files_are_mended(
    folder: Path, reloader: Reloader, clock: Clock
) -> None:
    (folder / "a.yaml").write_text("id: [", encoding="utf-8")
    looks(reloader, clock, 4)
    assert reloader.refused
    write(folder, "carrot")
    assert [False, True] == looks(reloader, clock)
    assert reloader.refused is None


def test_going_back_to_what_is_in_force_ends_the_refusal(
    folder: Path, reloader: Reloader, clock: Clock
) -> None:
    (folder / "a.yaml").write_text("id: [", encoding="utf-8")
    looks(reloader, clock)
    write(folder, "turnip")
    assert [False, False] == looks(reloader, clock)
    assert reloader.refused is None


def test_a_folder_that_is_gone_is_refused_and_a_folder_that_is_back_is_well(
    folder: Path, reloader: Reloader, clock: Clock
) -> None:
    away = folder.rename(folder.with_name("away"))
    looks(reloader, clock)
    assert "there are no rules at" in str(reloader.refused)
    away.rename(folder)
    looks(reloader, clock)
    assert reloader.refused is None


def test_a_touched_file_with_the_same_content_changes_nothing(
    folder: Path, reloader: Reloader, clock: Clock
) -> None:
    write(folder, "turnip # the same root")
    assert [False, False] == looks(reloader, clock)


def test_a_changed_list_is_a_change(folder: Path, clock: Clock) -> None:
    (folder / "lists").mkdir()
    (folder / "lists" / "roots.txt").write_text("beet\n", encoding="utf-8")
    (folder / "a.yaml").write_text(RULE.format("x").replace("words: [x]", "lists: [roots]"), encoding="utf-8")
    reloader = build(folder, clock)
    (folder / "lists" / "roots.txt").write_text("beet\ncarrot\n", encoding="utf-8")
    assert [False, True] == looks(reloader, clock)


def test_reloading_can_be_switched_off(folder: Path, clock: Clock) -> None:
    reloader = build(folder, clock, timedelta(0))
    write(folder, "beet")
    assert [False, False] == looks(reloader, clock)


def test_rules_whose_file_was_changed_lately_are_known(folder: Path) -> None:
    (folder / "old.yaml").write_text(RULE.format("pea").replace("roots.turnip", "old"), encoding="utf-8")
    os.utime(folder / "old.yaml", (0, 0))
    assert {"roots.turnip"} == edited_since(load_book(folder), datetime.now(UTC) - timedelta(hours=1))


def test_rules_that_were_all_put_there_together_were_installed_and_not_edited(folder: Path) -> None:
    book = load_book(folder)
    assert set() == edited_since(book, datetime.now(UTC) - timedelta(hours=1))
    assert set() == edited_since(book, datetime.now(UTC) + timedelta(hours=1))


def test_unsound_files_at_the_start_are_an_error(folder: Path, clock: Clock) -> None:
    (folder / "a.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(Misconfigured):
        build(folder, clock)


def test_what_was_in_force_before_serves_where_the_files_are_unsound_at_the_start(
    folder: Path, reloader: Reloader, clock: Clock
) -> None:
    (folder / "a.yaml").write_text("id: [", encoding="utf-8")
    again = Reloader(RuleFiles(paths=(folder,)), clock, EVERY, reloader.sources)
    assert (reloader.book.digest, True) == (again.book.digest, again.refused is not None)
    write(folder, "beet")
    assert [False, True] == looks(again, clock)
    assert again.refused is None
