"""The portions of the feed button: their range, and that they are kept."""

from __future__ import annotations

from homeassistant.components.number import NumberExtraStoredData
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    mock_restore_cache_with_extra_data,
)

from .conftest import SetUp

PORTIONS = "number.kitchen_portions"


async def set_portions(hass: HomeAssistant, value: float) -> None:
    await hass.services.async_call(
        "number", "set_value", {"entity_id": PORTIONS, "value": value}, blocking=True
    )


def portions(hass: HomeAssistant) -> str:
    state = hass.states.get(PORTIONS)
    assert state is not None
    return state.state


def remember(hass: HomeAssistant, value: float | None) -> None:
    data = NumberExtraStoredData(50, 1, 1, None, value)
    mock_restore_cache_with_extra_data(
        hass, ((State(PORTIONS, str(value)), data.as_dict()),)
    )


async def test_the_range_is_that_of_the_protocol(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    state = hass.states.get(PORTIONS)
    assert state is not None
    assert (state.attributes["min"], state.attributes["max"]) == (1, 50)
    assert state.state == "1"


@pytest.mark.parametrize("value", [0, 51])
async def test_portions_out_of_range_are_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry, value: float
) -> None:
    with pytest.raises(ServiceValidationError):
        await set_portions(hass, value)

    assert portions(hass) == "1"


async def test_portions_are_kept_over_a_reload(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await set_portions(hass, 7)

    await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done()

    assert portions(hass) == "7"
    assert kitchen.runtime_data.portions == 7


async def test_portions_are_kept_over_a_restart(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    remember(hass, 7)

    entry = await set_up()

    assert portions(hass) == "7"
    assert entry.runtime_data.portions == 7


@pytest.mark.parametrize("value", [0, 51, None])
async def test_kept_portions_that_make_no_sense_are_forgotten(
    hass: HomeAssistant, set_up: SetUp, value: float | None
) -> None:
    remember(hass, value)

    await set_up()

    assert portions(hass) == "1"
