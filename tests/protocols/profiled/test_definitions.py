"""The profile of Zigbee2MQTT, by what its program knows of the devices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import Hello

from .shipped import said, spoken, text_of

WIRE = spoken("zigbee2mqtt")
PROFILE: Mapping[str, Any] = json.loads(
    # Of what there are several, the first stands for all.
    text_of("zigbee2mqtt").replace("{valve}", "1")
)
_FILE = Path(__file__).with_name("recordings") / "zigbee2mqtt_models.json"
DEFINED: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))["models"]
# How the definitions spell what a step divides by so many.
SPELT = {60: {"min", "minute", "minutes", "minutes or litres"}}
UNDIVIDED = {None, "s", "sec", "seconds", "seconds or litres", "portion", "%"}


ACCESS = {"state": 1, "set": 2, "get": 4}
# Their properties fit these, and the program knows none so far.
UNKNOWN_SO_FAR = {"countdown_minutes_valve", "timer_minutes_valve"}
# Of gas, and it cannot be opened.
LEFT_OUT = {"GCM-300Z"}


def exposed(key: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return how the bridge says of a device that it has a key."""
    found = {"property": key, "access": sum(ACCESS[each] for each in about["access"])}
    if "unit" in about:
        found["unit"] = about["unit"]
    if about["type"] == "binary":
        found["value_on"], found["value_off"] = about["values"]
    within = about.get("within")
    return {"type": within, "features": [found]} if within else found


def offered_as(defined: Mapping[str, Any]) -> str:
    """Return as which model of the profile a device is offered; empty: as none."""
    about = {
        "model": defined["model"],
        "vendor": defined["vendor"],
        "description": defined["description"],
        "exposes": [exposed(*key) for key in defined["keys"].items()],
    }
    device = {
        "ieee_address": "0x00158d0000000001",
        "friendly_name": "one",
        "definition": about,
    }
    devices = "zigbee2mqtt/bridge/devices"
    for report in said(WIRE, devices, [device], {}, retain=True):
        if isinstance(report, Hello):
            return report.type
    return ""


def named(defined: Mapping[str, Any]) -> str:
    """Return what a device is called, by which definitions."""
    return f"{defined['model']} {defined.get('definitions', '')}".strip()


OFFERED = [
    pytest.param(defined, PROFILE["models"][model], id=f"{named(defined)} as {model}")
    for defined in DEFINED
    if (model := offered_as(defined))
]


