"""A child process that is started, watched, stopped or killed, and leaves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
import contextlib
import os
from pathlib import Path
import shutil
import signal
import socket
import time

REPOSITORY = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
LOOK_AGAIN_SECONDS = 0.05


class PartError(Exception):
    """A part did not start, ended by itself, or refused what it was asked."""


def free_port(preferred: int = 0) -> int:
    """Return a free port of 127.0.0.1: the preferred one, if nobody has it."""
    for port in (preferred, 0):
        with socket.socket() as candidate, contextlib.suppress(OSError):
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            candidate.bind((HOST, port))
            return int(candidate.getsockname()[1])
    raise PartError(f"No port of {HOST} is free")


class Process:
    """A program in a process group of its own, with its output in a log file.

    Ctrl-C in the terminal does not reach it: whoever started it decides in which
    order parts end.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start nothing yet; `environment` is added to our own."""
        self.name = name
        self.log = log
        self._arguments = arguments
        self._environment = {**os.environ, **(environment or {})}
        self._child: asyncio.subprocess.Process | None = None
        self._group_ended = True

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.returncode is None

    @property
    def pid(self) -> int:
        """The process id; raises PartError before the first start."""
        return self._started().pid

    async def start(self) -> None:
        """Start the program. Whether it then works is for the caller to find out."""
        if self.running:
            raise PartError(f"{self.name} is running already")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._child = await asyncio.create_subprocess_exec(
                *_ending_with_its_parent(),
                *self._arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=REPOSITORY,
                env=self._environment,
                start_new_session=True,
            )
        self._group_ended = False

    async def ended(self) -> int:
        """Wait for the end of the process and return its exit code."""
        return await self._started().wait()

    async def stop(self, patience: float = 30) -> int | None:
        """Ask the process to end, kill it after `patience` seconds.

        Returns its exit code, or None if it never was started.
        """
        if self._child is None:
            return None
        try:
            with contextlib.suppress(TimeoutError, ProcessLookupError):
                self._child.terminate()
                async with asyncio.timeout(patience):
                    await self.ended()
        finally:
            await self.kill()
        return self._child.returncode

    async def kill(self) -> None:
        """Kill the process and all it started, at once (SIGKILL)."""
        if self._child is None or self._group_ended:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._group_ended = True
        await self.ended()

    async def until(
        self, what: str, works: Callable[[], Awaitable[bool]], patience: float
    ) -> None:
        """Wait until `works` says so.

        Raises PartError with the end of the log if the process ends before, or if
        it takes longer than `patience` seconds.
        """
        deadline = time.monotonic() + patience
        while not await works():
            if not self.running:
                raise PartError(f"{self.name} ended before {what}:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise PartError(
                    f"{self.name}: not {what} after {patience:.0f} s:\n{self.tail()}"
                )
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    def tail(self, lines: int = 25) -> str:
        """Return the last lines of the log."""
        if not self.log.exists():
            return ""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def _started(self) -> asyncio.subprocess.Process:
        if self._child is None:
            raise PartError(f"{self.name} was never started")
        return self._child


async def listens(port: int) -> bool:
    """Return whether somebody accepts connections on this port of 127.0.0.1."""
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


def _ending_with_its_parent() -> list[str]:
    """Return a prefix that has the kernel end the command if we are killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
