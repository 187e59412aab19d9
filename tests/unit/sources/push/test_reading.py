from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.domain.comments import Author, EventKind
from monitor.domain.errors import Rejected
from monitor.sources.describing import Reading, SourceText, read_sources
from monitor.sources.push.jetstream.source import JetstreamSource
from monitor.sources.push.mastodon.source import MastodonSource
from monitor.sources.push.webhooks.dialects.described import Described
from monitor.sources.push.webhooks.letter import Letter
from monitor.sources.push.webhooks.locks import OpenLock, SignatureLock, StandardLock
from monitor.sources.push.webhooks.source import Endpoint, WebhookSource
from tests.listening import NOON, Bench

KEY = "whsec_" + base64.b64encode(b"a key").decode()
ENVIRON: Mapping[str, str] = {
    "TOKEN": "a token",
    "OLD": "an old secret",
    "NEW": "a new secret",
    "KEY": KEY,
    "EMPTY": " ",
}


def read(text: str) -> Reading:
    source = SourceText(path="source.yaml", text=text, base=Path())
    return read_sources([source], Bench().tools, ENVIRON)


def problems(text: str) -> list[str]:
    return [f"{each.line}: {each.message}" for each in read(text).problems]


def endpoint(text: str) -> Endpoint:
    reading = read(text)
    assert reading.problems == ()
    (source,) = reading.sources
    assert isinstance(source, WebhookSource)
    return source._endpoint


MASTODON = """\
id: pond
kind: mastodon
url: https://pond.example/
token: ${env:TOKEN}
"""


def test_five_lines_follow_an_instance() -> None:
    reading = read(
        'id: pond\npreset: mastodon\nurl: https://pond.example\nsecrets: {token: "${env:TOKEN}"}\n'
    )
    assert reading.problems == ()
    (source,) = reading.sources
    assert isinstance(source, MastodonSource)
    following = source._following
    assert (source.name, following.url, following.token.reveal()) == (
        "pond",
        "https://pond.example",
        "a token",
    )
    assert following.timeline.rest == "/api/v1/timelines/public"


@pytest.mark.parametrize(
    ("lines", "stream", "params"),
    [
        ("", "/api/v1/streaming/public", {}),
        ("timeline: local", "/api/v1/streaming/public/local", {"local": "true"}),
        ("timeline: tag\ntag: '#bridge'", "/api/v1/streaming/hashtag?tag=bridge", {}),
        ("timeline: list\nlist: 12", "/api/v1/streaming/list?list=12", {}),
        ("timeline: home", "/api/v1/streaming/user", {}),
    ],
)
def test_each_timeline_has_its_stream(lines: str, stream: str, params: dict[str, str]) -> None:
    (source,) = read(MASTODON + lines).sources
    assert isinstance(source, MastodonSource)
    assert (source._following.timeline.stream, source._following.timeline.params) == (stream, params)


def test_all_of_an_instances_settings_are_read() -> None:
    lines = "visibilities: [public, unlisted]\nstart: oldest\noverlap: 0s\nrecheck: 1h\n"
    lines += "silence: 90s\nremember: 7d\n"
    (source,) = read(MASTODON + lines + "politeness: {networks: [10.0.0.0/8], rate: 2/s}\n").sources
    assert isinstance(source, MastodonSource)
    following = source._following
    assert following.selection.visibilities == {"public", "unlisted"}
    assert (following.oldest, following.overlap, following.recheck) == (True, 0.0, 3600.0)
    assert (following.silence, following.remember) == (90.0, 604_800.0)
    assert (following.manners.networks, following.manners.rate) == (("10.0.0.0/8",), 2.0)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            MASTODON.replace("${env:TOKEN}", "abc"),
            "4: `token` is a secret, and everyone who reads this file would know it",
        ),
        (MASTODON.replace("https://pond.example/", "pond.example"), "3: `pond.example` is no address"),
        (MASTODON + "timeline: tag", "5: a timeline of a tag needs to know which"),
        (MASTODON + "tag: bridge", "5: `tag` is never used"),
        (MASTODON + "timeline: globl", "5: `timeline` cannot be `globl`"),
        (MASTODON + "urll: x", "5: unknown key `urll` in `the source`"),
        (MASTODON.replace("token: ${env:TOKEN}\n", ""), "1: `the source` needs `token`"),
    ],
)
def test_what_is_wrong_with_an_instance_is_said_at_its_place(text: str, problem: str) -> None:
    assert problems(text) == [problem]