def about_key(defined: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return what is known of a key, or of a part of one behind a point."""
    first, *parts = key.split(".")
    keys, timer = defined["keys"], defined.get("timer")
    if first not in keys and timer is not None and timer["key"] == first:
        return {"access": ["set"], **timer}
    found: Mapping[str, Any] = {**keys, **defined.get("told_beside", {})}[first]
    return found["parts"][parts[0]] if parts else found


def said_in(payload: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the keys that a message names, and what it says of each."""
    for key, value in payload.items():
        if isinstance(value, Mapping) and not {"$", "$each"} & value.keys():
            yield from said_in(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def steps(model: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str, Any]]:
    """Yield the kind, the key and the value of all that a model is told."""
    for kind in model["kinds"].values():
        for step in kind["steps"]:
            payload = step["payload"]
            if isinstance(payload, str):
                payload = {step["topic"].rpartition("/")[2]: payload}
            for key, value in said_in(payload):
                yield kind, key, value


def param(kind: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is said of the param that a value stands for; of lines, nothing."""
    found: Mapping[str, Any] = kind["params"][value["$"]] if "$" in value else {}
    return found


def is_amount(kind: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    return "whole" in param(kind, value)


def words_of(kind: Mapping[str, Any], value: Any) -> list[Any]:
    """Return the words that a value can be."""
    if isinstance(value, Mapping):
        return list(param(kind, value).get("words", ()))
    return [value]


def test_each_model_of_the_profile_is_a_device_that_the_program_knows() -> None:
    known = {offered_as(defined) for defined in DEFINED}

    assert set(PROFILE["models"]) - known == UNKNOWN_SO_FAR


def test_each_feeder_and_each_valve_of_water_is_offered() -> None:
    devices = [each for each in DEFINED if each["kind"] != "plug"]

    assert {each["model"] for each in devices if not offered_as(each)} == LEFT_OUT


def test_no_plug_is_offered_as_a_valve_though_it_bears_the_name_of_one() -> None:
    plugs = [each for each in DEFINED if each["kind"] == "plug"]

    assert any("valve" in each["description"] for each in plugs)
    assert [each["model"] for each in plugs if offered_as(each)] == []


@pytest.mark.parametrize(
    ("key", "unit", "model"),
    [
        ("countdown", "min", "countdown_minutes_valve"),
        ("countdown", "minutes", "countdown_minutes_valve"),
        ("countdown", "s", "countdown_seconds_valve"),
        ("timer", "minute", "timer_minutes_valve"),
        ("timer", "h", ""),
        ("timer", None, ""),
    ],
)
@pytest.mark.parametrize(
    ("described", "is_valve"),
    [
        ("Garden irrigation controller", True),
        ("WATER VALVE", True),
        ("Water heater switch", False),
        ("Smart plug", False),
    ],
)
def test_a_valve_that_no_definition_names_is_known_by_its_timer(
    key: str, unit: str | None, model: str, described: str, *, is_valve: bool
) -> None:
    switch = {"type": "binary", "access": ["state", "set"], "values": ["ON", "OFF"]}
    timer = {"type": "numeric", "access": ["state", "set"]}
    unknown = {
        "model": "X-1",
        "vendor": "Nobody",
        "description": described,
        "keys": {
            "state": {**switch, "within": "switch"},
            key: timer if unit is None else {**timer, "unit": unit},
        },
    }

    assert offered_as(unknown) == (model if is_valve else "")


@pytest.mark.parametrize(("defined", "model"), OFFERED)
def test_a_device_is_told_only_keys_that_it_takes(
    defined: Mapping[str, Any], model: Mapping[str, Any]
) -> None:
    told = {key for _, key, _ in steps(model)}

    assert {key for key in told if "set" not in about_key(defined, key)["access"]} == (
        set()
    )


@pytest.mark.parametrize(("defined", "model"), OFFERED)
def test_a_device_is_told_only_words_that_it_knows(
    defined: Mapping[str, Any], model: Mapping[str, Any]
) -> None:
    def knows(key: str, word: object) -> bool:
        about = about_key(defined, key)
        if isinstance(word, int):
            return bool(about["min"] <= word <= about["max"])
        return word in about["values"]

    words = [
        (key, word)
        for kind, key, value in steps(model)
        for word in words_of(kind, value)
    ]

    assert [(key, word) for key, word in words if not knows(key, word)] == []


@pytest.mark.parametrize(("defined", "model"), OFFERED)
def test_amounts_are_told_in_the_unit_of_the_device_and_within_its_range(
    defined: Mapping[str, Any], model: Mapping[str, Any]
) -> None:
    amounts = [
        (
            key,
            value.get("per", 1),
            kind["params"][value["$"]]["whole"],
            about_key(defined, key),
        )
        for kind, key, value in steps(model)
        if isinstance(value, Mapping) and is_amount(kind, value)
    ]

    assert [
        (key, about.get("unit"))
        for key, per, _, about in amounts
        if about.get("unit") not in SPELT.get(per, UNDIVIDED)
    ] == []
    assert [
        (key, least, most)
        for key, per, (least, most), about in amounts
        if least / per < about.get("min", 0) or most / per > about["max"]
    ] == []


@pytest.mark.parametrize(("defined", "model"), OFFERED)
def test_a_device_is_asked_only_what_it_answers(
    defined: Mapping[str, Any], model: Mapping[str, Any]
) -> None:
    asked = {key for each in model.get("ask", ()) for key in each["payload"]}

    assert {key for key in asked if "get" not in about_key(defined, key)["access"]} == (
        set()
    )


@pytest.mark.parametrize(("defined", "model"), OFFERED)
def test_what_is_read_of_a_device_is_what_it_tells(
    defined: Mapping[str, Any], model: Mapping[str, Any]
) -> None:
    read = {
        reading["path"]
        for reading in model["readings"].values()
        if reading["topic"] == "state"
    }

    assert {
        key for key in read if "state" not in about_key(defined, key)["access"]
    } == set()


def test_a_line_of_the_schedule_says_all_that_the_feeder_takes_of_one() -> None:
    (feeder,) = [each for each in DEFINED if each["model"] == "ZNCWWSQ01LM"]
    items = feeder["keys"]["schedule"]["items"]
    kind = PROFILE["models"]["aqara_feeder"]["kinds"]["set_schedule"]
    line = kind["params"]["entries"]["lines"]["of"]
    said = kind["steps"][0]["payload"]["schedule"]["as"]

    assert said.keys() == items.keys()
    assert line[said["days"]["$"]]["words"] == items["days"]["values"]
    assert {items[key]["type"] for key in ("hour", "minute", "size")} == {"numeric"}
