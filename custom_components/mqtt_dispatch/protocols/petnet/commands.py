"""What goes down to a Petnet feeder: its commands, their ids, their order.

What the wire leaves open is decided here:

- `hid` is a fixed lead of 19 letters, the command id in 8 and the step in 5, in base
  26. It can be read back, so an answer names its command and its step.
- A kind for which the wire names no other command goes down under its own name.
- A feeder is written to in the one spelling of its hid, in lower case; a gateway, whose
  name is part of topics, in the spelling that it uses itself.
- The `<H>` of a `feeding_id` is that of a 12-hour clock: midnight is `12:00AM`.
- A whole schedule is at most 16 meals and a message at most 8 KiB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
import json
import re
from typing import Any, Final

from ...engine.model import (
    HIGHEST_ID,
    Command,
    Readings,
    Step,
)
from ..base import Publication, Sending, Site, compact_json
from ..params import InvalidCommand

LONGEST_COMMAND: Final = 8192
CUPS_PER_PORTION: Final = 0.0625
STEPWISE_SINCE: Final = (2, 5, 0)

_LEAD: Final = "mqttdispatchcommand"
_ID_LETTERS: Final = 8
_STEP_LETTERS: Final = 5
_HID: Final = re.compile(
    f"{_LEAD}([a-z]{{{_ID_LETTERS}}})([a-z]{{{_STEP_LETTERS}}})", re.ASCII
)
_FIRMWARE: Final = re.compile(r"[vV]?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?")


def hid_of(command_id: int, step: int) -> str:
    """Return the 32 lower-case letters that stand for a step of a command."""
    return _LEAD + _letters(command_id, _ID_LETTERS) + _letters(step, _STEP_LETTERS)


def read_hid(hid: str) -> tuple[int, int] | None:
    """Return the id and step of a command of ours; None for any other `hid`."""
    found = _HID.fullmatch(hid)
    if found is None:
        return None
    command_id, step = (_number(letters) for letters in found.groups())
    return (command_id, step) if 1 <= command_id <= HIGHEST_ID else None


def gateway_of(fields: Mapping[str, Any], readings: Readings) -> str | None:
    """Return through which gateway a feeder is reached; None: nobody knows."""
    gateway = readings.get("gateway") or fields.get("gateway")
    return str(gateway) if gateway else None


def steps(command: Command, _node: str, readings: Readings) -> tuple[Step, ...]:
    """Return a step for each message; see `Protocol.steps`."""
    if command.kind != "set_schedule" or not _stepwise(readings):
        return (Step(),)
    return (Step(),) * (len(command.params["entries"]) + 3)


def told(
    site: Site, sending: Sending, params: Mapping[str, Any]
) -> tuple[Publication, ...]:
    """Return what tells a feeder this step of a command with checked params.

    None where its firmware has become known meanwhile and the step is no more. Raises
    InvalidCommand where nobody knows the gateway, or for a message that is too long.
    """
    command, node = sending.command, sending.node
    gateway = gateway_of(site.nodes.get(node, {}), sending.readings)
    if not gateway:
        raise InvalidCommand("missing_field", field="gateway")
    messages = _messages(command, node, params, sending.readings)
    return tuple(
        Publication(
            f"{site.prefix}/cmd/stg/{gateway}",
            compact_json(
                {
                    "hid": hid_of(command.id, sending.step),
                    "name": "SendCommand",
                    "encrypted": False,
                    "parameters": {
                        "deviceHid": node,
                        "command": name,
                        "payload": json.dumps(content, separators=(",", ":")),
                    },
                },
                LONGEST_COMMAND,
            ),
        )
        for name, content in messages[sending.step : sending.step + 1]
    )


def _messages(
    command: Command, node: str, params: Mapping[str, Any], readings: Readings
) -> Sequence[tuple[str, Any]]:
    """Return the names and payloads of a command's steps."""
    match command.kind:
        case "feed":
            return [("feed", {"portion": params["portions"] * CUPS_PER_PORTION})]
        case "set_schedule":
            return _schedule(node, params["entries"], stepwise=_stepwise(readings))
        case "set_utc_offset":
            return [("utc_offset", {"utc_offset": params["seconds"]})]
        case kind:
            return [(kind, params)]


def _schedule(
    node: str, entries: Sequence[Mapping[str, Any]], *, stepwise: bool
) -> Sequence[tuple[str, Any]]:
    meals = [_meal(node, index, entry) for index, entry in enumerate(entries)]
    if not stepwise:
        return [("schedule", meals)]
    return [
        ("schedule_clear", {}),
        ("schedule_mod_start", {"size": len(meals)}),
        *(
            ("schedule_add", [{"index": index, "data": meal}])
            for index, meal in enumerate(meals)
        ),
        ("schedule_mod_end", {}),
    ]


def _meal(node: str, index: int, entry: Mapping[str, Any]) -> dict[str, Any]:
    hour, minute = (int(part) for part in entry["time"].split(":"))
    clock = f"{hour % 12 or 12}:{minute:02}{'AM' if hour < 12 else 'PM'}"  # noqa: PLR2004
    return {
        "active": entry["active"],
        "automatic": True,
        "feeding_id": f"{node[:16]}_feed{entry['id']}_{clock}",
        "name": f"FEED{index}",
        "portion": entry["portions"] * CUPS_PER_PORTION,
        "reminder": True,
        "time": (hour * 60 + minute) * 60,
    }


def _stepwise(readings: Readings) -> bool:
    """Return whether its firmware takes a schedule step by step; unknown is 2.3.2."""
    found = _FIRMWARE.match(str(readings.get("fw", "")))
    if found is None:
        return False
    return tuple(int(part or 0) for part in found.groups()) >= STEPWISE_SINCE


def _letters(number: int, width: int) -> str:
    letters = ""
    for _ in range(width):
        number, letter = divmod(number, 26)
        letters = chr(ord("a") + letter) + letters
    return letters


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("a")
    return number
