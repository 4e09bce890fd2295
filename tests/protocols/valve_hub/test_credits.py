"""Which commands the lines of the hub are credited to."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Busy,
    Done,
    Failed,
    Rejected,
)
from custom_components.mqtt_dispatch.protocols.valve_hub.held_reports import HeldItem

from .writing import PLAN, SITE, SLOT, WIRE, a_message, steps

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
