"""The protocols that the simulator plays, by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.esp32_cam import camera
from simulator.greenhouse import node as greenhouse_node
from simulator.paired_dispenser import station as paired_dispenser
from simulator.petnet import gateway
from simulator.profiled.station import shipped, simulated_of
from simulator.valve_hub import station as valve_hub

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.simulated import Simulated

SIMULATED: Mapping[str, Simulated] = {
    module.SIMULATED.key: module.SIMULATED
    for module in (paired_dispenser, camera, valve_hub, gateway, greenhouse_node)
} | {profile.key: simulated_of(profile) for profile in shipped()}
