"""Declares the topics on the broker, and checks that what exists fits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    for_code,
)

from monitor.domain.errors import Misconfigured, Retryable
from monitor.domain.problems import Problem
from streams.connection import client_options
from streams.greeting import greet

if TYPE_CHECKING:
    from monitor.settings import KafkaSettings
    from streams.topics import Topic

FORBIDDEN: Final = (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
)
GRANT: Final = (
    "let our user create, describe, read and write the topics, and read the groups, that begin with "
    "kafka.topic_prefix; where an administrator creates the topics, set kafka.manage_topics = false"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """A topic as the broker has it, its settings as the broker spells them."""

    partitions: int
    configs: Mapping[str, str]


@asynccontextmanager
async def admin_client(kafka: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    """Yield a connected admin client.

    Raises:
        Misconfigured: the cluster does not let us in, or not do what we ask.
        Retryable: no broker answers, or not well.
    """
    await greet(kafka)
    client = AIOKafkaAdminClient(**client_options(kafka))
    try:
        await client.start()
        yield client
    except FORBIDDEN as error:
        raise Misconfigured.plain(
            f"Kafka at {kafka.bootstrap} does not let us: {error}", hint=GRANT
        ) from error
    except KafkaError as error:
        raise Retryable(f"Kafka at {kafka.bootstrap}: {type(error).__name__}: {error}") from error
    finally:
        await client.close()


async def apply(kafka: KafkaSettings, wanted: Iterable[Topic]) -> list[str]:
    """Create the topics that are missing and return their names.

    Raises:
        Misconfigured: a topic that exists does not fit; names every difference.
    """
    wanted = list(wanted)
    async with admin_client(kafka) as client:
        have = await existing(client, wanted)
        mismatches = [problem for topic in wanted for problem in differences(topic, have.get(topic.name))]
        if mismatches:
            raise Misconfigured(mismatches)
        missing = [topic for topic in wanted if topic.name not in have]
        if missing:
            await _create(client, missing)
        return [topic.name for topic in missing]


async def check(kafka: KafkaSettings, wanted: Iterable[Topic]) -> None:
    """Return if every topic exists and fits.

    Raises:
        Misconfigured: one is missing or differs; names every difference.
    """
    wanted = list(wanted)
    async with admin_client(kafka) as client:
        have = await existing(client, wanted)
    problems = [
        Problem(
            message=f"topic {topic.name} does not exist",
            hint="run `comment-monitor topics apply`, or set kafka.manage_topics",
        )
        for topic in wanted
        if topic.name not in have
    ]
    problems += [problem for topic in wanted for problem in differences(topic, have.get(topic.name))]
    if problems:
        raise Misconfigured(problems)


async def check_group(kafka: KafkaSettings, group: str) -> None:
    """Return if we may join this consumer group. Faust would wait for it without a word.

    Raises:
        Misconfigured: we may not.
        Retryable: nobody can tell yet.
    """
    async with admin_client(kafka) as client:
        await client.find_coordinator(group)


async def existing(client: AIOKafkaAdminClient, wanted: Iterable[Topic]) -> dict[str, Existing]:
    """Return what the broker has of these topics, by name."""
    names = set(await client.list_topics())
    topics = [topic for topic in wanted if topic.name in names]
    if not topics:
        return {}
    partitions = {
        found["topic"]: len(found["partitions"])
        for found in await client.describe_topics([topic.name for topic in topics])
    }
    configs = await _configs(client, topics)
    return {
        topic.name: Existing(partitions=partitions[topic.name], configs=configs.get(topic.name, {}))
        for topic in topics
    }


async def _configs(client: AIOKafkaAdminClient, topics: list[Topic]) -> dict[str, dict[str, str]]:
    """Return the topics' settings. All of them are asked for: the embedded broker knows no selection."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in topics]
    return {
        name: {entry[0]: entry[1] for entry in entries}
        for answer in await client.describe_configs(resources)
        for _code, _message, _kind, name, entries in answer.resources
    }


async def _create(client: AIOKafkaAdminClient, topics: list[Topic]) -> None:
    answer: Any = await client.create_topics(
        [
            NewTopic(
                topic.name,
                num_partitions=topic.partitions,
                replication_factor=topic.replication,
                topic_configs=topic.configs,
            )
            for topic in topics
        ]
    )
    for name, code, *rest in answer.topic_errors:
        if code and code != TopicAlreadyExistsError.errno:  # another process was first: fine
            reason = next((text for text in rest if text), for_code(code).__name__)
            hint = GRANT if for_code(code) in FORBIDDEN else ""
            raise Misconfigured.plain(f"Kafka refused to create the topic {name}: {reason}", hint=hint)


def differences(topic: Topic, have: Existing | None) -> list[Problem]:
    """Return what of the declaration the broker's topic does not keep.

    A broker that answers no configs (the embedded one) is not held to them.
    """
    if have is None:
        return []
    problems = []
    if have.partitions != topic.partitions:
        problems.append(
            Problem(
                message=f"topic {topic.name} has {have.partitions} partitions, the settings say "
                f"{topic.partitions}",
                hint="set kafka.partitions to what exists, or use another kafka.topic_prefix: changing "
                "the number would part the comments of one window",
            )
        )
    problems += [
        Problem(
            message=f"topic {topic.name} has {name}={have.configs[name]}, the settings say {value}",
            hint=f"change the setting, or the topic: kafka-configs --alter --topic {topic.name} "
            f"--add-config {name}={value}",
        )
        for name, value in topic.configs.items()
        if have.configs.get(name, value) != value
    ]
    return problems
