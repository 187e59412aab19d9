"""Whether a piece of HTML is so deeply nested that to parse it would hold the whole process up.

A parser looks through the open elements at each block that begins (HTML Standard, 13.2.4.2), which
takes time quadratic in the depth: 500 kB of nothing but `<div>` took 38 s.
"""

from __future__ import annotations

import re
from typing import Final

_FEW: Final = 20_000
"""So many elements take 0.7 s at worst, however they are nested."""

_MOST_STEPS: Final = 100_000_000
"""Steps through open elements that are allowed: about 0.4 s."""

_BLOCK: Final = re.compile(
    r"<(/?)(?:address|article|aside|blockquote|center|details|dialog|dir|div|dl|fieldset|figcaption|figure"
    r"|footer|form|h[1-6]|header|main|menu|nav|ol|pre|section|summary|ul)(?=[\s/>])",
    re.IGNORECASE,
)


def too_deep(html: str) -> bool:
    """Return whether the text would take longer to parse than anybody's page does."""
    if html.count("<") - html.count("</") <= _FEW:
        return False
    depth = steps = 0
    for closing in _BLOCK.findall(html):
        depth = max(depth - 1, 0) if closing else depth + 1
        steps += depth
    return steps > _MOST_STEPS
