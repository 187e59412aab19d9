"""How the next page is asked for."""

from __future__ import annotations

import pytest

from monitor.sources.declared.site import DeclaredSite
from monitor.sources.polling.site import Page
from monitor.sources.web.message import Request
from tests.unit.sources.declared.conftest import Answered, Told

JSON = """
id: gazette
kind: poll
format: json
request:
  url: https://gazette.example/comments
  params: {{limit: "2"}}
  auth: {{query: {{name: key, value: "${{env:KEY}}"}}}}
select: {{items: items}}
paginate: {paginate}
fields: {{id: {{path: id}}, text: {{path: text}}}}
"""
HTML = """
id: gazette
kind: poll
format: html
request: https://gazette.example/articles/1
select: {items: .comment}
paginate: {type: next_link, css: "a.next"}
fields: {id: {attr: id}, text: {css: p}}
"""
ENVIRON = {"KEY": "s3cret"}
ITEMS = '"items": [{"id": 8, "text": "a"}, {"id": 7, "text": "b"}]'


def paged(told: Told, paginate: str) -> DeclaredSite:
    return told(JSON.format(paginate=paginate), ENVIRON)


def turn(
    site: DeclaredSite, answered: Answered, body: str, request: Request | None = None, **headers: str
) -> Page:
    return site.read(request or site.first(None), answered(body, headers=headers), None)


def params(request: Request | None) -> dict[str, str]:
    assert request is not None
    return {name: str(value) for name, value in request.params.items() if name not in request.credentials}


def test_the_link_header_leads_on_with_what_we_are_known_by(told: Told, answered: Answered) -> None:
    site = paged(told, "{type: link_header}")
    site_ = "gazette.example/comments"
    link = f'<https://{site_}?page=1>; rel="prev", <http://{site_}?limit=2&page=3>; rel="next"'
    found = turn(site, answered, f"{{{ITEMS}}}", link=link).next
    assert found is not None
    assert (found.url, params(found)) == ("https://gazette.example/comments?limit=2&page=3", {})
    assert found.params == {"key": site.template.params["key"]}


@pytest.mark.parametrize(
    "link",
    ["", '<https://gazette.example/a>; rel="prev"', "nonsense", '<https://gazette.example/a>; title="next"'],
)
def test_without_a_link_the_page_is_the_last(told: Told, answered: Answered, link: str) -> None:
    assert turn(paged(told, "{type: link_header}"), answered, f"{{{ITEMS}}}", link=link).next is None


@pytest.mark.parametrize(
    "target", ["http://[::1", "https://a.example:99999/", "javascript:alert(1)", "mailto:a@b"]
)
def test_a_link_that_leads_to_no_site_is_not_followed(told: Told, answered: Answered, target: str) -> None:
    site = paged(told, "{type: link_header}")
    assert turn(site, answered, f"{{{ITEMS}}}", link=f'<{target}>; rel="next"').next is None
    body = f'<a class="next" href="{target}">older</a>'
    assert turn(told(HTML), answered, body).next is None


def test_an_empty_page_is_not_the_last_where_the_header_leads_on(told: Told, answered: Answered) -> None:
    site = paged(told, "{type: link_header}")
    page = turn(site, answered, '{"items": []}', link='<https://gazette.example/comments?page=3>; rel="next"')
    assert (page.found, page.next is not None) == (0, True)


@pytest.mark.parametrize(
    "target", ["https://gazette.example:443/c?page=2", "http://gazette.example/c?page=2"]
)
def test_the_same_host_may_name_itself_in_other_ways(told: Told, answered: Answered, target: str) -> None:
    site = paged(told, "{type: link_header}")
    found = turn(site, answered, f"{{{ITEMS}}}", link=f'<{target}>; rel="next"').next
    assert found is not None
    assert found.url == "https://gazette.example/c?page=2"
    assert found.params == {"key": site.template.params["key"]}


@pytest.mark.parametrize(
    "target", ["https://other.example/c?page=2", "https://gazette.example:8443/c?page=2"]
)
def test_another_host_never_learns_what_we_are_known_by(told: Told, answered: Answered, target: str) -> None:
    site = paged(told, "{type: link_header}")
    found = turn(site, answered, f"{{{ITEMS}}}", link=f'<{target}>; rel="next"').next
    assert found is not None
    assert (found.url, found.params, found.credentials) == (target, {}, frozenset())


def test_page_numbers_grow_until_a_page_holds_nothing(told: Told, answered: Answered) -> None:
    site = paged(told, "{type: page, param: page}")
    second = turn(site, answered, f"{{{ITEMS}}}").next
    assert params(second) == {"limit": "2", "page": "2"}
    third = turn(site, answered, f"{{{ITEMS}}}", second).next
    assert params(third) == {"limit": "2", "page": "3"}
    assert turn(site, answered, '{"items": []}', third).next is None


def test_offsets_grow_by_the_size_of_a_page(told: Told, answered: Answered) -> None:
    site = paged(told, "{type: offset, param: from, size: 2}")
    second = turn(site, answered, f"{{{ITEMS}}}").next
    assert params(second)["from"] == "2"
    assert params(turn(site, answered, f"{{{ITEMS}}}", second).next)["from"] == "4"


def test_a_cursor_leads_on_until_there_is_none(told: Told, answered: Answered) -> None:
    site = paged(told, "{type: cursor, path: next, param: cursor}")
    second = turn(site, answered, f'{{{ITEMS}, "next": "c2"}}').next
    assert params(second)["cursor"] == "c2"
    assert turn(site, answered, f'{{{ITEMS}, "next": null}}', second).next is None
    assert turn(site, answered, f'{{{ITEMS}, "next": "c2"}}', second).next is None


