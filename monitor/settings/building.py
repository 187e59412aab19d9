"""Builds the settings from what the file and the environment say, and finds every mistake on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Final, cast

from monitor.domain.problems import Problem
from monitor.settings.conversion import convert, did_you_mean
from monitor.settings.expansion import Expander, refers
from monitor.settings.findings import Section, Unfit
from monitor.settings.layers import DEFAULT, Layer, Origin, Variable
from monitor.settings.positions import Path
from monitor.settings.schema import Field, fields_of

_FILE: Final = "_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A value as it stands at `path` in a layer, or the name of the file that holds it."""

    value: object
    layer: Layer
    path: Path
    from_file: bool

    def problem(self, error: Unfit) -> Problem:
        return self.layer.problem(self.path, f"{dotted(self.path)}: {error}", error.hint)


class Builder:
    """Turns tables into sections. After `section`, `problems` and `origins` hold what was found."""

    def __init__(
        self, variables: Mapping[Path, Variable], environ: Mapping[str, str], base: FilePath
    ) -> None:
        self.problems: list[Problem] = []
        self.origins: dict[str, Origin] = {}
        self.used: set[Path] = set()
        self._variables = variables
        self._environ = environ
        self._base = base

    def section(self, kind: type[Section], table: object, path: Path, layer: Layer) -> Section | None:
        """Return the section, or None where `problems` says why not."""
        before = len(self.problems)
        if not isinstance(table, dict):
            self.problems.append(layer.problem(path, f"{dotted(path)} is a table, not a value"))
            return None
        fields = fields_of(kind)
        keys = cast("Mapping[str, object]", table)
        self._find_unknown(fields, keys, path, layer)
        values = dict(self._values(fields, keys, path, layer))
        if len(self.problems) > before:
            return None
        section = kind(**values)
        self._find_contradictions(section, path, layer)
        return section

    def _values(
        self, fields: tuple[Field, ...], table: Mapping[str, object], path: Path, layer: Layer
    ) -> Iterator[tuple[str, object]]:
        for field in fields:
            here = (*path, field.name)
            if field.shape == "section" and field.section:
                yield field.name, self.section(field.section, table.get(field.name, {}), here, layer)
            elif field.shape == "sections":
                yield from self._sections(field, table, here, layer)
            else:
                yield from self._value(field, table, here, layer)

    def _sections(
        self, field: Field, table: Mapping[str, object], path: Path, layer: Layer
    ) -> Iterator[tuple[str, object]]:
        entries: object = table.get(field.name)
        if variable := self._variable(path):
            layer = variable
            entries = self._entries(variable, path)
        if entries is None or field.section is None:
            self.origins[dotted(path)] = DEFAULT
        elif isinstance(entries, list):
            self.origins[dotted(path)] = layer.origin(path)
            sections = [self.section(field.section, e, (*path, i), layer) for i, e in enumerate(entries)]
            yield field.name, tuple(sections)
        else:
            message = f"{field.name} is a list of tables"
            self.problems.append(
                layer.problem(path, message, f"write [[{field.name}]] above each of its entries")
            )

    def _entries(self, variable: Variable, path: Path) -> object:
        try:
            return variable.entries()
        except ValueError as error:
            hint = f'write a list as JSON: {variable.name}=\'[{{"name": "…", "type": "…"}}]\''
            self.problems.append(variable.problem(path, f"not valid JSON: {error}", hint))
            return None

    def _value(
        self, field: Field, table: Mapping[str, object], path: Path, layer: Layer
    ) -> Iterator[tuple[str, object]]:
        written = self._written(field, table, path, layer)
        if written is None:
            self.origins[dotted(path)] = DEFAULT
            if field.required:
                self.problems.append(layer.problem(path, f"{dotted(path)} is missing", field.description))
            return
        self.origins[dotted(path)] = written.layer.origin(written.path)
        try:
            yield field.name, self._read(field, written)
        except Unfit as error:
            self.problems.append(written.problem(error))

    def _written(
        self, field: Field, table: Mapping[str, object], path: Path, layer: Layer
    ) -> _Written | None:
        """Return the value and where it stands; a secret may stand in a file of its own."""
        beside = (*path[:-1], f"{field.name}{_FILE}")
        places = ((path, False), (beside, True)) if field.secret else ((path, False),)
        in_environment = [
            _Written(value=variable.value, layer=variable, path=here, from_file=from_file)
            for here, from_file in places
            if (variable := self._variable(here))
        ]
        in_table = [
            _Written(value=table[str(here[-1])], layer=layer, path=here, from_file=from_file)
            for here, from_file in places
            if here[-1] in table
        ]
        for found in (in_environment, in_table):
            if len(found) > 1:
                message = f"{dotted(path)} is given twice: as a value and as a file"
                self.problems.append(found[1].layer.problem(beside, message, "keep one of them"))
        return next(iter([*in_environment, *in_table]), None)

    def _read(self, field: Field, written: _Written) -> object:
        in_environment = isinstance(written.layer, Variable)
        base = FilePath() if in_environment else self._base
        expander = Expander(environ=self._environ, base=base)
        value = written.value if in_environment else expander.expand(written.value)
        lenient = in_environment or refers(written.value) or written.from_file
        if written.from_file:
            value = expander.file(str(value))
        quotable = not (field.secret or refers(written.value))
        return convert(field, value, base=base, lenient=lenient, quotable=quotable)

    def _variable(self, path: Path) -> Variable | None:
        if path in self._variables:
            self.used.add(path)
        return self._variables.get(path)

    def _find_unknown(
        self, fields: tuple[Field, ...], table: Mapping[str, object], path: Path, layer: Layer
    ) -> None:
        known = {field.name for field in fields} | {field.name + _FILE for field in fields if field.secret}
        where = f" in {dotted(path)}" if path else ""
        for key in table:
            if key not in known:
                hint = did_you_mean(key, known) or "known are: " + ", ".join(sorted(known))
                problem = layer.problem((*path, key), f"unknown key '{key}'{where}", hint, at_key=True)
                self.problems.append(problem)

    def _find_contradictions(self, section: Section, path: Path, layer: Layer) -> None:
        for finding in section.findings():
            here = (*path, finding.key)
            at: Layer = self._variables.get(here, layer)
            self.problems.append(at.problem(here, finding.message, finding.hint))


def dotted(path: Path) -> str:
    """Return a path as people write it: `receivers.0.url`."""
    return ".".join(str(part) for part in path)
