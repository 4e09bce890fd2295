"""Who plays in a world: for each protocol its nodes, its people, its faults."""

from __future__ import annotations

from collections.abc import Mapping

from simulation.casts.base import Cast
from simulation.casts.esp32_cam import ESP32_CAM
from simulation.casts.greenhouse import GREENHOUSE
from simulation.casts.native_dispenser import NATIVE_DISPENSER
from simulation.casts.paired_dispenser import PAIRED_DISPENSER
from simulation.casts.petnet import PETNET
from simulation.casts.valve_hub import VALVE_HUB
from simulation.casts.zigbee2mqtt import ZIGBEE2MQTT

CASTS: Mapping[str, Cast] = {
    cast.key or cast.protocol.key: cast
    for cast in (
        PAIRED_DISPENSER,
        NATIVE_DISPENSER,
        ESP32_CAM,
        VALVE_HUB,
        GREENHOUSE,
        PETNET,
        ZIGBEE2MQTT,
    )
}

PROTOCOLS = tuple(key for key, cast in CASTS.items() if not cast.key)
"""One cast of each protocol: those that need nothing but Python."""
