from __future__ import annotations

from monitor.settings import Duration, KafkaSettings, RetentionSettings
from streams.topics import MAX_COMMENT, MAX_MESSAGE, topics

TOPICS = topics(KafkaSettings())


def test_the_topics_stand_in_the_order_of_the_road() -> None:
    assert [topic.name for topic in TOPICS] == [
        "comments",
        "verdicts",
        "observations",
        "windows",
        "alerts",
        "dead-letters",
    ]


def test_every_name_takes_the_prefix() -> None:
    assert all(topic.name.startswith("acme.") for topic in topics(KafkaSettings(topic_prefix="acme.")))


def test_partitions_and_copies_are_those_of_the_settings() -> None:
    declared = topics(KafkaSettings(partitions=12, replication=3))
    assert {(topic.partitions, topic.replication) for topic in declared} == {(12, 3)}


def test_each_topic_is_kept_as_long_as_its_setting_says() -> None:
    kept = topics(KafkaSettings(retention=RetentionSettings(alerts=Duration(90.5))))
    assert kept.alerts.configs == {
        "cleanup.policy": "delete",
        "retention.ms": "90500",
        "max.message.bytes": str(MAX_MESSAGE),
    }


def test_of_the_windows_the_last_state_is_kept_for_ever() -> None:
    assert TOPICS.windows.configs == {"cleanup.policy": "compact", "max.message.bytes": str(MAX_MESSAGE)}


def test_a_verdict_and_a_dead_letter_have_room_for_the_largest_comment_and_more() -> None:
    assert TOPICS.comments.max_message == MAX_COMMENT
    assert min(TOPICS.verdicts.max_message, TOPICS.dead_letters.max_message) > MAX_COMMENT
