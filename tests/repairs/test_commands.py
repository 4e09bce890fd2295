"""What a person is asked and told of commands, and what the answers do."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    Outcome,
    TimelineEntry,
)
from custom_components.mqtt_dispatch.engine.model.events import Resolve
from custom_components.mqtt_dispatch.storage.store import StationStore

from ..calls import actions_of, all_ready, feed_in_doubt
from ..conftest import Disk, station_entry
from ..nodes import CONVEYOR_SECONDS, Nodes, pass_time, settled, speak_german
from ..repairing import Person, issues, keys, leave_as_after_a_restart, placeholders

# ---- a command in doubt


async def test_a_command_in_doubt_is_asked_about_in_words(
    hass: HomeAssistant, in_doubt: int
) -> None:
    (issue,) = issues(hass)
    assert issue.translation_key == "unconfirmed"
    assert issue.severity is ir.IssueSeverity.ERROR
    assert issue.is_fixable
    assert issue.translation_placeholders == {
        "station": "Kitchen",
        "command": f"Feed: 2 portions (#{in_doubt}), ordered at 14:00:01",
        "known": (
            "- Node 1: sent at 14:00:01, no answer since.\n"
            "- Node 2: sent at 14:00:01, no answer since."
        ),
    }


async def test_a_german_is_asked_in_german_alone_and_of_which_meal(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    person: Person,
) -> None:
    await speak_german(hass)
    meal = {"name": "Mittagessen", "time": "14:01", "portions": 2}
    await actions_of(hass, kitchen)("schedule", **meal)
    await pass_time(hass, freezer, 70)
    await all_ready(hass, freezer, nodes)
    await settled(hass, kitchen.runtime_data)
    await pass_time(hass, freezer, 11)
    await settled(hass, kitchen.runtime_data)

    menu = await person.opens(issues(hass)[0])

    assert menu["description_placeholders"] == {
        "station": "Kitchen",
        "command": "Mittagessen: 2 Portionen (#2), geplant um 14:01",
        "known": (
            "- Node 1: um 14:01:11 gesendet, seither keine Antwort.\n"
            "- Node 2: um 14:01:11 gesendet, seither keine Antwort."
        ),
    }


async def test_ready_nodes_that_never_answer_point_at_the_broker(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    person: Person,
) -> None:
    await feed_in_doubt(hass, freezer, kitchen, nodes)
    await all_ready(hass, freezer, nodes)
    assert "broker" not in placeholders(hass)["known"], "one may be an accident"

    await person.chooses(await person.opens(issues(hass)[0]), "failed")
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    await feed_in_doubt(hass, freezer, kitchen, nodes)
    assert "broker" not in placeholders(hass)["known"], "silent nodes may be away"

    await all_ready(hass, freezer, nodes)
    known = placeholders(hass)["known"]
    for topic in ("disp/cmd/1", "disp/cmd/2", "disp/ack/+", "disp/evt/+"):
        assert f"`{topic}`" in known
    menu = await person.opens(issues(hass)[0])
    assert menu["description_placeholders"]["known"] == known


async def test_a_node_that_answers_late_clears_the_broker(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    person: Person,
) -> None:
    await feed_in_doubt(hass, freezer, kitchen, nodes)
    await person.chooses(await person.opens(issues(hass)[0]), "failed")
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    latest = await feed_in_doubt(hass, freezer, kitchen, nodes)
    await all_ready(hass, freezer, nodes)
    await nodes.say("ack", "1", {"queue_id": latest, "accepted": 1})
    await settled(hass, kitchen.runtime_data)

    assert "broker" not in placeholders(hass)["known"]


@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
async def test_the_answer_settles_the_command(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    person: Person,
    outcome: str,
    in_doubt: int,
) -> None:
    (issue,) = issues(hass)
    menu = await person.opens(issue)
    assert menu["type"] == "menu"
    assert menu["menu_options"] == ["succeeded", "failed", "resend"]
    assert menu["description_placeholders"] == issue.translation_placeholders
    end = await person.chooses(menu, outcome)
    assert end["type"] == "create_entry"
    command = kitchen.runtime_data.engine.ledger.closed[in_doubt]
    assert command.state == outcome
    assert keys(hass) == []
    await hass.config_entries.async_reload(kitchen.entry_id)
    assert kitchen.runtime_data.engine.ledger.closed[in_doubt].state == outcome


async def test_the_answer_has_the_command_sent_again(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    person: Person,
    in_doubt: int,
) -> None:
    menu = await person.opens(issues(hass)[0])
    end = await person.chooses(menu, "resend")
    assert end["type"] == "create_entry"
    assert keys(hass) == []
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    await all_ready(hass, freezer, nodes)
    await settled(hass, kitchen.runtime_data)
    assert [message["queue_id"] for message in nodes.sent("1")] == [in_doubt] * 2


async def test_what_was_settled_meanwhile_is_not_asked_for(
    hass: HomeAssistant, nodes: Nodes, person: Person, in_doubt: int
) -> None:
    (issue,) = issues(hass)
    menu = await person.opens(issue)
    await nodes.done(in_doubt)
    assert keys(hass) == []
    end = await person.chooses(menu, "resend")
    assert (end["type"], end["reason"]) == ("abort", "already_settled")
    assert len(nodes.sent("1")) == 1


@pytest.mark.parametrize("outcome", [Outcome.SUCCEEDED, Outcome.RESEND])
async def test_a_question_that_was_answered_is_not_put_again(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    person: Person,
    outcome: Outcome,
    in_doubt: int,
) -> None:
    (issue,) = issues(hass)
    # The issue is still on the screen: it goes with the next turn of the loop.
    opened = person.opens(issue)
    kitchen.runtime_data.handle(Resolve(in_doubt, outcome))
    ir.async_get(hass).issues[DOMAIN, issue.issue_id] = issue
    cancel_next_turn = kitchen.runtime_data.driver._look
    assert cancel_next_turn is not None
    cancel_next_turn()
    flow = await opened
    assert (flow["type"], flow["reason"]) == ("abort", "already_settled")


async def test_an_answer_that_cannot_be_stored_is_said_to_be_lost(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    person: Person,
    disk_full: Disk,
    in_doubt: int,
) -> None:
    menu = await person.opens(issues(hass)[0])
    disk_full(True)
    end = await person.chooses(menu, "resend")
    assert (end["type"], end["reason"]) == ("abort", "not_stored")
    command = kitchen.runtime_data.engine.ledger.open[in_doubt]
    assert command.state is CommandState.UNCONFIRMED
    assert sorted(map(str, keys(hass))) == ["storage_failing", "unconfirmed"]


@pytest.mark.usefixtures("in_doubt")
async def test_a_station_that_is_not_loaded_cannot_take_an_answer(
    hass: HomeAssistant, kitchen: MockConfigEntry, person: Person
) -> None:
    (issue,) = issues(hass)
    menu = await person.opens(issue)
    await hass.config_entries.async_unload(kitchen.entry_id)
    end = await person.chooses(menu, "succeeded")
    assert (end["type"], end["reason"]) == ("abort", "station_not_loaded")
    flow = await person.opens(issue)
    assert (flow["type"], flow["reason"]) == ("abort", "station_not_loaded")
    assert issues(hass) == [issue], "the question stands, but nobody can answer it"


@pytest.mark.usefixtures("in_doubt")
async def test_nothing_is_sent_again_by_a_station_that_is_not_loaded(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes, person: Person
) -> None:
    menu = await person.opens(issues(hass)[0])
    await hass.config_entries.async_unload(kitchen.entry_id)
    sent = nodes.sent("1")

    end = await person.chooses(menu, "resend")

    assert (end["type"], end["reason"]) == ("abort", "station_not_loaded")
    assert nodes.sent("1") == sent


async def test_what_a_node_says_late_is_told(
    hass: HomeAssistant, nodes: Nodes, in_doubt: int
) -> None:
    before = placeholders(hass)
    await nodes.accept(in_doubt, "2")
    after = placeholders(hass)
    assert after["known"].splitlines()[0] == before["known"].splitlines()[0]
    assert "took it at" in after["known"].splitlines()[1]


async def test_a_question_that_a_person_set_aside_stays_so(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes, in_doubt: int
) -> None:
    (issue,) = issues(hass)
    ir.async_ignore_issue(hass, DOMAIN, issue.issue_id, True)
    await nodes.accept(in_doubt, "2")
    await hass.config_entries.async_reload(kitchen.entry_id)
    (issue,) = issues(hass)
    assert issue.dismissed_version is not None


@pytest.mark.usefixtures("in_doubt")
async def test_a_question_is_put_again_after_home_assistant_restarted(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    (issue,) = issues(hass)
    await hass.config_entries.async_unload(kitchen.entry_id)
    leave_as_after_a_restart(hass, issue)
    await hass.config_entries.async_setup(kitchen.entry_id)
    assert issues(hass) == [issue]


async def test_a_question_that_was_settled_by_the_last_word_does_not_come_back(
    hass: HomeAssistant, kitchen: MockConfigEntry, in_doubt: int
) -> None:
    (issue,) = issues(hass)
    kitchen.runtime_data.handle(Resolve(in_doubt, Outcome.FAILED))
    await hass.config_entries.async_reload(kitchen.entry_id)
    ir.async_get(hass).issues[DOMAIN, issue.issue_id] = issue
    await hass.config_entries.async_reload(kitchen.entry_id)
    assert issues(hass) == []


@pytest.mark.usefixtures("in_doubt")
async def test_the_issues_of_a_station_go_with_it(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await hass.config_entries.async_remove(kitchen.entry_id)
    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]


# ---- a command that must be done


async def test_a_command_that_must_be_done_and_is_not_is_told_after_five_minutes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, mqtt_mock: Any
) -> None:
    entry = station_entry()
    entry.add_to_hass(hass)
    await StationStore(hass, entry.entry_id).async_commit(
        Snapshot(
            revision=1,
            next_id=2,
            commands=(
                Command(
                    id=1,
                    kind="close_valve",
                    params={},
                    command_class=CommandClass.UNTIL_DONE,
                    created_at=1_780_000_000.0,
                    expires_at=None,
                    deliveries=(Delivery("1"),),
                    timeline=(
                        TimelineEntry(
                            1_780_000_000.0, CommandState.QUEUED, Cause.ACTION
                        ),
                    ),
                ),
            ),
        )
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await pass_time(hass, freezer, 5 * 60 - 1)
    assert keys(hass) == []
    await pass_time(hass, freezer, 2)
    (issue,) = issues(hass)
    assert (issue.translation_key, issue.is_fixable) == ("still_not_done", False)
    assert placeholders(hass)["known"] == "- Node 1: not sent yet."
