"""The kinds of command of greenhouse nodes, their params and their rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.command import Command, DeliveryState
from ...engine.model.policy import (
    LATEST,
    ONCE,
    REPEAT,
    RESTARTING,
    UNTIL_DONE,
    Policy,
)
from ...engine.model.reports import Readings
from ...engine.model.step import Course
from ..base import Kind, Site
from ..fields import Decimal, Flag, Text, Whole
from ..params import Field
from .actuators import FULL, MOST_ML
from .channels import (
    DIMMED,
    LONGEST_OPEN_S,
    LONGEST_RUN_MS,
    LONGEST_WORD,
    WORD,
    actuator_type,
    channels_of,
    state_words,
)
from .config import PLACE, UPDATE_CONFIG
from .node_types import is_seed

REBOOT: Final = "reboot"

_PATH: Final = f"{WORD}/{WORD}/{WORD}"
_HIGHEST_PH: Final = 14
_MOST_TDS: Final = 10_000
_MINUTE: Final = 60.0
_ANSWER_WAIT: Final = 30.0
_BINDING_DELAYS: Final = (_ANSWER_WAIT, _ANSWER_WAIT, 4 * _MINUTE)
_BINDING_ATTEMPTS: Final = 19
"""With these delays, which begin anew after the last, the last one is made after 30
minutes: if it is not answered, a binding has lapsed."""
_USUAL_ML_PER_SECOND: Final = 1.0
_LONGEST_DOSE_S: Final = 60.0

_CHANNEL: Final = Text(1, LONGEST_WORD, WORD, required=True)


_MOVES: Final = "moves"


def _of_channel(policy: Policy, replaces: str = "", **fields: Field) -> Kind:
    return Kind(
        policy=policy,
        fields={"channel": _CHANNEL, **fields},
        replaces=replaces,
        key_fields=("channel",) if replaces else (),
    )


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "run_pump": _of_channel(
            ONCE, _MOVES, duration_ms=Whole(1, LONGEST_RUN_MS, required=True)
        ),
        "dose": _of_channel(
            ONCE, _MOVES, ml=Decimal(0, MOST_ML, above=True, required=True)
        ),
        "stop_pump": _of_channel(UNTIL_DONE, _MOVES),
        "set_relay": _of_channel(LATEST, _MOVES, state=Flag(required=True)),
        "toggle": _of_channel(ONCE, _MOVES),
        "open_valve": _of_channel(
            ONCE, _MOVES, duration_s=Whole(1, LONGEST_OPEN_S, required=True)
        ),
        "close_valve": _of_channel(UNTIL_DONE, _MOVES),
        "set_pwm": _of_channel(LATEST, _MOVES, value=Whole(0, FULL, required=True)),
        "light_on": _of_channel(LATEST, _MOVES),
        "light_off": _of_channel(LATEST, _MOVES),
        # A sensor may be back in other water when it comes late, or again.
        "calibrate": _of_channel(
            ONCE,
            stage=Whole(1, 2, required=True),
            known_ph=Decimal(0, _HIGHEST_PH),
            tds_value=Decimal(0, _MOST_TDS),
        ),
        "test_sensor": _of_channel(REPEAT),
        "query": Kind(policy=REPEAT, fields={}),
        "refresh": Kind(policy=REPEAT, fields={}),
        "exit_safe_mode": Kind(policy=LATEST, fields={}),
        REBOOT: Kind(policy=RESTARTING, fields={}),
        "set_datetime": Kind(policy=LATEST, fields={}),
        "set_sensor_mode": Kind(policy=LATEST, fields={"active": Flag(required=True)}),
        UPDATE_CONFIG: Kind(
            policy=replace(
                LATEST,
                accept_timeout=_ANSWER_WAIT,
                done_timeout=_ANSWER_WAIT,
                retry_delays=_BINDING_DELAYS,
                attempts=_BINDING_ATTEMPTS,
                beside=True,
            ),
            fields={PLACE: Text(5, 3 * LONGEST_WORD + 2, _PATH)},
        ),
    }
)


def course(site: Site, command: Command, node: str) -> Course:
    """Return how long a node works on a command; see `Protocol.course`.

    A pump node, and the older generation, say that they have begun and no more: there
    the time says that it is over.
    """
    fields = site.nodes.get(node, {})
    ends_by_itself = (
        bool(fields.get("ack_means_done"))
        or is_seed(fields)
        or (fields.get("type") == "pump" and command.kind == "run_pump")
    )
    return Course(_seconds(fields, command), ends_by_itself=ends_by_itself)


def _seconds(fields: Mapping[str, Any], command: Command) -> float:
    params = command.params
    match command.kind:
        case "run_pump":
            return float(params["duration_ms"] / 1000)
        case "open_valve":
            return float(params["duration_s"])
        case "dose":
            channel = channels_of(fields).get(params["channel"], {})
            rate = channel.get("ml_per_second", _USUAL_ML_PER_SECOND)
            return float(min(params["ml"] / rate, _LONGEST_DOSE_S))
    return 0.0


def assumed(site: Site, command: Command, node: str, state: DeliveryState) -> Readings:
    """Return what is so at a node that has taken a command or done it.

    It holds until the node says what is; see `Protocol.assumed`.
    """
    params = command.params
    channel = channels_of(site.nodes.get(node, {})).get(params.get("channel", ""))
    if channel is None:
        return {}
    name, dims = channel["name"], actuator_type(channel) in DIMMED
    told: dict[str, str | float] = {}
    done = state is DeliveryState.DONE
    match command.kind:
        case "set_relay" if done:
            told = {f"{name}/state": state_words(channel)[bool(params["state"])]}
        case "open_valve":
            told = {f"{name}/state": state_words(channel)[not done]}
        case "close_valve" | "stop_pump" if done:
            told = {f"{name}/state": state_words(channel)[0]}
        case "light_on" | "light_off" if done:
            on = command.kind == "light_on"
            told = {f"{name}/state": state_words(channel)[on]}
            if dims:
                told[f"{name}/value"] = FULL if on else 0
        case "set_pwm" if done:
            value = params["value"]
            word = state_words(channel)[value > 0]
            told = {f"{name}/value": value, f"{name}/state": word}
    return {**told, f"{name}/assumed": "yes"} if told else {}
