"""What the benchmark of sources parses holds what it counts."""

from __future__ import annotations

import pytest

from tests.bench.parsing import Format, answer_of, formats, site_of


@pytest.mark.parametrize("form", list(formats()), ids=lambda form: form.name)
def test_every_comment_of_an_answer_is_found(form: Format) -> None:
    site = site_of(form.source)
    page = site.read(site.first(None), answer_of(form), None)
    assert (form.count, ()) == (len({item.comment.native_id for item in page.items}), page.unreadable)
