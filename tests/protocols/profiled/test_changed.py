"""A station starts with what was stored under a profile that is another by now."""

from __future__ import annotations

from collections.abc import Callable
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.engine.driver import HOUR
from tests.protocols.played import Played

from .shipped import spoken, text_of

type Change = Callable[[dict[str, Any]], None]
MODELS = ("neo_valve", "giex_seconds_valve", "pushok_valve")


def _renamed(model: dict[str, Any]) -> None:
    """Have each param called otherwise."""
    model.pop("handled")
    for key, kind in [*model["kinds"].items()]:
        text = json.dumps(kind)
        for name in kind.get("params", {}):
            for place in ('"$": ', '"lasts": '):
                text = text.replace(f'{place}"{name}"', f'{place}"other_{name}"')
            text = text.replace(f'"{name}": {{"whole"', f'"other_{name}": {{"whole"')
        model["kinds"][key] = json.loads(text)


def _without_what_is_once(model: dict[str, Any]) -> None:
    model.pop("handled")
    model["kinds"].pop("open_valve")


def _changed(model: str, change: Change) -> Any:
    """Return the wire of a profile that has one model, otherwise than before."""
    profile = json.loads(text_of("zigbee2mqtt"))
    changed = profile["models"][model]
    change(changed)
    profile["models"] = {model: changed}
    profile["kinds"] = {
        name: rules
        for name, rules in profile["kinds"].items()
        if name in changed["kinds"]
    }
    return protocol_of(read(json.dumps(profile)))


@pytest.mark.parametrize("is_taken", [True, False], ids=["taken", "unknown"])
@pytest.mark.parametrize("change", [_renamed, _without_what_is_once])
@pytest.mark.parametrize("model", MODELS)
def test_what_was_stored_under_another_profile_keeps_no_station_from_starting(
    model: str, change: Change, *, is_taken: bool
) -> None:
    told: list[dict[str, Any]] = [
        {"mode": "duration", "irrigation_target": 600},
        {"status": "on_manual_app", "state": "ON"},
        {"status": "ON", "state": "ON"},
        {"status": "off", "state": "OFF"},
        {"status": "OFF"},
    ]
    played = Played(spoken("zigbee2mqtt"), {"x": {"model": model}})
    played.hear("zigbee2mqtt/bridge/state", {"state": "online"})
    played.hear("zigbee2mqtt/x", {**told[4], **told[3]})
    command = played.put("open_valve", "x", duration=600)
    for each in told[:3] if is_taken else ():
        played.hear("zigbee2mqtt/x", each)
    played.advance(31)

    played.protocol = _changed(model, change)
    played.crash(away=5, station=played._station())
    played.connect()
    played.hear("zigbee2mqtt/bridge/state", {"state": "online"})
    for each in told:
        played.hear("zigbee2mqtt/x", each)
        played.advance(120)
    played.advance(HOUR)

    assert played.state(command) is not CommandState.SUCCEEDED, "nothing proves it"
