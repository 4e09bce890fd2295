"""The wire of valve hubs: what goes down, and what is credited with its answers."""

from __future__ import annotations

from datetime import UTC, datetime
import math
from types import MappingProxyType
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandClass
from custom_components.mqtt_dispatch.engine.model.policy import Settings
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Busy,
    Done,
    Failed,
    Hello,
    Rejected,
)
from custom_components.mqtt_dispatch.engine.model.step import Gate, Step
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.actuator import Actuator, Amount, Form
from custom_components.mqtt_dispatch.protocols.base import (
    Instructing,
    Message,
    Publication,
    Sending,
    Site,
)
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.protocols.valve_hub.held_reports import HeldItem
from custom_components.mqtt_dispatch.protocols.valve_hub.inquiries import Inquiry
from tests.nonempty import some

from ..commands import command_for

WIRE = PROTOCOLS["valve_hub"]
SITE = Site(prefix="valvehub", nodes={"5": {}})
NOON = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC).timestamp()
"""A Sunday."""
SLOT: dict[str, Any] = {
    "hour": 14,
    "minute": 30,
    "duration": 900,
    "days": 127,
    "valve": 0,
}
PLAN: dict[str, Any] = {
    "clear": 3,
    "slots": [SLOT, {**SLOT, "hour": 6, "minute": 5, "days": 1, "valve": 2}],
}


def a_command(kind: str, params: dict[str, Any], node: str = "5") -> Command:
    return command_for([node], kind, params, command_class=CommandClass.LATEST)


def line(
    kind: str,
    params: dict[str, Any],
    *,
    node: str = "5",
    step: int = 0,
    wall: float = NOON,
    **readings: str | float,
) -> str:
    """Return the one line that goes down."""
    (publication,) = WIRE.publications(
        SITE,
        Sending(
            command=a_command(kind, params, node),
            node=node,
            wall=wall,
            step=step,
            readings=MappingProxyType(readings),
        ),
    )
    assert publication.topic == "valvehub/tx"
    return publication.payload


def steps(kind: str, params: dict[str, Any]) -> tuple[Step, ...]:
    return WIRE.steps(a_command(kind, params), "5", {})


# kind, params, line, what takes it, what ends it
COMMANDS: list[tuple[str, dict[str, Any], str, str, set[str]]] = [
    (
        "open_valve",
        {"valve": 2, "duration": 600},
        "SEND_ACTUATOR 5 1 1 2 600",
        "QUEUED ACTUATOR 1 1",
        {"timer set 2", "opened 2"},
    ),
    (
        "close_valve",
        {"valve": 2},
        "SEND_ACTUATOR 5 1 0 2",
        "QUEUED ACTUATOR 1 0",
        {"timer closed 2", "closed 2"},
    ),
    (
        "set_schedule",
        {"slot": 3, **SLOT},
        "SET_SCHEDULE 5 3 14:30 900 127 0",
        "QUEUED SET_SCHEDULE",
        {"applied 3", "not set 3", "no slot 3", "slot 3"},
    ),
    (
        "set_schedule",
        {
            "slot": 99,
            "hour": 6,
            "minute": 5,
            "duration": 65535,
            "days": 1,
            "valve": 63,
        },
        "SET_SCHEDULE 5 99 6:05 65535 1 63",
        "QUEUED SET_SCHEDULE",
        {"applied 99", "not set 99", "no slot 99", "slot 99"},
    ),
    (
        "remove_schedule",
        {"slot": 0},
        "REMOVE_SCHEDULE 5 0",
        "QUEUED REMOVE_SCHEDULE",
        {"removed 0", "not removed 0", "slot 0"},
    ),
    (
        "set_wake_interval",
        {"seconds": 60},
        "SET_WAKE_INTERVAL 5 60",
        "QUEUED SET_WAKE_INTERVAL",
        {"SET_WAKE_INTERVAL"},
    ),
    (
        "set_datetime",
        {},
        "SET_DATETIME 5 26 11 22 0 12 0 5",
        "QUEUED SET_DATETIME",
        {"SET_DATETIME"},
    ),
    (
        "curtain",
        {"action": "open"},
        "SEND_ACTUATOR 5 4 1 0",
        "QUEUED ACTUATOR 4 1",
        {"curtain opening", "curtain motor error"},
    ),
    (
        "curtain",
        {"action": "close"},
        "SEND_ACTUATOR 5 4 0 0",
        "QUEUED ACTUATOR 4 0",
        {"curtain closing", "curtain motor error"},
    ),
    (
        "curtain",
        {"action": "stop"},
        "SEND_ACTUATOR 5 4 4 0",
        "QUEUED ACTUATOR 4 4",
        {"curtain stopped"},
    ),
    (
        "curtain",
        {"action": "calibrate"},
        "SEND_ACTUATOR 5 4 5 0",
        "QUEUED ACTUATOR 4 5",
        {"curtain calibrated"},
    ),
    ("reboot", {}, "REBOOT_NODE 5", "QUEUED REBOOT_NODE", {"booted"}),
    (
        "factory_reset",
        {"confirm": True},
        "FACTORY_RESET_NODE 5",
        "QUEUED FACTORY_RESET_NODE",
        {"booted"},
    ),
]


