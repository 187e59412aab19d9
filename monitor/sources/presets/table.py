"""What each preset needs, finds out, and cannot see: the table of the README, and of `sources presets`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from monitor.sources.declared.reading import read_site
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.describing import SourceText, describe
from monitor.sources.polling.site import Deletes
from monitor.sources.presets import Preset, load_preset, preset_names
from monitor.sources.presets.starting import starting_lines

_ANYWHERE: Final = "https://gazette.example"
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))
_DELETIONS: Final = {
    "status_code": "asked for one by one",
    "field": "told by the site",
    "none": "not seen",
}


def describe_presets() -> str:
    """Return the table of all presets, in Markdown."""
    head = "| preset | reads | needs | edits and late ones | deletions | cannot see | proven against |"
    return "\n".join([head, "|---|---|---|---|---|---|---|", *map(_row, preset_names())]) + "\n"


def _row(name: str) -> str:
    preset = load_preset(name)
    late, deletions = found_out(preset)
    about = f"{preset.about} (unproven: {preset.unproven})" if preset.unproven else preset.about
    cells = (f"`{name}`", about, "; ".join(needs(preset)), late, deletions, preset.blind, preset.proven)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def needs(preset: Preset) -> Iterator[str]:
    """Yield what a person gives: what is needed first, then what may be given."""
    if preset.url:
        yield "`url`"
    yield from (f"`options.{name}`" for name, option in preset.options.items() if option.default is None)
    yield from (f"`secrets.{name}`" for name in preset.needed_secrets)
    may = [f"`secrets.{name}`" for name in preset.secrets if name not in preset.needed_secrets]
    may += [f"`options.{name}`" for name, option in preset.options.items() if option.default is not None]
    if may:
        yield "may have " + ", ".join(may)


def found_out(preset: Preset) -> tuple[str, str]:
    """Return how edits and late approvals, and how deletions are found out."""
    site = site_of(preset)
    if site is None:
        return "as they happen", "as they happen"
    late = f"of the last {length(site.policy.late_window)}, within {length(site.policy.deep_every)}"
    return late, _deletions(site.policy.deletes)


def site_of(preset: Preset) -> DeclaredSite | None:
    """Return a site that the preset reads, without secrets; None where it follows a stream."""
    lines = starting_lines(preset, id_=preset.name, url=_ANYWHERE)
    described, _ = describe(SourceText(path=preset.name, text=lines, base=Path()), {}, lenient=True)
    return read_site(described) if described is not None and described.kind == "poll" else None


def length(seconds: float) -> str:
    """Return a length of time as source files write it."""
    size, unit = next(pair for pair in _UNITS if seconds >= pair[0] and seconds % pair[0] == 0)
    return f"{int(seconds // size)}{unit}"


def _deletions(deletes: Deletes) -> str:
    if deletes.mode == "reconcile":
        return f"gone from {deletes.confirm_after} readings in a row"
    return _DELETIONS[deletes.mode]
