"""A station with valves and pumps of which is known how fast they run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.policy import Station
from custom_components.mqtt_dispatch.engine.model.step import Course
from custom_components.mqtt_dispatch.engine.model.water import Meter, Metered
from tests.engine.driver import Driver, a_station, policies

NODE = "1"
FLOW = 6.0
"""Litres per minute: a litre in ten seconds."""
VALVE = Metered(
    what="valve_0",
    flow=FLOW,
    opens=("open_valve", {"valve": 0}),
    closes=("close_valve", {"valve": 0}),
    state="valve_0",
    duration="duration",
)
"""Its order is done when it has opened; then its node says so."""
PUMP = Metered(
    what="run_drip",
    flow=FLOW,
    opens=("run_pump", {"channel": "drip"}),
    closes=("stop_pump", {"channel": "drip"}),
    state=None,
    duration="duration_ms",
    per_second=1000,
    done_once_over=True,
)
"""Its order is taken when it begins, and done when it is over."""


def a_garden(
    *metered: Metered, nodes: tuple[str, ...] = (NODE,), words: Any = None
) -> Station:
    """Return a station with these at its first node, and its nodes online for long."""
    found = {NODE: metered or (VALVE, PUMP)}
    return a_station(
        nodes=nodes,
        policies=policies(
            open_valve={"done_timeout": 30.0},
            close_valve={},
            run_pump={"done_timeout": 30.0},
            stop_pump={},
        ),
        words={
            "metered": lambda node: found.get(node, ()),
            "course": lambda command, _: Course(
                command.params.get("duration_ms", 0) / 1000
            ),
            **(words or {}),
        },
        online_age=100_000.0,
    )


def faster(metered: Metered) -> Metered:
    """Return the same, twice as fast."""
    return replace(metered, flow=2 * metered.flow)


class Garden(Driver):
    """A garden whose node is ready, and what its valve and pump do."""

    def __init__(self, station: Station | None = None, **fields: Any) -> None:
        """Begin with everything closed."""
        super().__init__(station or a_garden(), **fields)
        self.all_ready()

    def order_open(self, seconds: int = 60) -> int:
        """Order the valve to open; its node hears of it, and says nothing yet."""
        return self.order("open_valve", params={"valve": 0, "duration": seconds})

    def opened(self, command_id: int | None = None) -> None:
        """Have the node say that its valve is open, and that an order is done."""
        self.says("open")
        if command_id is not None:
            self.done(command_id)

    def open(self, seconds: int = 60) -> int:
        """Have the valve opened by an order."""
        command_id = self.order_open(seconds)
        self.opened(command_id)
        return command_id

    def says(self, state: str, *, live: bool = True) -> None:
        """Have the node say that its valve is `open` or `closed`."""
        self.see(NODE, live=live, online=True, readings={"valve_0": state})

    def pump(self, seconds: int = 60) -> int:
        """Have the pump begin to run by an order."""
        params = {"channel": "drip", "duration_ms": 1000 * seconds}
        command_id = self.order("run_pump", params=params)
        self.accept(command_id)
        return command_id

    def unconfirmed(self, seconds: int = 60) -> int:
        """Have an order to open in doubt."""
        command_id = self.order_open(seconds)
        self.advance(15)
        assert self.state(command_id) is CommandState.UNCONFIRMED
        return command_id

    def restart(self, *, away: float = 0.0, station: Station | None = None) -> None:
        """Be killed, and start anew after so many seconds."""
        self.crash(away=away, station=station)
        self.all_ready()

    @property
    def litres(self) -> float:
        """What ran through the valve, as people are shown it."""
        return self._litres(VALVE)

    @property
    def pumped(self) -> float:
        """What ran through the pump, as people are shown it."""
        return self._litres(PUMP)

    def meter(self) -> Meter:
        """Return the meter of the valve as it stands."""
        return self.engine.ledger.water[NODE, VALVE.what]

    def _litres(self, metered: Metered) -> float:
        shown = self.engine.router.metering.litres(NODE)
        return round(shown.get(metered.what, 0.0), 3)
