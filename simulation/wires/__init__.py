"""The protocols as the judges read them: another reading, of the wire alone."""

from __future__ import annotations

from collections.abc import Mapping

from simulation.wires.base import Wire
from simulation.wires.esp32_cam import ESP32_CAM
from simulation.wires.greenhouse import GREENHOUSE
from simulation.wires.paired_dispenser import PAIRED_DISPENSER
from simulation.wires.petnet import PETNET
from simulation.wires.valve_hub import VALVE_HUB
from simulation.wires.zigbee2mqtt import ZIGBEE2MQTT

WIRES: Mapping[str, Wire] = {
    "paired_dispenser": PAIRED_DISPENSER,
    "esp32_cam": ESP32_CAM,
    "valve_hub": VALVE_HUB,
    "greenhouse": GREENHOUSE,
    "petnet": PETNET,
    "zigbee2mqtt": ZIGBEE2MQTT,
}
