"""A camera on a bench."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.esp32_cam.camera import SleepingCamera
from simulator.esp32_cam.firmware import settings_of
from simulator.esp32_cam.options import FAULTS

from ..bench import Bench

NAME = "AABBCCDDEEFF"
START = 1_800_000_000.0 - 1_800_000_000.0 % 86_400
"""A midnight, UTC."""


class CameraBench(Bench[SleepingCamera]):
    """One camera, switched on and connected; times are seconds since `START`."""

    start = START
    faults = FAULTS

    def __init__(
        self,
        firmware: str = "3.5",
        *,
        name: str = NAME,
        memory: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        camera = settings_of(firmware, "device", **settings)
        self.names = (name,)
        self.id = camera.spelled(name)
        super().__init__(SleepingCamera(name, camera, memory=memory, now=START))

    def send(self, topic: str, content: Mapping[str, Any] | bytes) -> None:
        """Have it receive a message, if it is there to receive any."""
        if self.connected:
            self.receive(topic, content)

    def command(self, **content: Any) -> None:
        cmd, _ = self.node.subscriptions
        self.send(cmd, {"device_id": self.id, **content})

    def reply(self, **content: Any) -> None:
        _, ack = self.node.subscriptions
        self.send(ack, {"device_id": self.id, **content})

    def capture(self) -> None:
        """Have it take a picture and send it."""
        self.command(capture_image=True)
        self.run(1)
        self.command(send_image="image_1.jpg")
        self.run(9)

    def said(self, channel: str) -> list[tuple[float, dict[str, Any]]]:
        """Return what it published so far on topics that end so, and when."""
        return self.told(f"/{channel}")

    def hellos(self) -> list[float]:
        return [at for at, _ in self.said("status")]

    def acks(self) -> list[tuple[float, Any]]:
        return [(at, content["command_ack"]) for at, content in self.said("ack")]

    def chunks(self) -> list[int]:
        return [
            content["chunk_id"]
            for _, content in self.said("data")
            if "chunk_id" in content
        ]

    def descriptions(self) -> list[dict[str, Any]]:
        return [each for _, each in self.said("data") if "chunk_id" not in each]

    def kinds(self) -> list[str]:
        return [executed.kind for executed in self.executed]
