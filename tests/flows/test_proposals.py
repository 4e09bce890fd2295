"""A person makes a profile of a device that is there, and a station of it."""

from __future__ import annotations

from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

from custom_components.mqtt_dispatch import owned_profiles
from custom_components.mqtt_dispatch.const import CONF_FIELDS, DOMAIN
from custom_components.mqtt_dispatch.flows import listening, proposal_flow
from custom_components.mqtt_dispatch.protocols import PROTOCOLS

from ..forms import Filled, new_station, stations

BELL = {
    "name": "Bell",
    "cmd_t": "home/door/bell",
    "dev": {"ids": ["door"], "name": "Door"},
}


@pytest.fixture
def folder(hass: HomeAssistant) -> Iterator[Path]:
    """Where profiles go; what is there is forgotten afterwards."""
    yield Path(hass.config.path(DOMAIN, "profiles"))
    PROTOCOLS.set_own({})


@pytest.fixture
def told(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What devices say of themselves, by topic, each time somebody listens."""
    told: dict[str, Any] = {"homeassistant/button/door/bell/config": BELL}

    async def listen(_seconds: float) -> None:
        for topic, content in told.items():
            async_fire_mqtt_message(hass, topic, json.dumps(content), retain=True)

    monkeypatch.setattr(listening, "sleep", listen)
    return told


async def begun(hass: HomeAssistant) -> Filled:
    """Return the flow of a person who wants a profile proposed."""
    flow = await new_station(hass)
    return await flow.answer(name="Hall", protocol="proposed-profile")


async def proposal(hass: HomeAssistant) -> tuple[Filled, str]:
    """Return the flow that shows a proposal, and the profile once it is decided."""
    flow = await (await begun(hass)).answer(device="door")
    text: str = flow.suggested["profile"]
    return flow, text.replace('"?"', '"once"')


def devices(flow: Filled) -> list[tuple[str, str]]:
    (selector,) = flow.result["data_schema"].schema.values()
    options: Any = selector.config["options"]
    return [(each["value"], each["label"]) for each in options]


async def test_a_profile_is_proposed_checked_and_written_and_its_station_made(
    hass: HomeAssistant, broker: Any, told: dict[str, Any], folder: Path
) -> None:
    told["homeassistant/switch/door/lock/config"] = {**BELL, "name": "Lock"}
    told["homeassistant/sensor/door/battery/config"] = BELL
    told["homeassistant/button/attic/config"] = {"name": "Attic", "cmd_t": "attic/x"}
    flow = await begun(hass)
    assert flow.result["step_id"] == "device"
    assert devices(flow) == [("attic", "Attic"), ("door", "Door")]

    flow, text = await proposal(hass)
    assert flow.result["step_id"] == "profile"
    assert [*json.loads(text)["models"]["device"]["handled"]] == ["button", "switch"]
    await flow.answer(profile=flow.suggested["profile"])
    assert flow.errors == {"profile": "profile_wrong"}
    said = flow.result["description_placeholders"]
    shown = flow.suggested["profile"].splitlines()
    assert '"?"' in shown[int(said["line"]) - 1]
    assert said["reason"].startswith("`kinds.press_button.class must be one of")
    assert not folder.exists(), "a wrong one was written"

    await flow.answer(profile=text)
    assert (folder / "own_door.json").read_text(encoding="utf-8") == text
    assert flow.result["step_id"] == "station"
    await flow.answer(**flow.suggested)
    await flow.answer(nodes=["door"])
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = stations(hass)
    assert entry.data["protocol"] == "own_door"
    (node,) = entry.subentries.values()
    assert node.data[CONF_FIELDS] == {"model": "device"}


async def test_no_file_is_ever_written_over(
    hass: HomeAssistant, broker: Any, told: dict[str, Any], folder: Path
) -> None:
    folder.mkdir(parents=True)
    file = folder / "own_door.json"
    file.write_text("mine")
    flow, text = await proposal(hass)
    await flow.answer(profile=text)
    assert flow.errors == {"profile": "profile_exists"}
    assert file.read_text() == "mine"


async def test_a_name_that_a_profile_of_the_package_has_is_refused(
    hass: HomeAssistant, broker: Any, told: dict[str, Any], folder: Path
) -> None:
    flow, text = await proposal(hass)
    await flow.answer(profile=text.replace('"own_door"', '"tasmota"'))
    assert flow.errors == {"profile": "profile_wrong"}
    await flow.answer(profile=text.replace('"own_door"', '"../door"'))
    assert flow.errors == {"profile": "profile_wrong"}
    assert not folder.exists()


async def test_a_folder_that_cannot_be_written_is_said(
    hass: HomeAssistant, broker: Any, told: dict[str, Any], folder: Path
) -> None:
    folder.parent.write_text("in the way")
    flow, text = await proposal(hass)
    await flow.answer(profile=text)
    assert flow.errors == {"base": "profile_not_written"}
    folder.parent.unlink()
    await flow.answer(profile=text)
    assert flow.result["step_id"] == "station"


async def test_a_profile_that_is_one_too_many_is_said(
    hass: HomeAssistant,
    broker: Any,
    told: dict[str, Any],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(owned_profiles, "MOST_FILES", 0)
    flow, text = await proposal(hass)
    await flow.answer(profile=text)
    assert flow.aborted == "too_many_profiles"


async def test_where_no_device_describes_itself_that_is_said(
    hass: HomeAssistant, broker: Any, told: dict[str, Any]
) -> None:
    told.clear()
    told["homeassistant/sensor/x/config"] = {}
    flow = await begun(hass)
    assert (flow.result["step_id"], flow.errors) == ("user", {"base": "no_device"})


async def test_a_broker_that_goes_meanwhile_is_said(
    hass: HomeAssistant, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose_it(_seconds: float) -> None:
        broker.connected = False

    monkeypatch.setattr(listening, "sleep", lose_it)
    assert (await begun(hass)).errors == {"base": "mqtt_disconnected"}


async def test_a_flood_of_devices_is_bounded(
    hass: HomeAssistant,
    broker: Any,
    told: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proposal_flow, "MOST_READ", 4)
    monkeypatch.setattr(proposal_flow, "MOST_NODES", 2)
    for place in range(5):
        topic = f"homeassistant/button/b{place}/config"
        told[topic] = {"name": f"B{place}", "cmd_t": "x"}
    flow = await begun(hass)
    assert len(devices(flow)) == 2
