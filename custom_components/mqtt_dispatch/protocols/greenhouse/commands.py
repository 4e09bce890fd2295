"""What greenhouse nodes are told: commands. `greenhouse_config` is the rest.

What the wire leaves open is decided here:

- `cmd_id` is `md-` and the id of the command. Any other is somebody else's.
- A hello ends a reboot that the node has taken: before, it may only be back.
- What is sent is the canonical JSON itself, so nobody can read a number in two ways.
- Params of `calibrate` that a node may read or write as something else are refused:
  whole numbers of more than 15 digits and texts that cannot be printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
import math
import re
from types import MappingProxyType
from typing import Any, Final

from ...engine.model import (
    HIGHEST_ID,
    Command,
    Readings,
    Step,
)
from ..base import Kind, Publication, Sending, Site
from ..fields import Decimal, Flag, Text, Whole
from ..params import Field, InvalidCommand
from ..untrusted import line
from .channels import (
    ACTUATOR,
    HIGHEST_PWM,
    LONGEST_RUN_MS,
    LONGEST_WORD,
    MOST_ML,
    SENSOR,
    WORD,
    channels_of,
    longest_run_ms,
)
from .config import (
    CONFIG,
    PLACE,
    UPDATE_CONFIG,
    check_address,
    configure,
    payload_of,
)
from .places import place
from .signing import signature

DEEPEST_COMMAND: Final = 16
REBOOT: Final = "reboot"
STARTED: Final = "started"
"""The subject of a hello."""

_PATH: Final = f"{WORD}/{WORD}/{WORD}"
_SYSTEM: Final = "system"
_STORAGE_STATE: Final = "storage_state"
_COMMAND_ID: Final = Whole(1, HIGHEST_ID)
_LARGEST_WHOLE: Final = 10**15 - 1
_LONGEST_TEXT: Final = 1024
_MINUTE: Final = 60.0
_BINDING_WAIT: Final = 5 * _MINUTE
_BINDING_ATTEMPTS: Final = 6
"""After which a binding that is not reported has lapsed: 30 minutes."""

type _Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Content(Field):
    """An object of anything that JSON can say, at most `deepest` levels deep."""

    deepest: int

    def check(self, field: str, value: object) -> dict[str, Any]:
        """Return the object. Raises InvalidCommand (invalid_object)."""
        if not isinstance(value, Mapping):
            raise InvalidCommand("invalid_object", field=field)
        return {
            self._name(field, name): self._value(field, each, self.deepest - 1)
            for name, each in value.items()
        }

    def _name(self, field: str, name: object) -> str:
        text = line(name, LONGEST_WORD)
        if text is None:
            raise InvalidCommand("invalid_object", field=field)
        return text

    def _value(self, field: str, value: object, deepest: int) -> object:
        match value:
            case None | bool():
                return value
            case str() if value == "" or line(value, _LONGEST_TEXT):
                return value
            case int() if abs(value) <= _LARGEST_WHOLE:
                return value
            case float() if math.isfinite(value) and (
                not value.is_integer() or abs(value) <= _LARGEST_WHOLE
            ):
                return value
            case list() | tuple() if deepest:
                return [self._value(field, each, deepest - 1) for each in value]
            case Mapping() if deepest:
                return {
                    self._name(field, name): self._value(field, each, deepest - 1)
                    for name, each in value.items()
                }
        raise InvalidCommand("invalid_object", field=field)


def command_id_in(cmd_id: str) -> int | None:
    """Return the id of the command that a `cmd_id` is of; None: it is not ours."""
    found = re.fullmatch(r"md-([1-9][0-9]{0,9})", cmd_id)
    if found is None or int(found[1]) > HIGHEST_ID:
        return None
    return int(found[1])


def publications(site: Site, sending: Sending) -> tuple[Publication, ...]:
    """Return what tells a node a command; see `Protocol.publications`."""
    command, node = sending.command, sending.node
    if command.kind not in KINDS:
        raise InvalidCommand("unknown_kind", kind=command.kind)
    params = KINDS[command.kind].check(command.params)
    fields = site.nodes.get(node, {})
    where = place(site, node, sending.readings)
    if command.kind == UPDATE_CONFIG:
        check_address(fields, params)
        return (configure(site, node, where),)
    channel, cmd, told = _WIRE[command.kind](fields, params, sending.wall)
    command_id = _COMMAND_ID.check("cmd_id", command.id)
    message: dict[str, Any] = {"cmd": cmd, "params": told, "cmd_id": f"md-{command_id}"}
    if fields.get("secret"):
        message["ts"] = int(sending.wall)
        message["sig"] = signature(message, fields["secret"])
    return (Publication(f"{where}/{channel}/command", payload_of(message)),)


def steps(command: Command, _node: str, _readings: Readings) -> tuple[Step, ...]:
    """Return what an attempt is made of; see `Protocol.steps`."""
    if command.kind == UPDATE_CONFIG:
        about = frozenset({CONFIG})
        return (Step(taken_on=about, done_on=about),)
    if command.kind == REBOOT:
        return (Step(done_on=frozenset({STARTED}), done_once_taken=True),)
    return (Step(),)


type _Told = tuple[str, str, dict[str, Any]]
"""The channel, and what stands there as `cmd` and `params`."""


def _channel(fields: Mapping[str, Any], params: _Params, *types: str) -> _Params:
    channels = channels_of(fields)
    known = [name for name, each in channels.items() if each["type"] in types]
    if params["channel"] not in known:
        raise InvalidCommand(
            "unknown_channel",
            field="channel",
            choices=", ".join(known),
            value=params["channel"],
        )
    return channels[params["channel"]]


def _on_actuator(
    cmd: str, *names: str
) -> Callable[[Mapping[str, Any], _Params, float], _Told]:
    def told(fields: Mapping[str, Any], params: _Params, _wall: float) -> _Told:
        channel = _channel(fields, params, ACTUATOR)
        return channel["name"], cmd, {name: params[name] for name in names}

    return told


def _run_pump(fields: Mapping[str, Any], params: _Params, _wall: float) -> _Told:
    channel = _channel(fields, params, ACTUATOR)
    limit = Whole(1, longest_run_ms(channel))
    duration_ms = limit.check("duration_ms", params["duration_ms"])
    return channel["name"], "run_pump", {"duration_ms": duration_ms}


def _calibrate(fields: Mapping[str, Any], params: _Params, _wall: float) -> _Told:
    channel = _channel(fields, params, SENSOR, ACTUATOR)
    return channel["name"], "calibrate", params.get("params", {})


def _test_sensor(fields: Mapping[str, Any], params: _Params, _wall: float) -> _Told:
    return _channel(fields, params, SENSOR)["name"], "test_sensor", {}


def _query(_fields: Mapping[str, Any], _params: _Params, _wall: float) -> _Told:
    return _STORAGE_STATE, "state", {}


def _reboot(_fields: Mapping[str, Any], _params: _Params, _wall: float) -> _Told:
    return _SYSTEM, "restart", {}


def _set_datetime(_fields: Mapping[str, Any], _params: _Params, wall: float) -> _Told:
    return _SYSTEM, "set_time", {"unix_ts": int(wall)}


def _sensor_mode(_fields: Mapping[str, Any], params: _Params, _wall: float) -> _Told:
    mode = "activate" if params["active"] else "deactivate"
    return _SYSTEM, f"{mode}_sensor_mode", {}


_WIRE: Final[Mapping[str, Callable[[Mapping[str, Any], _Params, float], _Told]]] = (
    MappingProxyType(
        {
            "run_pump": _run_pump,
            "dose": _on_actuator("dose", "ml"),
            "light_on": _on_actuator("light_on"),
            "light_off": _on_actuator("light_off"),
            "stop_pump": _on_actuator("stop_pump"),
            "set_relay": _on_actuator("set_relay", "state"),
            "set_pwm": _on_actuator("set_pwm", "value"),
            "set_position": _on_actuator("set_position", "position_pct"),
            "calibrate": _calibrate,
            "test_sensor": _test_sensor,
            "query": _query,
            REBOOT: _reboot,
            "set_datetime": _set_datetime,
            "set_sensor_mode": _sensor_mode,
        }
    )
)

_CHANNEL: Final = Text(1, LONGEST_WORD, WORD, required=True)


def _of_channel(replaces: str = "", **fields: Field) -> Kind:
    return Kind(
        fields={"channel": _CHANNEL, **fields},
        replaces=replaces,
        key_fields=("channel",) if replaces else (),
    )


def _slow(minutes: float, replaces: str = "", **fields: Field) -> Kind:
    return replace(
        _of_channel(replaces, **fields), overrides={"done_timeout": minutes * _MINUTE}
    )


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "run_pump": _slow(
            LONGEST_RUN_MS / 1000 / _MINUTE + 1,
            "pump",
            duration_ms=Whole(1, LONGEST_RUN_MS, required=True),
        ),
        "dose": _slow(10, "pump", ml=Decimal(0, MOST_ML, above=True, required=True)),
        "light_on": _of_channel("light"),
        "light_off": _of_channel("light"),
        "stop_pump": _of_channel("pump"),
        "set_relay": _of_channel("relay", state=Flag(required=True)),
        "set_pwm": _of_channel("pwm", value=Whole(0, HIGHEST_PWM, required=True)),
        "set_position": _of_channel(
            "position", position_pct=Decimal(0, 100, required=True)
        ),
        "calibrate": _slow(5, params=Content(DEEPEST_COMMAND - 1)),
        "test_sensor": _of_channel(),
        "query": Kind(fields={}),
        REBOOT: Kind(fields={}),
        "set_datetime": Kind(fields={}),
        "set_sensor_mode": Kind(fields={"active": Flag(required=True)}),
        UPDATE_CONFIG: Kind(
            fields={PLACE: Text(5, 3 * LONGEST_WORD + 2, _PATH)},
            overrides={
                "accept_timeout": _BINDING_WAIT,
                "done_timeout": _BINDING_WAIT,
                "retry_delay": _BINDING_WAIT,
                "attempts": _BINDING_ATTEMPTS,
            },
        ),
    }
)
