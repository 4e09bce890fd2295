"""The protocols that the simulator plays, by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator import esp32_cam, greenhouse, paired_dispenser, petnet, valve_hub

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.simulated import Simulated

SIMULATED: Mapping[str, Simulated] = {
    module.SIMULATED.key: module.SIMULATED
    for module in (paired_dispenser, esp32_cam, valve_hub, petnet, greenhouse)
}
