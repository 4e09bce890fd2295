"""A Chromium without a window, told what to do over its DevTools protocol."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
import os
from pathlib import Path
import shutil
from typing import Any

import aiohttp

from scripts.parts.process import HOST, PartError, Process

START_PATIENCE = 60
ANSWER_PATIENCE = 60
PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
ARGUMENTS = (
    "--headless",
    "--remote-debugging-port=0",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--no-default-browser-check",
    "--no-first-run",
    "--password-store=basic",
    # Pictures of brands would be asked of a server on the internet.
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
)

type Json = Any
type Heard = Callable[[Json], None]


def find_chromium() -> str | None:
    """Return a Chromium of this machine: that of CHROMIUM, or one on the PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, PROGRAMS)), None)


class RefusedError(PartError):
    """The browser did not do what it was told."""


class Chromium:
    """A browser with a profile of its own, and a connection to it."""

    def __init__(self, folder: Path, program: str) -> None:
        self._port_file = folder / "profile" / "DevToolsActivePort"
        arguments = [program, *ARGUMENTS, f"--user-data-dir={folder / 'profile'}"]
        if os.geteuid() == 0:
            # Its sandbox wants another user than the one who may do everything.
            arguments.append("--no-sandbox")
        self._process = Process("Chromium", arguments, folder / "chromium.log")
        self._session = aiohttp.ClientSession()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._receiving: asyncio.Task[None] | None = None
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._hearing: defaultdict[tuple[str, str], list[Heard]] = defaultdict(list)
        self._last_id = 0

    async def start(self) -> None:
        """Start it and return when it listens."""
        await self._process.start()

        async def listens() -> bool:
            return self._port_file.exists() and bool(self._port_file.read_text())

        await self._process.until("listening", listens, START_PATIENCE)
        port, path = self._port_file.read_text().split()
        self._socket = await self._session.ws_connect(
            f"ws://{HOST}:{port}{path}", max_msg_size=0
        )
        self._receiving = asyncio.create_task(self._receive(self._socket))

    async def stop(self) -> None:
        """End it and all that belongs to it."""
        if self._receiving:
            self._receiving.cancel()
        await self._session.close()
        await self._process.kill()

    async def tell(self, method: str, session: str = "", **params: Json) -> Json:
        """Call a method of the protocol and return its result; raises RefusedError."""
        if self._socket is None:
            raise PartError("Chromium is not running")
        self._last_id += 1
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._answers[self._last_id] = answer
        message = {"id": self._last_id, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        await self._socket.send_json(message)
        async with asyncio.timeout(ANSWER_PATIENCE):
            told = await answer
        if "error" in told:
            raise RefusedError(f"{method}: {told['error']['message']}")
        return told["result"]

    def hear(self, session: str, event: str, heard: Heard) -> None:
        """Have a function called with each event of a kind."""
        self._hearing[session, event].append(heard)

    async def _receive(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for raw in socket:
            message = raw.json()
            if "id" in message:
                answer = self._answers.pop(message["id"])
                if not answer.done():
                    answer.set_result(message)
                continue
            key = (message.get("sessionId", ""), message["method"])
            for heard in self._hearing[key]:
                heard(message["params"])
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(PartError("Chromium ended by itself"))
