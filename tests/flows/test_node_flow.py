"""Nodes are added to a station and renamed; what was ordered stays with them."""

from __future__ import annotations

from dataclasses import replace

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.events import PutMeal
from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS, Meal, Rule
from custom_components.mqtt_dispatch.flows import node_flow
from custom_components.mqtt_dispatch.ordering.commands import async_order
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.station import nodes_of

from ..calls import actions_of
from ..conftest import SetUp
from ..forms import changed_node, new_node, node_called_in, offers, renamed_node
from ..nodes import Nodes, pass_time, settled
from ..others import ORCHARD
from ..repairing import Person, issues, keys


def subentry_id(entry: MockConfigEntry, node: str) -> str:
    """Return the id of what is kept of a node."""
    return nodes_of(entry)[node]


async def test_a_node_is_added(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    flow = await new_node(hass, kitchen)
    assert flow.errors == {}
    await flow.answer(node=" 3 ", name=" Fountain ")
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY
    added = kitchen.subentries[subentry_id(kitchen, "3")]
    assert (added.title, dict(added.data)) == ("Fountain", {"node": "3"})
    assert kitchen.runtime_data.engine.station.nodes == ("1", "2", "3")
    await nodes.ready("3")
    assert hass.states.is_state("binary_sensor.kitchen_fountain_online", "on")


async def test_a_line_that_no_node_can_keep_keeps_no_node_out(
    hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the line's fault: whoever puts it is told, and the log says it."""

    def refuse(*_args: object, **_fields: object) -> None:
        raise InvalidCommand("plan_no_sun")

    orchard = await set_up(**ORCHARD)
    monkeypatch.setattr(node_flow, "check_node_plan", refuse)
    added = await new_node(hass, orchard)

    await added.answer(node="3", name="Pears", slots=8)

    assert added.result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_node_without_room_for_its_plan_is_refused_and_stays_as_it_was(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    """Else none of the nodes would get its plan, and only the log would say so."""
    orchard = await set_up(**ORCHARD)
    act = actions_of(hass, orchard)
    run = {"valve": 0, "duration": 60}
    for time in ("06:00", "07:00"):
        await act("schedule", time=time, params=run)
    change = await changed_node(hass, orchard, "1")
    await change.answer(name="Apples", slots=1)
    assert change.errors == {"base": "plan_too_long"}
    added = await new_node(hass, orchard)
    await added.answer(node="3", name="Pears", slots=1)
    assert added.errors == {"base": "plan_too_long"}

    await change.answer(name="Apples", slots=3)
    assert change.aborted == "reconfigure_successful"
    await added.answer(node="3", name="Pears", slots=0)
    assert nodes_of(orchard).keys() == {"1", "2", "3"}


async def test_a_node_of_a_plan_that_was_wrong_before_can_still_be_changed(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    orchard = await set_up(**ORCHARD)
    coordinator, run = orchard.runtime_data, {"valve": 0, "duration": 600}
    await actions_of(hass, orchard)("schedule", time="06:00", params=run)
    (meal,) = coordinator.engine.ledger.meals.values()
    amid_it = Rule("06:05", frozenset(WEEKDAYS))
    coordinator.handle(PutMeal(replace(meal, id="", name="Amid", rule=amid_it)))
    await settled(hass, coordinator)
    assert len(coordinator.engine.ledger.meals) == 2

    change = await changed_node(hass, orchard, "1")
    await change.answer(name="Apples", slots=1)
    assert change.errors == {"base": "plan_too_long"}

    await change.answer(name="Apples", slots=3)
    assert change.aborted == "reconfigure_successful"


@pytest.mark.parametrize("blank", [{}, {"name": ""}, {"name": "  "}])
async def test_a_node_without_a_name_is_named_after_its_topic(
    hass: HomeAssistant, kitchen: MockConfigEntry, blank: dict[str, str]
) -> None:
    await (await new_node(hass, kitchen)).answer(node="left", **blank)
    assert kitchen.subentries[subentry_id(kitchen, "left")].title == "Node left"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"node": "2"}, {"node": "node_used"}),
        ({"node": " 2 ", "name": "Second"}, {"node": "node_used"}),
        ({"node": "", "name": "Third"}, {"node": "invalid_node"}),
        ({"node": "a/b"}, {"node": "invalid_node"}),
        ({"node": "#"}, {"node": "invalid_node"}),
        ({"node": "3", "name": "two\nlines"}, {"name": "invalid_name"}),
        ({"node": "3", "name": "Node 1"}, {"name": "name_used"}),
    ],
)
async def test_a_bad_node_is_refused_and_can_be_mended(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    wrong: dict[str, str],
    error: dict[str, str],
) -> None:
    flow = await new_node(hass, kitchen)
    await flow.answer(**wrong)
    assert flow.errors == error
    assert flow.suggested == wrong, "what was typed is lost"
    await flow.answer(node="3", name="Third")
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY


