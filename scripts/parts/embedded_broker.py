"""A broker from a Python package: python -m scripts.parts.embedded_broker PORT."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import override

from amqtt.broker import Broker
from amqtt.session import Session

from .process import HOST


class EmbeddedBroker(Broker):
    """amqtt, which would give a new client every retained message of the others."""

    @override
    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        subscribers = self._subscriptions.get(subscription[0], [])
        if any(known.client_id == session.client_id for known, _ in subscribers):
            await super()._publish_retained_messages_for_subscription(
                subscription, session
            )


async def serve(port: int) -> None:
    """Serve MQTT 3.1.1 on this port of 127.0.0.1 until told to end."""
    plugin = "amqtt.plugins.authentication.AnonymousAuthPlugin"
    broker = EmbeddedBroker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"{HOST}:{port}"}},
            "plugins": {plugin: {"allow_anonymous": True}},
        }
    )
    told_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told_to_end.set)
    await broker.start()
    await told_to_end.wait()
    await broker.shutdown()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
