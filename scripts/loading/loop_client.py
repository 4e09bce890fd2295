"""A paho client that lives in the running event loop, without a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from paho.mqtt.client import Client

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

TICK_SECONDS = 1.0


class LoopClient:
    """Reads, writes and keeps alive `paho` whenever its socket is ready for it."""

    def __init__(self, paho: Client) -> None:
        self.paho = paho
        paho.max_queued_messages_set(0)
        paho.on_socket_open = self._opened
        paho.on_socket_close = self._closed
        paho.on_socket_register_write = self._wants_to_write
        paho.on_socket_unregister_write = self._has_written
        self._ticking: asyncio.Task[None] | None = None

    def connect(self, host: str, port: int) -> None:
        """Open the connection; raises OSError. `on_connect` says when it stands."""
        self.paho.connect(host, port)
        self._ticking = asyncio.create_task(self._tick())

    async def disconnect(self) -> None:
        """Close the connection."""
        self.paho.disconnect()
        if self._ticking is not None:
            self._ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticking

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self.paho.loop_misc()

    def _opened(self, _: Client, __: object, sock: SocketLike) -> None:
        asyncio.get_running_loop().add_reader(sock, self.paho.loop_read)

    def _closed(self, _: Client, __: object, sock: SocketLike) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(sock)
        loop.remove_writer(sock)

    def _wants_to_write(self, _: Client, __: object, sock: SocketLike) -> None:
        asyncio.get_running_loop().add_writer(sock, self.paho.loop_write)

    def _has_written(self, _: Client, __: object, sock: SocketLike) -> None:
        asyncio.get_running_loop().remove_writer(sock)
