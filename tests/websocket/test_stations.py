"""The stations from which a person chooses one for a card."""

from __future__ import annotations

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..conftest import SetUp
from ..others import ORCHARD
from .looking import Looker


async def test_stations_are_told_by_name_with_what_tells_them_apart(
    looker: Looker, device_id: str, kitchen: MockConfigEntry, set_up: SetUp
) -> None:
    await set_up(**{**ORCHARD, "title": "an orchard"})

    answer = await looker.asks("stations", language="en")

    orchard, station = answer["result"]["stations"]
    assert orchard["title"] == "an orchard"
    assert orchard["feeds"] is False
    assert station == {
        "entry_id": kitchen.entry_id,
        "device_id": device_id,
        "title": "Kitchen",
        "protocol": "paired_dispenser",
        "protocol_in_words": "Paired dispenser",
        "loaded": True,
        "feeds": True,
        "nodes": ["1", "2"],
        "may_control": True,
    }


async def test_a_station_that_is_not_loaded_is_told_too(
    hass: HomeAssistant, looker: Looker, kitchen: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(kitchen.entry_id)

    (station,) = (await looker.asks("stations"))["result"]["stations"]

    assert station["loaded"] is False
    assert station["title"] == "Kitchen"
