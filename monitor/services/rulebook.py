"""Finds the rules, reads their files and word lists, and makes a book of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Final, TypeAlias

from monitor.domain.errors import Misconfigured
from monitor.domain.problems import Problem
from monitor.engine.book import MAX_TEXT, Book
from monitor.engine.reading import RuleFile, read_book

LISTS: Final = "lists"
"""The folder of word lists; no rule is looked for below it."""

_OWN: Final = Path("rules")
_ENDINGS: Final = frozenset({".yaml", ".yml"})
_NEAR: Final = 3
"""How many folders above a rule file its word lists may stand."""


def load_book(path: Path | None = None, *others: Path | None, max_text: int | None = None) -> Book:
    """Return the book of all rules in these files and folders; without any, see `find_rules`.

    Raises:
        Misconfigured: with every problem of every file; also where there is no rule at all.
    """
    return book_of(read_sources(path, *others), max_text=max_text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The texts that a book is made of, and what could not be read of them."""

    paths: tuple[str, ...]
    rules: tuple[RuleFile, ...]
    lists: tuple[RuleFile, ...]
    unreadable: tuple[Problem, ...] = ()


def read_sources(path: Path | None = None, *others: Path | None) -> Sources:
    """Return the texts of all rule and list files of these files and folders.

    Raises:
        Misconfigured: what was asked for does not exist.
    """
    paths = (find_rules(path), *map(find_rules, others))
    rules, unreadable = _read(_rule_files(paths))
    lists, unreadable_lists = _read(_list_files(paths))
    return Sources(
        paths=tuple(map(str, paths)),
        rules=tuple(rules),
        lists=tuple(lists),
        unreadable=(*unreadable, *unreadable_lists),
    )


def book_of(sources: Sources, *, max_text: int | None = None) -> Book:
    """Return the book of these texts.

    Raises:
        Misconfigured: with every problem of every file; also where there is no rule at all.
    """
    try:
        book = read_book(sources.rules, sources.lists, max_text=MAX_TEXT if max_text is None else max_text)
    except Misconfigured as error:
        raise Misconfigured([*sources.unreadable, *error.problems]) from None
    if sources.unreadable:
        raise Misconfigured(sources.unreadable)
    if not book.rules:
        hint = (
            "overrides tune rules: name the folder of these rules, too"
            if sources.rules
            else "rules stand in files whose names end in .yaml"
        )
        raise Misconfigured.plain(f"there are no rules in {', '.join(sources.paths)}", hint=hint)
    return book


Stamp: TypeAlias = frozenset[tuple[str, int, int]]
"""What tells that rule files have changed: each file's real path, time of change and size."""


def stamp_of(path: Path | None = None, *others: Path | None) -> Stamp:
    """Return the stamp of all rule and list files of these files and folders, without reading them.

    Raises:
        Misconfigured: what was asked for does not exist.
    """
    paths = (find_rules(path), *map(find_rules, others))
    return frozenset(_stamp(file) for file in (*_rule_files(paths), *_list_files(paths)))


def edited_since(book: Book, moment: datetime) -> frozenset[str]:
    """Return the rules whose file was changed at that moment or later, while others are older.

    Where all files are that new they were put there together: installed, not edited.
    """
    edited = {
        file
        for file in {rule.file for rule in book.rules}
        if _stamp(Path(file))[1] >= moment.timestamp() * 1e9
    }
    installed = edited == {rule.file for rule in book.rules}
    return frozenset(rule.id for rule in book.rules if rule.file in edited and not installed)


def _stamp(file: Path) -> tuple[str, int, int]:
    try:
        real = file.resolve()
        state = real.stat()
    except OSError:
        return str(file), 0, 0
    return str(real), state.st_mtime_ns, state.st_size


def find_rules(path: Path | None = None) -> Path:
    """Return where the rules are: what was asked for, else `./rules`, else the bundled packs.

    Raises:
        Misconfigured: what was asked for does not exist.
    """
    if path is not None:
        if not path.exists():
            raise Misconfigured.plain(f"there are no rules at {path}", hint="give a rule file or a folder")
        return path
    return _OWN if _OWN.is_dir() else bundled_rules()


def bundled_rules() -> Path:
    """Return the folder of the packs that come with the product.

    In a source checkout they stand beside the package; the build puts them into it.
    """
    package = Path(str(resources.files("monitor")))
    inside = package / "starter_rules"
    return inside if inside.is_dir() else package.parent / "rules"


def _rule_files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file():
            yield path
            continue
        for file in path.rglob("*"):
            parts = file.relative_to(path).parts
            if file.suffix in _ENDINGS and not _is_left_out(parts) and not file.is_dir():
                yield file


def _is_left_out(parts: Sequence[str]) -> bool:
    """Return whether the file is hidden (an editor's, or a mounted volume's) or stands below `lists`."""
    return LISTS in parts[:-1] or any(part.startswith(".") for part in parts)


def _list_files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        folder = _lists_for(path)
        yield from folder.glob("[!.]*.txt") if folder else ()
        for file in path.rglob(f"{LISTS}/*.txt"):
            if not any(part.startswith(".") for part in file.relative_to(path).parts):
                yield file


def _lists_for(path: Path) -> Path | None:
    """Return the word lists of a rule folder, or those nearest above a part of it."""
    full = path.absolute()
    for folder in (full, *full.parents)[: _NEAR + 1]:
        lists = folder / LISTS
        if lists.is_dir():
            return lists if path.is_absolute() else Path(os.path.relpath(lists))
    return None


def _read(files: Iterable[Path]) -> tuple[list[RuleFile], list[Problem]]:
    """Return the files' texts, each file once, and what could not be read."""
    texts: list[RuleFile] = []
    problems: list[Problem] = []
    for file in sorted({file.resolve(): file for file in files}.values()):
        read = _read_one(file)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            texts.append(read)
    return texts, problems


def _read_one(file: Path) -> RuleFile | Problem:
    try:
        content = file.read_bytes()
    except OSError as error:
        return Problem(file=str(file), message=f"cannot be read: {error.strerror}")
    try:
        return RuleFile(str(file), content.decode())
    except UnicodeDecodeError as error:
        return _not_utf8(file, content, error.start)


def _not_utf8(file: Path, content: bytes, at: int) -> Problem:
    before = content[:at]
    start = before.rfind(b"\n") + 1
    return Problem(
        file=str(file),
        line=before.count(b"\n") + 1,
        column=len(before[start:].decode(errors="replace")) + 1,
        message="from here on this is not UTF-8",
        hint="save the file as UTF-8",
    )
