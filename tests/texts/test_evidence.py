"""What a person reads of a delivery before judging a command in doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
)
from custom_components.mqtt_dispatch.texts.evidence import describe_deliveries

from ..calls import actions_of, all_ready
from ..nodes import Nodes, pass_time, settled, speak_german
from ..repairing import keys, placeholders

EIGHT = 1_779_980_400.0
"""2026-05-28, 08:00:00 in the time zone of the tests."""

PENDING, SENT, ACCEPTED, DONE, FAILED, REJECTED, UNKNOWN = DeliveryState

type Line = tuple[float, DeliveryState, Cause]


pytestmark = pytest.mark.usefixtures("freezer")


def command(*lines: Line, **delivery: Any) -> Command:
    """Return a feed of which node 1 has this record, in seconds after eight."""
    attempts = sum(cause in (Cause.SENT, Cause.SENT_AGAIN) for _, _, cause in lines)
    return Command(
        id=5,
        kind="feed",
        params={},
        command_class=CommandClass.ONCE,
        created_at=EIGHT - 60,
        expires_at=None,
        finishes=4,
        deliveries=(
            Delivery("1", **{"state": lines[-1][1], "attempts": attempts, **delivery}),
        ),
        timeline=(
            TimelineEntry(EIGHT - 60, CommandState.QUEUED, Cause.ACTION),
            *(
                TimelineEntry(EIGHT + second, state, cause, "1")
                for second, state, cause in lines
            ),
            # What came to pass elsewhere is not told of node 1.
            TimelineEntry(EIGHT + 900, ACCEPTED, Cause.NODE, "2"),
            TimelineEntry(EIGHT + 901, UNKNOWN, Cause.DONE_TIMEOUT, "2"),
        ),
    )


def to_be_ended(*lines: Line) -> Command:
    """Return one that may go on after its time, of which another one is the end."""
    begun = command(*lines, (93, UNKNOWN, Cause.DONE_TIMEOUT))
    return begun.noted(TimelineEntry(EIGHT + 93, UNKNOWN, Cause.ENDED, "1", "#6"))


SENT_ONCE: Line = (0, SENT, Cause.SENT)
TOOK_IT: Line = (3, ACCEPTED, Cause.NODE)
GAVE_UP: Line = (10, UNKNOWN, Cause.ACCEPT_TIMEOUT)
ENDED: Line = (100, FAILED, Cause.ENDED)
AGAIN: Line = (700, PENDING, Cause.PERSON)

KNOWN: dict[str, tuple[Command, str]] = {
    "no answer": (
        command(SENT_ONCE, GAVE_UP),
        "sent at 08:00:00, no answer since.",
    ),
    "to be ended": (
        to_be_ended(SENT_ONCE, TOOK_IT),
        (
            "took it at 08:00:03 and has not said in time that it is over;"
            " another command is to end it."
        ),
    ),
    "ended": (
        command(SENT_ONCE, TOOK_IT, (93, UNKNOWN, Cause.DONE_TIMEOUT), ENDED),
        "never said that it was over by itself; another command ended it at 08:01:40.",
    ),
    "taken": (
        command(SENT_ONCE, TOOK_IT, (93, UNKNOWN, Cause.DONE_TIMEOUT)),
        "took it at 08:00:03 and has said nothing since.",
    ),
    "taken late": (
        command(SENT_ONCE, GAVE_UP, (60, ACCEPTED, Cause.LATE_ANSWER), state=UNKNOWN),
        "took it at 08:01:00 and has said nothing since.",
    ),
    "repeats, no answer": (
        command(
            SENT_ONCE,
            (10, SENT, Cause.ACCEPT_TIMEOUT),
            (30, SENT, Cause.SENT_AGAIN),
            (40, SENT, Cause.ACCEPT_TIMEOUT),
            (60, SENT, Cause.SENT_AGAIN),
            (70, UNKNOWN, Cause.OUT_OF_ATTEMPTS),
        ),
        "sent 3 times, last at 08:01:00, no answer since.",
    ),
    "taken, then repeats": (
        command(
            SENT_ONCE,
            TOOK_IT,
            (93, ACCEPTED, Cause.DONE_TIMEOUT),
            (123, SENT, Cause.SENT_AGAIN),
            (133, UNKNOWN, Cause.OUT_OF_ATTEMPTS),
        ),
        "took it at 08:00:03 and has said nothing since.",
    ),
    "a repeat refused": (
        command(
            SENT_ONCE,
            (10, SENT, Cause.ACCEPT_TIMEOUT),
            (30, SENT, Cause.SENT_AGAIN),
            (31, UNKNOWN, Cause.NODE),
        ),
        (
            "sent 2 times. It refused a repeat at 08:00:31, which does not tell what"
            " became of the first."
        ),
    ),
    "a command that its node does not know": (
        command(SENT_ONCE, (1, REJECTED, Cause.NODE), reason="no_such_command"),
        (
            "said at 08:00:01 that its firmware has no such command. It is not tried"
            " again."
        ),
    ),
    "an attempt that did not leave": (
        command(
            SENT_ONCE,
            (10, SENT, Cause.ACCEPT_TIMEOUT),
            (30, SENT, Cause.SENT_AGAIN),
            (30, SENT, Cause.NOT_SENT),
            (900, UNKNOWN, Cause.OUT_OF_TIME),
            attempts=1,
        ),
        "sent at 08:00:00, no answer since.",
    ),
    "sent again by a person": (
        command(
            SENT_ONCE,
            TOOK_IT,
            (93, UNKNOWN, Cause.DONE_TIMEOUT),
            AGAIN,
            (701, SENT, Cause.SENT_AGAIN),
            (711, UNKNOWN, Cause.ACCEPT_TIMEOUT),
        ),
        "sent 2 times, last at 08:11:41, no answer since.",
    ),
    "to be sent again by a person, and not stored": (
        command(
            SENT_ONCE,
            TOOK_IT,
            (93, UNKNOWN, Cause.DONE_TIMEOUT),
            AGAIN,
            (700, UNKNOWN, Cause.NOT_SENT),
        ),
        "took it at 08:00:03 and has said nothing since.",
    ),
    "to be sent again by a person, and out of time": (
        command(
            SENT_ONCE,
            TOOK_IT,
            (93, UNKNOWN, Cause.DONE_TIMEOUT),
            AGAIN,
            (4300, UNKNOWN, Cause.OUT_OF_TIME),
        ),
        "took it at 08:00:03 and has said nothing since.",
    ),
    "to be sent again by a person to a node that was removed": (
        command(
            SENT_ONCE,
            TOOK_IT,
            (93, UNKNOWN, Cause.DONE_TIMEOUT),
            AGAIN,
            (800, UNKNOWN, Cause.NODE_REMOVED),
        ),
        "took it at 08:00:03 and has said nothing since.",
    ),
    "never sent to a node that was removed": (
        command((800, FAILED, Cause.NODE_REMOVED)),
        "is no longer part of the station, so nothing was sent to it any more.",
    ),
    "replaced at a node that it was not sent to yet": (
        command((800, FAILED, Cause.SUPERSEDED)),
        "is not to do it any more; a newer order replaced it there at 08:13:20.",
    ),
    "from before a restore": (
        command((0, UNKNOWN, Cause.RESTORED), attempts=1),
        "may have got it before an older backup was put back.",
    ),
    "not sent yet": (
        command((0, SENT, Cause.SENT), (0, PENDING, Cause.NOT_SENT), attempts=0),
        "not sent yet.",
    ),
    "on its way": (
        command(SENT_ONCE),
        "sent at 08:00:00, no answer yet.",
    ),
    "on its way again": (
        command(
            SENT_ONCE,
            (1, FAILED, Cause.NODE),
            (30, SENT, Cause.SENT_AGAIN),
            state=SENT,
        ),
        "sent at 08:00:30, no answer yet.",
    ),
    "working": (
        command(SENT_ONCE, TOOK_IT),
        "took it at 08:00:03 and is working.",
    ),
    "done": (
        command(SENT_ONCE, TOOK_IT, (20, DONE, Cause.NODE)),
        "said at 08:00:20 that it is done.",
    ),
    "failed": (
        command(SENT_ONCE, TOOK_IT, (20, FAILED, Cause.NODE)),
        "said at 08:00:20 that it failed.",
    ),
    "given up": (
        command(
            SENT_ONCE,
            (30, SENT, Cause.SENT_AGAIN),
            (70, FAILED, Cause.OUT_OF_ATTEMPTS),
            attempts=2,
        ),
        "did not say in time that it is done (attempts: 2); given up at 08:01:10.",
    ),
    "failed with a reason": (
        command(SENT_ONCE, (20, FAILED, Cause.NODE), reason="vision_mismatch"),
        "said at 08:00:20 that it failed: `vision_mismatch`",
    ),
    "failed with a reason that is none": (
        command(
            SENT_ONCE,
            (20, FAILED, Cause.NODE),
            reason="` [click](http://example.com) `",
        ),
        "said at 08:00:20 that it failed: `' [click](http://example.com) '`",
    ),
    "not executed": (
        command(
            SENT_ONCE,
            GAVE_UP,
            (60, FAILED, Cause.LAST_ID),
            reason="not_executed",
        ),
        "said at 08:01:00 that it never executed it.",
    ),
    "refused": (
        command(SENT_ONCE, (1, REJECTED, Cause.NODE)),
        "refused it at 08:00:01.",
    ),
    "refused with a reason": (
        command(SENT_ONCE, (1, REJECTED, Cause.NODE), reason="too full"),
        "refused it at 08:00:01: `too full`",
    ),
    "failed with a reason that has words": (
        command(SENT_ONCE, (20, FAILED, Cause.NODE), reason="motor_error"),
        "said at 08:00:20 that it failed: the motor has a fault",
    ),
    "told, and no answer is needed": (
        command(SENT_ONCE, (0, DONE, Cause.TOLD)),
        "told at 08:00:00; not provable.",
    ),
    "never sent in time": (
        command((3600, FAILED, Cause.OUT_OF_TIME)),
        "did not get it; the time for that ran out at 09:00:00.",
    ),
    "taken back": (
        command(SENT_ONCE, TOOK_IT, GAVE_UP, AGAIN, (720, FAILED, Cause.PERSON)),
        "what was still to be sent to it was taken back at 08:12:00.",
    ),
}


def test_what_is_known_of_a_delivery_is_told_as_it_was(
    coordinator: DispatchCoordinator,
) -> None:
    assert {
        known: describe_deliveries(coordinator, about)
        for known, (about, _) in KNOWN.items()
    } == {known: f"- Node 1: {words}" for known, (_, words) in KNOWN.items()}


async def test_each_of_them_is_told_in_german(
    hass: HomeAssistant, coordinator: DispatchCoordinator
) -> None:
    await speak_german(hass)

    for about, english in KNOWN.values():
        german = describe_deliveries(coordinator, about)
        assert german.startswith("- Node 1: ")
        assert english not in german


async def test_what_a_node_did_by_itself_is_part_of_no_other_command(
    kitchen: MockConfigEntry,
) -> None:
    done = replace(command((0, DONE, Cause.NODE)), finishes=None, timeline=())

    assert describe_deliveries(kitchen.runtime_data, done) == (
        "- Node 1: said at 07:59:00 that it is done."
    )


async def test_what_a_node_did_before_is_told_of_what_finishes_it(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    coordinator: DispatchCoordinator = kitchen.runtime_data
    act = actions_of(hass, kitchen)
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=1)
    await settled(hass, coordinator)
    await nodes.done(1, "1")
    await nodes.done(1, "2", status="timeout")
    await act("finish_command", command_id=1)
    await settled(hass, coordinator)
    await pass_time(hass, freezer, 11)
    await settled(hass, coordinator)

    assert keys(hass) == ["unconfirmed"]
    assert placeholders(hass)["known"].splitlines()[0] == (
        "- Node 1: did it as part of #1."
    )


async def test_a_command_in_doubt_reads_as_its_nodes_left_it(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    coordinator: DispatchCoordinator = kitchen.runtime_data
    await all_ready(hass, freezer, nodes)
    await actions_of(hass, kitchen)("feed", portions=1)
    await settled(hass, coordinator)
    freezer.tick(2)
    await nodes.accept(1, "1")
    freezer.tick(1)
    await nodes.done(1, "2")
    await pass_time(hass, freezer, 91)
    await settled(hass, coordinator)

    assert placeholders(hass)["known"].splitlines() == [
        "- Node 1: took it at 14:00:03 and has said nothing since.",
        "- Node 2: said at 14:00:04 that it is done.",
    ]