def test_two_lines_follow_the_network() -> None:
    reading = read("id: sky\npreset: bluesky\n")
    assert reading.problems == ()
    (source,) = reading.sources
    assert isinstance(source, JetstreamSource)
    assert len(source._network.hosts) == 4


def test_all_of_a_networks_settings_are_read() -> None:
    lines = "dids: [did:plc:a]\nreplies_to: did:plc:team\nlanguages: [EN]\n"
    lines += "rewind: 10s\nstart: oldest\nremember: 2d\n"
    (source,) = read(f"id: sky\nkind: jetstream\nhosts: wss://sky.example\n{lines}").sources
    assert isinstance(source, JetstreamSource)
    network = source._network
    assert (network.hosts, network.rewind, network.oldest) == (("wss://sky.example",), 10.0, True)
    assert [*network.wanted.dids, *network.wanted.replies_to] == ["did:plc:a", "did:plc:team"]
    assert ([*network.wanted.languages], network.remember) == (["en"], 172_800.0)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("hosts: https://sky.example", "3: `https://sky.example` is no address"),
        ("hosts: wss://a.example\ndids: ann.example", "4: `ann.example` is no account's id"),
        ("", "1: `the source` needs `hosts`"),
    ],
)
def test_what_is_wrong_with_a_network_is_said_at_its_place(lines: str, problem: str) -> None:
    assert problems(f"id: sky\nkind: jetstream\n{lines}") == [problem]


HOOK = "id: gazette\nkind: webhook\n"
SIGNED = HOOK + 'secrets: ["${env:NEW}", "${env:OLD}"]\n'
FIELDS = "fields: {id: {path: id}, text: {path: text}}\n"


@pytest.mark.parametrize(
    ("dialect", "header"),
    [
        ("discourse", "X-Discourse-Event-Signature"),
        ("github", "X-Hub-Signature-256"),
        ('coral\nurl: https://talk.example\ntoken: "${env:TOKEN}"', "X-Coral-Signature"),
        ('meta\nverify_token: "${env:TOKEN}"', "X-Hub-Signature-256"),
    ],
)
def test_a_known_caller_needs_its_secrets_alone(dialect: str, header: str) -> None:
    read_ = endpoint(f"{SIGNED}dialect: {dialect}\n")
    assert read_.path == "/webhooks/gazette"
    assert isinstance(read_.lock, SignatureLock)
    assert (read_.lock.header, read_.lock.prefix) == (header, "sha256=")
    assert [secret.reveal() for secret in read_.lock.secrets] == ["a new secret", "an old secret"]


def test_standard_webhooks_have_their_own_lock() -> None:
    read_ = endpoint(f'{HOOK}secrets: "${{env:KEY}}"\ndialect: standard\n{FIELDS}')
    assert isinstance(read_.lock, StandardLock)


def test_a_doors_limits_are_read() -> None:
    lines = "path: /a/b\nanswer_within: 3s\nmost_waiting: 10\nmax_body: 50kB\nremember: 2d\n"
    read_ = endpoint(f"{SIGNED}dialect: github\n{lines}")
    assert (read_.path, read_.answer_within, read_.most_waiting) == ("/a/b", 3.0, 10)
    assert (read_.most_bytes, read_.remember) == (50_000, 172_800.0)


def test_a_door_without_a_lock_must_be_asked_for() -> None:
    assert problems(f"{HOOK}dialect: github\n") == [
        "1: nobody could tell who calls: the source has no secret"
    ]
    assert isinstance(endpoint(f"{HOOK}dialect: github\nanyone_may_post: true\n").lock, OpenLock)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("dialect: github\nanyone_may_post: true", "5: with secrets, not anyone may post"),
        ("dialect: github\npath: hooks", "5: `hooks` is no path"),
        ("dialect: github\nverify_token: ${env:TOKEN}", "5: `verify_token` means nothing to `github`"),
        ("dialect: meta", "1: Meta asks for a token before it calls"),
        (
            "dialect: coral\nurl: https://talk.example",
            "1: Coral's webhooks name a comment and do not hold it: `token` is needed to read it",
        ),
        ("dialect: standard\n" + FIELDS, "3: this secret is none of Standard Webhooks"),
        ("dialect: json\n" + FIELDS, "1: nothing says where the signature stands"),
        ("dialect: json\nsignature: {header: X-S}", "1: nothing says where a comment's fields stand"),
        (
            "dialect: json\nsignature: {way: bearer, header: X-S}\n" + FIELDS,
            "5: `header` is never used by `way: bearer`",
        ),
        ("dialect: gihub", "4: `dialect` cannot be `gihub`"),
    ],
)
def test_what_is_wrong_with_a_door_is_said_at_its_place(lines: str, problem: str) -> None:
    assert problems(SIGNED + lines) == [problem]


