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


def offered_as(defined: Mapping[str, Any]) -> str | None:
    """Return as which model of the profile a device is offered."""
    about = {
        "model": defined["model"],
        "vendor": defined["vendor"],
        "exposes": [{"property": key} for key in defined["keys"]],
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
    return None


OFFERED = [
    pytest.param(defined, PROFILE["models"][model], id=f"{defined['model']} as {model}")
    for defined in DEFINED
    if (model := offered_as(defined))
]


def steps(model: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str, Any]]:
    """Yield the kind, the key and the value of all that a model is told."""
    for kind in model["kinds"].values():
        for step in kind["steps"]:
            for key, value in step["payload"].items():
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
    assert set(PROFILE["models"]) <= {offered_as(defined) for defined in DEFINED}


@pytest.mark.parametrize(("defined", "model"), OFFERED)
def test_a_device_is_told_only_keys_that_it_takes(
    defined: Mapping[str, Any], model: Mapping[str, Any]
) -> None:
    keys = defined["keys"]
    told = {key for _, key, _ in steps(model)}

    assert {key for key in told if "set" not in keys[key]["access"]} == set()


@pytest.mark.parametrize(("defined", "model"), OFFERED)
def test_a_device_is_told_only_words_that_it_knows(
    defined: Mapping[str, Any], model: Mapping[str, Any]
) -> None:
    keys = defined["keys"]
    words = [
        (key, word)
        for kind, key, value in steps(model)
        for word in words_of(kind, value)
    ]

    assert [(key, word) for key, word in words if word not in keys[key]["values"]] == []


@pytest.mark.parametrize(("defined", "model"), OFFERED)
def test_amounts_are_told_in_the_unit_of_the_device_and_within_its_range(
    defined: Mapping[str, Any], model: Mapping[str, Any]
) -> None:
    amounts = [
        (
            key,
            value.get("per", 1),
            kind["params"][value["$"]]["whole"],
            defined["keys"][key],
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
def test_what_is_read_of_a_device_is_what_it_tells(
    defined: Mapping[str, Any], model: Mapping[str, Any]
) -> None:
    read = {
        reading["path"]
        for reading in model["readings"].values()
        if reading["topic"] == "state"
    }

    assert {
        key for key in read if "state" not in defined["keys"][key]["access"]
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
