"""A camera on a bench."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.esp32_cam.camera import SleepingCamera
from simulator.esp32_cam.options import FAULTS
from simulator.esp32_cam.wire import Settings

from ..bench import Bench

MAC = "AA:BB:CC:DD:EE:FF"
NAME = "AABBCCDDEEFF"
START = 1_800_000_000.0 - 1_800_000_000.0 % 86_400
"""A midnight, UTC."""


class CameraBench(Bench[SleepingCamera]):
    """One camera, switched on and connected; times are seconds since `START`."""

    start = START
    names = (NAME,)
    faults = FAULTS

    def __init__(
        self, *, memory: Mapping[str, Any] | None = None, **settings: Any
    ) -> None:
        camera = Settings("device", **settings)
        super().__init__(SleepingCamera(NAME, camera, memory=memory, now=START))

    def send(self, topic: str, content: Mapping[str, Any] | bytes) -> None:
        """Have it receive a message, if it is there to receive any."""
        if not isinstance(content, bytes):
            content = {"device_id": MAC, **content}
        if self.connected:
            self.receive(topic, content)

    def command(self, **content: Any) -> None:
        self.send(f"device/{MAC}/cmd", content)

    def reply(self, **content: Any) -> None:
        self.send(f"device/{MAC}/ack", content)

    def said(self, channel: str) -> list[tuple[float, dict[str, Any]]]:
        """Return what it published so far on topics that end so, and when."""
        return self.told(f"/{channel}")

    def hellos(self) -> list[float]:
        return [at for at, _ in self.said("status")]

    def statuses(self) -> list[tuple[float, str]]:
        return [(at, content["status"]) for at, content in self.said("ack")]

    def chunks(self) -> list[int]:
        return [
            content["chunk_id"]
            for _, content in self.said("data")
            if "chunk_id" in content
        ]

    def kinds(self) -> list[str]:
        return [executed.kind for executed in self.executed]
