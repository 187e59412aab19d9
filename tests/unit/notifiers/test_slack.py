from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from monitor.domain.comments import Author
from monitor.domain.errors import Retryable
from monitor.notifiers.http import Outlet
from monitor.notifiers.slack import LONGEST_SECTION, Slack, message
from monitor.ports.network import Networks
from tests.alerts import NOON, an_alert, from_nobody
from tests.channels import answers, open_channel

CALLS = "<!channel> <!here|all> <@U123> @channel @all @here <https://evil.example|your bank>"
MARKUP = "see ![x](https://evil.example/x.png) & ```` ``` *all* of `it`"


def texts(value: object) -> Iterator[str]:
    """Yield every text of a message that a chat reads as markup: all but rich text elements."""
    if isinstance(value, dict):
        if value.get("type") != "rich_text":
            for each in value.values():
                yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def rich(value: dict[str, object]) -> object:
    blocks = json.loads(json.dumps(value))["blocks"]
    return blocks[1]["elements"][0]["elements"]


def test_slack_gets_head_words_and_facts() -> None:
    blocks = json.loads(json.dumps(message(an_alert(count=3))["blocks"]))

    assert blocks[0]["text"]["text"] == (
        ":large_orange_circle: HIGH Direct threat of violence\nAnn Onym (4711) on gazette / harbour-bridge"
    )
    assert [element["text"] for element in blocks[2]["elements"]] == [
        "2026-11-28 12:00 UTC",
        "3 comments within 10m",
        "threat 0.93",
        "toxicity 0.88",
        "language en (99%)",
        f"threats.direct · {an_alert().id}",
        "<https://gazette.example/harbour-bridge#c1>",
    ]


def test_the_words_that_matched_stand_out() -> None:
    assert rich(message(an_alert(text="Now you pay for it", words="you pay"))) == [
        {"type": "text", "text": "Now "},
        {"type": "text", "text": "you pay", "style": {"bold": True}},
        {"type": "text", "text": " for it"},
    ]


def test_a_chat_that_knows_no_blocks_gets_all_of_it_as_text() -> None:
    assert message(an_alert(text="Now you pay for it", words="you pay"))["text"] == (
        ":large_orange_circle: HIGH Direct threat of violence\n"
        "Ann Onym (4711) on gazette / harbour-bridge\n"
        "```\nNow &gt;&gt;you pay&lt;&lt; for it\n```\n"
        "2026-11-28 12:00 UTC\n"
        "threat 0.93\n"
        "toxicity 0.88\n"
        "language en (99%)\n"
        f"threats.direct · {an_alert().id}\n"
        "<https://gazette.example/harbour-bridge#c1>"
    )


def test_nothing_a_stranger_wrote_calls_anyone_or_becomes_markup() -> None:
    alert = an_alert(text=f"{CALLS} {MARKUP}", words="evil")
    alert = replace(alert, comment=replace(alert.comment, author=Author(name=CALLS), thread=MARKUP))
    acting = ("<!", "<@", "<https://evil", "@channel", "@all", "@here", "](", "````")
    assert [(each, text) for text in texts(message(alert)) for each in acting if each in text] == []


def test_words_cannot_end_the_block_of_code_that_they_stand_in() -> None:
    text = message(an_alert(text=MARKUP, words="evil"))["text"]
    assert isinstance(text, str)
    assert text.count("`") == 6


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", ""])
def test_what_is_no_page_is_no_link(url: str) -> None:
    alert = an_alert()
    alert = replace(alert, comment=replace(alert.comment, url=url))
    assert not [text for text in texts(message(alert)) if "<" in text]


def test_a_link_cannot_be_made_to_look_like_another() -> None:
    alert = an_alert()
    alert = replace(alert, comment=replace(alert.comment, url="https://x.example/|Your bank> <!channel>"))
    assert "<https://x.example/%7CYour%20bank%3E%20%3C!channel%3E>" in list(texts(message(alert)))


def test_no_block_is_longer_than_slack_takes() -> None:
    alert = an_alert(text="word " * 20_000, words="word")
    alert = replace(alert, title="t" * 4000, say="s" * 4000)
    value = message(alert)
    assert max(len(text) for text in texts(value)) == LONGEST_SECTION


def test_a_comment_without_anything_but_its_text_is_told() -> None:
    text = message(from_nobody(an_alert()))["text"]
    assert isinstance(text, str)
    assert text.splitlines()[1] == "an unnamed reader on gazette".replace("gazette", "letters")


def test_an_empty_comment_makes_a_message_too() -> None:
    assert rich(message(an_alert(text="", words=None))) == [{"type": "text", "text": "(no text)"}]


async def test_a_known_answer_is_told_and_any_other_kept_to_itself() -> None:
    async with open_channel() as channel:
        slack = Slack("desk", Outlet(channel.url, networks=Networks(["127.0.0.0/8"]), clock=lambda: NOON))
        channel.behaviour = answers(200, "ok")
        assert await slack.deliver(an_alert()) == "HTTP 200 ok"
        channel.behaviour = answers(200, an_alert().comment.text)
        assert await slack.deliver(an_alert()) == "HTTP 200"
        channel.behaviour = answers(404, "channel_not_found")
        with pytest.raises(Retryable, match="HTTP 404 channel_not_found"):
            await slack.deliver(an_alert())
        await slack.close()
