"""What nodes move, as buttons, numbers and switches: each order, once pressed."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from ..calls import attribute, shown, use
from ..conftest import SetUp
from ..nodes import settled
from ..others import GLASSHOUSE, ORCHARD, PETS, Feeder, Greenhouse, Hub


async def test_pumps_run_and_dose_as_much_as_was_chosen(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**GLASSHOUSE)
    node = Greenhouse(hass, mqtt_mock)
    await node.say("heartbeat", {"uptime": 120})
    thing = "glasshouse_nutrients_"

    await use(hass, "number.set_value", f"number.{thing}acid_dose", value=2.5)
    await use(hass, "button.press", f"button.{thing}dose_with_acid")
    await settled(hass, entry.runtime_data)
    await all_done(hass)
    (told,) = node.sent("acid/command")
    assert (told["cmd"], told["params"]) == ("dose", {"ml": 2.5})
    assert (told["cmd_id"], len(told["sig"])) == ("md-1", 64)
    await node.answer("acid", 1, "DONE")

    await use(hass, "number.set_value", f"number.{thing}main_run_time", value=2500)
    await use(hass, "button.press", f"button.{thing}run_main")
    await settled(hass, entry.runtime_data)
    assert [(told["cmd"], told["params"]) for told in node.sent("main/command")] == [
        ("run_pump", {"duration_ms": 2500})
    ]


@pytest.mark.parametrize(
    ("entity", "action", "fields", "channel", "told", "details", "state"),
    [
        (
            "light.glasshouse_nutrients_lamp_light",
            "turn_on",
            {},
            "lamp",
            ("set_pwm", {"value": 100}),
            {"state": True},
            "on",
        ),
        (
            "switch.glasshouse_nutrients_heater",
            "turn_off",
            {},
            "heater",
            ("set_relay", {"state": False}),
            {"state": 0},
            "off",
        ),
        (
            "number.glasshouse_nutrients_fan_power",
            "set_value",
            {"value": 40},
            "fan",
            ("set_pwm", {"value": 40}),
            {"value": 40},
            "40",
        ),
    ],
)
async def test_what_is_set_is_shown_once_the_node_says_so(
    *,
    hass: HomeAssistant,
    set_up: SetUp,
    mqtt_mock: Any,
    entity: str,
    action: str,
    fields: dict[str, Any],
    channel: str,
    told: tuple[str, dict[str, Any]],
    details: dict[str, Any],
    state: str,
) -> None:
    entry = await set_up(**GLASSHOUSE)
    node = Greenhouse(hass, mqtt_mock)
    await node.say("heartbeat", {"uptime": 120})
    domain = entity.partition(".")[0]
    assert shown(hass, entity) == STATE_UNKNOWN

    await use(hass, f"{domain}.{action}", entity, **fields)
    await settled(hass, entry.runtime_data)
    (sent,) = node.sent(f"{channel}/command")
    assert (sent["cmd"], sent["params"]) == told
    assert shown(hass, entity) == STATE_UNKNOWN, "it only ordered it"

    await node.answer(channel, 1, "DONE", **details)
    assert shown(hass, entity) == state


async def test_what_a_node_does_not_say_is_shown_as_ordered_and_assumed(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**GLASSHOUSE)
    node = Greenhouse(hass, mqtt_mock)
    await node.say("heartbeat", {"uptime": 120})
    heater = "switch.glasshouse_nutrients_heater"

    await use(hass, "switch.turn_on", heater)
    await settled(hass, entry.runtime_data)
    await node.answer("heater", 1, "DONE")
    assert shown(hass, heater) == "on"
    assert attribute(hass, heater, "assumed_state") is True

    await use(hass, "switch.turn_off", heater)
    await settled(hass, entry.runtime_data)
    await node.answer("heater", 2, "DONE", state=False)
    assert shown(hass, heater) == "off"
    told = hass.states.get(heater)
    assert told is not None
    assert "assumed_state" not in told.attributes


async def test_what_a_node_reports_that_it_has_appears(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**GLASSHOUSE)
    node = Greenhouse(hass, mqtt_mock)
    assert hass.states.get("switch.glasshouse_nutrients_mist") is None

    mist = {"name": "mist", "type": "ACTUATOR", "actuator_type": "RELAY"}
    await node.say("config_report", {"type": "relay", "channels": [mist]})
    await all_done(hass)
    assert shown(hass, "switch.glasshouse_nutrients_mist") == STATE_UNKNOWN


async def all_done(hass: HomeAssistant) -> None:
    """Wait until new entities are there, and each message of an order has left."""
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_feeder_feeds_its_portions_and_has_a_button_that_never_tells(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**PETS)
    feeder = Feeder(hass, mqtt_mock)
    await feeder.say("hb")
    assert attribute(hass, "number.pets_cat_portions", "max") == 32
    with pytest.raises(ServiceValidationError):
        await use(hass, "number.set_value", "number.pets_cat_portions", value=33)

    await use(hass, "number.set_value", "number.pets_cat_portions", value=3)
    await use(hass, "button.press", "button.pets_cat_feed")
    await settled(hass, entry.runtime_data)
    assert feeder.sent() == [("feed", {"portion": 0.1875})]
    await feeder.follow("succeeded")

    button = "switch.pets_cat_front_button"
    assert attribute(hass, button, "assumed_state") is True
    await use(hass, "switch.turn_off", button)
    await settled(hass, entry.runtime_data)
    assert feeder.sent()[1:] == [("button_enable_remote", {"enable": False})]


async def test_a_curtain_is_a_cover_that_is_where_it_was_sent_in_the_end(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, freezer: FrozenDateTimeFactory
) -> None:
    entry = await set_up(**ORCHARD)
    hub = Hub(hass, mqtt_mock)
    await hub.list_nodes()
    assert sorted(
        entity_id
        for entity_id in hass.states.async_entity_ids(("button", "cover", "valve"))
        if "shade" in entity_id and "reboot" not in entity_id
    ) == ["button.orchard_shade_calibrate_curtain", "cover.orchard_shade_curtain"]

    curtain = "cover.orchard_shade_curtain"
    await use(hass, "cover.close_cover", curtain)
    await settled(hass, entry.runtime_data)
    assert hub.sent() == ["SEND_ACTUATOR 2 4 0 0"]
    assert shown(hass, curtain) == "unknown"

    await hub.say("QUEUED ACTUATOR 2 4 0", "EVENT 2 902 257 ")
    assert shown(hass, curtain) == "closing"
    freezer.tick(181)
    async_fire_time_changed(hass)
    await hub.say("HEARTBEAT 2 902 255 0 -70 3600")
    await settled(hass, entry.runtime_data)
    assert shown(hass, curtain) == "closed"
    assert attribute(hass, curtain, "assumed_state") is True
