"""What every source promises, as tests that a guest's package runs too.

It is shipped with the product, so that who writes a source needs no checkout of ours: a class of
`SourceContract` or `SiteContract` in their tests is collected by pytest, or run by anything that
calls its `test_` methods. Nothing here imports pytest; a broken promise is an AssertionError that
says which, and what came instead. Our own sources are held to the same classes in tests/contracts.
"""

from __future__ import annotations

from monitor.sources.contract.site import SiteCase, SiteContract
from monitor.sources.contract.source import SourceCase, SourceContract

__all__ = ["SiteCase", "SiteContract", "SourceCase", "SourceContract"]
