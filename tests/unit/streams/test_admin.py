from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from monitor.domain.errors import Retryable
from monitor.domain.problems import render
from monitor.settings import KafkaSettings
from streams import admin
from streams.admin import Existing, differences
from streams.topics import topics

COMMENTS = topics(KafkaSettings(partitions=4)).comments
FITTING = Existing(partitions=4, configs={**COMMENTS.configs, "segment.bytes": "1073741824"})


def test_a_topic_that_fits_has_no_differences() -> None:
    assert differences(COMMENTS, FITTING) == []


def test_a_topic_that_is_not_there_yet_differs_in_nothing() -> None:
    assert differences(COMMENTS, None) == []


def test_a_broker_that_tells_no_settings_is_not_held_to_them() -> None:
    assert differences(COMMENTS, Existing(partitions=4, configs={})) == []


def test_another_number_of_partitions_is_told_with_a_way_out() -> None:
    assert render(differences(COMMENTS, replace(FITTING, partitions=8))) == (
        "error: topic comments has 8 partitions, the settings say 4\n"
        "    hint: set kafka.partitions to what exists, or use another kafka.topic_prefix: changing the "
        "number would part the comments of one window"
    )


def test_every_setting_that_differs_is_told_with_the_command_that_changes_it() -> None:
    configs = {**COMMENTS.configs, "retention.ms": "1000", "cleanup.policy": "compact"}
    assert render(differences(COMMENTS, Existing(partitions=4, configs=configs))) == (
        "error: topic comments has cleanup.policy=compact, the settings say delete\n"
        "    hint: change the setting, or the topic: kafka-configs --alter --topic comments "
        "--add-config cleanup.policy=delete\n"
        "error: topic comments has retention.ms=1000, the settings say 604800000\n"
        "    hint: change the setting, or the topic: kafka-configs --alter --topic comments "
        "--add-config retention.ms=604800000"
    )


async def test_without_a_broker_it_may_work_later() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        kafka = KafkaSettings(bootstrap=f"127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(Retryable, match=f"Kafka at {kafka.bootstrap}: .*Connect call failed"):
            await admin.apply(kafka, topics(kafka))
