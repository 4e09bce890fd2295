"""What goes down to a Petnet feeder: its commands, their ids, their order.

What the wire leaves open is decided here:

- `hid` is a fixed lead of 12 letters, a mark of the feeder in 7, the command id in 8,
  one that says whether it is a list of entries, and the step in 4, in base 26. It can
  be read back, so an answer names its feeder, where several have one gateway, its
  command, its step, and whether a list was refused.
- A feeder is written to in the one spelling of its hid, in lower case; a gateway, whose
  name is part of topics, in the spelling that it uses itself.
- From firmware 2.5.0 on all entries of a schedule go down in one list, as the services
  send them. Where the list is longer than 1,000 bytes, or was refused, each goes down
  in a list of its own, as the cloud that closed did.
- A whole schedule is at most 16 meals and a message at most 8 KiB.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
import json
import re
from typing import Any, Final, NamedTuple
import zlib

from ...engine.model.command import HIGHEST_ID, Command
from ...engine.model.reports import Readings
from ...engine.model.step import Step
from ..base import Sending, Site
from ..messages import Publication, compact_json
from ..params import InvalidCommand

LONGEST_COMMAND: Final = 8192
LONGEST_LIST: Final = 1000
"""Bytes of the payload of a `schedule_add`."""
CUPS_PER_PORTION: Final = 0.0625
STEPWISE_SINCE: Final = (2, 5, 0)
NOON: Final = 12
ENTRY_BY_ENTRY: Final = "entry_by_entry"
"""The reading that is 1 once a feeder has refused a list of entries."""

_LEAD: Final = "mqttdispatch"
_MARK_LETTERS: Final = 7
_ID_LETTERS: Final = 8
_STEP_LETTERS: Final = 4
_HID: Final = re.compile(
    f"{_LEAD}([a-z]{{{_MARK_LETTERS}}})([a-z]{{{_ID_LETTERS}}})([ab])"
    f"([a-z]{{{_STEP_LETTERS}}})",
    re.ASCII,
)
_FIRMWARE: Final = re.compile(r"[vV]?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?(-)?")


type _Message = tuple[str, Any]
"""The name of a command on the wire, and its payload."""


class Told(NamedTuple):
    """Which message a `hid` stands for."""

    node: str | None
    command_id: int
    step: int
    in_one: bool = False
    """Whether it holds all entries of a schedule that could go down one by one."""


def hid_of(node: str, command_id: int, step: int, *, in_one: bool = False) -> str:
    """Return the 32 lower-case letters that stand for a message; see `Told`."""
    number = _letters(command_id, _ID_LETTERS)
    form = "b" if in_one else "a"
    return f"{_LEAD}{_mark(node)}{number}{form}{_letters(step, _STEP_LETTERS)}"


def read_hid(hid: str, nodes: Iterable[str]) -> Told | None:
    """Return which message to one of `nodes` a `hid` stands for; None: none of ours."""
    found = _HID.fullmatch(hid)
    if found is None:
        return None
    mark, number, form, step = found.groups()
    node = next((node for node in nodes if _mark(node) == mark), None)
    told = Told(node, _number(number), _number(step), form == "b")
    return told if node is not None and 1 <= told.command_id <= HIGHEST_ID else None


def _mark(node: str) -> str:
    return _letters(zlib.crc32(node.encode()), _MARK_LETTERS)


def gateway_of(fields: Mapping[str, Any], readings: Readings) -> str | None:
    """Return through which gateway a feeder is reached; None: nobody knows."""
    gateway = readings.get("gateway") or fields.get("gateway")
    return str(gateway) if gateway else None


def steps(
    _site: Site, command: Command, node: str, readings: Readings
) -> tuple[Step, ...]:
    """Return a step for each message; see `Protocol.steps`."""
    if command.kind != "set_schedule":
        return (Step(),)
    return (Step(),) * len(_schedule(node, command.params["entries"], readings))


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
                    "hid": hid_of(
                        node,
                        command.id,
                        sending.step,
                        in_one=_could_be_split(name, content),
                    ),
                    "name": "SendCommand",
                    "encrypted": False,
                    "parameters": {
                        "deviceHid": node,
                        "command": name,
                        "payload": _compact(content),
                    },
                },
                LONGEST_COMMAND,
            ),
        )
        for name, content in messages[sending.step : sending.step + 1]
    )


def _messages(
    command: Command, node: str, params: Mapping[str, Any], readings: Readings
) -> Sequence[_Message]:
    """Return the names and payloads of a command's steps."""
    match command.kind:
        case "feed":
            return [("feed", {"portion": params["portions"] * CUPS_PER_PORTION})]
        case "set_schedule":
            return _schedule(node, params["entries"], readings)
        case "set_button":
            return [("button_enable_remote", {"enable": params["enable"]})]
        case "set_utc_offset":
            return [("utc_offset", {"utc_offset": params["seconds"]})]
        case "set_budget":
            return [("budget", params)]
        case _:
            return [("reboot", {})]


def _schedule(
    node: str, entries: Sequence[Mapping[str, Any]], readings: Readings
) -> Sequence[_Message]:
    meals = [_meal(node, index, entry) for index, entry in enumerate(entries)]
    if not _stepwise(readings):
        return [("schedule", meals)]
    listed = [{"index": index, "data": meal} for index, meal in enumerate(meals)]
    one_by_one = readings.get(ENTRY_BY_ENTRY) or len(_compact(listed)) > LONGEST_LIST
    lists = [[entry] for entry in listed] if one_by_one else [listed]
    return [
        ("schedule_clear", {}),
        ("schedule_mod_start", {"size": len(meals)}),
        *(("schedule_add", each) for each in lists),
        ("schedule_mod_end", {}),
    ]


def _could_be_split(name: str, content: object) -> bool:
    """Whether a message is a list of entries that can also go down one by one."""
    return name == "schedule_add" and isinstance(content, list) and len(content) != 1


def _meal(node: str, index: int, entry: Mapping[str, Any]) -> dict[str, Any]:
    hour, minute = (int(part) for part in entry["time"].split(":"))
    # The hour is that of a 24-hour clock all the same, as both services write it.
    clock = f"{hour}:{minute:02}{'AM' if hour < NOON else 'PM'}"
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
    *parts, before = found.groups()
    version = tuple(int(part or 0) for part in parts)
    # 2.5.0-beta comes before 2.5.0.
    return (version, before is None) >= (STEPWISE_SINCE, True)


def _compact(content: object) -> str:
    return json.dumps(content, separators=(",", ":"))


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
