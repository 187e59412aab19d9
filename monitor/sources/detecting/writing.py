"""The source file that follows from a finding."""

from __future__ import annotations

import yaml

from monitor.sources.detecting.candidates import Candidate

_WIDTH = 100


def source_text(candidate: Candidate) -> str:
    """Return the source file of a candidate, in YAML; empty where none reads its system."""
    if not candidate.content:
        return ""
    text: str = yaml.safe_dump(
        dict(candidate.content), sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None
    )
    return text
