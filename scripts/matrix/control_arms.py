"""The control arms: other queues, to which the same happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from .arms import FIRMWARES
from .controls.runs import HUEY, RERUN, Queue, enumerated
from .plan import Deed
from .runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlArm:
    """One queue, and what happens to it or to its broker."""

    name: str
    title: str
    queue: Queue
    deed: Deed
    firmwares: tuple[str, ...] = FIRMWARES

    def runs(self, folder: Path, firmware: str) -> AsyncIterator[Run]:
        """Run at all points."""
        return enumerated(self.name, folder, self.queue, self.deed, firmware)


CONTROL_ARMS = (
    ControlArm(
        name="huey-kill",
        title="huey, retries=3, retry_delay=30: SIGKILL to its consumer",
        queue=HUEY,
        deed=Deed.KILL,
    ),
    ControlArm(
        name="huey-broker",
        title="huey, retries=3, retry_delay=30: mosquitto killed and started again",
        queue=HUEY,
        deed=Deed.ASK,
    ),
    ControlArm(
        name="rerun-kill",
        title="A queue that runs again what was running: SIGKILL",
        queue=RERUN,
        deed=Deed.KILL,
    ),
    ControlArm(
        name="rerun-broker",
        title="A queue that runs again what was running: mosquitto killed and started"
        " again",
        queue=RERUN,
        deed=Deed.ASK,
    ),
)
