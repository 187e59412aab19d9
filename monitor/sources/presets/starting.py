"""The few lines of a source file that a preset needs, to begin with."""

from __future__ import annotations

import re
from typing import Final

from monitor.sources.presets import Preset

_PLAIN: Final = re.compile(r"[\w.:/@%+~=-]+(?:\?[\w.:/@%+~=&-]*)?\Z", re.ASCII)
_NO_NAME: Final = re.compile(r"[^A-Z0-9]+")


def starting_lines(preset: Preset, *, id_: str, url: str = "", every_secret: bool = False) -> str:
    """Return a source file that the preset stands under, ending in a line break.

    The secrets that it needs (or every one that it knows) are taken from variables of the environment
    named after the source; options without a default have their example.
    """
    lines = [f"preset: {preset.name}", f"id: {id_}"]
    if preset.url and url:
        lines.append(f"url: {_quoted(url)}")
    secrets = tuple(preset.secrets) if every_secret else preset.needed_secrets
    if secrets:
        told = ", ".join(f'{name}: "${{env:{variable(id_, name)}}}"' for name in secrets)
        lines.append(f"secrets: {{{told}}}")
    needed = {name: option.example for name, option in preset.options.items() if option.default is None}
    if needed:
        told = ", ".join(f"{name}: {_quoted(example)}" for name, example in needed.items())
        lines.append(f"options: {{{told}}}")
    return "\n".join(lines) + "\n"


def variable(id_: str, secret: str) -> str:
    """Return the name of the environment variable that a source's secret is taken from."""
    return _NO_NAME.sub("_", f"{id_}_{secret}".upper())


def _quoted(value: str) -> str:
    return value if _PLAIN.match(value) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
