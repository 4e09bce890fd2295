"""Counts the points that a process passes, and acts at the one of the plan."""

from __future__ import annotations

import json
import os
from pathlib import Path
import signal
import socket
import threading

from scripts.matrix.plan import FOLDER_VARIABLE, Answer, Deed, Folder, Plan, read

from .clock import Clock


class Points:
    """The points of this process. None is counted before `begin` is called."""

    def __init__(self, folder: Folder, clock: Clock) -> None:
        self.folder = folder
        self.clock = clock
        self._lock = threading.Lock()
        self._plan: Plan | None = None
        self._count = 0
        self._file = -1

    def begin(self) -> None:
        """Read the plan, count from here on, and set the clock as it was.

        What else is ordered under the same plan goes on counting.
        """
        with self._lock:
            if self._plan is not None and self._is_still_planned():
                return
            if self._file >= 0:
                os.close(self._file)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            self._file = os.open(self.folder.points, flags, 0o600)
            plan = self.folder.read_plan()
            self._plan = None if plan.deed is Deed.NOTHING else plan
            self._count = 0
            self.clock.set(0.0)

    def begin_at_start(self) -> None:
        """Count from here on, if the plan is for the start of the process."""
        if self.folder.read_plan().at_start:
            self.begin()

    def reach(self, name: str) -> None:
        """Pass a point; it may be the last thing that this process does."""
        with self._lock:
            if self._plan is None:
                return
            os.write(self._file, f"{name}\n".encode())
            if self._plan.only not in name:
                return
            self._count += 1
            # What nodes say by themselves goes on when the order has its end.
            if self._count != self._plan.point or not self._is_still_planned():
                return
            deed = self._plan.deed
            if deed is Deed.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
        if deed is Deed.TERMINATE:
            os.kill(os.getpid(), signal.SIGTERM)
        elif deed is Deed.ASK:
            self.clock.set(self._ask(name).clock_ahead)

    def _is_still_planned(self) -> bool:
        return self.folder.read_plan() == self._plan

    def _ask(self, name: str) -> Answer:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.folder.socket))
            connection.sendall(f"{name}\n".encode())
            with connection.makefile(encoding="utf-8") as answers:
                return Answer(**json.loads(answers.readline()))


def from_environment() -> Points:
    """Return the points of this process. Raises KeyError outside of the matrix."""
    folder = Folder(Path(os.environ[FOLDER_VARIABLE]))
    ahead = float(read(folder.clock_ahead)) if folder.clock_ahead.exists() else 0.0
    return Points(folder, Clock(ahead))
