"""Buttons order a command, or settle one, on the same way as actions do."""

from __future__ import annotations

from dataclasses import replace

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import area_registry as ar, device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.button import LOOK_AGAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from .calls import all_ready, device_of, disk_works_again, feed_in_doubt
from .conftest import Disk, SetUp
from .nodes import CONVEYOR_SECONDS, Nodes, pass_time, settled
from .people import a_user, as_user

FEED = "button.kitchen_feed"
REBOOT_2 = "button.kitchen_node_2_reboot"
HAPPENED = "button.kitchen_it_happened"
DID_NOT_HAPPEN = "button.kitchen_it_did_not_happen"
SEND_AGAIN = "button.kitchen_send_again"
ANSWERS = (HAPPENED, DID_NOT_HAPPEN, SEND_AGAIN)


async def press(
    hass: HomeAssistant, *entity_ids: str, context: Context | None = None
) -> None:
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": list(entity_ids)},
        blocking=True,
        context=context,
    )


def asked_about(hass: HomeAssistant) -> set[int | None]:
    """Return the commands that the buttons for answers are about."""
    return {
        state.attributes.get("command_id")
        for state in hass.states.async_all("button")
        if state.entity_id in ANSWERS
    }


async def reboots_in_doubt(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    """Have #1 and #2 in doubt, one at each node."""
    await nodes.newer()
    await nodes.ready()
    for node in ("1", "2"):
        await press(hass, f"button.kitchen_node_{node}_reboot")
    await settled(hass, coordinator)
    await pass_time(hass, freezer, 11)
    await settled(hass, coordinator)
    assert coordinator.data.unconfirmed == (1, 2)


async def test_feed_orders_the_portions_of_the_number(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": "number.kitchen_portions", "value": 4},
        blocking=True,
    )
    await nodes.ready()
    await pass_time(hass, freezer, 1)

    await press(hass, FEED)
    await settled(hass, coordinator)

    assert [message["items"][0]["quantity"] for message in nodes.sent("1")] == [4]
    assert len(nodes.sent("2")) == 1


async def test_feed_gives_one_portion_until_the_number_says_otherwise(
    hass: HomeAssistant, coordinator: DispatchCoordinator
) -> None:
    await press(hass, FEED)

    (command,) = coordinator.engine.ledger.open.values()
    assert command.params["portions"] == 1
    assert command.timeline[0].cause is Cause.BUTTON


async def test_a_press_is_stored_and_waits_for_nodes_that_are_away(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await press(hass, FEED)
    assert nodes.sent("1") == []

    await nodes.ready()
    await pass_time(hass, freezer, 1)
    await settled(hass, coordinator)

    assert len(nodes.sent("1")) == 1


async def test_reboot_goes_to_its_own_node(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes
) -> None:
    await nodes.newer()
    await nodes.ready()

    await press(hass, REBOOT_2)
    await settled(hass, coordinator)

    assert nodes.sent("1") == []
    assert [message["op"] for message in nodes.sent("2")] == ["reboot"]


async def test_a_press_fails_if_it_cannot_be_stored(
    hass: HomeAssistant, coordinator: DispatchCoordinator, disk_full: Disk
) -> None:
    disk_full(True)

    with pytest.raises(NotStoredError):
        await press(hass, FEED)

    assert not coordinator.engine.ledger.open


async def test_a_press_that_a_guard_refuses_says_why(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await set_up(options={"minimum_gap": 3600})
    await press(hass, FEED)

    with pytest.raises(ServiceValidationError) as refused:
        await press(hass, FEED)

    assert refused.value.translation_key == "minimum_gap"


async def test_a_protocol_without_a_kind_has_no_button_for_it(
    hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from custom_components.mqtt_dispatch.protocols import PROTOCOLS

    protocol = PROTOCOLS["paired_dispenser"]
    kinds = {"operate": protocol.kinds["operate"]}
    monkeypatch.setattr(
        "custom_components.mqtt_dispatch.station.PROTOCOLS",
        {"paired_dispenser": replace(protocol, kinds=kinds)},
    )

    await set_up()

    assert set(hass.states.async_entity_ids("button")) == {
        HAPPENED,
        DID_NOT_HAPPEN,
        SEND_AGAIN,
    }


# ---- what became of a command in doubt


async def test_answers_can_be_given_only_while_something_is_in_doubt(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    def available() -> set[bool]:
        return {
            not hass.states.is_state(entity_id, STATE_UNAVAILABLE)
            for entity_id in ANSWERS
        }

    assert available() == {False}
    command_id = await feed_in_doubt(hass, freezer, kitchen, nodes)
    assert available() == {True}
    assert asked_about(hass) == {command_id}
    await hass.config_entries.async_reload(kitchen.entry_id)
    assert available() == {True}
    await nodes.done(command_id)
    await settled(hass, kitchen.runtime_data)
    assert available() == {False}


@pytest.mark.parametrize(
    ("entity_id", "state"),
    [
        (HAPPENED, CommandState.SUCCEEDED),
        (DID_NOT_HAPPEN, CommandState.FAILED),
        (SEND_AGAIN, CommandState.QUEUED),
    ],
)
async def test_a_press_settles_the_command_in_the_name_of_who_presses(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    entity_id: str,
    state: CommandState,
    in_doubt: int,
) -> None:
    await pass_time(hass, freezer, 30)
    anna = await a_user(hass, GROUP_ID_USER, name="Anna")

    await press(hass, entity_id, context=as_user(anna))
    await settled(hass, kitchen.runtime_data)
    await hass.config_entries.async_reload(kitchen.entry_id)

    command = kitchen.runtime_data.engine.ledger.find(in_doubt)
    assert command is not None
    assert command.state is state
    last = next(entry for entry in reversed(command.timeline) if entry.node is None)
    assert (last.state, last.cause, last.detail) == (state, Cause.PERSON, "Anna")


async def test_what_is_to_be_sent_again_is(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    in_doubt: int,
) -> None:
    await press(hass, SEND_AGAIN)
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    await all_ready(hass, freezer, nodes)
    await settled(hass, kitchen.runtime_data)

    assert [message["queue_id"] for message in nodes.sent("1")] == [in_doubt] * 2


async def test_the_oldest_doubt_is_settled_first_and_the_next_not_by_the_same_press(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await reboots_in_doubt(hass, freezer, coordinator, nodes)
    assert asked_about(hass) == {1}

    await press(hass, HAPPENED)
    await settled(hass, coordinator)
    assert asked_about(hass) == {2}
    with pytest.raises(ServiceValidationError) as refused:
        await press(hass, HAPPENED)
    assert refused.value.translation_key == "another_unconfirmed"
    assert refused.value.translation_placeholders == {"command_id": "2"}
    assert coordinator.data.unconfirmed == (2,)

    await pass_time(hass, freezer, LOOK_AGAIN)
    await press(hass, DID_NOT_HAPPEN)
    assert {
        command.id: command.state
        for command in coordinator.engine.ledger.closed.values()
    } == {1: CommandState.SUCCEEDED, 2: CommandState.FAILED}


async def test_of_presses_that_contradict_each_other_one_counts(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await reboots_in_doubt(hass, freezer, coordinator, nodes)

    with pytest.raises(ServiceValidationError) as refused:
        await press(hass, HAPPENED, DID_NOT_HAPPEN)

    ended = coordinator.engine.ledger.closed[1].state
    assert refused.value.translation_key == f"already_{ended}"
    assert coordinator.data.unconfirmed == (2,)
    # Newer cores press in the order that is asked for.
    assert coordinator.engine.ledger.closed[1].state in (
        CommandState.SUCCEEDED,
        CommandState.FAILED,
    )


async def test_an_order_for_an_area_answers_no_question(
    hass: HomeAssistant, kitchen: MockConfigEntry, in_doubt: int
) -> None:
    area = ar.async_get(hass).async_create("Pantry")
    dr.async_get(hass).async_update_device(device_of(hass, kitchen), area_id=area.id)

    await hass.services.async_call(
        "button", "press", {"area_id": area.id}, blocking=True
    )

    engine = kitchen.runtime_data.engine
    assert engine.ledger.open[in_doubt].state is CommandState.UNCONFIRMED
    assert in_doubt + 1 in engine.ledger.open, "the feed button was not reached"


async def test_a_press_that_comes_too_late_says_so(
    hass: HomeAssistant, nodes: Nodes, in_doubt: int
) -> None:
    button = hass.data["entity_components"]["button"].get_entity(HAPPENED)
    await nodes.done(in_doubt)

    with pytest.raises(ServiceValidationError) as refused:
        await button.async_press()

    assert refused.value.translation_key == "nothing_unconfirmed"


@pytest.mark.usefixtures("in_doubt")
async def test_send_again_that_cannot_be_stored_fails_and_nothing_is_sent(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    disk_full: Disk,
) -> None:
    disk_full(True)

    with pytest.raises(NotStoredError):
        await press(hass, SEND_AGAIN)

    disk_full(False)
    await disk_works_again(hass, freezer, kitchen.runtime_data)
    await all_ready(hass, freezer, nodes)
    await settled(hass, kitchen.runtime_data)
    assert len(nodes.sent("1")) == 1