NO_PLACE = {
    "QUEUED SET_SCHEDULE": {"Failed to queue update"},
    "QUEUED SET_WAKE_INTERVAL": {"Failed to queue update"},
    "QUEUED SET_DATETIME": {"Failed to queue update"},
    "QUEUED REMOVE_SCHEDULE": {"Failed to queue removal"},
    **{
        f"QUEUED ACTUATOR {order}": {"Failed to queue actuator command"}
        for order in ("1 0", "1 1", "4 0", "4 1", "4 4", "4 5")
    },
}
"""By the answer to a line that is taken: that to one for which there is no place."""


@pytest.mark.parametrize(
    ("kind", "params", "told"), [(each[0], each[1], each[2]) for each in COMMANDS]
)
def test_a_command_goes_down_as_one_line(
    kind: str, params: dict[str, Any], told: str
) -> None:
    assert line(kind, params) == f"{told}\n"


@pytest.mark.parametrize(
    ("kind", "params", "taken", "done"),
    [(each[0], each[1], each[3], each[4]) for each in COMMANDS],
)
def test_a_command_is_credited_with_its_own_answers(
    kind: str, params: dict[str, Any], taken: str, done: set[str]
) -> None:
    assert steps(kind, params) == (
        Step(
            taken_on=frozenset({taken, "ERROR", *NO_PLACE.get(taken, ())}),
            done_on=frozenset(done),
            done_once_taken=True,
        ),
    )


@pytest.mark.parametrize(
    ("kind", "params"), [(each[0], each[1]) for each in COMMANDS] + [("set_plan", PLAN)]
)
def test_checked_params_stay_as_they_are(kind: str, params: dict[str, Any]) -> None:
    assert WIRE.check(kind, params) == params


def test_a_slot_is_set_with_a_colon_in_its_time() -> None:
    """Trap: `H M` instead of `H:M` was refused for months."""
    words = line("set_schedule", {"slot": 3, **SLOT}).split()
    assert words[3] == "14:30"


@pytest.mark.parametrize(
    ("wall", "told"),
    [
        (datetime(2026, 11, 28, 23, 59, 59, tzinfo=UTC), "26 11 28 6 23 59 59"),
        (datetime(2026, 11, 29, 0, 0, 0, 999, tzinfo=UTC), "26 11 29 0 0 0 0"),
        (datetime(2105, 1, 2, 3, 4, 5, tzinfo=UTC), "5 1 2 5 3 4 5"),
    ],
)
def test_the_time_that_a_node_gets_is_that_of_sending(
    wall: datetime, told: str
) -> None:
    sent = line("set_datetime", {}, wall=wall.timestamp())
    assert sent == f"SET_DATETIME 5 {told}\n"


