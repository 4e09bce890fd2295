"""What greenhouse nodes are told: commands. `config` is the rest.

What the wire leaves open is decided here:

- `cmd_id` is `md-` and the id of the command. Any other is somebody else's. Once a node
  has refused a command or was too busy for it, or a person wants it to be sent again,
  the next attempt has another one, with the second of that behind it: of the first a
  node would say for minutes that it is under way, or done, without doing anything. So
  has one of what may be repeated, once a node said that it runs and no more: it may
  have refused it unheard, and each repeat makes it say so for five minutes longer.
- A node doses only in sensor mode, which it forgets with a restart. So it is told to go
  there before each dose, under an id whose answer nobody waits for: what came of it,
  the answer to the dose tells.
- An order that ends by itself is of class once: told twice, it would begin anew. So a
  valve that is to close again is opened by `open_valve`, not by `set_relay`.
- A climate node hears its new address only after its next connection, and its temporary
  one always. Each second attempt goes there.
- What is sent is the canonical JSON itself, so nobody can read a number in two ways.
  Fractions are rounded to six decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
import re
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.command import (
    HIGHEST_ID,
    Cause,
    Command,
    CommandClass,
    DeliveryState,
)
from ...engine.model.reports import Readings
from ...engine.model.step import Step
from ..base import Sending, Site
from ..fields import Whole
from ..messages import Publication
from ..params import InvalidCommand
from .channels import (
    ACTUATOR,
    DIMMED,
    SENSOR,
    actuator_type,
    channels_of,
    longest_run_ms,
)
from .config import CONFIG, UPDATE_CONFIG, check_address, configure
from .kinds import KINDS, REBOOT
from .node_types import is_seed
from .places import path, place, temporary_address
from .signing import payload_of, signature

STARTED: Final = "started"
"""The subject of a hello."""

_SYSTEM: Final = "system"
_STORAGE_STATE: Final = "storage_state"
_COMMAND_ID: Final = Whole(1, HIGHEST_ID)
_DECIMALS: Final = 6
_FULL: Final = 100
"""Percent."""
_BESIDE: Final = "x"
"""The end of a `cmd_id` whose answer says nothing of the command."""
_CONFIGURES_EVERY: Final = 3
"""Of so many attempts at a configuration the first sends it; the others ask for what
the node holds."""
_SPOKEN: Final = re.compile(rf"md-([1-9][0-9]{{0,9}})(?:-([0-9]{{1,12}}|{_BESIDE}))?")
_NOT_MOVED: Final = ("SYSTEM", "DRIVE")

type _Fields = Mapping[str, Any]
type _Params = Mapping[str, Any]


def spoken_of(cmd_id: str) -> tuple[int, bool] | None:
    """Return the id of the command that a `cmd_id` is of; None: it is not ours.

    And whether an answer with it says something of that command.
    """
    found = _SPOKEN.fullmatch(cmd_id)
    if found is None or int(found[1]) > HIGHEST_ID:
        return None
    return int(found[1]), found[2] != _BESIDE


def publications(site: Site, sending: Sending) -> tuple[Publication, ...]:
    """Return what tells a node a command; see `Protocol.publications`."""
    command, node = sending.command, sending.node
    fields = site.nodes.get(node, {})
    if command.kind not in KINDS:
        raise InvalidCommand("unknown_kind", kind=command.kind)
    params = KINDS[command.kind].check(command.params)
    told = _Told(site, sending, fields)
    if command.kind == UPDATE_CONFIG:
        check_address(fields, params)
        if told.attempt % _CONFIGURES_EVERY == 1:
            return (configure(site, node, place(site, node, sending.readings)),)
        return (told.beside(_SYSTEM, "report_config"),)
    channel, cmd, wire = _WIRE[command.kind](fields, params, sending.wall)
    message = told.message(channel, cmd, wire)
    if command.kind == "dose" and not is_seed(fields):
        return told.beside(_SYSTEM, "activate_sensor_mode"), message
    return (message,)


class _Told:
    """Puts a command on the wire for one node."""

    def __init__(self, site: Site, sending: Sending, fields: _Fields) -> None:
        """Look at which attempt it is."""
        self._site = site
        self._sending = sending
        self._fields = fields
        delivery = sending.command.delivery(sending.node)
        self.attempt = max(1, 0 if delivery is None else delivery.attempts)

    def message(self, channel: str, cmd: str, params: _Params) -> Publication:
        """Return the command, under an id whose answer counts."""
        anew = _stopped_at(self._sending.command, self._sending.node)
        return self._publication(
            channel, cmd, params, "" if anew is None else f"-{anew}"
        )

    def beside(self, channel: str, cmd: str) -> Publication:
        """Return what is said beside the command, under an id that counts for nothing.

        It is asked of the place that the node shall have, where that is another one.
        """
        return self._publication(channel, cmd, {}, f"-{_BESIDE}")

    def _publication(
        self, channel: str, cmd: str, params: _Params, end: str
    ) -> Publication:
        command_id = _COMMAND_ID.check("cmd_id", self._sending.command.id)
        cmd_id = f"md-{command_id}{end}"
        where = self._where()
        if is_seed(self._fields):
            message: dict[str, Any] = {"cmd": cmd, "cmd_id": cmd_id, **params}
        else:
            if not (secret := self._fields.get("secret")):
                raise InvalidCommand("missing_field", field="secret")
            message = {"cmd": cmd, "params": params, "cmd_id": cmd_id}
            message["ts"] = int(self._sending.wall)
            message["sig"] = signature(message, secret)
        return Publication(f"{where}/{channel}/command", payload_of(message))

    def _where(self) -> str:
        site, node = self._site, self._sending.node
        deaf = self._fields.get("type") == "climate" and not is_seed(self._fields)
        if deaf and self.attempt % 2 == 0:
            return f"{site.prefix}/{path(temporary_address(node, self._fields))}"
        return place(site, node, self._sending.readings)


def _stopped_at(command: Command, node: str) -> int | None:
    """Return the unix second since when a command is a new one to a node."""
    ends = (DeliveryState.FAILED, DeliveryState.REJECTED)
    anew = {Cause.BUSY, Cause.PERSON}
    if command.command_class is not CommandClass.ONCE:
        anew.add(Cause.DONE_TIMEOUT)
    for entry in reversed(command.timeline):
        if entry.node == node and (entry.cause in anew or entry.state in ends):
            return int(entry.at)
    return None


def steps(
    _site: Site, command: Command, _node: str, _readings: Readings
) -> tuple[Step, ...]:
    """Return what an attempt is made of; see `Protocol.steps`."""
    if command.kind == UPDATE_CONFIG:
        about = frozenset({CONFIG})
        return (Step(taken_on=about, done_on=about),)
    if command.kind == REBOOT:
        return (Step(done_on=frozenset({STARTED}), done_once_taken=True),)
    return (Step(),)


type _Wire = tuple[str, str, dict[str, Any]]
"""The channel, and what stands there as `cmd` and params."""


def _channel(fields: _Fields, params: _Params, *types: str) -> _Params:
    channels = channels_of(fields)
    known = [
        name
        for name, each in channels.items()
        if each["type"] in types and actuator_type(each) not in _NOT_MOVED
    ]
    if params["channel"] not in known:
        raise InvalidCommand(
            "unknown_channel",
            field="channel",
            choices=", ".join(known),
            value=params["channel"],
        )
    return channels[params["channel"]]


def _on_actuator(cmd: str, **names: str) -> Callable[[_Fields, _Params, float], _Wire]:
    """Return what writes a command to an actuator; `names` from the wire's to ours."""

    def wire(fields: _Fields, params: _Params, _wall: float) -> _Wire:
        channel = _channel(fields, params, ACTUATOR)
        return channel["name"], cmd, {name: params[our] for name, our in names.items()}

    return wire


