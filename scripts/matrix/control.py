"""Where a process waits for the matrix at a point."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
import json
from typing import Self

from .plan import Answer, Folder


class Control:
    """Meets the process under test at the point of the plan, if the deed is to ask."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._server: asyncio.Server | None = None
        self._asked: asyncio.Future[str] | None = None
        self._deed: Callable[[], Awaitable[Answer]] | None = None

    async def __aenter__(self) -> Self:
        self._folder.socket.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(
            self._meet, str(self._folder.socket)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()

    def expect(self, deed: Callable[[], Awaitable[Answer]]) -> asyncio.Future[str]:
        """Have the deed done when the process asks; return what tells that it was."""
        self._deed = deed
        self._asked = asyncio.get_running_loop().create_future()
        return self._asked

    async def _meet(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        name = (await reader.readline()).decode().rstrip("\n")
        if self._deed is None or self._asked is None or self._asked.done():
            raise RuntimeError(f"Nobody expected a question at {name!r}")
        try:
            answer = await self._deed()
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            self._asked.set_exception(error)
            answer = Answer()
        else:
            self._asked.set_result(name)
        writer.write(json.dumps(asdict(answer)).encode() + b"\n")
        await writer.drain()
        writer.close()
