"""Settings of a bridge that keep from us what its devices say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.messages import Learned

from .shipped import said, spoken

WIRE = spoken("zigbee2mqtt")
INFO = "zigbee2mqtt/bridge/info"
ONE = "0x00158d0000000001"
TAP = {"model": "neo_valve", "hardware_id": ONE}
type Fields = Mapping[str, Any]


def complaints(config: object, fields: Fields = TAP) -> list[str]:
    """Return what is said of the settings, in its first words."""
    found = said(WIRE, INFO, {"config": config}, {"tap": fields}, retain=True)
    known = {**fields}
    for each in found:
        assert isinstance(each, Learned)
        known |= each.facts
    return [each.split(":")[0].split(" ")[0] for each in WIRE.hindrances(known)]


def of_one(**settings: Any) -> dict[str, Any]:
    return {"devices": {ONE: {"friendly_name": "tap", **settings}}}


def of_all(**settings: Any) -> dict[str, Any]:
    return {"device_options": settings, "devices": {}}


@pytest.mark.parametrize("of", [of_one, of_all])
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param({}, [], id="nothing_set"),
        pytest.param({"throttle": 5}, ["throttle"], id="throttle"),
        pytest.param({"throttle": 0}, [], id="no_throttle"),
        pytest.param({"debounce": 0.5}, ["debounce"], id="debounce"),
        pytest.param({"debounce": None}, [], id="nothing_said_of_debounce"),
        pytest.param({"optimistic": False}, ["optimistic"], id="not_optimistic"),
        pytest.param({"optimistic": True}, [], id="optimistic"),
        pytest.param({"retain": True, "qos": 1}, [], id="retained"),
        pytest.param(
            {"filtered_attributes": ["linkquality", "status"]},
            ["filtered_attributes"],
            id="what_is_needed_is_hidden",
        ),
        pytest.param(
            {"filtered_attributes": ["linkquality", 7]}, [], id="what_nobody_needs"
        ),
        pytest.param({"filtered_attributes": "status"}, [], id="no_list"),
        pytest.param(
            {"throttle": 1, "debounce": 1}, ["throttle", "debounce"], id="several"
        ),
    ],
)
def test_what_is_set_is_said_if_it_hides_anything(
    of: Any, settings: dict[str, Any], said: list[str]
) -> None:
    assert complaints(of(**settings)) == said


def test_what_is_set_for_one_outweighs_what_is_set_for_all() -> None:
    both = {**of_one(throttle=0), "device_options": {"throttle": 5}}

    assert complaints(both) == []


def test_what_is_set_for_another_one_hides_nothing_of_this() -> None:
    assert complaints({"devices": {"0x2": {"throttle": 5}}}) == []


def test_of_a_node_whose_id_is_not_known_only_what_is_for_all_is_said() -> None:
    fields = {"model": "neo_valve"}

    assert complaints(of_one(throttle=5), fields) == []
    assert complaints(of_all(throttle=5), fields) == ["throttle"]


def test_what_is_said_as_single_values_proves_nothing() -> None:
    assert complaints({"advanced": {"output": "attribute"}}) == ["output"]
    assert complaints({"advanced": {"output": "json"}}) == []


@pytest.mark.parametrize("config", [None, 7, [], "x", {"devices": [], "advanced": 1}])
def test_settings_of_no_sense_say_nothing(config: object) -> None:
    assert complaints(config) == []


def test_of_a_node_of_no_known_model_nothing_is_missed() -> None:
    fields = {"model": "gone", "hardware_id": ONE}

    assert complaints(of_one(filtered_attributes=["status"]), fields) == []


def test_what_is_said_already_is_no_news() -> None:
    hindered = {**TAP, "hindered": [0]}
    config = {"config": of_one(throttle=5)}

    assert said(WIRE, INFO, config, {"tap": hindered}) == ()
    (news,) = said(WIRE, INFO, {"config": {}}, {"tap": hindered})
    assert news == Learned("tap", {"hindered": []})


def test_nodes_of_who_has_no_settings_are_hindered_by_nothing() -> None:
    assert spoken("tasmota").hindrances({"hindered": [0]}) == ()
