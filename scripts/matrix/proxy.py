"""The network between Home Assistant and the broker: it can be cut, and can stall."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import Self

from scripts.parts.process import HOST, free_port

CHUNK = 65_536
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Proxy:
    """Hands on what comes on its port to the broker's, and back."""

    def __init__(self, to_port: int) -> None:
        self.port = free_port()
        self._to_port = to_port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._cut = False

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, HOST, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        if self._server is not None:
            self._server.close()

    def cut(self) -> None:
        """Reset all connections, lose what is on its way, and let no new one come."""
        self._cut = True
        for writer in tuple(self._writers):
            _reset(writer)

    def stall(self) -> None:
        """Hold what comes, as a network does that will send it again later."""
        self._flows.clear()

    def heal(self) -> None:
        """Let everything through, what was held too."""
        self._cut = False
        self._flows.set()

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if self._cut:
            _reset(writer)
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, self._to_port)
        except OSError:
            _reset(writer)
            return
        self._writers |= {writer, far_writer}
        try:
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._hand_on(reader, far_writer))
                ways.create_task(self._hand_on(far_reader, writer))
        finally:
            self._writers -= {writer, far_writer}
            writer.close()
            far_writer.close()

    async def _hand_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(OSError):
            while content := await reader.read(CHUNK):
                await self._flows.wait()
                writer.write(content)
                await writer.drain()
        writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    if writer.transport.is_closing():
        return
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    writer.transport.abort()
