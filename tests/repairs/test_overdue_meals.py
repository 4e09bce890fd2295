"""A meal that did not happen in time is asked about once, and what the answers do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import CommandState, Outcome
from custom_components.mqtt_dispatch.engine.model.events import Cancel, Resolve

from ..calls import Act, actions_of, all_ready, attribute, shown
from ..conftest import Disk, SetUp
from ..nodes import Nodes, pass_time, settled, speak_german
from ..others import FEEDER, PETS, Feeder
from ..repairing import Person, issues, keys, leave_as_after_a_restart, placeholders

MINUTE = 60
TEA = {"name": "Tea", "time": "14:01", "portions": 2}
OVERDUE = "binary_sensor.kitchen_meal_overdue"


async def wait(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    minutes: float,
) -> None:
    await pass_time(hass, freezer, minutes * MINUTE)
    await settled(hass, coordinator)


@pytest.fixture
async def late(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> int:
    """The id of the feed of a meal that is overdue, because its nodes are silent."""
    await nodes.ready()
    await act("schedule", **TEA)
    await wait(hass, freezer, coordinator, 30.9)
    assert keys(hass) == []
    await wait(hass, freezer, coordinator, 0.1)
    (command_id,) = coordinator.engine.ledger.open
    return command_id


async def asked(hass: HomeAssistant, person: Person) -> dict[str, Any]:
    (issue,) = issues(hass)
    assert issue.translation_key == "meal_overdue"
    return await person.opens(issue)


async def test_it_is_asked_with_what_and_by_when_and_why(
    hass: HomeAssistant, late: int, person: Person
) -> None:
    (issue,) = issues(hass)
    assert issue.translation_key == "meal_overdue"
    assert issue.severity is ir.IssueSeverity.ERROR
    assert issue.is_fixable
    assert issue.translation_placeholders == {
        "station": "Kitchen",
        "meal": "Tea",
        "by": "14:31",
    }

    menu = await person.opens(issue)

    assert menu["menu_options"] == ["feed_now", "happened", "leave"]
    assert menu["description_placeholders"] == {
        "station": "Kitchen",
        "meal": "Tea",
        "what": "Tea: 2 portions",
        "due": "at 14:01",
        "by": "14:31",
        "known": (
            "- It still waits: Node 1: last seen at 14:00:00;"
            " Node 2: last seen at 14:00:00."
        ),
    }


async def test_a_german_is_asked_in_german(
    hass: HomeAssistant, late: int, person: Person
) -> None:
    person.accepts = "de"

    told = (await asked(hass, person))["description_placeholders"]

    assert told["what"] == "Tea: 2 Portionen"
    assert told["due"] == "um 14:01"
    assert told["known"].startswith("- Wartet noch: Node 1: zuletzt gesehen um")


async def test_what_still_waits_goes_on_waiting_if_it_is_to_be_fed_now(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    late: int,
    person: Person,
) -> None:
    done = await person.chooses(await asked(hass, person), "feed_now")

    assert done["type"] == "create_entry"
    assert keys(hass) == []
    assert shown(hass, OVERDUE) == "on", "it has not happened yet"
    # By itself it would have expired an hour after its time.
    await wait(hass, freezer, coordinator, 40)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    await nodes.accept(late)
    await nodes.done(late)
    await settled(hass, coordinator)
    assert keys(hass) == []
    assert shown(hass, OVERDUE) == "off"


async def test_it_is_asked_anew_if_feeding_it_comes_to_nothing(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    late: int,
    person: Person,
) -> None:
    await person.chooses(await asked(hass, person), "feed_now")

    await wait(hass, freezer, coordinator, 60)

    told = (await asked(hass, person))["description_placeholders"]
    assert told["known"] == ("- Its time ran out at 15:31:00, before it could be sent.")
    await person.chooses(await asked(hass, person), "feed_now")
    (anew,) = coordinator.engine.ledger.open
    assert anew != late


async def test_what_happened_otherwise_counts_and_is_withdrawn(
    hass: HomeAssistant,
    *,
    coordinator: DispatchCoordinator,
    late: int,
    person: Person,
) -> None:
    done = await person.chooses(await asked(hass, person), "happened")

    assert done["type"] == "create_entry"
    assert keys(hass) == []
    assert shown(hass, OVERDUE) == "off"
    ledger = coordinator.engine.ledger
    assert ledger.open == {}
    assert ledger.closed[late].state is CommandState.CANCELLED
    assert shown(hass, "sensor.kitchen_portions_today") == "2"


async def test_what_is_left_is_asked_no_more(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    late: int,
    person: Person,
) -> None:
    done = await person.chooses(await asked(hass, person), "leave")

    assert done["type"] == "create_entry"
    assert shown(hass, OVERDUE) == "off"
    await wait(hass, freezer, coordinator, 60)
    assert keys(hass) == []
    assert coordinator.engine.ledger.closed[late].state is CommandState.EXPIRED


async def test_a_limit_that_refuses_the_feed_is_told_and_it_is_asked_on(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    person: Person,
    mqtt_mock: Any,
) -> None:
    entry = await set_up(options={"portions_per_day": 1})
    await actions_of(hass, entry)("schedule", **TEA)
    await wait(hass, freezer, entry.runtime_data, 1)
    await wait(hass, freezer, entry.runtime_data, 30)
    flow = await asked(hass, person)
    assert flow["description_placeholders"]["known"] == (
        "- It was refused at 14:01:00: that would have been more portions than are"
        " allowed a day."
    )
    person.accepts = "de"

    ended = await person.chooses(flow, "feed_now")

    assert (ended["type"], ended["reason"]) == ("abort", "refused")
    refusal = ended["description_placeholders"]["refusal"]
    assert refusal.startswith("Erlaubte Portionen am Tag: 1.")
    assert keys(hass) == ["meal_overdue"]
    assert attribute(hass, "event.kitchen_command", "event_type") == "refused"


async def test_a_command_in_doubt_is_asked_about_once_and_by_when_it_was_expected(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    person: Person,
) -> None:
    await act("schedule", **TEA)
    await wait(hass, freezer, coordinator, 1)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    await wait(hass, freezer, coordinator, 30)
    assert shown(hass, OVERDUE) == "on"

    (issue,) = issues(hass)
    assert issue.translation_key == "unconfirmed"
    assert placeholders(hass)["known"].startswith("It was expected by 14:31.\n\n- Node")
    menu = await person.opens(issue)
    assert menu["description_placeholders"]["known"].startswith("It was expected by")

    # What did not happen is a meal that is overdue, and asked about as one.
    (command_id,) = coordinator.engine.ledger.open
    coordinator.handle(Resolve(command_id, Outcome.FAILED, "Anna"))
    await settled(hass, coordinator)
    assert keys(hass) == ["meal_overdue"]


async def test_it_clears_when_the_animal_was_fed_after_all(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    late: int,
    person: Person,
) -> None:
    flow = await asked(hass, person)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert keys(hass) == [], "what becomes of it shows in a moment"
    await nodes.accept(late)
    await nodes.done(late)
    await settled(hass, coordinator)
    assert keys(hass) == []
    assert shown(hass, OVERDUE) == "off"

    assert (await person.chooses(flow, "feed_now"))["reason"] == "already_settled"


async def test_who_answers_while_it_is_under_way_is_told_so(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    late: int,
    person: Person,
) -> None:
    flow = await asked(hass, person)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)

    ended = await person.chooses(flow, "happened")

    assert (ended["type"], ended["reason"]) == ("abort", "refused")
    refusal = ended["description_placeholders"]["refusal"]
    assert refusal.startswith(f"The command #{late} for it is under way.")


async def test_a_meal_that_is_cancelled_is_not_asked_about(
    hass: HomeAssistant,
    *,
    coordinator: DispatchCoordinator,
    late: int,
    person: Person,
) -> None:
    (issue,) = issues(hass)
    flow = await person.opens(issue)
    coordinator.handle(Cancel(late, "Anna"))
    await settled(hass, coordinator)
    assert keys(hass) == []
    assert (await person.chooses(flow, "leave"))["reason"] == "already_settled"

    # It is still on somebody's screen.
    ir.async_get(hass).issues[DOMAIN, issue.issue_id] = issue
    assert (await person.opens(issue))["reason"] == "already_settled"


async def test_it_is_asked_again_after_a_restart_with_the_same_question(
    hass: HomeAssistant, kitchen: MockConfigEntry, late: int
) -> None:
    (issue,) = issues(hass)
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    leave_as_after_a_restart(hass, issue)
    assert issues(hass) == []

    assert await hass.config_entries.async_setup(kitchen.entry_id)
    await settled(hass, kitchen.runtime_data)

    (again,) = issues(hass)
    assert again.issue_id == issue.issue_id
    assert again.translation_placeholders == issue.translation_placeholders


async def test_a_meal_that_was_missed_while_home_assistant_was_off_is_asked_about(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    act: Act,
    person: Person,
) -> None:
    await act("schedule", **TEA)
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    freezer.tick(timedelta(hours=2))
    assert await hass.config_entries.async_setup(kitchen.entry_id)
    await settled(hass, kitchen.runtime_data)

    told = (await asked(hass, person))["description_placeholders"]

    assert told["by"] == "14:31"
    assert told["known"] == (
        "- At its time Home Assistant or the station was not running, or the clock was"
        " wrong."
    )


async def test_of_yesterday_the_date_is_told_too(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    act: Act,
    person: Person,
) -> None:
    await act("schedule", **TEA)
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    freezer.tick(timedelta(hours=20))
    assert await hass.config_entries.async_setup(kitchen.entry_id)
    await settled(hass, kitchen.runtime_data)

    told = (await asked(hass, person))["description_placeholders"]
    assert told["by"] == "2026-05-28 14:31"
    assert told["due"] == "on 2026-05-28 at 14:01"


async def test_what_is_no_feed_can_be_done_now(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    person: Person,
) -> None:
    await nodes.newer()
    await act("schedule", name="Restart", kind="reboot", time="14:01")
    await wait(hass, freezer, coordinator, 31)
    await speak_german(hass)
    menu = await asked(hass, person)

    assert menu["menu_options"] == ["do_now", "happened", "leave"]
    assert menu["description_placeholders"]["what"] == "Restart: Neu starten"
    await person.chooses(menu, "do_now")
    (command,) = coordinator.engine.ledger.open.values()
    assert command.kind == "reboot"
    assert keys(hass) == []


async def test_a_feeder_that_keeps_the_plan_and_says_nothing_is_asked_about_by_name(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    set_up: SetUp,
    mqtt_mock: Any,
    person: Person,
) -> None:
    entry = await set_up(**PETS)
    feeder = Feeder(hass, mqtt_mock)
    await feeder.tell_all()
    await actions_of(hass, entry, FEEDER)("schedule", **TEA)
    await wait(hass, freezer, entry.runtime_data, 31)

    menu = await asked(hass, person)
    assert menu["description_placeholders"]["known"].startswith(
        "- Cat keeps the plan itself, and has not said that it fed."
    )
    await person.chooses(menu, "happened")
    assert keys(hass) == []


async def test_an_answer_that_cannot_be_stored_is_none(
    hass: HomeAssistant, late: int, person: Person, disk_full: Disk
) -> None:
    flow = await asked(hass, person)
    disk_full(True)

    ended = await person.chooses(flow, "leave")

    assert ended["reason"] == "not_stored"
    assert "meal_overdue" in keys(hass)


async def test_a_station_that_is_gone_meanwhile_is_said(
    hass: HomeAssistant, kitchen: MockConfigEntry, late: int, person: Person
) -> None:
    (issue,) = issues(hass)
    flow = await person.opens(issue)
    assert await hass.config_entries.async_unload(kitchen.entry_id)

    assert (await person.chooses(flow, "leave"))["reason"] == "station_not_loaded"
    assert (await person.opens(issue))["reason"] == "station_not_loaded"
