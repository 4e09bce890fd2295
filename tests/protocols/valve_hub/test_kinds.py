"""What kinds there are, for which nodes, and by which rules."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandClass
from custom_components.mqtt_dispatch.engine.model.policy import Settings
from custom_components.mqtt_dispatch.engine.model.reports import Hello
from custom_components.mqtt_dispatch.engine.model.step import Gate
from custom_components.mqtt_dispatch.protocols.actuator import Actuator, Amount, Form
from custom_components.mqtt_dispatch.protocols.base import Instructing
from custom_components.mqtt_dispatch.protocols.messages import Publication
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.protocols.valve_hub.inquiries import Inquiry
from tests.nonempty import some

from .writing import SITE, WIRE

FOR_IRRIGATION = {
    "open_valve",
    "close_valve",
    "set_schedule",
    "remove_schedule",
    "set_plan",
    "set_wake_interval",
    "set_datetime",
    "reboot",
    "factory_reset",
    "delete_node",
}
FOR_ALL = {"reboot", "factory_reset", "delete_node"}


@pytest.mark.parametrize(
    ("node_type", "taken"),
    [
        ("irrigation", FOR_IRRIGATION),
        ("greenhouse", FOR_ALL | {"curtain"}),
        ("sensor", FOR_ALL | {"set_wake_interval"}),
        ("unknown", FOR_IRRIGATION),
        (None, FOR_IRRIGATION),
    ],
)
def test_a_node_is_never_sent_what_it_would_not_take(
    node_type: str | None, taken: set[str]
) -> None:
    """Trap: a curtain node offered a date took nothing else any more."""
    readings = {} if node_type is None else {"type": node_type}
    understood = {
        kind for kind in WIRE.kinds if WIRE.understands(SITE, "5", kind, readings)
    }
    assert understood == taken


def test_a_node_that_told_of_its_curtain_has_one_whatever_the_hub_calls_it() -> None:
    readings = {"type": "unknown", "curtain": "opening"}
    assert WIRE.understands(SITE, "5", "curtain", readings)
    assert not WIRE.understands(SITE, "5", "open_valve", readings)


def test_a_calibration_moves_for_minutes_and_is_never_repeated() -> None:
    policy = WIRE.kinds["curtain"].policy
    assert policy.class_with({"action": "calibrate"}) is CommandClass.ONCE
    assert policy.class_with({"action": "stop"}) is CommandClass.LATEST


ANSWERED_IN = 5.0
ASLEEP = 1800.0

# kind, class, seconds until it is done, what else its policy says
KINDS: list[tuple[str, CommandClass, float, dict[str, Any]]] = [
    ("open_valve", CommandClass.ONCE, ASLEEP, {}),
    ("close_valve", CommandClass.UNTIL_DONE, ASLEEP, {}),
    ("set_schedule", CommandClass.LATEST, ASLEEP, {}),
    ("remove_schedule", CommandClass.LATEST, ASLEEP, {}),
    ("set_plan", CommandClass.LATEST, ASLEEP, {}),
    ("set_wake_interval", CommandClass.LATEST, 300.0, {"done_by_absence": True}),
    ("set_datetime", CommandClass.LATEST, 300.0, {"done_by_absence": True}),
    ("curtain", CommandClass.LATEST, 600.0, {}),
    (
        "reboot",
        CommandClass.ONCE,
        300.0,
        {"done_by_restart": True, "handed_over": True},
    ),
    (
        "factory_reset",
        CommandClass.ONCE,
        300.0,
        {"done_by_restart": True, "handed_over": True},
    ),
    ("delete_node", CommandClass.REPEAT, 300.0, {}),
]


def test_there_are_these_kinds() -> None:
    assert set(WIRE.kinds) == {kind for kind, *_ in KINDS}


@pytest.mark.parametrize(("kind", "its_class", "done_timeout", "more"), KINDS)
def test_a_kind_has_the_policy_of_its_section(
    kind: str, its_class: CommandClass, done_timeout: float, more: dict[str, Any]
) -> None:
    policy = WIRE.kinds[kind].policy
    assert policy.command_class is its_class
    assert policy.gate is Gate.RELAY
    assert policy.accept_timeout == ANSWERED_IN
    assert policy.done_timeout == done_timeout
    for name, value in more.items():
        assert getattr(policy, name) is value


def test_no_command_goes_to_the_whole_station() -> None:
    assert not any(kind.whole_station for kind in some(WIRE.kinds.values()))


def test_a_station_has_the_numbers_of_its_section() -> None:
    settings = Settings(**WIRE.settings)  # type: ignore[arg-type]
    assert settings.online_age == 20 * 60
    assert settings.relay_age == 60
    assert settings.one_unanswered == 1
    assert settings.places == 9, "of 10, one is that of what the node took last"
    assert settings.at_once == 8, "one of those stays free for a close"
    assert settings.step_window == 8


def test_the_hub_is_asked_what_it_holds_and_which_nodes_it_knows() -> None:
    def asked(inquiry: Inquiry, node: str | None = None) -> tuple[Publication, ...]:
        instructing = Instructing(node=node, message=inquiry, wall=0.0)
        return WIRE.instruct(SITE, instructing)

    held = Publication("valvehub/tx", "GET_QUEUE 5\n")
    assert asked(Inquiry.HELD, "5") == (held,)
    assert asked(Inquiry.NODES) == (Publication("valvehub/tx", "LIST_NODES\n"),)


class TestActuators:
    def test_of_a_node_with_valves_are_its_valves(self) -> None:
        found = WIRE.actuators({}, {"valves": 2, "type": "irrigation"})
        assert found[1] == Actuator(
            key="valve_1",
            form=Form.VALVE,
            name="valve",
            label="1",
            orders={
                "open": ("open_valve", {"valve": 1}),
                "close": ("close_valve", {"valve": 1}),
            },
            state="valve_1",
            amount=Amount(
                param="duration", minimum=1, maximum=7200, usual=600, unit="s"
            ),
            water=True,
        )
        assert [actuator.key for actuator in found] == ["valve_0", "valve_1"]

    @pytest.mark.parametrize(
        "readings",
        [
            {"valves": 0, "type": "greenhouse"},
            {"curtain": "opening"},
            {"valves": 0, "type": "unknown", "curtain": "stopped"},
        ],
    )
    def test_of_a_node_with_a_curtain_are_a_cover_and_its_calibration(
        self, readings: dict[str, str | float]
    ) -> None:
        cover, calibrate = WIRE.actuators({}, readings)
        assert (cover.form, cover.state) == (Form.COVER, "curtain")
        assert cover.orders == {
            action: ("curtain", {"action": action})
            for action in ("open", "close", "stop")
        }
        assert calibrate.form is Form.BUTTON
        assert calibrate.orders == {"press": ("curtain", {"action": "calibrate"})}

    @pytest.mark.parametrize("readings", [{}, {"valves": 0, "type": "sensor"}])
    def test_of_another_node_are_none(self, readings: dict[str, str | float]) -> None:
        assert WIRE.actuators({}, readings) == ()

    def test_give_orders_that_make_sense(self) -> None:
        for readings in ({"valves": 64}, {"type": "greenhouse"}):
            for actuator in WIRE.actuators({}, readings):
                for kind, params in actuator.orders.values():
                    more = {"duration": 600} if kind == "open_valve" else {}
                    WIRE.check(kind, {**params, **more})

    def test_have_a_state_that_nodes_report(self) -> None:
        states = {each.state for each in WIRE.actuators({}, {"valves": 64})}
        assert states <= set(WIRE.readings)


class TestANodeThatIsAdopted:
    def test_keeps_a_plan_of_eight_slots_unless_a_person_says_otherwise(self) -> None:
        field = WIRE.node_fields["slots"]
        assert field.default == 8
        assert [field.check("slots", slots) for slots in (0, 100)] == [0, 100]
        with pytest.raises(InvalidCommand):
            field.check("slots", 101)

    @pytest.mark.parametrize(
        ("hello", "usually"),
        [
            (Hello(node="5"), {}),
            (Hello(node="5", type="irrigation", capabilities=("valves",)), {}),
            (Hello(node="5", type="greenhouse"), {"slots": 0}),
            (Hello(node="5", type="sensor"), {"slots": 0}),
        ],
    )
    def test_keeps_none_where_it_has_no_valves(
        self, hello: Hello, usually: dict[str, Any]
    ) -> None:
        assert WIRE.node_usually(hello) == usually

    def test_gets_no_welcome_but_its_plan(self) -> None:
        assert WIRE.welcome(SITE, "5") == ()
