"""The source file that follows from a finding."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from monitor.sources.detecting.candidates import Candidate

_ENDLESS = 1_000_000
"""Columns: a value stays on its line."""


def source_text(candidate: Candidate) -> str:
    """Return the source file of a candidate, in YAML; empty where none reads its system."""
    return "".join(f"{line}\n" for line in _lines(candidate))


def _lines(candidate: Candidate) -> Iterator[str]:
    for key, value in candidate.content.items():
        if not isinstance(value, dict) or not any(isinstance(inner, dict) for inner in value.values()):
            yield f"{key}: {_flow(value)}"
            continue
        yield f"{key}:"
        yield from (f"  {name}: {_flow(inner)}" for name, inner in value.items())


def _flow(value: object) -> str:
    text: str = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=_ENDLESS
    )
    return text.removesuffix("\n").removesuffix("\n...")
