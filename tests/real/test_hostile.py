"""Junk on the topics of a station. The worst it can do is a counted line."""

from __future__ import annotations

import asyncio
import time

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
import pytest

from .conftest import Run
from .kitchen import Kitchen

JUNK = {
    "not JSON": b"{",
    "not UTF-8": b"\xff\xfe\x00",
    "a list": b"[1,2]",
    "a number of 400 digits": b'{"queue_id":' + b"9" * 400 + b',"accepted":1}',
    "nesting of 10,000": b"[" * 10_000 + b"]" * 10_000,
    "a megabyte": b'{"online":"' + b"x" * 1_000_000 + b'"}',
    "an id as a float": b'{"queue_id":1.5,"accepted":1}',
    "an id as a text": b'{"queue_id":"1","accepted":1}',
    "a negative id": b'{"queue_id":-1,"accepted":1}',
    "an id of another station": b'{"queue_id":2000000,"done":1}',
}
FLOOD = 2000
"""Messages, as fast as they go, which is within a second."""


def publish(kitchen: Kitchen, messages: list[tuple[str, bytes]]) -> None:
    """Publish messages, and return when the broker has them; blocks."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(0)
    client.connect(kitchen.site.broker.host, kitchen.site.broker.port)
    client.loop_start()
    try:
        sent = [client.publish(topic, payload, qos=1) for topic, payload in messages]
        for message in sent:
            message.wait_for_publish(30)
    finally:
        client.disconnect()
        client.loop_stop()


@pytest.mark.parametrize("topic", ["disp/state/1", "disp/ack/1", "disp/evt/2"])
def test_junk_moves_nothing_and_a_feed_still_goes_through(
    kitchen: Kitchen, run: Run, topic: str
) -> None:
    async def story() -> None:
        junk = [(topic, payload) for payload in JUNK.values()]
        await asyncio.to_thread(publish, kitchen, junk)
        answer = await kitchen.call("feed", portions=1, wait=True)
        assert answer["state"] == "succeeded", answer
        complaints = kitchen.site.home_assistant.complaints()
        assert len(complaints) <= 1, "one counted line a minute, not more"

    run(story())


def test_two_thousand_messages_in_a_second_leave_home_assistant_responsive(
    kitchen: Kitchen, run: Run
) -> None:
    async def story() -> None:
        heartbeat = b'{"online":1,"ready":1,"uptime":1}'
        flood = [("disp/state/1", b"junk"), ("disp/state/2", heartbeat)] * (FLOOD // 2)
        flooding = asyncio.create_task(asyncio.to_thread(publish, kitchen, flood))
        slowest = 0.0
        while not flooding.done():
            started = time.monotonic()
            await kitchen.api.get("/api/config")
            slowest = max(slowest, time.monotonic() - started)
        await flooding
        assert slowest < 5, f"Home Assistant took {slowest:.1f} s to answer"
        answer = await kitchen.call("feed", portions=1, wait=True)
        assert answer["state"] == "succeeded", answer

    run(story())
