"""The wire: pure functions between messages and the words of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .base import Protocol
from .esp32_cam.protocol import ESP32_CAM
from .greenhouse.protocol import GREENHOUSE
from .paired_dispenser.protocol import PAIRED_DISPENSER
from .petnet.protocol import PETNET
from .valve_hub.protocol import VALVE_HUB

PROTOCOLS: Final[Mapping[str, Protocol]] = MappingProxyType(
    {
        protocol.key: protocol
        for protocol in (PAIRED_DISPENSER, ESP32_CAM, VALVE_HUB, GREENHOUSE, PETNET)
    }
)
