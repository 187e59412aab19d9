"""Finds the settings file and reads it together with the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path as FilePath
from typing import Final, cast

from monitor.domain.errors import Misconfigured
from monitor.domain.problems import Problem
from monitor.settings.building import Builder, dotted
from monitor.settings.conversion import did_you_mean
from monitor.settings.layers import (
    CONFIG_VARIABLE,
    Layer,
    Origin,
    TomlFile,
    Unwritten,
    Variable,
    variable_of,
    variables,
)
from monitor.settings.positions import Path
from monitor.settings.schema import Field, keys_of
from monitor.settings.sections import Settings

DEFAULT_FILE: Final = "comment-monitor.toml"
_LIST_HINT: Final = (
    "`comment-monitor config show` lists the settings; a variable reads COMMENT_MONITOR_SECTION__KEY"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The settings in force, the file they came from, and each value's origin by dotted key."""

    settings: Settings
    origins: Mapping[str, Origin]
    file: FilePath | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Where a command's settings come from; each command reads them when it needs them."""

    path: FilePath | None
    environ: Mapping[str, str]

    def load(self) -> Loaded:
        """Return the settings.

        Raises:
            Misconfigured: with every mistake.
        """
        return load_settings(self.path, self.environ)


def load_settings(path: FilePath | None, environ: Mapping[str, str]) -> Loaded:
    """Return the settings: defaults, then the file, then the environment, which wins.

    Without `path` the file is the one that COMMENT_MONITOR_CONFIG names, else
    `./comment-monitor.toml` where it exists. Paths in the file are relative to the file.

    Raises:
        Misconfigured: with every mistake of the file and the environment at once.
    """
    file = _file(path, environ)
    layer: Layer = Unwritten()
    table: Mapping[str, object] = {}
    if file:
        layer = toml = TomlFile.read(file, _hidden())
        table = toml.table
    found = _masked(variables(environ))
    builder = Builder(found, environ, file.parent if file else FilePath())
    settings = builder.section(Settings, table, (), layer)
    problems = [*builder.problems, *_unknown(found, builder.used)]
    if problems:
        raise Misconfigured(sorted(problems, key=attrgetter("file", "line", "source_line", "column")))
    return Loaded(settings=cast("Settings", settings), origins=builder.origins, file=file)


def _file(path: FilePath | None, environ: Mapping[str, str]) -> FilePath | None:
    named = path or (FilePath(name) if (name := environ.get(CONFIG_VARIABLE)) else None)
    if named:
        return named
    return usual if (usual := FilePath(DEFAULT_FILE)).is_file() else None


def _keys() -> Iterator[tuple[str, Field]]:
    for key, field in keys_of(Settings):
        yield key, field
        if field.section:
            yield from keys_of(field.section, f"{key}[].")


def _hidden() -> frozenset[str]:
    return frozenset(field.name for _, field in _keys() if field.secret)


def _masked(found: Mapping[Path, Variable]) -> dict[Path, Variable]:
    """Hide the values of secrets, and of lists, which may hold some."""
    hidden = {key for key, field in _keys() if field.secret or field.section}
    return {
        path: Variable(name=variable.name, value=variable.value, hidden=dotted(path) in hidden)
        for path, variable in found.items()
    }


def _unknown(found: Mapping[Path, Variable], used: set[Path]) -> Iterator[Problem]:
    """Yield the variables that set nothing, unless they are somebody else's.

    Orchestrators put variables of their own under our prefix (Kubernetes: COMMENT_MONITOR_PORT
    for a service of that name), so one without a double underscore counts only where it is
    plainly a setting spelled with a single one.
    """
    known = [variable_of(key) for key, field in _keys() if "[" not in key]
    known += [f"{variable_of(key)}_FILE" for key, field in _keys() if field.secret and "[" not in key]
    singly = {name.replace("__", "_"): name for name in known}
    for path, variable in found.items():
        if path in used:
            continue
        if len(path) > 1:
            hint = did_you_mean(variable.name, known) or _LIST_HINT
            yield variable.problem(path, "no setting has this name", hint, at_key=True)
        elif meant := singly.get(variable.name):
            yield variable.problem(path, "no setting has this name", f"did you mean '{meant}'?", at_key=True)
