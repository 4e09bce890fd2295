"""The stations that are shown and tried: one of each protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command, and the node that it is for; None: for all of the station."""

    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    node: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A station, what plays its nodes, and what a person says of them."""

    protocol: str
    name: str
    prefix: str
    known: tuple[str, ...] = ()
    """Nodes that are named when the station is added."""
    adopted: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By a node that calls in, as it is spelled in one way: what a person answers
    when it is offered. What is left out is what the form suggests."""
    options: Sequence[str] = ()
    """Of `python -m simulator --protocol ...`."""
    trial: Order
    """A command that its nodes carry out soon."""
    ready: tuple[str, tuple[str, ...]] | None = None
    """An entity, and its states once the trial may be ordered. None: at any time, since
    the trial waits for its nodes."""

    @property
    def nodes(self) -> tuple[str, ...]:
        return (*self.known, *self.adopted)

    @property
    def slug(self) -> str:
        """What its entities begin with."""
        return self.name.lower().replace(" ", "_")

    @property
    def trial_nodes(self) -> tuple[str, ...]:
        return self.nodes if self.trial.node is None else (self.trial.node,)

    @property
    def trial_device(self) -> str:
        """The name of the device that the trial is for."""
        node = self.trial.node
        return self.name if node is None else self.device_of(node)

    def device_of(self, node: str) -> str:
        """Return what the device of a node that was adopted is called."""
        return f"{self.name} {self.adopted[node]['name']}"

    def played_with(self, *options: str) -> Staged:
        """Return it with other options of its simulator."""
        return replace(self, options=options)


KITCHEN = Staged(
    protocol="paired_dispenser",
    name="Kitchen",
    prefix="disp",
    known=("1", "2"),
    trial=Order(kind="feed", params={"portions": 1}),
    ready=("binary_sensor.kitchen_ready", ("on",)),
)
GARDEN = Staged(
    protocol="esp32_cam",
    name="Garden",
    prefix="device",
    adopted={
        "AABBCCDDEE01": {
            "name": "Pond",
            "cron": "*/15 * * * *",
            "firmware_url": "https://example.com/camera-2.2.0.bin",
            "firmware_version": "2.2.0",
        },
        "AABBCCDDEE02": {"name": "Gate"},
    },
    options=("--hello", "full", "--wake-seconds", "45", "--awake-seconds", "20"),
    # Not an image: of these, each takes one on each waking, ordered or not.
    trial=Order(kind="reboot", node="AABBCCDDEE01"),
)
ORCHARD = Staged(
    protocol="valve_hub",
    name="Orchard",
    prefix="valvehub",
    adopted={"1": {"name": "Apples"}, "2": {"name": "Pears"}, "3": {"name": "Shade"}},
    options=("--wake-seconds", "20", "--curtains", "3", "--sensors", "3"),
    trial=Order(kind="open_valve", params={"valve": 0, "duration": 10}, node="1"),
)
GLASSHOUSE = Staged(
    protocol="greenhouse",
    name="Glasshouse",
    prefix="hydro",
    adopted={
        "esp32-a1b2c3d4e5f6": {
            "name": "Nutrients",
            "greenhouse": "gh-1",
            "zone": "zn-1",
            "uid": "nd-ph",
        },
        "esp32-0f1e2d3c4b5a": {
            "name": "Irrigation",
            "greenhouse": "gh-1",
            "zone": "zn-1",
            "uid": "nd-irrig",
        },
        "esp32-00c0ffee0001": {
            "name": "Climate",
            "greenhouse": "gh-1",
            "zone": "zn-2",
            "uid": "nd-climate",
            # The one type that has no more to switch than it is told.
            "channels": [
                {
                    "name": "lamp",
                    "type": "ACTUATOR",
                    "actuator_type": "RELAY",
                    "relay_type": "NO",
                    "gpio": 25,
                },
                {
                    "name": "fan",
                    "type": "ACTUATOR",
                    "actuator_type": "PWM",
                    "gpio": 26,
                },
            ],
        },
    },
    options=("--types", "ph,irrig,climate"),
    trial=Order(
        kind="run_pump",
        params={"channel": "pump_main", "duration_ms": 2000},
        node="esp32-0f1e2d3c4b5a",
    ),
    # What channels a node has is known once it has told it.
    ready=("button.glasshouse_irrigation_run_pump_main", ("unknown",)),
)
PETS = Staged(
    protocol="petnet",
    name="Pets",
    prefix="krs",
    adopted={
        "5d1a7c3e90b24f68a1c7d2e8f4b60935c8a7e1d2": {
            "name": "Cat",
            "firmware": "2.7.1",
        },
        "7e2b9f014ac35d86b0d8e3f905c71a46d9b8f2e3": {
            "name": "Dog",
            "firmware": "2.7.1",
        },
    },
    options=("--interval-scale", "0.2", "--firmware", "new"),
    trial=Order(kind="feed", params={"portions": 2}),
)
YARD = Staged(
    protocol="zigbee2mqtt",
    name="Yard",
    prefix="zigbee2mqtt",
    adopted={"feeder": {"name": "Feeder"}, "valve": {"name": "Valve"}},
    options=("--models", "aqara_feeder,neo_valve", "--interval-scale", "0.05"),
    trial=Order(kind="feed", params={"portions": 2}, node="feeder"),
)
YARD_BEHIND_BRIDGE = replace(
    YARD,
    adopted={"feeder": {"name": "Feeder"}, "datapoint_valve": {"name": "Valve"}},
    options=(),
)
"""The same with the devices that the radio of the real Zigbee2MQTT plays."""
STATIONS: Mapping[str, Staged] = {
    station.protocol: station
    for station in (KITCHEN, GARDEN, ORCHARD, GLASSHOUSE, PETS, YARD)
}
"""By protocol."""
