"""What nodes move, as buttons, numbers and switches: each order, once pressed."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.cover import CoverEntityFeature
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from ..calls import actions_of, attribute, shown, use
from ..conftest import SetUp
from ..nodes import settled
from ..others import (
    GLASSHOUSE,
    HARDWARE_ID,
    ORCHARD,
    PETS,
    Feeder,
    Greenhouse,
    Hub,
)


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

    await use(hass, "number.set_value", f"number.{thing}main_run_time", value=2.5)
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
            "light.glasshouse_nutrients_lamp_light",
            "turn_on",
            {"brightness_pct": 40},
            "lamp",
            ("set_pwm", {"value": 40}),
            {"value": 40},
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


def brightness(hass: HomeAssistant) -> int | None:
    """Return how bright the lamp is shown, up to 255."""
    found: int | None = attribute(
        hass, "light.glasshouse_nutrients_lamp_light", "brightness"
    )
    return found


async def test_a_lamp_is_as_bright_as_its_node_says_or_as_was_ordered(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**GLASSHOUSE)
    node = Greenhouse(hass, mqtt_mock)
    await node.say("heartbeat", {"uptime": 120})
    lamp = "light.glasshouse_nutrients_lamp_light"
    assert attribute(hass, lamp, "supported_color_modes") == ["brightness"]
    assert hass.states.get("number.glasshouse_nutrients_lamp_power") is None

    await use(hass, "light.turn_on", lamp, brightness=1)
    await settled(hass, entry.runtime_data)
    assert node.sent("lamp/command")[-1]["params"] == {"value": 1}, "not off"
    await node.answer("lamp", 1, "DONE", value=30)
    assert (shown(hass, lamp), brightness(hass)) == ("on", 76)

    await use(hass, "light.turn_on", lamp)
    await settled(hass, entry.runtime_data)
    assert node.sent("lamp/command")[-1]["params"] == {"value": 30}, "as bright as is"
    await node.answer("lamp", 2, "DONE", value=30)

    await use(hass, "light.turn_off", lamp)
    await settled(hass, entry.runtime_data)
    assert node.sent("lamp/command")[-1]["params"] == {"value": 0}
    await node.answer("lamp", 3, "DONE")
    assert (shown(hass, lamp), brightness(hass)) == ("off", None)

    await use(hass, "light.turn_on", lamp)
    await settled(hass, entry.runtime_data)
    assert node.sent("lamp/command")[-1]["params"] == {"value": 100}
    await node.answer("lamp", 4, "DONE")
    assert (shown(hass, lamp), brightness(hass)) == ("on", 255)
    assert attribute(hass, lamp, "assumed_state") is True


async def test_a_newer_order_for_a_lamp_takes_the_place_of_one_that_waits(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    entry = await set_up(**GLASSHOUSE)
    act = actions_of(hass, entry, HARDWARE_ID)
    for kind, more in (("light_on", {}), ("set_pwm", {"value": 40}), ("light_off", {})):
        await act("send_command", kind=kind, params={"channel": "lamp", **more})
    await settled(hass, entry.runtime_data)
    (waiting,) = entry.runtime_data.engine.ledger.open.values()
    assert waiting.kind == "light_off"


async def test_a_vent_is_a_cover_with_a_position(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**GLASSHOUSE)
    node = Greenhouse(hass, mqtt_mock)
    await node.say("heartbeat", {"uptime": 120})
    vent = "cover.glasshouse_nutrients_window_vent"
    assert shown(hass, vent) == STATE_UNKNOWN
    assert attribute(hass, vent, "device_class") == "damper"
    assert attribute(hass, vent, "supported_features") == (
        CoverEntityFeature.OPEN
        | CoverEntityFeature.CLOSE
        | CoverEntityFeature.SET_POSITION
    ), "nothing stops it"

    for number, (action, fields, value) in enumerate(
        (
            ("open_cover", {}, 100),
            ("set_cover_position", {"position": 35}, 35),
            ("close_cover", {}, 0),
        ),
        start=1,
    ):
        await use(hass, f"cover.{action}", vent, **fields)
        await settled(hass, entry.runtime_data)
        assert node.sent("window/command")[-1]["params"] == {"value": value}
        await node.answer("window", number, "DONE", value=value)
        assert attribute(hass, vent, "current_position") == value
        assert shown(hass, vent) == ("open" if value else "closed")
        state = hass.states.get(vent)
        assert state is not None
        assert "assumed_state" not in state.attributes

    await use(hass, "cover.open_cover", vent)
    await settled(hass, entry.runtime_data)
    assert shown(hass, vent) == "closed", "it only ordered it"
    await node.answer("window", 4, "DONE")
    assert attribute(hass, vent, "current_position") == 100
    assert attribute(hass, vent, "assumed_state") is True


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