class TestAPlan:
    LINES = (
        "REMOVE_SCHEDULE 5 2\n",
        "REMOVE_SCHEDULE 5 1\n",
        "REMOVE_SCHEDULE 5 0\n",
        "SET_SCHEDULE 5 0 14:30 900 127 0\n",
        "SET_SCHEDULE 5 1 6:05 900 1 2\n",
    )

    def test_goes_down_as_all_removals_and_then_the_settings(self) -> None:
        """Trap: set before remove gives "overlap".

        The last slot goes first: old nodes move those behind a removed one.
        """
        told = tuple(line("set_plan", PLAN, step=step) for step in range(5))
        assert told == self.LINES

    def test_has_as_many_steps_as_lines(self) -> None:
        assert [sorted(step.taken_on) for step in steps("set_plan", PLAN)] == [
            ["ERROR", "Failed to queue removal", "QUEUED REMOVE_SCHEDULE"],
            ["ERROR", "Failed to queue removal", "QUEUED REMOVE_SCHEDULE"],
            ["ERROR", "Failed to queue removal", "QUEUED REMOVE_SCHEDULE"],
            ["ERROR", "Failed to queue update", "QUEUED SET_SCHEDULE"],
            ["ERROR", "Failed to queue update", "QUEUED SET_SCHEDULE"],
        ]

    def test_does_not_fail_when_a_slot_to_remove_is_absent(self) -> None:
        """Trap: the slot may be on its way to be set by the same command."""
        (_, _, failed, done) = WIRE.report(
            SITE, a_message(f"EVENT_LOG 5 77 0 114 2 {0x0301}")
        )
        assert isinstance(failed, Failed)
        assert isinstance(done, Done)
        credited = [
            (failed.subject in step.done_on, done.subject in step.done_on)
            for step in steps("set_plan", PLAN)
        ]
        assert credited == [
            (False, False),
            (False, True),
            (False, False),
            (False, False),
            (False, False),
        ]

    @pytest.mark.parametrize("error", [1, 2, 4, 5, 9])
    def test_fails_with_any_other_error_of_a_slot(self, error: int) -> None:
        """Each failure speaks of one step: what speaks of two is credited to none."""
        said = WIRE.report(
            SITE, a_message(f"EVENT_LOG 5 77 0 114 2 {(error << 8) + 1}")
        )
        subjects = [each.subject for each in said if isinstance(each, Failed)]
        credited = [
            [
                number
                for number, step in enumerate(steps("set_plan", PLAN))
                if subject in step.done_on
            ]
            for subject in subjects
        ]
        assert sorted(credited) == [[1], [4]]

    def test_that_is_empty_is_removals_alone(self) -> None:
        empty = {"clear": 2, "slots": []}
        assert len(steps("set_plan", empty)) == 2
        assert line("set_plan", empty, step=1) == "REMOVE_SCHEDULE 5 0\n"

    def test_longer_than_what_it_clears_is_refused(self) -> None:
        with pytest.raises(InvalidCommand) as refused:
            line("set_plan", {**PLAN, "clear": 1})
        assert refused.value.code == "plan_too_long"
        assert refused.value.placeholders == {"node": "5", "lines": "2", "slots": "1"}


def a_message(text: str) -> Message:
    return Message("valvehub/rx", text.encode(), False, NOON)


