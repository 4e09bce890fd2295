"""Of each protocol two commands: one that is given once, one that may be repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scripts.parts.stations import (
    GARDEN,
    GLASSHOUSE,
    ORCHARD,
    PETS,
    YARD,
    Order,
    Staged,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A command whose life has points."""

    station: Staged
    order: Order
    executed_as: str
    """What the ledger of the nodes calls it."""
    once: bool
    """Whether a node must not execute it twice."""
    planned: bool = False
    """Whether it comes of a line of the plan, whose params these are; its time is
    another in each order."""
    varied: str = ""
    """The param, a number from 0 to 99, that is another in each order: a node that is
    told what is already so has nothing to execute."""
    answer: str = "ack"
    """What its node says of it first."""
    options: Mapping[str, float] = field(default_factory=dict)
    """Numbers of the station that these nodes, in a hurry, need to be others."""

    @property
    def name(self) -> str:
        return f"{self.station.protocol}-{self.order.kind}"

    def params(self, number: int) -> dict[str, Any]:
        """Return the params of order number `number`."""
        varied = {self.varied: number % 100} if self.varied else {}
        return {**self.order.params, **varied}


_FIRST_CAMERA = next(iter(GARDEN.adopted))
_CAMERA = replace(GARDEN, adopted={_FIRST_CAMERA: {"name": "Pond"}}).played_with(
    *("--hello", "full", "--boot-seconds", "1"),
    *("--wake-seconds", "2", "--awake-seconds", "3"),
    *("--capture-seconds", "0.2", "--image-bytes", "3000"),
)
_AWAKE: Mapping[str, float] = {"awake_for": 2.0}
"""Seconds; less than these cameras stay awake."""
_VALVES = ORCHARD.played_with("--wake-seconds", "1", "--duration-scale", "0.1")
_GLASSHOUSE = GLASSHOUSE.played_with(
    *("--types", "ph,irrig,climate", "--firmware", "head"),
    *("--interval-scale", "0.05", "--telemetry-scale", "20"),
)
_PETS = PETS.played_with(
    *("--firmware", "new", "--work-seconds", "1", "--interval-scale", "0.05")
)
_YARD = YARD.played_with(*YARD.options, "--work-seconds", "1")
_, _IRRIGATION, _CLIMATE = GLASSHOUSE.adopted
_CAT = next(iter(PETS.adopted))
_FEEDER, _VALVE = YARD.adopted

TRIALS: Mapping[str, tuple[Trial, Trial]] = {
    "esp32_cam": (
        Trial(
            station=_CAMERA,
            order=Order(kind="reboot", node=_FIRST_CAMERA),
            executed_as="reboot",
            once=True,
            answer="hello",
            options=_AWAKE,
        ),
        Trial(
            station=_CAMERA,
            # Not an image: of these, a camera takes one on each waking, ordered or not.
            order=Order(
                kind="update_config",
                params={"values": {"frame_size": 10}},
                node=_FIRST_CAMERA,
            ),
            executed_as="update_config",
            once=False,
            answer="hello",
            options=_AWAKE,
        ),
    ),
    "valve_hub": (
        Trial(
            station=_VALVES,
            order=Order(
                kind="open_valve", params={"valve": 0, "duration": 5}, node="1"
            ),
            executed_as="open_valve",
            once=True,
        ),
        Trial(
            station=_VALVES,
            order=Order(kind="close_valve", params={"valve": 1}, node="1"),
            executed_as="close_valve",
            once=False,
        ),
    ),
    "greenhouse": (
        Trial(
            station=_GLASSHOUSE,
            order=Order(
                kind="run_pump",
                params={"channel": "pump_main", "duration_ms": 500},
                node=_IRRIGATION,
            ),
            executed_as="run_pump",
            once=True,
        ),
        Trial(
            station=_GLASSHOUSE,
            order=Order(kind="set_pwm", params={"channel": "fan"}, node=_CLIMATE),
            executed_as="set_pwm",
            once=False,
            varied="value",
            answer="done",
        ),
    ),
    "petnet": (
        Trial(
            station=_PETS,
            order=Order(kind="feed", params={"portions": 2}, node=_CAT),
            executed_as="feed",
            once=True,
        ),
        Trial(
            station=_PETS,
            order=Order(
                kind="set_schedule",
                params={"portions": 2},
                node=_CAT,
            ),
            executed_as="schedule_mod_end",
            once=False,
            planned=True,
        ),
    ),
    "zigbee2mqtt": (
        Trial(
            station=_YARD,
            order=Order(kind="feed", params={"portions": 2}, node=_FEEDER),
            executed_as="feed",
            once=True,
            answer="state",
        ),
        Trial(
            station=_YARD,
            order=Order(kind="close_valve", node=_VALVE),
            executed_as="close_valve",
            once=False,
            answer="state",
        ),
    ),
}
"""By protocol."""
