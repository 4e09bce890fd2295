"""Automations go by our own conditions, where the core takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConditionError
from homeassistant.helpers import (
    area_registry as ar,
    condition,
    device_registry as dr,
    entity_registry as er,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..calls import Act, all_ready, device_of, fed, feed_in_doubt
from ..conftest import SetUp
from ..nodes import Nodes, pass_time
from ..others import PETS, Feeder
from .running import TAKES_CONDITIONS, automate

pytestmark = pytest.mark.skipif(
    not TAKES_CONDITIONS, reason="this core takes no conditions of integrations"
)


async def checker(
    hass: HomeAssistant, name: str, target: dict[str, Any], **options: Any
) -> Callable[[], bool | None]:
    """Return what tells whether a condition holds now."""
    core: Any = condition
    made = {
        "condition": f"mqtt_dispatch.{name}",
        "target": target,
        **({"options": options} if options else {}),
    }
    checked = await core.async_validate_condition_config(hass, made)
    found = await core.async_from_config(hass, checked)
    return lambda: bool(found.async_check())


async def test_a_station_is_ready_when_all_its_nodes_are(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    station = await checker(
        hass, "station_ready", {"device_id": device_of(hass, kitchen)}
    )
    both = [device_of(hass, kitchen, node) for node in ("1", "2")]
    all_of_them = await checker(hass, "station_ready", {"device_id": both})
    any_of_them = await checker(
        hass, "station_ready", {"device_id": both}, behavior="any"
    )
    assert (station(), all_of_them(), any_of_them()) == (False, False, False)
    await nodes.ready("1")
    await pass_time(hass, freezer, 1)
    assert (station(), all_of_them(), any_of_them()) == (False, False, True)
    await all_ready(hass, freezer, nodes)
    assert (station(), all_of_them(), any_of_them()) == (True, True, True)


async def test_it_was_fed_within_a_time_if_that_is_certain(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    target = {"entity_id": "sensor.kitchen_last_fed"}
    within = await checker(hass, "fed_within", target, within={"minutes": 30})
    usually = await checker(hass, "fed_within", target)
    node = await checker(
        hass, "fed_within", {"device_id": device_of(hass, kitchen, "1")}
    )
    assert (within(), usually(), node()) == (False, False, False)
    await feed_in_doubt(hass, freezer, kitchen, nodes)
    assert (within(), usually()) == (False, False), "nobody knows"
    await pass_time(hass, freezer, 601)
    await fed(hass, freezer, coordinator, nodes, act)
    assert (within(), usually(), node()) == (True, True, True)
    await pass_time(hass, freezer, 1801)
    assert (within(), usually(), node()) == (False, True, True)
    await pass_time(hass, freezer, 8 * 3600)
    assert (within(), usually(), node()) == (False, False, False)


async def test_what_a_feeder_fed_by_itself_counts_for_it_and_for_no_other(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, mqtt_mock: Any
) -> None:
    other = {"hid": "5F00000000000002", "gateway": "gateway2", "title": "Dog"}
    pets: dict[str, Any] = {**PETS, "nodes": {**PETS["nodes"], "other": other}}
    entry = await set_up(**pets)
    await Feeder(hass, mqtt_mock).tell_all()
    seen = entry.runtime_data.data.nodes
    (fed_node,) = (node for node, view in seen.items() if view.last_fed)
    assert len(seen) == 2
    for node in (None, *seen):
        holds = await checker(
            hass,
            "fed_within",
            {"device_id": device_of(hass, entry, node)},
            within={"days": 30},
        )
        assert holds() is (node in (None, fed_node)), node


async def test_nobody_knows_of_a_station_that_is_not_loaded(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    station = {"device_id": device_of(hass, kitchen)}
    area = ar.async_get(hass).async_create("Empty")
    there = await checker(hass, "station_ready", station)
    elsewhere = await checker(hass, "fed_within", {"area_id": area.id})
    with pytest.raises(ConditionError):
        elsewhere()
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    with pytest.raises(ConditionError):
        there()


async def test_nobody_knows_how_long_ago_something_was_by_a_clock_that_cannot_be_right(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    within = await checker(hass, "fed_within", {"device_id": device_of(hass, kitchen)})
    await fed(hass, freezer, coordinator, nodes, act)
    assert within()
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    freezer.tick(-10 * 86400)
    assert await hass.config_entries.async_setup(kitchen.entry_id)
    with pytest.raises(ConditionError):
        within()


async def test_an_automation_runs_only_if_it_holds(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    area = ar.async_get(hass).async_create("Downstairs")
    devices = dr.async_get(hass)
    devices.async_update_device(device_of(hass, kitchen), area_id=area.id)
    # What others have there means nothing, nor does what is gone.
    others = MockConfigEntry(domain="other")
    others.add_to_hass(hass)
    lamp = devices.async_get_or_create(
        config_entry_id=others.entry_id, identifiers={("other", "lamp")}
    )
    devices.async_update_device(lamp.id, area_id=area.id)
    light = er.async_get(hass).async_get_or_create(
        "light", "other", "lamp", device_id=lamp.id
    )
    ran = await automate(
        hass,
        triggers=[{"trigger": "event", "event_type": "go"}],
        conditions=[
            {
                "condition": "mqtt_dispatch.station_ready",
                "target": {
                    "area_id": area.id,
                    "device_id": "gone",
                    "entity_id": light.entity_id,
                },
            }
        ],
    )
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert ran == []
    await all_ready(hass, freezer, nodes)
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert len(ran) == 1


@pytest.mark.parametrize("name", ["station_ready", "fed_within"])
async def test_each_needs_a_target_and_knows_its_options(
    hass: HomeAssistant, kitchen: MockConfigEntry, name: str
) -> None:
    core: Any = condition
    made: dict[str, Any] = {"condition": f"mqtt_dispatch.{name}"}
    with pytest.raises(vol.Invalid):
        await core.async_validate_condition_config(hass, made)
    with pytest.raises(vol.Invalid):
        await checker(hass, name, {"device_id": "x"}, behavior="first")
