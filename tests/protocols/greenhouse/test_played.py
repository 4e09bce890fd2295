"""The wire and the simulated node read the protocol in the same way."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings, strategies as st

from custom_components.mqtt_dispatch.engine.reports import (
    Accepted,
    Answer,
    AsksTime,
    Busy,
    Done,
    Failed,
    Hello,
    Rejected,
    Report,
    Seen,
)
from custom_components.mqtt_dispatch.protocols.base import (
    Malformed,
    Message,
    Publication,
    Sending,
    Site,
)
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from simulator.greenhouse.simple.node import GreenhouseNode
from simulator.greenhouse.simple.wire import FIRMWARES, Settings
from simulator.node import Connect, Effect, Executed, Message as Published

from .samples import FIELDS, NODE, NOON, WIRE, a_command


class Play:
    """One station and its one node, joined without a broker; nothing is lost."""

    def __init__(self, firmware: str = "new", **said: Any) -> None:
        self.now = NOON
        self.fields = FIELDS | {"assigned": False} | said
        self.readings: dict[str, str | float] = {}
        self.reports: list[Report | Malformed] = []
        self.executed: list[Executed] = []
        self.node = GreenhouseNode(
            NODE.upper(),
            Settings("hydro", FIRMWARES[firmware]),
            node_type="ph",
            memory=None,
            now=self.now,
        )
        self.run(0)

    @property
    def site(self) -> Site:
        return Site(prefix="hydro", nodes={NODE: self.fields})

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while (deadline := self.node.next_deadline()) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            self._carry_out(self.node.advance(self.now))
        self.now = end

    def send(self, kind: str, command_id: int = 1, **params: Any) -> None:
        """Send a command once, as it is now."""
        command = a_command(kind, WIRE.check(kind, params), command_id=command_id)
        sending = Sending(
            command=command, node=NODE, wall=self.now, readings=self.readings
        )
        for publication in WIRE.publications(self.site, sending):
            self._arrive(publication)

    def answers(self) -> list[Answer]:
        return [
            report
            for report in self.reports
            if isinstance(report, Accepted | Done | Failed | Rejected | Busy)
        ]

    def _arrive(self, publication: Publication) -> None:
        topic, payload = publication.topic, publication.payload.encode()
        subscribed = [each.split("/") for each in self.node.subscriptions]
        parts = topic.split("/")
        if any(
            len(each) == len(parts)
            and all(a in ("+", b) for a, b in zip(each, parts, strict=True))
            for each in subscribed
        ):
            self._carry_out(self.node.receive(topic, payload, self.now))

    def _carry_out(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Published():
                    self._hear(effect)
                case Connect():
                    self._carry_out(self.node.on_connect(self.now))
                case Executed():
                    self.executed.append(effect)
                case _:
                    pass

    def _hear(self, message: Published) -> None:
        heard = Message(message.topic, message.payload, retain=False, wall=self.now)
        for said in WIRE.report(self.site, heard):
            if isinstance(said, Publication):
                self._arrive(said)
                continue
            if isinstance(said, AsksTime):
                for answer in WIRE.time_answer(self.site, self.now):
                    self._arrive(answer)
                continue
            self.reports.append(said)
            if isinstance(said, Seen):
                self.readings |= said.readings


def settled(firmware: str = "new", **said: Any) -> Play:
    """Return the play after the node has found its place."""
    play = Play(firmware, **said)
    play.send("update_config")
    play.run(5)
    play.reports.clear()
    return play


def test_a_node_is_heard_configured_and_reports_from_its_address() -> None:
    play = Play()
    hellos = [report for report in play.reports if isinstance(report, Hello)]
    assert [(hello.node, hello.type) for hello in hellos] == [(NODE, ""), (NODE, "ph")]
    assert play.readings["hardware_id"] == NODE.upper()
    play.send("update_config")
    play.run(5)
    assert Done(NODE, subject="config") in play.reports
    assert play.readings["config_reported"] == 1
    assert play.readings["address"] == "gh-1/zn-2/nd-ph-1"
    assert "ph_sensor/ph" in play.readings
    assert not [each for each in play.reports if isinstance(each, Malformed)]


def test_a_node_that_has_its_place_already_is_found_there() -> None:
    """It was removed from Home Assistant and is adopted anew."""
    play = settled()
    play.readings.clear()
    play.run(30)
    play.send("update_config")
    play.run(5)
    assert Done(NODE, subject="config") in play.reports


def test_a_node_that_gets_another_place_moves_there() -> None:
    play = settled()
    play.fields |= {"zone": "zn-3", "lives_at": "gh-1/zn-2/nd-ph-1"}
    play.readings.clear()
    play.send("update_config")
    play.run(5)
    assert play.readings["address"] == "gh-1/zn-3/nd-ph-1"
    assert Done(NODE, subject="config") in play.reports


def test_each_kind_is_understood() -> None:
    play = settled()
    orders: list[tuple[str, dict[str, Any]]] = [
        ("run_pump", {"channel": "pump_acid", "duration_ms": 1500}),
        ("dose", {"channel": "doser", "ml": 0.1}),
        ("light_on", {"channel": "lamp"}),
        ("light_off", {"channel": "lamp"}),
        ("stop_pump", {"channel": "pump_acid"}),
        ("set_relay", {"channel": "relay-1", "state": True}),
        ("set_pwm", {"channel": "fan", "value": 128}),
        ("set_position", {"channel": "window", "position_pct": 33.3}),
        ("calibrate", {"channel": "ph_sensor", "params": {"point": 6.86}}),
        ("test_sensor", {"channel": "ph_sensor"}),
        ("query", {}),
        ("set_datetime", {}),
        ("set_sensor_mode", {"active": True}),
        ("set_sensor_mode", {"active": False}),
        ("reboot", {}),
    ]
    for number, (kind, params) in enumerate(orders, start=1):
        play.send(kind, number, **params)
        play.run(10)
    assert {*(kind for kind, _ in orders), "update_config"} == {*WIRE.kinds}
    done = [each.command_id for each in play.answers() if isinstance(each, Done)]
    assert [number for number in done if number] == [*range(1, len(orders) + 1)]
    assert not [each for each in play.answers() if isinstance(each, Failed | Rejected)]
    assert play.readings["lamp/state"] == "off"
    assert play.readings["fan/value"] == 128
    assert play.readings["window/position_pct"] == 33.3


def test_a_resend_within_the_memory_of_the_node_is_answered_and_not_executed() -> None:
    play = settled()
    for _ in range(3):
        play.send("run_pump", channel="pump_acid", duration_ms=1000)
        play.run(100)
    assert len(play.executed) == 1
    assert play.answers() == [Accepted(NODE, 1), *[Done(NODE, 1)] * 3]


def test_a_node_without_a_secret_is_understood() -> None:
    play = settled(secret=None)
    play.send("light_on", channel="lamp")
    assert play.answers() == [Done(NODE, 1)]


def test_an_old_node_is_understood() -> None:
    play = settled("old", secret=None, ack_means_done=True)
    play.send("run_pump", channel="pump_acid", duration_ms=1000)
    play.run(60)
    assert play.answers() == [Accepted(NODE, 1), Done(NODE, 1)]
    assert len(play.executed) == 1


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    st.dictionaries(st.text("aä/", min_size=1, max_size=5), ANYTHING, max_size=4),
    st.floats(0.0, 500.0, exclude_min=True),
    st.floats(0, 100),
)
def test_any_number_and_text_is_signed_as_the_node_reads_it(
    params: dict[str, Any], ml: float, position: float
) -> None:
    play = settled()
    play.send("dose", 1, channel="doser", ml=ml)
    play.run(10)
    play.send("set_position", 2, channel="window", position_pct=position)
    try:
        play.send("calibrate", 3, channel="ph_sensor", params=params)
    except InvalidCommand:
        return
    play.run(10)
    assert [each.command_id for each in play.answers() if isinstance(each, Done)] == [
        1,
        2,
        3,
    ]
    (*_, calibrated) = play.executed
    assert json.loads(json.dumps(calibrated.payload["params"])) == params
