"""Source files: YAML with a head that every kind has, presets put under them, references put in.

A file tells of one source: its `id`, its `kind`, and what that kind needs. With `preset: NAME` it
tells only what differs: its keys are laid over the preset's, in which `${url}`, `${secrets.NAME}` and
`${options.NAME}` are what the file gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.domain.errors import Misconfigured
from monitor.domain.problems import Problem
from monitor.engine.cursor import Cursor, Fields, suggestion
from monitor.engine.nodes import MapNode, Node, Scalar, Sheet
from monitor.plugins import Plugins
from monitor.ports import Source
from monitor.settings.expansion import Expander
from monitor.settings.findings import Unfit
from monitor.settings.secret import Secret
from monitor.sources.kinds import KINDS, SourceFactory, Tools
from monitor.sources.merging import laid_over, name_of, only, without
from monitor.sources.presets import Preset, load_preset
from monitor.sources.web.message import Value

HEAD: Final = ("version", "id", "kind", "preset", "url", "secrets", "options")
SUFFIXES: Final = (".yaml", ".yml")
VERSION: Final = "1"

_ID: Final = re.compile(r"[a-z0-9-]+\Z")
_OWN: Final = ("version", "id", "kind", "preset")
"""The head's keys that no kind reads; the others mean something to presets only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A source file: its path as a person knows it, its text, and the folder that `${file:…}` starts from."""

    path: str
    text: str
    base: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A source file as read (the port `Description`).

    `lenient`: what cannot be put in is a warning, for tools that ask no site.
    """

    id: str
    kind: str
    root: Cursor
    expander: Expander
    lenient: bool = False

    def value(self, cursor: Cursor) -> Value:
        """Return the text at this place with `${env:…}` and `${file:…}` put in: a Secret where any were."""
        text = cursor.text() or ""
        if not _REFERENCE.search(text):
            return text
        try:
            return Secret(_REFERENCE.sub(lambda found: str(self.expander.expand(found[0])), text))
        except Unfit as error:
            report = cursor.warn if self.lenient else cursor.error
            report(str(error), error.hint)
            return Secret(text)


_REFERENCE: Final = re.compile(r"\$\{(?:env|file):[^}]*\}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What source files tell: the sources that can stand, and every problem."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Return whether there is no error among the problems."""
        return all(problem.level != "error" for problem in self.problems)


def source_texts(path: Path) -> tuple[SourceText, ...]:
    """Return the source files at a path: the file, or a folder's, by name.

    Raises:
        Misconfigured: there is none, or one cannot be read.
    """
    files = [path] if not path.is_dir() else sorted(each for each in path.iterdir() if _told(each))
    if not files:
        raise Misconfigured.plain(
            f"the folder {path} holds no source file", hint="a source is a file such as gazette.yaml"
        )
    return tuple(_text_of(file) for file in files)


def _told(file: Path) -> bool:
    return file.suffix in SUFFIXES and not file.name.startswith(".")


