"""Who may do what: as Home Assistant's own permissions say, and not less."""

from __future__ import annotations

from typing import Any

from homeassistant.auth.const import (
    GROUP_ID_ADMIN,
    GROUP_ID_READ_ONLY,
    GROUP_ID_USER,
)
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
from homeassistant.helpers import device_registry as dr, entity_registry as er, http
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.ordering import permissions
from custom_components.mqtt_dispatch.station import nodes_of

from ..calls import actions_of, call, device_of
from ..nodes import Nodes, settled
from ..people import a_user, a_user_for, as_user

CHANGES: dict[str, dict[str, Any]] = {
    "feed": {"portions": 1},
    "reboot": {},
    "open_valve": {},
    "send_command": {"kind": "operate", "params": {"op": "dc", "on": 1}},
    "cancel_command": {"command_id": 1},
    "resolve_command": {"command_id": 1, "outcome": "resend"},
    "finish_command": {"command_id": 1},
    "schedule": {"time": "08:00", "portions": 1},
    "unschedule": {"meal_id": "1"},
    "skip_meal": {"meal_id": "1"},
    "unskip_meal": {"meal_id": "1"},
    "cancel_all": {},
    "pause": {},
    "resume": {},
}
LOOKS: dict[str, dict[str, Any]] = {
    "get_commands": {},
    "get_schedule": {},
    "get_metrics": {},
    "export_history": {},
}
ACTIONS = {**CHANGES, **LOOKS}
CONTROL, READ = {POLICY_CONTROL: True}, {POLICY_READ: True}


class Caller:
    """Somebody who calls actions of the Kitchen."""

    def __init__(
        self, hass: HomeAssistant, kitchen: MockConfigEntry, context: Context
    ) -> None:
        """Be who a context says."""
        self._hass = hass
        self._kitchen = kitchen
        self._context = context

    async def may(self, action: str, node: str | None = None, **fields: Any) -> bool:
        """Return whether an action is not refused, whatever else becomes of it."""
        try:
            await call(
                self._hass,
                action,
                device_of(self._hass, self._kitchen, node),
                context=self._context,
                **(fields or ACTIONS[action]),
            )
        except Unauthorized:
            return False
        except ServiceValidationError:
            return True
        return True

    async def does(self, node: str | None = None) -> set[str]:
        """Return the actions that are not refused."""
        return {action for action in ACTIONS if await self.may(action, node)}


def test_every_action_is_looked_at(hass: HomeAssistant, kitchen: Any) -> None:
    assert set(hass.services.async_services_for_domain("mqtt_dispatch")) == set(ACTIONS)


@pytest.mark.parametrize("node", [None, "1"])
async def test_who_may_only_look_changes_nothing(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    node: str | None,
) -> None:
    await actions_of(hass, kitchen)("feed", portions=1)
    before = coordinator.engine.ledger.revision
    user = await a_user(hass, GROUP_ID_READ_ONLY)

    assert await Caller(hass, kitchen, as_user(user)).does(node) == set(LOOKS)
    assert coordinator.engine.ledger.revision == before


