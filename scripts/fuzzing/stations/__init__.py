"""A station of each protocol: its nodes, what they say, what was ordered of them."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.fuzzing.fuzzed import Fuzzed

from .esp32_cam import CAMERAS
from .greenhouse import GLASSHOUSE
from .paired_dispenser import FEEDERS
from .petnet import PETS
from .valve_hub import VALVES
from .zigbee2mqtt import YARD

FUZZED: Mapping[str, Fuzzed] = {
    fuzzed.key: fuzzed for fuzzed in (FEEDERS, CAMERAS, VALVES, GLASSHOUSE, PETS, YARD)
}
