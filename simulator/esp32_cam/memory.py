"""What a camera keeps in flash: its pictures, its next wake, its firmware."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_FIRMWARE = "1.0.0"


class Memory:
    """Raises ValueError where `stored` is not what `stored()` returned."""

    def __init__(self, stored: Mapping[str, Any] | None, pending: int) -> None:
        self.taken = pending
        self.pending = [image_name(number) for number in range(1, pending + 1)]
        self.firmware = FIRST_FIRMWARE
        self.next_wake: str | None = None
        self.executed = 0
        if stored is None:
            return
        try:
            self.taken = stored["taken"]
            self.pending = list(stored["pending"])
            self.firmware = stored["firmware"]
            self.next_wake = stored["next_wake"]
            self.executed = stored["executed"]
        except (KeyError, TypeError) as error:
            raise ValueError("not what a camera's flash holds") from error

    def take_picture(self) -> str:
        """Store one more picture and return its name."""
        self.taken += 1
        self.pending.append(image_name(self.taken))
        return self.pending[-1]

    def stored(self) -> dict[str, Any]:
        return {
            "taken": self.taken,
            "pending": list(self.pending),
            "firmware": self.firmware,
            "next_wake": self.next_wake,
            "executed": self.executed,
        }


def image_name(number: int) -> str:
    return f"image_{number}.jpg"


def number_of(name: str) -> int:
    return int(name.removeprefix("image_").removesuffix(".jpg"))