async def test_adding_a_node_by_hand_withdraws_its_offer_only(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await node_called_in(hass, kitchen.entry_id, "3")
    await node_called_in(hass, kitchen.entry_id, "4")
    await (await new_node(hass, kitchen)).answer(node="3")
    (offer,) = offers(hass)
    assert offer["context"]["unique_id"] == "disp/+/4"


async def test_a_renamed_node_keeps_its_commands_and_its_entities(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    await nodes.newer()
    command_id = await async_order(
        kitchen.runtime_data, "reboot", {}, ("2",), Cause.ACTION
    )
    entities = set(entity_registry.entities)
    flow = await renamed_node(hass, kitchen, subentry_id(kitchen, "2"))
    assert flow.suggested == {"name": "Node 2"}
    assert flow.result["description_placeholders"] == {"node": "2", "not_provable": ""}
    await flow.answer(name=" Door ")
    assert flow.aborted == "reconfigure_successful"

    renamed = kitchen.subentries[subentry_id(kitchen, "2")]
    assert (renamed.title, renamed.unique_id) == ("Door", "2")
    assert dict(renamed.data) == {"node": "2"}
    assert "Kitchen Door" in {
        device.name
        for device in dr.async_entries_for_config_entry(
            device_registry, kitchen.entry_id
        )
    }
    assert set(entity_registry.entities) == entities
    state = hass.states.get("binary_sensor.kitchen_node_2_online")
    assert state is not None
    assert state.name == "Kitchen Door Online"

    command = kitchen.runtime_data.engine.ledger.open[command_id]
    assert command.state is CommandState.QUEUED
    await nodes.ready("2")
    await settled(hass, kitchen.runtime_data)
    assert [message["queue_id"] for message in nodes.sent("2")] == [command_id]


@pytest.mark.parametrize(
    ("name", "error"),
    [(" ", "invalid_name"), ("x" * 101, "invalid_name"), ("Node 1", "name_used")],
)
async def test_a_bad_new_name_is_refused_and_can_be_mended(
    hass: HomeAssistant, kitchen: MockConfigEntry, name: str, error: str
) -> None:
    flow = await renamed_node(hass, kitchen, subentry_id(kitchen, "2"))
    await flow.answer(name=name)
    assert flow.errors == {"name": error}
    assert flow.suggested == {"name": name}, "what was typed is lost"
    await flow.answer(name="Door")
    assert flow.aborted == "reconfigure_successful"


async def test_the_same_name_again_reloads_nothing(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    before = kitchen.runtime_data
    flow = await renamed_node(hass, kitchen, subentry_id(kitchen, "2"))
    await flow.answer(name="Node 2")
    assert flow.aborted == "reconfigure_successful"
    assert kitchen.runtime_data is before


async def test_what_was_never_sent_to_a_removed_node_ends_with_the_reason(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    device_registry: dr.DeviceRegistry,
) -> None:
    coordinator = kitchen.runtime_data
    await nodes.newer()
    both = await async_order(coordinator, "feed", {"portions": 1}, (), Cause.ACTION)
    gone = await async_order(coordinator, "reboot", {}, ("2",), Cause.ACTION)
    kept = await async_order(coordinator, "reboot", {}, ("1",), Cause.ACTION)
    hass.config_entries.async_remove_subentry(kitchen, subentry_id(kitchen, "2"))
    await hass.async_block_till_done()

    ledger = kitchen.runtime_data.engine.ledger
    assert list(ledger.open) == [both, kept]
    assert ledger.closed[gone].state is CommandState.CANCELLED
    assert ledger.closed[gone].timeline[-1].cause is Cause.NODE_REMOVED
    await nodes.ready()
    await settled(hass, kitchen.runtime_data)
    assert [message["queue_id"] for message in nodes.sent("1")] == [kept]
    assert nodes.sent("2") == []
    assert hass.states.get("binary_sensor.kitchen_node_2_online") is None
    devices = dr.async_entries_for_config_entry(device_registry, kitchen.entry_id)
    assert {device.name for device in devices} == {"Kitchen", "Kitchen Node 1"}


async def test_what_a_removed_node_was_cancelled_is_on_disk(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.newer("2")
    gone = await async_order(kitchen.runtime_data, "reboot", {}, ("2",), Cause.ACTION)
    hass.config_entries.async_remove_subentry(kitchen, subentry_id(kitchen, "2"))
    await hass.async_block_till_done()
    await kitchen.runtime_data.async_stored()
    stored, history = await kitchen.runtime_data.store.async_load()
    found = {command.id: command for command in (*history, *stored.commands)}
    assert found[gone].state is CommandState.CANCELLED


async def test_a_station_without_nodes_takes_no_command(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    for subentry in tuple(kitchen.subentries):
        hass.config_entries.async_remove_subentry(kitchen, subentry)
        await hass.async_block_till_done()
    feed = ("feed", {"portions": 1}, (), Cause.ACTION)
    with pytest.raises(ServiceValidationError) as refusal:
        await async_order(kitchen.runtime_data, *feed)
    assert refusal.value.translation_key == "node_needed"
    assert kitchen.runtime_data.engine.ledger.open == {}
    assert kitchen.runtime_data.data.ready is None, "no node is ready"

    await (await new_node(hass, kitchen)).answer(node="7")
    await async_order(kitchen.runtime_data, *feed)
    assert len(kitchen.runtime_data.engine.ledger.open) == 1


async def test_a_meal_of_a_station_without_nodes_is_recorded_as_cancelled(
    hass: HomeAssistant, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    entry = await set_up(nodes=())
    coordinator = entry.runtime_data
    weekdays = frozenset(WEEKDAYS)
    coordinator.handle(PutMeal(Meal("", "Snack", Rule("14:30", weekdays), {})))
    await settled(hass, coordinator)
    await pass_time(hass, freezer, 40 * 60)
    await settled(hass, coordinator)
    (command,) = coordinator.engine.ledger.closed.values()
    assert command.state is CommandState.CANCELLED
    assert command.timeline[-1].cause is Cause.NODE_REMOVED


async def test_a_doubt_about_a_removed_node_stays_until_its_late_answer(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    person: Person,
    in_doubt: int,
) -> None:
    await nodes.say("evt", "1", {"queue_id": in_doubt, "done": 1})
    hass.config_entries.async_remove_subentry(kitchen, subentry_id(kitchen, "2"))
    await hass.async_block_till_done()
    await settled(hass, kitchen.runtime_data)
    (issue,) = issues(hass)
    assert issue.translation_key == "unconfirmed"
    again = await person.chooses(await person.opens(issue), "resend")
    assert again["reason"] == "node_removed"
    with pytest.raises(ServiceValidationError) as refusal:
        await actions_of(hass, kitchen)(
            "resolve_command", command_id=in_doubt, outcome="resend"
        )
    assert refusal.value.translation_key == "node_removed"
    assert keys(hass) == ["unconfirmed"]

    before = len(nodes.sent("2"))
    await nodes.ready("2")
    await nodes.say("evt", "2", {"queue_id": in_doubt, "done": 1})
    await settled(hass, kitchen.runtime_data)
    ledger = kitchen.runtime_data.engine.ledger
    assert ledger.closed[in_doubt].state is CommandState.SUCCEEDED
    assert "unconfirmed" not in keys(hass)
    assert len(nodes.sent("2")) == before