def _run_pump(fields: _Fields, params: _Params, _wall: float) -> _Wire:
    channel = _channel(fields, params, ACTUATOR)
    limit = Whole(1, longest_run_ms(fields, channel))
    duration_ms = limit.check("duration_ms", params["duration_ms"])
    return channel["name"], "run_pump", {"duration_ms": duration_ms}


def _stop_pump(fields: _Fields, params: _Params, _wall: float) -> _Wire:
    channel = _channel(fields, params, ACTUATOR)
    if is_seed(fields):
        return channel["name"], "stop_pump", {}
    return channel["name"], "set_relay", {"state": False}


def _dose(fields: _Fields, params: _Params, _wall: float) -> _Wire:
    channel = _channel(fields, params, ACTUATOR)
    name = "dose_ml" if is_seed(fields) else "ml"
    return channel["name"], "dose", {name: round(params["ml"], _DECIMALS)}


def _switched(*, on: bool) -> Callable[[_Fields, _Params, float], _Wire]:
    def wire(fields: _Fields, params: _Params, _wall: float) -> _Wire:
        channel = _channel(fields, params, ACTUATOR)
        if actuator_type(channel) in DIMMED:
            return channel["name"], "set_pwm", {"value": _FULL if on else 0}
        return channel["name"], "set_relay", {"state": on}

    return wire


