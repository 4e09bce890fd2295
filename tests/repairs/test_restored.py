"""An older state was put back, or somebody else sends: told, and asked about."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.events import ConfirmRestore
from custom_components.mqtt_dispatch.texts.evidence import LISTED

from ..calls import actions_of, all_ready, disk_works_again
from ..conftest import Disk
from ..nodes import Nodes, pass_time, settled, speak_german
from ..people import a_user
from ..repairing import Person, issues, keys, leave_as_after_a_restart, placeholders

HELD = "An older backup was put back: confirm in the repairs that sending may go on"


async def knows_more(nodes: Nodes) -> None:
    """Have a node tell of a command that this station never gave it."""
    await nodes.say("state", "1", {"online": 1, "last_id": 40})


@pytest.fixture
async def restored(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> DispatchCoordinator:
    """A station with a feed (#1) in a file that is older than its nodes."""
    await actions_of(hass, kitchen)("feed", portions=2)
    await hass.config_entries.async_reload(kitchen.entry_id)
    coordinator: DispatchCoordinator = kitchen.runtime_data
    await knows_more(nodes)
    await settled(hass, coordinator)
    return coordinator


def waiting_for(hass: HomeAssistant) -> str:
    state = hass.states.get("sensor.kitchen_waiting_for")
    assert state is not None
    return str(state.attributes["text"])


# ---- an older state was put back


async def test_it_is_told_why_nothing_is_sent_and_what_waits(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    restored: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    (issue,) = issues(hass)
    assert issue.translation_key == "restored"
    assert issue.severity is ir.IssueSeverity.ERROR
    assert issue.is_fixable
    assert placeholders(hass)["station"] == "Kitchen"
    (line,) = placeholders(hass)["waiting"].splitlines()
    assert line == "- Feed: 2 portions (#1), ordered at 14:00:00"

    await all_ready(hass, freezer, nodes)
    await settled(hass, restored)
    assert waiting_for(hass) == HELD
    assert nodes.sent("1") == nodes.sent("2") == []


async def test_it_is_told_again_after_each_start(
    hass: HomeAssistant, kitchen: MockConfigEntry, restored: DispatchCoordinator
) -> None:
    (issue,) = issues(hass)
    await hass.config_entries.async_unload(kitchen.entry_id)
    leave_as_after_a_restart(hass, issue)
    await hass.config_entries.async_setup(kitchen.entry_id)

    assert issues(hass) == [issue]


async def test_a_person_lets_it_go_on_with_what_waits(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    restored: DispatchCoordinator,
    nodes: Nodes,
    person: Person,
) -> None:
    menu = await person.opens(issues(hass)[0])
    assert menu["menu_options"] == ["keep", "cancel"]
    assert menu["description_placeholders"] == placeholders(hass)
    end = await person.chooses(menu, "keep")
    assert end["type"] == "create_entry"
    assert keys(hass) == []

    await hass.config_entries.async_reload(kitchen.entry_id)
    assert keys(hass) == [], "it was not on disk"
    await all_ready(hass, freezer, nodes)
    await settled(hass, kitchen.runtime_data)
    assert [message["queue_id"] for message in nodes.sent("1")] == [1]


async def test_a_person_cancels_what_waits(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    restored: DispatchCoordinator,
    nodes: Nodes,
    person: Person,
    hass_admin_user: MockUser,
) -> None:
    hass_admin_user.name = "Berta"
    menu = await person.opens(issues(hass)[0])
    end = await person.chooses(menu, "cancel")
    assert end["type"] == "create_entry"
    assert keys(hass) == []

    await hass.config_entries.async_reload(kitchen.entry_id)
    await all_ready(hass, freezer, nodes)
    await settled(hass, kitchen.runtime_data)
    assert nodes.sent("1") == []
    command = kitchen.runtime_data.engine.ledger.closed[1]
    assert command.state is CommandState.CANCELLED
    assert command.timeline[-1].detail == "Berta"
    event = hass.states.get("event.kitchen_command")
    assert event is not None
    assert event.attributes["decided_by"] == "Berta"


async def test_what_is_ordered_meanwhile_is_taken_and_waits_too(
    hass: HomeAssistant, kitchen: MockConfigEntry, restored: DispatchCoordinator
) -> None:
    answer = await actions_of(hass, kitchen)("feed", portions=3)
    await settled(hass, restored)

    assert answer["state"] == "queued"
    waiting = placeholders(hass)["waiting"].splitlines()
    assert [line.partition(",")[0] for line in waiting] == [
        "- Feed: 2 portions (#1)",
        "- Feed: 3 portions (#41)",
    ]


async def test_of_a_long_list_the_beginning_is_told(
    hass: HomeAssistant, kitchen: MockConfigEntry, restored: DispatchCoordinator
) -> None:
    for _ in range(LISTED + 1):
        await actions_of(hass, kitchen)("feed", portions=3, confirm=True)
    await settled(hass, restored)

    lines = placeholders(hass)["waiting"].splitlines()
    assert len(lines) == LISTED + 1
    assert lines[-1] == "- … and 2 more"


async def test_of_one_more_german_tells_one(
    hass: HomeAssistant, kitchen: MockConfigEntry, restored: DispatchCoordinator
) -> None:
    await speak_german(hass)
    for _ in range(LISTED):
        await actions_of(hass, kitchen)("feed", portions=3, confirm=True)
    await settled(hass, restored)

    assert placeholders(hass)["waiting"].splitlines()[-1] == "- … und 1 weiterer"


async def test_that_nothing_waits_is_told_too(
    hass: HomeAssistant, kitchen: MockConfigEntry, restored: DispatchCoordinator
) -> None:
    await actions_of(hass, kitchen)("cancel_command", command_id=1)
    await settled(hass, restored)

    assert keys(hass) == ["restored"]
    assert placeholders(hass)["waiting"] == "- Nothing"


async def test_a_decision_that_cannot_be_stored_yet_says_so_and_sends_nothing(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    restored: DispatchCoordinator,
    nodes: Nodes,
    person: Person,
    disk_full: Disk,
) -> None:
    await all_ready(hass, freezer, nodes)
    menu = await person.opens(issues(hass)[0])
    disk_full(True)
    end = await person.chooses(menu, "keep")
    assert (end["type"], end["reason"]) == ("abort", "not_stored")
    assert nodes.sent("1") == []
    stored, _ = await restored.store.async_load()
    assert stored.restored_at is not None, "a restart would not ask again"

    disk_full(False)
    await disk_works_again(hass, freezer, restored)
    await all_ready(hass, freezer, nodes)
    await settled(hass, restored)
    assert len(nodes.sent("1")) == 1


async def test_what_was_decided_meanwhile_is_not_asked_for(
    hass: HomeAssistant, restored: DispatchCoordinator, person: Person
) -> None:
    (issue,) = issues(hass)
    menu = await person.opens(issue)
    restored.handle(ConfirmRestore(keep=False))
    await settled(hass, restored)
    assert keys(hass) == []
    end = await person.chooses(menu, "keep")
    assert (end["type"], end["reason"]) == ("abort", "already_settled")

    # It is still on somebody's screen.
    ir.async_get(hass).issues[DOMAIN, issue.issue_id] = issue
    flow = await person.opens(issue)
    assert (flow["type"], flow["reason"]) == ("abort", "already_settled")


async def test_a_station_that_is_not_loaded_cannot_take_a_decision(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    restored: DispatchCoordinator,
    person: Person,
) -> None:
    (issue,) = issues(hass)
    menu = await person.opens(issue)
    await hass.config_entries.async_unload(kitchen.entry_id)
    end = await person.chooses(menu, "keep")
    assert (end["type"], end["reason"]) == ("abort", "station_not_loaded")
    flow = await person.opens(issue)
    assert (flow["type"], flow["reason"]) == ("abort", "station_not_loaded")


@pytest.mark.parametrize("group", [GROUP_ID_READ_ONLY, GROUP_ID_USER])
async def test_only_who_administers_home_assistant_decides(
    *,
    hass: HomeAssistant,
    restored: DispatchCoordinator,
    person: Person,
    hass_client: ClientSessionGenerator,
    group: str,
) -> None:
    (issue,) = issues(hass)
    menu = await person.opens(issue)
    user = await a_user(hass, group)
    token = await hass.auth.async_create_refresh_token(user, "https://example.com")
    client = await hass_client(hass.auth.async_create_access_token(token))

    opened = await client.post(
        "/api/repairs/issues/fix",
        json={"handler": DOMAIN, "issue_id": issue.issue_id},
    )
    chosen = await client.post(
        f"/api/repairs/issues/fix/{menu['flow_id']}", json={"next_step_id": "keep"}
    )

    assert (opened.status, chosen.status) == (401, 401)
    assert restored.engine.ledger.restored_at is not None


# ---- somebody else sends


async def test_another_sender_is_told_with_its_first_sign_at_each_node(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    await nodes.accept(77, "1")
    (issue,) = issues(hass)
    assert issue.translation_key == "foreign"
    assert issue.severity is ir.IssueSeverity.WARNING
    assert not issue.is_fixable
    assert issue.translation_placeholders == {
        "station": "Kitchen",
        "prefix": "disp",
        "signs": "- Node 1: #77, at 14:00:00",
    }

    freezer.tick(5)
    await nodes.accept(78, "2")
    assert placeholders(hass)["signs"].splitlines() == [
        "- Node 1: #77, at 14:00:00",
        "- Node 2: #78, at 14:00:05",
    ]


async def test_more_of_the_same_tells_nothing_new(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    await nodes.accept(77, "1")
    assert keys(hass) == ["foreign"]
    updates: list[Any] = []
    hass.bus.async_listen(ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED, updates.append)
    for command_id in range(78, 178):
        await nodes.accept(command_id, "1")
        await pass_time(hass, freezer, 1)

    assert updates == []


async def test_another_sender_is_told_in_german_too(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    await speak_german(hass)
    await nodes.accept(77, "1")

    assert placeholders(hass)["signs"] == "- Node 1: #77, um 14:00:00"


async def test_an_answer_to_an_own_command_is_no_sign_of_another_sender(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> None:
    await all_ready(hass, freezer, nodes)
    await actions_of(hass, kitchen)("feed", portions=1)
    await settled(hass, kitchen.runtime_data)
    for _ in range(2):
        await nodes.accept(1)
        await nodes.done(1)

    assert keys(hass) == []


async def test_a_warning_goes_when_the_station_starts_anew_and_comes_when_it_is_true(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.accept(77, "1")
    await hass.config_entries.async_reload(kitchen.entry_id)
    assert keys(hass) == []

    await nodes.accept(78, "1")
    assert keys(hass) == ["foreign"]


async def test_a_warning_that_a_person_set_aside_stays_so(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.accept(77, "1")
    (issue,) = issues(hass)
    ir.async_ignore_issue(hass, DOMAIN, issue.issue_id, True)
    await hass.config_entries.async_reload(kitchen.entry_id)
    await nodes.accept(78, "1")

    (issue,) = issues(hass)
    assert issue.dismissed_version is not None
    assert "#78" in placeholders(hass)["signs"]


async def test_a_warning_goes_with_its_station(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.accept(77, "1")
    (issue,) = issues(hass)
    ir.async_ignore_issue(hass, DOMAIN, issue.issue_id, True)
    await hass.config_entries.async_remove(kitchen.entry_id)

    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]
