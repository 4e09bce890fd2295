"""Who orders feeds all the time: refused, named, and what a person can do about it."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.ordering.confirming import ANSWERED_WITHIN

from ..calls import Act, call, device_of, use
from ..conftest import SetUp
from ..nodes import pass_time, settled
from ..others import PETS, Feeder
from ..people import a_user, as_user
from ..repairing import Person, issues, keys, placeholders

WAITING = 5
BUTTON = "button.kitchen_feed"


async def overdo(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    times: int = WAITING + 3,
    context: Context | None = None,
) -> list[str]:
    """Order feeds, and return why some of them were refused."""
    refused = []
    for _ in range(times):
        try:
            await call(hass, "feed", device_of(hass, kitchen), context, portions=1)
        except ServiceValidationError as error:
            refused.append(str(error.translation_key))
    await hass.async_block_till_done()
    return refused


async def run_wild(
    hass: HomeAssistant, kitchen: MockConfigEntry, domain: str, actions: Any = None
) -> None:
    """Set up an automation or a script that orders too many feeds, and have it run."""
    feed = {
        "action": "mqtt_dispatch.feed",
        "data": {"device_id": device_of(hass, kitchen), "portions": 1},
        "continue_on_error": True,
    }
    sequence = actions or [{"repeat": {"count": WAITING + 3, "sequence": [feed]}}]
    config: Any = {
        "automation": {
            "alias": "Always hungry",
            "id": "hungry",
            "triggers": [{"trigger": "event", "event_type": "hungry"}],
            "actions": sequence,
        },
        "script": {"hungry": {"alias": "Feed a lot", "sequence": sequence}},
    }[domain]
    assert await async_setup_component(hass, domain, {domain: config})
    await hass.async_block_till_done()


async def test_a_feed_too_many_is_an_error_an_event_and_then_a_repair(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    told: list[dict[str, Any]],
) -> None:
    assert await overdo(hass, kitchen, WAITING) == []
    for _ in range(2):
        freezer.tick(1)
        assert await overdo(hass, kitchen, 1) == ["feeds_waiting"]
    assert keys(hass) == []
    refused = [one for one in told if one["event_type"] == "refused"]
    assert len(refused) == 2
    assert refused[0]["kind"] == "feed"
    assert refused[0]["cause"] == "guard"
    assert refused[0]["reason"] == "feeds_waiting"
    assert refused[0]["ordered_by"] is None
    assert refused[0]["command_id"] is None

    await overdo(hass, kitchen, 20)
    assert keys(hass) == ["runaway"]
    assert len(coordinator.engine.ledger.open) == WAITING


async def test_it_names_the_automation(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await run_wild(hass, kitchen, "automation")
    hass.bus.async_fire("hungry")
    await hass.async_block_till_done()

    (issue,) = issues(hass)
    assert issue.severity is ir.IssueSeverity.ERROR
    assert placeholders(hass)["by"] == "- Always hungry (automation.always_hungry)"


async def test_it_names_the_automation_that_runs_a_script(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await run_wild(hass, kitchen, "script")
    await run_wild(hass, kitchen, "automation", [{"action": "script.hungry"}])
    hass.bus.async_fire("hungry")
    await hass.async_block_till_done()

    assert placeholders(hass)["by"] == "- Always hungry (automation.always_hungry)"


async def test_it_names_a_script_that_a_person_runs(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await run_wild(hass, kitchen, "script")
    user = await a_user(hass, GROUP_ID_USER, name="Anna")
    await hass.services.async_call(
        "script", "hungry", {}, blocking=True, context=as_user(user)
    )
    await hass.async_block_till_done()

    assert placeholders(hass)["by"] == "- Feed a lot (script.hungry)"


async def test_it_names_a_person_and_says_where_nobody_is_known(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await overdo(hass, kitchen)
    assert placeholders(hass)["by"].startswith("- Nobody knows")
    user = await a_user(hass, GROUP_ID_USER, name="Anna")
    await overdo(hass, kitchen, 1, as_user(user))

    assert placeholders(hass)["by"] == "- Anna"


@pytest.mark.parametrize(
    ("choice", "pauses", "left"),
    [
        ("pause_and_empty", True, 0),
        ("pause", True, WAITING),
        ("empty", False, 0),
        ("leave", False, WAITING),
    ],
)
async def test_a_person_decides_what_becomes_of_it(
    *,
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    person: Person,
    choice: str,
    pauses: bool,
    left: int,
) -> None:
    await overdo(hass, kitchen)
    (issue,) = issues(hass)
    menu = await person.opens(issue)
    assert menu["menu_options"] == ["pause_and_empty", "pause", "empty", "leave"]
    assert menu["description_placeholders"]["waiting"] == str(WAITING)
    assert (await person.chooses(menu, choice))["type"] == "create_entry"
    await settled(hass, coordinator)

    assert keys(hass) == []
    assert coordinator.engine.ledger.dispatching is not pauses
    assert len(coordinator.engine.ledger.open) == left


async def test_what_somebody_else_decided_meanwhile_is_not_asked_for(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    person: Person,
) -> None:
    await overdo(hass, kitchen)
    (issue,) = issues(hass)
    await person.chooses(await person.opens(issue), "leave")
    await settled(hass, coordinator)

    # It is still on somebody's screen.
    ir.async_get(hass).issues[DOMAIN, issue.issue_id] = issue
    flow = await person.opens(issue)

    assert (flow["type"], flow["reason"]) == ("abort", "already_settled")


async def test_a_station_that_is_not_loaded_cannot_take_a_decision(
    hass: HomeAssistant, kitchen: MockConfigEntry, person: Person
) -> None:
    await overdo(hass, kitchen)
    (issue,) = issues(hass)
    await hass.config_entries.async_unload(kitchen.entry_id)
    ir.async_get(hass).issues[DOMAIN, issue.issue_id] = issue

    flow = await person.opens(issue)

    assert (flow["type"], flow["reason"]) == ("abort", "station_not_loaded")


async def test_it_goes_when_nothing_was_refused_for_an_hour(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, kitchen: MockConfigEntry
) -> None:
    await overdo(hass, kitchen)
    await pass_time(hass, freezer, 3590)
    assert keys(hass) == ["runaway"]
    await pass_time(hass, freezer, 11)
    assert keys(hass) == []


async def test_who_confirms_is_not_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry, act: Act
) -> None:
    assert await overdo(hass, kitchen, WAITING) == []
    answer = await act("feed", portions=1, confirm=True)
    assert answer["state"] == "queued"
    fields = {"kind": "feed", "params": {"portions": 1}}
    await act("send_command", confirm=True, **fields)
    with pytest.raises(ServiceValidationError) as refused:
        await act("send_command", **fields)
    assert refused.value.translation_key == "feeds_waiting"


# ---- the button


async def press(
    hass: HomeAssistant, context: Context | None = None, button: str = BUTTON
) -> str | None:
    """Press the button for a feed; return why that is refused."""
    try:
        await hass.services.async_call(
            "button", "press", {"entity_id": button}, blocking=True, context=context
        )
    except ServiceValidationError as error:
        return error.translation_key
    return None


async def test_a_person_at_the_button_is_asked_and_presses_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
) -> None:
    user = await a_user(hass, GROUP_ID_USER)
    for _ in range(WAITING):
        assert await press(hass, as_user(user)) is None
    assert await press(hass, as_user(user)) == "press_again"
    assert await press(hass, as_user(user)) == "press_again", "nobody read it so soon"
    freezer.tick(3)
    assert await press(hass, as_user(user)) is None
    assert len(coordinator.engine.ledger.open) == WAITING + 1
    freezer.tick(3)
    assert await press(hass, as_user(user)) == "press_again", "each feed is asked for"
    freezer.tick(ANSWERED_WITHIN + 1)
    assert await press(hass, as_user(user)) == "press_again", "that was another time"


async def test_who_is_asked_is_not_refused(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    told: list[dict[str, Any]],
) -> None:
    user = await a_user(hass, GROUP_ID_USER)
    await overdo(hass, kitchen, WAITING)
    for _ in range(5):
        assert await press(hass, as_user(user)) == "press_again", "impatient"
    await hass.async_block_till_done()
    assert keys(hass) == []
    assert "refused" not in [one["event_type"] for one in told]

    script = as_user(user)
    for _ in range(5):
        await press(hass, script)
    await hass.async_block_till_done()
    assert keys(hass) == ["runaway"]


async def test_each_person_is_asked_for_himself(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
) -> None:
    anna = await a_user(hass, GROUP_ID_USER, name="Anna")
    ben = await a_user(hass, GROUP_ID_USER, name="Ben")
    await overdo(hass, kitchen, WAITING)
    assert await press(hass, as_user(anna)) == "press_again"
    assert await press(hass, as_user(ben)) == "press_again"
    freezer.tick(3)
    assert await press(hass, as_user(ben)) is None
    assert await press(hass, as_user(anna)) is None
    assert len(coordinator.engine.ledger.open) == WAITING + 2


async def test_at_the_button_of_a_feeder_he_is_asked_too(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**PETS)
    await Feeder(hass, mqtt_mock).say("hb")
    await use(hass, "switch.turn_off", "switch.pets_dispatching")
    user, cat = await a_user(hass, GROUP_ID_USER), "button.pets_cat_feed"
    for _ in range(WAITING):
        assert await press(hass, as_user(user), cat) is None
    assert await press(hass, as_user(user), cat) == "press_again"
    freezer.tick(3)
    assert await press(hass, as_user(user), cat) is None
    for _ in range(3):
        assert await press(hass, button=cat) == "feeds_waiting", "an automation"


async def test_nobody_confirms_for_another_and_nothing_for_itself(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
) -> None:
    anna = await a_user(hass, GROUP_ID_USER, name="Anna")
    ben = await a_user(hass, GROUP_ID_USER, name="Ben")
    await overdo(hass, kitchen, WAITING)
    assert await press(hass, as_user(anna)) == "press_again"
    freezer.tick(3)
    assert await press(hass, as_user(ben)) == "press_again"
    freezer.tick(3)
    assert await press(hass) == "feeds_waiting", "an automation"
    script = as_user(anna)
    freezer.tick(ANSWERED_WITHIN + 1)
    for _ in range(10):
        freezer.tick(3)
        assert await press(hass, script) == "press_again", "one call of a script"
    assert len(coordinator.engine.ledger.open) == WAITING