async def test_a_refusal_is_home_assistants_own(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    context = as_user(await a_user(hass, GROUP_ID_READ_ONLY))

    with pytest.raises(Unauthorized) as refused:
        await call(hass, "feed", device_of(hass, kitchen), context, portions=1)

    assert refused.value.context is context
    assert refused.value.permission == POLICY_CONTROL
    assert refused.value.perm_category == "entities"
    assert str(refused.value.entity_id).partition(".")[2].startswith("kitchen_")


@pytest.mark.parametrize("group", [GROUP_ID_USER, GROUP_ID_ADMIN])
async def test_who_may_use_everything_may_call_everything(
    hass: HomeAssistant, kitchen: MockConfigEntry, group: str
) -> None:
    caller = Caller(hass, kitchen, as_user(await a_user(hass, group)))

    assert await caller.does() == await caller.does("2") == set(ACTIONS)


async def test_who_belongs_to_no_group_does_not_even_look(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    caller = Caller(hass, kitchen, as_user(await a_user(hass)))

    assert await caller.does() == await caller.does("2") == set()


async def test_a_user_who_is_gone_is_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry, coordinator: DispatchCoordinator
) -> None:
    with pytest.raises(UnknownUser):
        await call(
            hass, "feed", device_of(hass, kitchen), Context(user_id="gone"), portions=1
        )
    assert not coordinator.engine.ledger.open


async def test_the_station_is_enough_for_what_goes_to_the_whole_of_it(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await actions_of(hass, kitchen)("feed", portions=1)
    station = device_of(hass, kitchen)
    user = await a_user_for(hass, {"device_ids": {station: True}})
    caller = Caller(hass, kitchen, as_user(user))

    # A reboot and an operation go to each node by itself.
    assert await caller.does() == set(ACTIONS) - {"reboot", "send_command"}
    assert await caller.does("1") == set()


async def test_a_node_is_enough_for_what_goes_to_it_alone(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await actions_of(hass, kitchen)("feed", portions=1)
    first = device_of(hass, kitchen, "1")
    user = await a_user_for(hass, {"device_ids": {first: True}})
    caller = Caller(hass, kitchen, as_user(user))

    assert await caller.does() == set()
    assert await caller.does("2") == set()
    # What is ordered under #1 is a feed, and the meals are of the whole station.
    assert await caller.does("1") == {"reboot", "open_valve", "send_command"}


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("cancel_command", {}),
        ("resolve_command", {"outcome": "failed"}),
        ("finish_command", {}),
    ],
)
async def test_what_was_ordered_of_another_node_is_not_reached_through_an_own_one(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    action: str,
    fields: dict[str, Any],
) -> None:
    first = device_of(hass, kitchen, "1")
    user = await a_user_for(hass, {"device_ids": {first: True}})
    caller = Caller(hass, kitchen, as_user(user))
    await nodes.newer()
    own = await actions_of(hass, kitchen, "1")("reboot")
    other = await actions_of(hass, kitchen, "2")("reboot")
    both = await actions_of(hass, kitchen)("reboot")

    for command, may in ((own, True), (other, False), (both, False)):
        assert may is await caller.may(
            action, "1", command_id=command["command_id"], **fields
        )


async def test_what_a_removed_node_may_have_is_settled_by_who_controls_the_station(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.newer()
    await nodes.ready()
    order = await actions_of(hass, kitchen, "2")("reboot")
    await settled(hass, kitchen.runtime_data)
    hass.config_entries.async_remove_subentry(kitchen, nodes_of(kitchen)["2"])
    await hass.async_block_till_done()
    first, station = device_of(hass, kitchen, "1"), device_of(hass, kitchen)
    assert kitchen.runtime_data.engine.ledger.open.keys() == {order["command_id"]}
    for device, may in ((first, False), (station, True)):
        user = await a_user_for(hass, {"device_ids": {device: True}})
        caller = Caller(hass, kitchen, as_user(user))
        assert may is await caller.may(
            "resolve_command",
            "1" if device == first else None,
            command_id=order["command_id"],
            outcome="failed",
        )


@pytest.mark.parametrize(
    "policy",
    [
        {"entity_ids": {"button.kitchen_feed": True}},
        {"entity_ids": {"button.kitchen_feed": CONTROL}, "all": READ},
        {"domains": {"button": CONTROL}},
    ],
)
async def test_a_part_of_a_device_is_not_the_device(
    hass: HomeAssistant, kitchen: MockConfigEntry, policy: dict[str, Any]
) -> None:
    user = await a_user_for(hass, policy)

    assert not await Caller(hass, kitchen, as_user(user)).may("feed")


async def test_reading_a_device_is_enough_to_look(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    station = device_of(hass, kitchen)
    user = await a_user_for(hass, {"device_ids": {station: READ}})

    assert await Caller(hass, kitchen, as_user(user)).does() == set(LOOKS)


async def test_what_others_hang_on_a_device_does_not_matter(
    hass: HomeAssistant, kitchen: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    station = device_of(hass, kitchen)
    own = [
        entity.entity_id
        for entity in er.async_entries_for_device(entity_registry, station)
    ]
    other = MockConfigEntry(domain="utility_meter")
    other.add_to_hass(hass)
    entity_registry.async_get_or_create(
        "sensor", "utility_meter", "1", config_entry=other, device_id=station
    )
    user = await a_user_for(hass, {"entity_ids": dict.fromkeys(own, True)})

    assert await Caller(hass, kitchen, as_user(user)).may("feed")


async def test_a_device_without_entities_is_only_for_who_may_use_everything(
    hass: HomeAssistant, kitchen: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    station = device_of(hass, kitchen)
    for entity in er.async_entries_for_device(entity_registry, station):
        entity_registry.async_remove(entity.entity_id)
    some = await a_user_for(hass, {"device_ids": {station: True}})
    every = await a_user(hass, GROUP_ID_USER)

    assert not await Caller(hass, kitchen, as_user(some)).may("feed")
    assert await Caller(hass, kitchen, as_user(every)).may("feed")


async def test_a_device_of_somebody_else_tells_nothing(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    other = MockConfigEntry(domain="hue")
    other.add_to_hass(hass)
    lamp = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("hue", "1")}, name="Lamp"
    )
    context = as_user(await a_user(hass, GROUP_ID_READ_ONLY))

    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "feed", lamp.id, context, portions=1)

    assert refused.value.translation_key == "not_a_station"


def test_a_core_that_does_not_tell_of_its_request_leaves_a_decision_without_a_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The core means to move what tells it; nothing else depends on that."""
    monkeypatch.delattr(http, "current_request")
    assert permissions.context_of_request() is None