# kind, params, line of the hub, what it says of the command
CREDITS: list[tuple[str, dict[str, Any], str, type]] = [
    ("open_valve", {"valve": 2, "duration": 9}, "QUEUED ACTUATOR 5 1 1", Accepted),
    ("open_valve", {"valve": 2, "duration": 9}, "ERROR no", Rejected),
    ("open_valve", {"valve": 2, "duration": 9}, "ERROR QUEUE_FULL", Busy),
    (
        "open_valve",
        {"valve": 2, "duration": 9},
        "ERROR Failed to queue actuator command",
        Busy,
    ),
    ("open_valve", {"valve": 2, "duration": 9}, "EVENT_LOG 5 1 0 115 0 2", Done),
    ("open_valve", {"valve": 2, "duration": 9}, "EVENT_LOG 5 1 0 117 0 2", Done),
    ("close_valve", {"valve": 2}, "QUEUED ACTUATOR 5 1 0", Accepted),
    ("close_valve", {"valve": 2}, "EVENT_LOG 5 1 0 116 0 2", Done),
    ("close_valve", {"valve": 2}, "EVENT_LOG 5 1 0 118 0 2", Done),
    ("set_schedule", {"slot": 3, **SLOT}, "QUEUED SET_SCHEDULE 5 1", Accepted),
    ("set_schedule", {"slot": 3, **SLOT}, "UPDATE 1 SET_SCHEDULE 9", HeldItem),
    ("set_schedule", {"slot": 3, **SLOT}, "EVENT_LOG 5 1 0 112 0 3", Done),
    ("set_schedule", {"slot": 3, **SLOT}, "EVENT_LOG 5 1 0 114 2 1027", Failed),
    ("set_schedule", {"slot": 3, **SLOT}, "EVENT_LOG 5 1 0 114 2 771", Failed),
    ("remove_schedule", {"slot": 3}, "QUEUED REMOVE_SCHEDULE 5 1", Accepted),
    ("remove_schedule", {"slot": 3}, "UPDATE 1 REMOVE_SCHEDULE 9", HeldItem),
    ("remove_schedule", {"slot": 3}, "EVENT_LOG 5 1 0 113 0 3", Done),
    ("remove_schedule", {"slot": 3}, "EVENT_LOG 5 1 0 114 2 771", Done),
    ("remove_schedule", {"slot": 3}, "EVENT_LOG 5 1 0 114 2 1283", Failed),
    ("curtain", {"action": "open"}, "EVENT 5 1 256", Done),
    ("curtain", {"action": "close"}, "EVENT 5 1 259", Failed),
    ("curtain", {"action": "stop"}, "EVENT 5 1 258", Done),
    ("set_wake_interval", {"seconds": 60}, "QUEUED SET_WAKE_INTERVAL 5 1", Accepted),
    ("set_wake_interval", {"seconds": 60}, "UPDATE 1 SET_WAKE_INTERVAL 9", HeldItem),
    ("set_datetime", {}, "QUEUED SET_DATETIME 5 1", Accepted),
    ("set_datetime", {}, "UPDATE 1 SET_DATETIME 9", HeldItem),
    ("reboot", {}, "QUEUED REBOOT_NODE 5", Accepted),
    ("reboot", {}, "EVENT_LOG 5 1 0 16 0 0", Done),
    ("reboot", {}, "EVENT_LOG 5 1 0 17 1 0", Done),
    ("reboot", {}, "ERROR Unknown command", Rejected),
    (
        "factory_reset",
        {"confirm": True},
        "QUEUED FACTORY_RESET_NODE 5",
        Accepted,
    ),
    ("delete_node", {"confirm": True}, "DELETED_NODE 5", Done),
]


@pytest.mark.parametrize(("kind", "params", "said", "report"), CREDITS)
def test_a_line_of_the_hub_credits_the_command_it_is_of(
    kind: str, params: dict[str, Any], said: str, report: type
) -> None:
    (step,) = steps(kind, params)
    credited: list[type] = []
    for each in WIRE.report(SITE, a_message(said)):
        match each:
            case Accepted() | Rejected() | Busy() | HeldItem():
                credited += [type(each)] * (each.subject in step.taken_on)
            case Done() | Failed():
                credited += [type(each)] * (each.subject in step.done_on)
    assert credited == [report]


# what is at node 5, a line of the hub that is of something else
FOREIGN: list[tuple[str, dict[str, Any], str]] = [
    ("open_valve", {"valve": 2, "duration": 9}, "QUEUED ACTUATOR 5 1 0"),
    ("open_valve", {"valve": 2, "duration": 9}, "QUEUED SET_SCHEDULE 5 1"),
    ("open_valve", {"valve": 2, "duration": 9}, "ERROR Failed to queue removal"),
    ("open_valve", {"valve": 2, "duration": 9}, "ERROR Failed to queue update"),
    ("set_datetime", {}, "ERROR Failed to queue actuator command"),
    ("reboot", {}, "ERROR Failed to queue update"),
    ("open_valve", {"valve": 2, "duration": 9}, "EVENT_LOG 5 1 0 117 0 1"),
    ("open_valve", {"valve": 2, "duration": 9}, "EVENT_LOG 5 1 0 118 0 2"),
    ("close_valve", {"valve": 2}, "EVENT_LOG 5 1 0 117 0 2"),
    ("close_valve", {"valve": 2}, "EVENT_LOG 5 1 0 118 0 3"),
    ("set_schedule", {"slot": 3, **SLOT}, "EVENT_LOG 5 1 0 112 0 4"),
    ("set_schedule", {"slot": 3, **SLOT}, "EVENT_LOG 5 1 0 113 0 3"),
    ("remove_schedule", {"slot": 3}, "EVENT_LOG 5 1 0 112 0 3"),
    ("curtain", {"action": "open"}, "EVENT 5 1 257"),
    ("curtain", {"action": "open"}, "QUEUED ACTUATOR 5 1 1"),
    ("set_datetime", {}, "UPDATE 1 SET_WAKE_INTERVAL 9"),
    ("reboot", {}, "UPDATE 1 SET_DATETIME 9"),
]


