"""What is said to an assistant is ordered and answered."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.assist.handlers import (
    INTENT_FEED,
    INTENT_LAST_FED,
    INTENT_WAITING,
)
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.events import Cancel

from ..calls import Act, all_ready, device_of, fed, use
from ..conftest import Disk, SetUp
from ..nodes import Nodes, pass_time, settled
from ..others import GATEWAY, ORCHARD, PETS, Feeder
from ..people import a_user, a_user_for, as_user
from .talking import say, set_up as listen, words

IN_ORDER = hasattr(er, "COMPUTED_NAME")
"""Whether aliases are in the order in which they were given."""
FEED_BUTTON = "button.kitchen_feed"
PET_BUTTON = "button.pets_cat_feed"


def ordered(coordinator: DispatchCoordinator) -> list[dict[str, Any]]:
    """Return the params of the feeds that are open, the oldest first."""
    found = sorted(coordinator.engine.ledger.open.values(), key=lambda it: it.id)
    return [dict(command.params) for command in found]


@pytest.mark.parametrize(
    "name", ["Kitchen", " kitchen ", "Kitchen Feed", "Whiskers", "downstairs", "cellar"]
)
async def test_a_station_is_known_by_its_names_its_aliases_and_its_areas(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    name: str,
) -> None:
    await listen(hass, FEED_BUTTON)
    area = ar.async_get(hass).async_create("Downstairs", aliases={"Cellar"})
    device_id = device_of(hass, kitchen)
    dr.async_get(hass).async_update_device(device_id, area_id=area.id)
    # A set of them before, a list since.
    aliases: Any = ["Whiskers"] if IN_ORDER else {"Whiskers"}
    er.async_get(hass).async_update_entity(FEED_BUTTON, aliases=aliases)

    answer = await say(hass, INTENT_FEED, name=name, portions=3)
    assert ordered(coordinator) == [{"portions": 3, "hopper": 1, "bowl": 1, "pet": 0}]
    assert words(answer).startswith("Kitchen: 3 portions ordered. It waits: ")


async def test_as_much_is_fed_as_the_button_gives_and_no_name_is_needed(
    hass: HomeAssistant, coordinator: DispatchCoordinator
) -> None:
    await listen(hass, FEED_BUTTON)
    await use(hass, "number.set_value", "number.kitchen_portions", value=4)
    answer = await say(hass, INTENT_FEED)
    assert [one["portions"] for one in ordered(coordinator)] == [4]
    assert "4 portions" in words(answer)


async def test_a_feeder_is_fed_by_its_own_name_with_its_own_amount(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**PETS)
    await Feeder(hass, mqtt_mock).tell_all()
    await listen(hass, PET_BUTTON)
    await use(hass, "number.set_value", "number.pets_cat_portions", value=2)
    answer = await say(hass, INTENT_FEED, name="cat")
    assert words(answer).startswith("Pets Cat: 2 portions ordered.")
    (command,) = entry.runtime_data.engine.ledger.open.values()
    assert (command.kind, command.params) == ("feed", {"portions": 2})
    answer = await say(hass, INTENT_LAST_FED, name="cat")
    assert words(answer).startswith("Pets Cat was last fed ")


async def test_what_is_ready_is_fed_at_once_and_told_so(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await listen(hass, FEED_BUTTON)
    await all_ready(hass, freezer, nodes)
    answer = await say(hass, INTENT_FEED, name="kitchen")
    await settled(hass, coordinator)
    assert words(answer) == "Kitchen: 1 portion ordered."
    assert len(nodes.sent("1")) == 1


async def test_who_has_said_what_a_portion_weighs_hears_the_grams(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await set_up(options={"portion_grams": 12.5})
    await listen(hass, FEED_BUTTON)

    answer = await say(hass, INTENT_FEED, name="kitchen", portions=2)

    assert words(answer).startswith("Kitchen: 2 portions (25 g) ordered.")


async def test_one_saying_is_one_feed_however_often_it_is_tried(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
) -> None:
    await listen(hass, FEED_BUTTON)
    said = Context()
    for _ in range(3):
        answer = await say(hass, INTENT_FEED, said, name="kitchen")
        assert "ordered" in words(answer)
    assert len(ordered(coordinator)) == 1
    await say(hass, INTENT_FEED, name="kitchen")
    assert len(ordered(coordinator)) == 2
    # A script that says it again later bears the same context.
    await pass_time(hass, freezer, 600)
    await say(hass, INTENT_FEED, said, name="kitchen")
    assert len(ordered(coordinator)) == 3


async def test_each_call_of_the_mcp_server_is_an_order_and_none_confirms(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
) -> None:
    await listen(hass, FEED_BUTTON)
    user = await a_user(hass, "system-admin")
    session = as_user(user)
    for _ in range(5):
        # One context may last for as long as the client is connected.
        await say(hass, INTENT_FEED, session, platform="mcp_server", name="kitchen")
    assert len(ordered(coordinator)) == 5
    for context in (as_user(user), as_user(user)):
        answer = await say(
            hass, INTENT_FEED, context, platform="mcp_server", name="kitchen"
        )
        assert words(answer).startswith("Feeds that wait at this station already: 5.")
        await pass_time(hass, freezer, 2)
    assert len(ordered(coordinator)) == 5


async def test_nothing_is_fed_whose_button_is_not_exposed(
    hass: HomeAssistant, coordinator: DispatchCoordinator
) -> None:
    await listen(hass, "sensor.kitchen_last_fed")
    answer = await say(hass, INTENT_FEED, name="kitchen")
    assert answer.error_code == "no_valid_targets"
    assert words(answer).startswith("No feeder is exposed to this assistant.")
    assert ordered(coordinator) == []
    # What comes by no assistant is bound to no exposure.
    await say(hass, INTENT_FEED, assistant=None, name="kitchen")
    assert len(ordered(coordinator)) == 1


async def test_what_is_not_known_or_not_clear_is_asked_for(
    hass: HomeAssistant, coordinator: DispatchCoordinator, set_up: SetUp
) -> None:
    garden = await set_up(title="Garden", prefix="garden")
    await listen(hass, FEED_BUTTON, "button.garden_feed")
    unknown = await say(hass, INTENT_FEED, name="dog")
    assert words(unknown) == "I know nothing that is called dog here."
    which = await say(hass, INTENT_FEED)
    assert words(which) == "Which one: Garden, Kitchen?"
    assert which.error_code == "no_valid_targets"
    assert ordered(coordinator) == ordered(garden.runtime_data) == []
    both = await say(hass, INTENT_LAST_FED)
    assert words(both).count("nobody knows when it was last fed") == 2


async def test_a_person_says_it_again_where_many_feeds_wait_and_nobody_else_can(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
) -> None:
    await listen(hass, FEED_BUTTON)
    for _ in range(5):
        await act("feed", portions=1)
    user = await a_user(hass, "system-admin")
    for context in (Context(), Context()):
        answer = await say(hass, INTENT_FEED, context, name="kitchen")
        assert answer.error_code == "failed_to_handle"
        assert words(answer).startswith("Feeds that wait at this station already: 5.")
    refused = hass.states.get("event.kitchen_command")
    assert refused is not None
    assert refused.attributes["event_type"] == "refused"
    await pass_time(hass, freezer, 1)
    asked = as_user(user)
    for attempt in range(2):
        # A language model that tries again is still within the same saying.
        answer = await say(hass, INTENT_FEED, asked, name="kitchen")
        assert words(answer).endswith("say it once more within 60 seconds.")
        if attempt == 0:
            # Who is asked is not refused.
            assert hass.states.get("event.kitchen_command") == refused
        await pass_time(hass, freezer, 2)
    assert len(ordered(coordinator)) == 5
    answer = await say(hass, INTENT_FEED, as_user(user), name="kitchen")
    assert "ordered" in words(answer)
    assert len(ordered(coordinator)) == 6


async def test_who_may_not_control_a_station_feeds_nothing_and_may_ask_if_he_reads_it(
    hass: HomeAssistant, coordinator: DispatchCoordinator
) -> None:
    await listen(hass, FEED_BUTTON)
    reader = await a_user_for(hass, {"all": {"read": True}}, name="Reader")
    stranger = await a_user_for(hass, {}, name="Stranger")
    for user in (reader, stranger):
        answer = await say(hass, INTENT_FEED, as_user(user), name="kitchen")
        assert words(answer) == "You may not do that."
    assert ordered(coordinator) == []
    for meant in (INTENT_LAST_FED, INTENT_WAITING):
        answer = await say(hass, meant, as_user(reader), name="kitchen")
        assert answer.error_code is None
        answer = await say(hass, meant, as_user(stranger), name="kitchen")
        assert words(answer) == "You may not do that."


async def test_it_is_told_when_something_was_fed_and_what_is_in_doubt(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await listen(hass, FEED_BUTTON)
    await fed(hass, freezer, coordinator, nodes, act)
    answer = await say(hass, INTENT_LAST_FED, name="kitchen")
    assert answer.response_type.value == "query_answer"
    assert words(answer).startswith("Kitchen was last fed at 14:00.")
    await pass_time(hass, freezer, 20)
    await all_ready(hass, freezer, nodes)
    command_id = (await act("feed", portions=1))["command_id"]
    await settled(hass, coordinator)
    await pass_time(hass, freezer, 11)
    await settled(hass, coordinator)
    assert coordinator.data.unconfirmed == (command_id,)
    for meant in (INTENT_LAST_FED, INTENT_WAITING):
        answer = await say(hass, meant, name="kitchen")
        said = "Nobody knows what became of this: Feed: 1 portion."
        assert said in words(answer)


async def test_it_is_told_what_waits_and_what_for(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await listen(hass, FEED_BUTTON)
    answer = await say(hass, INTENT_WAITING, name="kitchen")
    assert words(answer) == "Kitchen: nothing waits."
    await all_ready(hass, freezer, nodes)
    await nodes.say("state", "2", {"online": 1, "ready": 0})
    await act("feed", portions=2)
    answer = await say(hass, INTENT_WAITING, name="kitchen")
    assert words(answer) == (
        "Kitchen waits: Node 2: not ready. It is about: Feed: 2 portions."
    )


async def test_a_meal_is_called_by_its_name(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await nodes.newer()
    await listen(hass, FEED_BUTTON)
    await act("schedule", name="Tea", time="14:01", portions=2)
    await pass_time(hass, freezer, 61)
    await settled(hass, coordinator)
    answer = await say(hass, INTENT_WAITING)
    assert words(answer).endswith("It is about: Tea: 2 portions.")
    await act("reboot")
    tea = min(coordinator.engine.ledger.open)
    coordinator.handle(Cancel(tea))
    answer = await say(hass, INTENT_WAITING)
    assert words(answer).endswith("It is about: Reboot.")


async def test_what_feeds_nothing_was_never_fed_and_can_be_asked_what_it_waits_for(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**ORCHARD)
    await listen(hass, "sensor.orchard_status")
    answer = await say(hass, INTENT_LAST_FED, name="orchard")
    assert answer.error_code == "no_valid_targets"
    answer = await say(hass, INTENT_WAITING, name="orchard")
    assert words(answer) == "Orchard: nothing waits."


async def test_all_feeders_of_a_station_are_fed_by_its_name_and_one_portion_is_usual(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    dog = {"title": "Dog", "fields": {"gateway": GATEWAY, "firmware": "2.7.1"}}
    entry = await set_up(**{**PETS, "nodes": {**PETS["nodes"], "5F2": dog}})
    await Feeder(hass, mqtt_mock).tell_all()
    await listen(hass, PET_BUTTON)
    answer = await say(hass, INTENT_FEED, name="pets")
    assert answer.error_code == "no_valid_targets", "only one of them is exposed"
    await listen(hass, PET_BUTTON, "button.pets_dog_feed")
    answer = await say(hass, INTENT_FEED, name="pets")
    assert words(answer).startswith("Pets: 1 portion ordered.")
    (command,) = entry.runtime_data.engine.ledger.open.values()
    assert len(command.nodes) == 2


async def test_what_is_not_stored_is_not_fed_and_said_so(
    hass: HomeAssistant, coordinator: DispatchCoordinator, disk_full: Disk
) -> None:
    await listen(hass, FEED_BUTTON)
    disk_full(True)
    answer = await say(hass, INTENT_FEED, name="kitchen")
    disk_full(False)
    assert answer.error_code == "failed_to_handle"
    assert words(answer).startswith("This could not be stored on disk")


async def test_what_others_refuse_is_said_in_their_words(
    hass: HomeAssistant, coordinator: DispatchCoordinator
) -> None:
    await listen(hass, FEED_BUTTON)
    hass.services.async_remove("mqtt_dispatch", "feed")
    answer = await say(hass, INTENT_FEED, name="kitchen")
    assert words(answer) == "Action mqtt_dispatch.feed not found"


async def test_a_node_is_spoken_of_by_its_own_name_and_no_station_that_is_not_loaded(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    in_doubt: int,
    set_up: SetUp,
) -> None:
    garden = await set_up(title="Garden", prefix="garden")
    ready = "binary_sensor.kitchen_node_1_ready"
    await listen(hass, FEED_BUTTON, "button.garden_feed", ready)
    answer = await say(hass, INTENT_WAITING, name="node 1")
    assert words(answer).startswith("Nobody knows what became of this: ")
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    assert await hass.config_entries.async_unload(garden.entry_id)
    answer = await say(hass, INTENT_WAITING)
    assert words(answer) == "No station of MQTT Dispatch is exposed to this assistant."