def test_a_cursor_that_is_kept_is_resumed_at(told: Told, answered: Answered) -> None:
    site = paged(told, "{type: cursor, path: next, param: cursor, more: has_next, keep: true}")
    page = turn(site, answered, f'{{{ITEMS}, "next": "c2", "has_next": false}}')
    assert (page.next, page.resume) == (None, "c2")
    assert params(site.first(None, page.resume))["cursor"] == "c2"


def test_a_cursor_may_stand_in_the_body_of_the_request(told: Told, answered: Answered) -> None:
    site = told(
        """
        id: graph
        kind: poll
        format: json
        request:
          url: https://gazette.example/graphql
          json: {query: "{ comments }", variables: {after: "${cursor}", first: 50}}
        select: {items: items}
        paginate: {type: cursor, path: next}
        fields: {id: {path: id}, text: {path: text}}
        """
    )
    assert site.first(None).json == {"query": "{ comments }", "variables": {"after": None, "first": 50}}
    found = turn(site, answered, f'{{{ITEMS}, "next": "c2"}}').next
    assert found is not None
    assert found.json == {"query": "{ comments }", "variables": {"after": "c2", "first": 50}}


def test_a_link_in_the_page_leads_on(told: Told, answered: Answered) -> None:
    site = told(HTML)
    found = turn(site, answered, '<a class="next" href="/articles/1?cpage=2#comments">older</a>').next
    assert found is not None
    assert found.url == "https://gazette.example/articles/1?cpage=2"


@pytest.mark.parametrize("href", ["", "#comments", "https://gazette.example/comments#x"])
def test_a_link_to_the_page_itself_leads_nowhere(told: Told, answered: Answered, href: str) -> None:
    assert turn(told(HTML), answered, f'<a class="next" href="{href}">older</a>').next is None


def test_a_link_in_data_leads_on(told: Told, answered: Answered) -> None:
    found = turn(
        paged(told, "{type: next_link, path: links.next}"),
        answered,
        f'{{{ITEMS}, "links": {{"next": "?page=2"}}}}',
    ).next
    assert found is not None
    assert found.url == "https://gazette.example/comments?page=2"


def below(told: Told) -> DeclaredSite:
    return paged(told, '{type: id_below, param: before, path: "items[-1].id"}')


def posts(*ids: int) -> str:
    return '{"items": [' + ", ".join(f'{{"id": {id_}, "text": "a"}}' for id_ in ids) + "]}"


def test_ids_are_gone_down(told: Told, answered: Answered) -> None:
    site = below(told)
    second = turn(site, answered, posts(200, 180)).next
    assert params(second)["before"] == "180"
    assert params(turn(site, answered, posts(170, 90), second).next)["before"] == "90"


def test_an_empty_page_of_old_discourse_is_gone_past(told: Told, answered: Answered) -> None:
    site = below(told)
    second = turn(site, answered, posts(200, 180)).next
    third = turn(site, answered, posts(), second).next
    assert params(third)["before"] == "130"
    assert params(turn(site, answered, posts(130), third).next)["before"] == "80"


def test_below_the_first_id_there_is_nothing(told: Told, answered: Answered) -> None:
    site = below(told)
    assert turn(site, answered, posts(20, 1)).next is None
    assert turn(site, answered, posts()).next is None


def test_old_discourse_is_read_whole(told: Told, answered: Answered) -> None:
    """Older versions answer `before=N` with what is visible of the ids N-49 to N."""
    visible = [1, 2, 60, 61, 199, 230, 231, 400]
    site, request = below(told), None
    found: set[int] = set()
    for _ in range(20):
        before = int(params(request)["before"]) if request else 401
        shown = [id_ for id_ in reversed(visible) if before - 49 <= id_ <= before]
        found.update(shown)
        request = turn(site, answered, posts(*shown), request or site.first(None)).next
        if request is None:
            break
    assert found == set(visible)


SINCE = """
id: gazette
kind: poll
format: json
request: https://gazette.example/comments
fields:
  id: {path: id}
  text: {path: text}
  created_at: {path: created}
  edited_at: {path: edited}
incremental: {cursor: %s}
"""
DATED = """[
 {"id": 1, "text": "a", "created": "2026-11-20T10:00:00Z", "edited": "2026-11-22T10:00:00Z"},
 {"id": 2, "text": "b", "created": "2026-11-21T10:00:00Z"}
]"""


@pytest.mark.parametrize(
    ("cursor", "mark"),
    [
        ("{field: created_at, param: since}", "2026-11-21T08:00:00Z"),
        ("{field: edited_at, param: since, overlap: 1h}", "2026-11-22T09:00:00Z"),
        ("{field: edited_at, param: since, format: epoch, overlap: 0s}", "1795341600"),
    ],
)
def test_only_what_is_later_may_be_asked_for_with_an_overlap(
    told: Told, answered: Answered, cursor: str, mark: str
) -> None:
    site = told(SINCE % cursor)
    assert site.first(None).params == {}
    page = turn(site, answered, DATED)
    assert page.resume == mark
    assert site.first(None, page.resume).params == {"since": mark}


def test_a_comment_dated_ahead_does_not_move_the_cursor_ahead(told: Told, answered: Answered) -> None:
    site = told(SINCE % "{field: created_at, param: since, overlap: 0s}")
    page = turn(site, answered, '[{"id": 1, "text": "a", "created": "2031-01-01T00:00:00Z"}]')
    assert page.resume == "2026-11-22T18:00:00Z"


def test_a_page_without_times_moves_no_cursor(told: Told, answered: Answered) -> None:
    assert turn(told(SINCE % "{field: created_at, param: since}"), answered, "[]").resume == ""