@pytest.mark.parametrize(("kind", "params", "said"), FOREIGN)
def test_a_line_about_something_else_credits_nothing(
    kind: str, params: dict[str, Any], said: str
) -> None:
    (step,) = steps(kind, params)
    subjects = {
        each.subject
        for each in WIRE.report(SITE, a_message(said))
        if isinstance(each, Accepted | Busy | Done | Failed | HeldItem)
    }
    assert subjects
    assert not subjects & (step.taken_on | step.done_on)


def done_on(kind: str, params: dict[str, Any]) -> frozenset[str]:
    return frozenset().union(*(step.done_on for step in steps(kind, params)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("set_schedule", {"slot": 3, **SLOT}), ("remove_schedule", {"slot": 3})),
        (("set_plan", PLAN), ("set_schedule", {"slot": 1, **SLOT})),
        (("set_plan", PLAN), ("remove_schedule", {"slot": 2})),
        (("curtain", {"action": "open"}), ("curtain", {"action": "close"})),
    ],
)
def test_what_no_answer_could_tell_apart_is_never_on_its_way_at_once(
    first: tuple[str, dict[str, Any]], second: tuple[str, dict[str, Any]]
) -> None:
    assert done_on(*first) & done_on(*second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("open_valve", {"valve": 2, "duration": 9}), ("close_valve", {"valve": 2})),
        (("set_schedule", {"slot": 3, **SLOT}), ("remove_schedule", {"slot": 4})),
        (("curtain", {"action": "calibrate"}), ("curtain", {"action": "stop"})),
        (("curtain", {"action": "open"}), ("curtain", {"action": "stop"})),
    ],
)
def test_what_answers_tell_apart_may_be_on_its_way_at_once(
    first: tuple[str, dict[str, Any]], second: tuple[str, dict[str, Any]]
) -> None:
    assert not done_on(*first) & done_on(*second)


def test_commands_for_one_slot_replace_each_other() -> None:
    set_slot, remove_slot = WIRE.kinds["set_schedule"], WIRE.kinds["remove_schedule"]
    assert set_slot.key({"slot": 3, **SLOT}) == remove_slot.key({"slot": 3})
    assert set_slot.key({"slot": 3}) != set_slot.key({"slot": 4})


NO_NUMBERS: list[Any] = [None, True, "1", 1.5, math.nan, math.inf, -1, 10**400, [], {}]

# kind, good params, field, values beyond its range
RANGES: list[tuple[str, dict[str, Any], str, list[Any]]] = [
    ("open_valve", {"valve": 0, "duration": 1}, "valve", [64]),
    ("open_valve", {"valve": 63, "duration": 7200}, "duration", [0, 7201]),
    ("close_valve", {"valve": 63}, "valve", [64]),
    ("set_schedule", {"slot": 99, **SLOT}, "slot", [100]),
    ("set_schedule", {"slot": 0, **SLOT, "hour": 23}, "hour", [24]),
    ("set_schedule", {"slot": 0, **SLOT, "minute": 59}, "minute", [60]),
    ("set_schedule", {"slot": 0, **SLOT, "duration": 65535}, "duration", [0, 65536]),
    ("set_schedule", {"slot": 0, **SLOT, "days": 1}, "days", [0, 128]),
    ("set_schedule", {"slot": 0, **SLOT, "valve": 63}, "valve", [64]),
    ("remove_schedule", {"slot": 99}, "slot", [100]),
    ("set_plan", {"clear": 100, "slots": []}, "clear", [101]),
    ("set_plan", {"clear": 1, "slots": []}, "clear", [0]),
    ("set_wake_interval", {"seconds": 10}, "seconds", [9, 3601]),
    ("set_wake_interval", {"seconds": 3600}, "seconds", [0]),
]


