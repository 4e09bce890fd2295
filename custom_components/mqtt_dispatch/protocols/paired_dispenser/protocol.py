"""Two nodes that act together: the first one dispenses, the others move or serve.

What the firmware of their maker does with what it is told was read in
IkuzoMyDream/Embedded-Project, ino/node_mcu and ino/arduino; see docs/node.md.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from ...engine.model.command import Command
from ...engine.model.policy import FEEDING, ONCE, RESTARTING
from ...engine.model.reports import Readings
from ...engine.model.step import Step
from ..base import Kind, Protocol, Sending, Site
from ..fields import Choice, Flag, Whole
from ..messages import Publication, compact_json
from .reports import (
    FIRMWARE,
    HIGHEST_ID,
    LONGEST_REPORT,
    READINGS,
    clock,
    node_name,
    report,
    topics,
)
from .together import PairSession, course, moment_of

LONGEST_COMMAND: Final = 512
SERVING_NODE: Final = "2"
"""What the maker's firmware calls the node that serves."""
CONVEYOR_SECONDS: Final = 16.0
"""The conveyor of the dispensing node stops by itself 15 s after it began, and the node
says `done` once more then, under whatever id it has at that moment."""
MOST_PORTIONS: Final = 20
"""What a dispensing node of the maker's has done within its own limit of 30 s: a
portion takes up to 0.4 s, with 1 s between two. After that limit it says `timeout` of a
feed that goes on, and its end is then taken for that of the next one."""

_COMMAND_ID = Whole(1, HIGHEST_ID)
_FEW_PORTIONS = Whole(1, MOST_PORTIONS)
_UNIX_SECONDS = Whole(0, 2**32 - 1)


def understands(site: Site, node: str, kind: str, readings: Readings) -> bool:
    """Return whether a node understands a kind; see `Protocol.understands`.

    No firmware of the maker's knows `reboot`, and none of it tells its version. On the
    node that serves, whatever is no feed starts the motor, which nothing ends then.
    """
    match kind:
        case "reboot":
            return FIRMWARE in readings
        case "operate":
            return node == next(iter(site.nodes), None) and node != SERVING_NODE
        case _:
            return True


def steps(
    _site: Site, command: Command, node: str, readings: Readings
) -> tuple[Step, ...]:
    """Return the one message of a command, and how long its end may be repeated."""
    if command.nodes[:1] != (node,) or FIRMWARE in readings:
        return (Step(),)
    moves_servo = command.params.get("op") == "servo"
    pause = 0.0 if moves_servo else CONVEYOR_SECONDS
    return (Step(pause_after=pause, heeds_pauses=True),)


def publications(site: Site, sending: Sending) -> tuple[Publication, ...]:
    """Return what tells a node the command; see `Protocol.publications`.

    The node that dispenses is the first one the command is for, so that a station
    whose nodes change meanwhile never has a second one dispense. All portions are one
    item: of several, a node says `done` after the first.
    """
    command, node = sending.command, sending.node
    params = PAIRED_DISPENSER.check(command.kind, command.params)
    message: dict[str, Any] = {"queue_id": _COMMAND_ID.check("queue_id", command.id)}
    match command.kind:
        case "feed":
            message["patient_id"] = params["pet"]
            message["target_room"] = params["bowl"]
            if command.nodes[:1] == (node,):
                if FIRMWARE not in sending.readings:
                    _FEW_PORTIONS.check("portions", params["portions"])
                message["items"] = [
                    {"pill_id": params["hopper"], "quantity": params["portions"]}
                ]
        case "operate":
            message |= params | {"on": int(params["on"])}
        case "reboot":
            message["op"] = "reboot"
    if command.expires_at is not None:
        # Rounded down: a node must not begin after it.
        message["expires_at"] = _UNIX_SECONDS.check(
            "expires_at", command.expires_at // 1
        )
    if (moment := moment_of(command, node)) is not None:
        message["execute_at"] = moment
    payload = compact_json(message, LONGEST_COMMAND)
    return (Publication(f"{site.prefix}/cmd/{node}", payload),)


PAIRED_DISPENSER: Final = Protocol(
    key="paired_dispenser",
    default_prefix="disp",
    default_nodes=("1", "2"),
    kinds=MappingProxyType(
        {
            "feed": Kind(
                policy=FEEDING,
                fields={
                    "portions": Whole(1, 50, required=True),
                    "hopper": Whole(1, 4, default=1),
                    "bowl": Whole(1, 3, default=1),
                    "pet": Whole(0, 2**31 - 1, default=0),
                },
                whole_station=True,
            ),
            "reboot": Kind(policy=RESTARTING, fields={}),
            "operate": Kind(
                policy=ONCE,
                fields={
                    "op": Choice(("servo", "dc"), required=True),
                    "id": Whole(1, 4, required=True, only_with=("op", "servo")),
                    "on": Flag(required=True),
                },
            ),
        }
    ),
    settings=MappingProxyType({"online_age": 15.0}),
    readings=READINGS,
    max_report_bytes=LONGEST_REPORT,
    node_name=node_name,
    topics=topics,
    report=report,
    clock=clock,
    publications=publications,
    understands=understands,
    understood_by=(FIRMWARE,),
    steps=steps,
    course=course,
    session=PairSession,
)
