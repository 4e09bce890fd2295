"""A station whose nodes sleep behind a hub, which answers without ids."""

from __future__ import annotations

from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Busy,
    Done,
    Readings,
    Rejected,
    Relay,
    Seen,
)
from custom_components.mqtt_dispatch.engine.model.step import Gate, Step
from custom_components.mqtt_dispatch.protocols.valve_hub.held_reports import (
    HeldItem,
    Holds,
    Listed,
    Listing,
)
from custom_components.mqtt_dispatch.protocols.valve_hub.session import HubSession
from tests.engine.driver import MINUTE, Driver, a_station, policies

VALVES = ("1", "2")
_RELAYED = {"gate": Gate.RELAY, "accept_timeout": 5.0, "done_timeout": 30 * MINUTE}
RULES = policies(
    open_valve=_RELAYED,
    close_valve=_RELAYED,
    set_plan=_RELAYED,
    set_wake_interval={**_RELAYED, "done_by_absence": True},
    set_datetime={**_RELAYED, "done_by_absence": True},
    ping={},
)


def lines(command: Command, _node: str, _readings: Readings) -> tuple[Step, ...]:
    """Return the lines of a command; a plan is made of as many as it says."""
    taken = frozenset({f"took {command.kind}", "error"})
    match command.kind:
        case "open_valve" | "close_valve":
            done = [f"{command.kind} {command.params.get('valve', 0)}"]
        case "set_plan":
            done = [f"slot {slot}" for slot in range(command.params.get("slots", 3))]
        case _:
            done = [command.kind]
    return tuple(Step(taken, frozenset({subject})) for subject in done)


class Hub(Driver):
    """Drives such a station; the hub says nothing that a test does not have it say."""

    def __init__(self, **numbers: Any) -> None:
        given: dict[str, Any] = {
            "relay_age": 60.0,
            "one_unanswered": 1,
            "places": 10,
            "at_once": 9,
            "step_window": 9,
            "online_age": 20 * MINUTE,
        }
        super().__init__(
            a_station(
                nodes=VALVES,
                policies=RULES,
                words={"steps": lines, "session": HubSession},
                **given | numbers,
            )
        )

    @property
    def inquired(self) -> list[str | None]:
        """For which nodes it was asked; None: which nodes there are."""
        return [each.node for each in self.instructed]

    def come_up(self) -> None:
        """Connect, and have the hub answer which nodes there are."""
        self.connect()
        self.list_nodes()

    def list_nodes(self) -> None:
        self.tell(Relay())
        self.tell(Listing(len(VALVES)))
        for node in VALVES:
            self.tell(Listed(Seen(node=node, live=False)))

    def open(self, valve: int, node: str = "1", **fields: Any) -> int:
        return self.order("open_valve", node, params={"valve": valve}, **fields)

    def close(self, valve: int, node: str = "1", **fields: Any) -> int:
        return self.order("close_valve", node, params={"valve": valve}, **fields)

    def plan(self, slots: int, node: str = "1", **fields: Any) -> int:
        """Order a plan, of which the hub says that it holds nothing like it."""
        plan = self.order("set_plan", node, params={"slots": slots}, **fields)
        if self.whys(plan) == [Why.STILL_HELD]:
            self.holds(node)
        return plan

    def take(self, command_id: int, node: str = "1", *, times: int = 1) -> None:
        """Have the hub take the line that was last sent of a command."""
        subject = f"took {self.command(command_id).kind}"
        for _ in range(times):
            self.tell(Relay())
            self.tell(Accepted(node, subject=subject))

    def happens(self, subject: str, node: str = "1") -> None:
        self.see(node)
        self.tell(Done(node, subject=subject))

    def refuse(self) -> None:
        self.tell(Rejected(None, reason="no", subject="error"))

    def is_full(self) -> None:
        self.tell(Busy(None, subject="error"))

    def holds(self, node: str, *kinds: str) -> None:
        """Have the hub answer what it holds for a node: lines of these kinds."""
        self.tell(Holds(node, len(kinds)))
        for kind in kinds:
            self.tell(HeldItem(f"took {kind}"))

    def messages_at(self, node: str) -> int:
        """Return how many lines for a node were sent and are not done."""
        return sum(
            delivery.step + 1 - len(delivery.ended)
            for command in self.engine.ledger.open.values()
            for delivery in command.deliveries
            if delivery.node == node and delivery.state.in_flight
        )
