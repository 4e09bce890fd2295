"""What goes down to the hub: lines, plans."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import Done, Failed
from custom_components.mqtt_dispatch.engine.model.step import Step
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from .writing import PLAN, SITE, SLOT, WIRE, a_message, line, steps

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


def test_commands_for_one_slot_replace_each_other() -> None:
    set_slot, remove_slot = WIRE.kinds["set_schedule"], WIRE.kinds["remove_schedule"]
    assert set_slot.key({"slot": 3, **SLOT}) == remove_slot.key({"slot": 3})
    assert set_slot.key({"slot": 3}) != set_slot.key({"slot": 4})