def test_a_secret_in_plain_sight_is_refused() -> None:
    assert problems(f"{HOOK}secrets: [abc]\ndialect: github\n") == [
        "3: `secrets` is a secret, and everyone who reads this file would know it"
    ]


def test_an_empty_secret_is_refused() -> None:
    assert problems(f'{HOOK}secrets: "${{env:EMPTY}}"\ndialect: github\n') == [
        "3: `secrets` is empty: anyone could guess it"
    ]


OWN = f"""\
{SIGNED}dialect: json
signature: {{header: X-Signature, prefix: "sha256="}}
delivery_id: {{path: delivery}}
event: {{path: event, words: {{verworfen: deleted, gelesen: ignored}}}}
items: comments
fields:
  id: {{path: nr}}
  text: {{path: words, transform: [html_to_text]}}
  author: {{path: by.name}}
  thread_id: {{path: article}}
  created_at: {{path: at, transform: [{{datetime: {{unit: s}}}}]}}
"""


def described(text: str = OWN) -> Described:
    dialect = endpoint(text).dialect
    assert isinstance(dialect, Described)
    return dialect


def own(event: str, *items: str) -> Letter:
    body = f'{{"delivery": 7, "event": "{event}", "comments": [{", ".join(items)}]}}'
    return Letter(headers={}, body=body.encode(), received_at=NOON)


ITEM = json.dumps(
    {
        "nr": 1,
        "words": "Good <b>morning</b>",
        "by": {"name": "ann"},
        "article": "bridge",
        "at": int(NOON.timestamp()),
    }
)


async def test_a_site_of_ones_own_is_described_as_a_polled_one_is() -> None:
    (each,) = (await described().read(own("comment.created", ITEM))).told
    comment = each.comment
    assert (each.kind, each.at) == (EventKind.CREATED, NOON)
    assert (comment.key, comment.text, comment.thread) == ("gazette:1", "Good morning", "bridge")
    assert (comment.author, comment.created_at) == (Author(name="ann"), NOON)
    assert described().delivery(own("x")) == "7"


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("comment.updated", EventKind.EDITED),
        ("CommentDeleted/removed", EventKind.DELETED),
        ("verworfen", EventKind.DELETED),
        ("comment_restored", EventKind.RESTORED),
    ],
)
async def test_the_sites_words_say_what_happened(event: str, kind: EventKind) -> None:
    assert [each.kind for each in (await described().read(own(event, ITEM))).told] == [kind]


async def test_a_deletion_needs_no_words() -> None:
    (each,) = (await described().read(own("comment.deleted", '{"nr": 1}'))).told
    assert (each.kind, each.comment.native_id, each.comment.text) == (EventKind.DELETED, "1", "")


@pytest.mark.parametrize("event", ["gelesen", "webhook.ping"])
async def test_what_is_to_be_ignored_tells_nothing(event: str) -> None:
    assert (await described().read(own(event, ITEM))).told == ()


@pytest.mark.parametrize("event", ["", "comment.liked"])
async def test_a_word_that_nobody_explained_goes_to_the_dead_letters(event: str) -> None:
    with pytest.raises(Rejected, match="`event`"):
        await described().read(own(event, ITEM))


async def test_an_item_that_cannot_be_read_costs_no_other() -> None:
    content = await described().read(own("comment.created", '{"nr": 2}', ITEM))
    assert [each.comment.native_id for each in content.told] == ["1"]
    assert [(each.reason, each.detail) for each in content.spoiled] == [("schema", "`text` is missing")]


async def test_a_letter_without_comments_is_rejected() -> None:
    letter = Letter(headers={}, body=b'{"event": "created", "comment": []}', received_at=NOON)
    with pytest.raises(Rejected, match="nothing stands at `comments`"):
        await described().read(letter)


async def test_standard_webhooks_say_what_happened_in_their_type() -> None:
    dialect = described(f'{HOOK}secrets: "${{env:KEY}}"\ndialect: standard\n{FIELDS}')
    body = b'{"type": "comment.edited", "timestamp": "2026-11-01T12:00:00Z", "data": {"id": 5, "text": "a"}}'
    letter = Letter(headers={"webhook-id": "msg_1"}, body=body, received_at=NOON + timedelta(seconds=1))
    (each,) = (await dialect.read(letter)).told
    assert (each.kind, each.comment.native_id, dialect.delivery(letter)) == (EventKind.EDITED, "5", "msg_1")