def _text_of(file: Path) -> SourceText:
    try:
        return SourceText(path=str(file), text=file.read_text(encoding="utf-8"), base=file.parent)
    except OSError as error:
        raise Misconfigured.plain(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Misconfigured.plain(f"{file} is not written in UTF-8", hint="save it again as UTF-8") from None


def read_sources(
    texts: Sequence[SourceText],
    tools: Tools,
    environ: Mapping[str, str],
    *,
    lenient: bool = False,
    kinds: Plugins[SourceFactory] = KINDS,
) -> Reading:
    """Return the sources that these files tell of, and every problem in all of them."""
    sheets = [(text, Sheet(text.path, text.text)) for text in texts]
    described = [
        each
        for text, sheet in sheets
        for each in _describe(sheet, Expander(environ=environ, base=text.base), lenient=lenient, kinds=kinds)
    ]
    _refuse_twins(described)
    made = [(each, _load(each, kinds)) for each in described]
    sources = [(each, factory(each, tools)) for each, factory in made if factory is not None]
    problems = tuple(problem for _, sheet in sheets for problem in sorted(sheet.problems, key=_place))
    wrong = {problem.file for problem in problems if problem.level == "error"}
    sound = (source for each, source in sources if each.root.sheet.path not in wrong)
    return Reading(tuple(source for source in sound if source is not None), problems)


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column


def build_sources(path: Path, tools: Tools, environ: Mapping[str, str]) -> tuple[Source, ...]:
    """Return the sources that the files at this path tell of.

    Raises:
        Misconfigured: with every problem of every file.
    """
    reading = read_sources(source_texts(path), tools, environ)
    if not reading.sound:
        raise Misconfigured([problem for problem in reading.problems if problem.level == "error"])
    return reading.sources


def describe(
    text: SourceText,
    environ: Mapping[str, str],
    *,
    lenient: bool = False,
    kinds: Plugins[SourceFactory] = KINDS,
) -> tuple[Described | None, Sheet]:
    """Return the description of one file's source, and the sheet that holds the problems."""
    sheet = Sheet(text.path, text.text)
    expander = Expander(environ=environ, base=text.base)
    return next(_describe(sheet, expander, lenient=lenient, kinds=kinds), None), sheet


def _load(described: Described, kinds: Plugins[SourceFactory]) -> SourceFactory | None:
    try:
        return kinds.load(described.kind)
    except Misconfigured as error:
        for problem in error.problems:
            described.root.error(problem.message, problem.hint)
        return None


def _refuse_twins(described: Sequence[Described]) -> None:
    first: dict[str, Described] = {}
    for each in described:
        twin = first.setdefault(each.id, each)
        if twin is not each:
            place = f"{twin.root.sheet.path}:{twin.root.place.line}"
            each.root.error(
                f"the id `{each.id}` is taken by the source in {place}",
                "an id names one source: its cursor, comments and metrics carry it",
            )


def _describe(
    sheet: Sheet, expander: Expander, *, lenient: bool, kinds: Plugins[SourceFactory]
) -> Iterator[Described]:
    documents = sheet.documents()
    if not documents and not sheet.problems:
        sheet.report("this file is empty", None, hint="write `preset: …` or `kind: poll` and what it needs")
    for document in documents:
        root = Cursor(document, sheet, "the source")
        if not isinstance(document, MapNode):
            root.wrong("a group of `key: value` lines")
            continue
        described = _described(document, root, expander, lenient=lenient, kinds=kinds)
        if described is not None:
            yield described


def _described(
    document: MapNode, root: Cursor, expander: Expander, *, lenient: bool, kinds: Plugins[SourceFactory]
) -> Described | None:
    head = Cursor(only(document, HEAD), root.sheet, root.name).fields(HEAD)
    preset_at = head.get("preset") if head else None
    if head is None:
        return None
    _check_version(head)
    body: Node = without(document, HEAD if preset_at else _OWN)
    if preset_at is not None:
        preset = _preset(preset_at)
        body = laid_over(body, preset.tree(given_to(preset, head, preset_at), preset_at)) if preset else body
    id_, kind = _id(head), _kind(head, body, kinds)
    if id_ is None or kind is None or (preset_at is not None and preset is None):
        return None
    if isinstance(body, MapNode):
        body = without(body, _OWN)
    return Described(
        id=id_, kind=kind, root=Cursor(body, root.sheet, root.name), expander=expander, lenient=lenient
    )


def _check_version(head: Fields) -> None:
    version = head.get("version")
    if version is not None and version.spelled() != VERSION:
        version.error(f"`version` cannot be `{version.spelled()}`", f"this release reads version {VERSION}")


def _id(head: Fields) -> str | None:
    cursor = head.get("id")
    if cursor is None:
        head.cursor.error("the source needs `id`", "add a line `id: …`: small letters, digits and dashes")
        return None
    value = cursor.text()
    if value is not None and not _ID.match(value):
        cursor.error(f"`{value}` is no source id", "small letters, digits and dashes, such as `gazette`")
        return None
    return value


def _kind(head: Fields, body: Node, kinds: Plugins[SourceFactory]) -> str | None:
    """Return the kind: the file's, else the preset's."""
    cursor = head.get("kind")
    if cursor is None and isinstance(body, MapNode):
        told = [value for key, value in body.pairs if name_of(key) == "kind"]
        cursor = Cursor(told[0], head.cursor.sheet, "kind") if told else None
    if cursor is None:
        if "preset" not in head:
            head.cursor.error("the source needs `kind`", "one of: " + ", ".join(kinds.names()))
        return None
    value = cursor.text()
    if value is not None and value not in kinds.names():
        cursor.error(f"there is no source kind `{value}`", suggestion(value, kinds.names()))
        return None
    return value


def _preset(cursor: Cursor) -> Preset | None:
    name = cursor.text()
    if name is None:
        return None
    try:
        return load_preset(name)
    except Misconfigured as error:
        for problem in error.problems:
            cursor.error(problem.message, problem.hint)
        return None


def given_to(preset: Preset, head: Fields, at: Cursor) -> dict[str, Scalar]:
    """Return what the file gives to its preset, by the names that the preset's texts know."""
    given: dict[str, Scalar] = {}
    url = _url(preset, head, at)
    if url is not None:
        given["url"] = url
    given |= {f"secrets.{name}": value for name, value in _named(head.get("secrets"), preset.secrets).items()}
    given |= {f"options.{name}": value for name, value in _named(head.get("options"), preset.options).items()}
    for name, option in preset.options.items():
        if option.default is not None:
            given.setdefault(f"options.{name}", Scalar(at.place, option.default, plain=True))
    _report_missing(preset, given, at)
    return {**_stand_ins(preset, at), **given}


def _stand_ins(preset: Preset, at: Cursor) -> dict[str, Scalar]:
    """Return values for what is missing, which was reported, so that the rest can be read too."""
    values = {"url": "https://site.example"} if preset.url else {}
    values |= {f"secrets.{name}": "${cursor}" for name in preset.needed_secrets}
    values |= {f"options.{name}": option.example for name, option in preset.options.items()}
    return {name: Scalar(at.place, value, plain=True) for name, value in values.items()}


def _url(preset: Preset, head: Fields, at: Cursor) -> Scalar | None:
    cursor = head.get("url")
    if cursor is None:
        if preset.url:
            at.error(f"the preset `{preset.name}` needs `url`", f"add a line `url: …`: {preset.url}")
        return None
    if not preset.url:
        cursor.error(f"the preset `{preset.name}` takes no `url`", "remove it")
        return None
    if cursor.text() is None or not isinstance(cursor.node, Scalar):
        return None
    if "://" not in cursor.node.value:
        cursor.error(f"`{cursor.node.value}` is no whole address", f"write https://{cursor.node.value}")
        return None
    return cursor.node


def _named(cursor: Cursor | None, known: Mapping[str, object]) -> dict[str, Scalar]:
    if cursor is None:
        return {}
    fields = cursor.fields(known)
    written = fields.items() if fields else ()
    return {
        name: value.node
        for name, value in written
        if value.text() is not None and isinstance(value.node, Scalar)
    }


def _report_missing(preset: Preset, given: Mapping[str, Scalar], at: Cursor) -> None:
    for name in preset.needed_secrets:
        if f"secrets.{name}" not in given:
            at.error(
                f"the preset `{preset.name}` needs the secret `{name}`: {preset.secrets[name]}",
                f'add `secrets: {{{name}: "${{env:NAME}}"}}`',
            )
    for name, option in preset.options.items():
        if f"options.{name}" not in given:
            at.error(
                f"the preset `{preset.name}` needs the option `{name}`: {option.says}",
                f"add `options: {{{name}: {option.example or '…'}}}`",
            )
    together = {name for names, _ in preset.with_secrets for name in names}
    some = {name for name in together if f"secrets.{name}" in given}
    if some and not any(all(name in some for name in names) for names, _ in preset.with_secrets):
        lacking = ", ".join(f"`{name}`" for name in preset.secrets if name in together - some)
        at.error(f"the preset `{preset.name}` needs {lacking} beside the other secrets", "give all, or none")
