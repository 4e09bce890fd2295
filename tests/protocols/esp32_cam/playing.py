"""A camera that is played by hand."""

from __future__ import annotations

import json
from typing import Any

from ..played import Played
from .site import MAC, NODE

DATA = f"ESP32CAM/{MAC}/data"


class Camera(Played):
    """One camera, which sleeps until it says hello."""

    def __init__(self, **said: Any) -> None:
        super().__init__("esp32_cam", {NODE: said})
        self.family = "device"

    def order_one(self, kind: str, **params: Any) -> int:
        return self.put(kind, NODE, **params)

    def hello(self, **more: Any) -> None:
        self._speak("status", {"device_id": MAC, "status": "alive", **more})

    def ack(self, status: str = "success", message: str = "") -> None:
        """Have it answer, and let the moment pass in which it might once more."""
        self._speak(
            "ack", {"type": "command_ack", "status": status, "message": message}
        )
        self.advance(2.0)

    def describe(self, name: str, parts: int, **more: Any) -> None:
        said = {"image_name": name, "total_chunks_count": parts, **more}
        self.hear(DATA, {"device_id": MAC, **said})

    def chunk(self, name: str, number: int, payload: str | list[int]) -> None:
        said = {"image_name": name, "chunk_id": number, "payload": payload}
        self.hear(DATA, {"device_id": MAC, **said})

    def small_image(self, name: str) -> None:
        self.describe(name, 1)
        self.chunk(name, 0, "eA==")

    def heard(self, *channels: str) -> list[dict[str, Any]]:
        """Return what it was told since, which must be all on these channels."""
        sent = self.taken()
        assert {topic for topic, _ in sent} <= {
            f"{self.family}/{MAC}/{channel}" for channel in channels
        }
        return [json.loads(payload) for _, payload in sent]

    def _speak(self, channel: str, content: dict[str, Any]) -> None:
        self.hear(f"{self.family}/{MAC}/{channel}", content)


SLEEP = {"next_wake_time": "1:00PM"}