def _open_valve(fields: _Fields, params: _Params, _wall: float) -> _Wire:
    channel = _channel(fields, params, ACTUATOR)
    limits: Mapping[str, int] = channel.get("safe_limits") or {}
    asked = params["duration_s"] * 1000
    limit = Whole(1, limits.get("max_duration_ms", asked))
    duration_ms = limit.check("duration_ms", asked)
    return channel["name"], "set_relay", {"state": True, "duration_ms": duration_ms}


def _close_valve(fields: _Fields, params: _Params, _wall: float) -> _Wire:
    channel = _channel(fields, params, ACTUATOR)
    return channel["name"], "set_relay", {"state": False}


def _calibrate(fields: _Fields, params: _Params, _wall: float) -> _Wire:
    channel = _channel(fields, params, SENSOR)
    name = "tds_value" if fields.get("type") == "ec" else "known_ph"
    given = {key for key in ("tds_value", "known_ph") if key in params}
    if name not in given:
        raise InvalidCommand("missing_field", field=name)
    if others := given - {name}:
        raise InvalidCommand("unknown_field", field=", ".join(others))
    told = {"stage": params["stage"], name: round(params[name], _DECIMALS)}
    return channel["name"], "calibrate", told


def _test_sensor(fields: _Fields, params: _Params, _wall: float) -> _Wire:
    return _channel(fields, params, SENSOR)["name"], "test_sensor", {}


def _of_node(channel: str, cmd: str) -> Callable[[_Fields, _Params, float], _Wire]:
    def wire(_fields: _Fields, _params: _Params, _wall: float) -> _Wire:
        return channel, cmd, {}

    return wire


def _set_datetime(_fields: _Fields, _params: _Params, wall: float) -> _Wire:
    return _SYSTEM, "set_time", {"unix_ts": int(wall)}


def _sensor_mode(_fields: _Fields, params: _Params, _wall: float) -> _Wire:
    mode = "activate" if params["active"] else "deactivate"
    return _SYSTEM, f"{mode}_sensor_mode", {}


_WIRE: Final[Mapping[str, Callable[[_Fields, _Params, float], _Wire]]] = (
    MappingProxyType(
        {
            "run_pump": _run_pump,
            "stop_pump": _stop_pump,
            "dose": _dose,
            "set_relay": _on_actuator("set_relay", state="state"),
            "toggle": _on_actuator("toggle"),
            "open_valve": _open_valve,
            "close_valve": _close_valve,
            "set_pwm": _on_actuator("set_pwm", value="value"),
            "light_on": _switched(on=True),
            "light_off": _switched(on=False),
            "calibrate": _calibrate,
            "test_sensor": _test_sensor,
            "query": _of_node(_STORAGE_STATE, "state"),
            "refresh": _of_node(_SYSTEM, "report_config"),
            "exit_safe_mode": _of_node(_SYSTEM, "exit_safe_mode"),
            REBOOT: _of_node(_SYSTEM, "restart"),
            "set_datetime": _set_datetime,
            "set_sensor_mode": _sensor_mode,
        }
    )
)