@pytest.mark.parametrize(("kind", "params", "field", "beyond"), RANGES)
def test_numbers_are_checked_before_anything_is_stored(
    kind: str, params: dict[str, Any], field: str, beyond: list[Any]
) -> None:
    assert WIRE.check(kind, params) == params
    for value in (*beyond, *NO_NUMBERS):
        with pytest.raises(InvalidCommand) as refused:
            WIRE.check(kind, {**params, field: value})
        assert refused.value.code == "invalid_number"
        assert refused.value.placeholders["field"] == field


@pytest.mark.parametrize(
    ("kind", "params", "code", "field"),
    [
        ("open_valve", {"valve": 0}, "missing_field", "duration"),
        ("open_valve", {"duration": 9}, "missing_field", "valve"),
        ("close_valve", {}, "missing_field", "valve"),
        ("close_valve", {"valve": 0, "duration": 9}, "unknown_field", "duration"),
        ("set_schedule", {"slot": 0}, "missing_field", "hour"),
        ("set_schedule", SLOT, "missing_field", "slot"),
        ("remove_schedule", {}, "missing_field", "slot"),
        ("set_plan", {"slots": []}, "missing_field", "clear"),
        ("set_plan", {"clear": 8}, "missing_field", "slots"),
        ("set_plan", {"clear": 8, "slots": {}}, "invalid_list", "slots"),
        ("set_plan", {"clear": 8, "slots": [SLOT] * 101}, "invalid_list", "slots"),
        ("set_plan", {"clear": 8, "slots": [7]}, "invalid_object", "slots.1"),
        (
            "set_plan",
            {"clear": 8, "slots": [SLOT, {**SLOT, "days": 0}]},
            "invalid_number",
            "slots.2.days",
        ),
        ("set_wake_interval", {}, "missing_field", "seconds"),
        ("set_datetime", {"hour": 1}, "unknown_field", "hour"),
        ("curtain", {}, "missing_field", "action"),
        ("curtain", {"action": "half"}, "invalid_choice", "action"),
        ("reboot", {"hard": True}, "unknown_field", "hard"),
        ("factory_reset", {}, "missing_field", "confirm"),
        ("factory_reset", {"confirm": False}, "not_confirmed", "confirm"),
        ("delete_node", {}, "missing_field", "confirm"),
        ("delete_node", {"confirm": "yes"}, "not_confirmed", "confirm"),
    ],
)
def test_bad_params_are_refused(
    kind: str, params: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, params)
    assert (refused.value.code, refused.value.placeholders["field"]) == (code, field)


@pytest.mark.parametrize("kind", ["feed", "", "Open_valve"])
def test_a_kind_the_nodes_do_not_know_is_refused(kind: str) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, {})
    assert refused.value.code == "unknown_kind"


def test_a_stored_command_that_makes_no_sense_is_refused_before_it_is_sent() -> None:
    with pytest.raises(InvalidCommand):
        line("open_valve", {"valve": 0, "duration": 7201})


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("open_valve", {"valve": 2, "duration": 9}),
        ("set_schedule", {"slot": 3, **SLOT, "valve": 2}),
        ("set_plan", PLAN),
    ],
)
class TestAValveThatTheNodeDoesNotHave:
    def test_is_refused(self, kind: str, params: dict[str, Any]) -> None:
        with pytest.raises(InvalidCommand) as refused:
            line(kind, params, valves=2)
        assert refused.value.code == "invalid_number"
        assert refused.value.placeholders == {
            "field": "valve",
            "minimum": "0",
            "maximum": "1",
            "value": "2",
        }

    def test_is_not_known_of_a_node_that_has_it(
        self, kind: str, params: dict[str, Any]
    ) -> None:
        assert line(kind, params, valves=3)


def test_a_valve_may_be_closed_whatever_is_known_of_it() -> None:
    assert line("close_valve", {"valve": 2}, valves=0) == "SEND_ACTUATOR 5 1 0 2\n"


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
