"""Where partitions end, as a fetch tells it: right on any broker, the embedded one too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiokafka import AIOKafkaConsumer, TopicPartition

POLL_MS: Final = 200


async def end_offsets(
    consumer: AIOKafkaConsumer, partitions: Iterable[TopicPartition]
) -> dict[TopicPartition, int]:
    """Return one past the last offset of each partition.

    The consumer is assigned these partitions and has no place in them afterwards: seek before reading.
    """
    ends: dict[TopicPartition, int] = dict(await consumer.end_offsets(list(partitions)))
    filled = [partition for partition, end in ends.items() if end > 0]
    consumer.assign(filled)
    for partition in filled:
        consumer.seek(partition, ends[partition] - 1)
    while unseen := [partition for partition in filled if consumer.highwater(partition) is None]:
        await consumer.getmany(*unseen, timeout_ms=POLL_MS, max_records=1)
    return ends | {partition: consumer.highwater(partition) for partition in filled}
