"""What becomes of messages on their way."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

QUICKEST = 0.001
USUALLY = 0.02


@dataclass(slots=True)
class Weather:
    """How likely it is that a message is lost, doubled, or late by up to `late` s.

    What is late is overtaken by what comes after it.
    """

    loses: float = 0.0
    doubles: float = 0.0
    delays: float = 0.0
    late: float = 0.0


class Air:
    """Draws the fate of each message."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.weather = Weather()
        self.lost = self.doubled = self.delayed = 0

    def passages(self, qos: int, *, up: bool) -> list[float]:
        """Return after how many seconds each copy of a message arrives.

        What has QoS 1 is not lost while a connection stands; going down, what has QoS
        0 is not doubled, for no broker ever does.
        """
        weather, draw = self.weather, self._random.random
        if qos == 0 and weather.loses and draw() < weather.loses:
            self.lost += 1
            return []
        copies = 1
        if weather.doubles and (up or qos) and draw() < weather.doubles:
            self.doubled += 1
            copies = 2
        return [self._seconds() for _ in range(copies)]

    def _seconds(self) -> float:
        weather, draw = self.weather, self._random.random
        if weather.delays and draw() < weather.delays:
            self.delayed += 1
            return draw() * weather.late
        return QUICKEST + draw() * USUALLY
