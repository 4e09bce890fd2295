"""What a person reads where something is refused: no code, and the right plural."""

from __future__ import annotations

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.runtime.commits import Unloaded
from custom_components.mqtt_dispatch.storage.disk import NotStoredError
from custom_components.mqtt_dispatch.texts.refusals import refusal_in_words

from ..calls import actions_of
from ..conftest import Disk, SetUp
from ..nodes import speak_german
from ..package import LANGUAGES


def in_german(refused: HomeAssistantError) -> str:
    """Return what a person reads whose language is German."""
    text = LANGUAGES["de"]["exceptions"][refused.translation_key]["message"]
    return str(text).format(**(refused.translation_placeholders or {}))


@pytest.mark.parametrize(
    ("minutes", "key", "shown"),
    [
        ("0.0", "minimum_gap_one_minute", "1"),
        ("1.0", "minimum_gap_one_minute", "1"),
        ("1.1", "minimum_gap", "2"),
        ("59.9", "minimum_gap", "60"),
    ],
)
async def test_minutes_are_whole_and_one_is_one(
    hass: HomeAssistant, minutes: str, key: str, shown: str
) -> None:
    assert refusal_in_words(hass, "minimum_gap", {"minutes": minutes}) == (
        key,
        {"minutes": shown},
    )


async def test_who_has_ordered_many_feeds_is_told_in_whole_minutes_when_he_may_again(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    entry = await set_up(options={"feeds_waiting": 0, "feeds_per_hour": 1})
    await speak_german(hass)
    act = actions_of(hass, entry)
    await act("feed", portions=1)

    with pytest.raises(HomeAssistantError) as refused:
        await act("feed", portions=1)

    assert (refused.value.translation_placeholders or {})["minutes"] == "60"
    assert "60" in in_german(refused.value)


@pytest.mark.parametrize("state", [state for state in CommandState if state.final])
async def test_how_a_command_ended_is_said_whole(
    hass: HomeAssistant, state: CommandState
) -> None:
    key, filled = refusal_in_words(
        hass, "already_closed", {"command_id": "3", "state": state.value}
    )
    assert filled == {"command_id": "3"}
    german = LANGUAGES["de"]["exceptions"][key]["message"].format(**filled)
    assert german.startswith("Der Befehl #3 ist schon beendet: ")
    assert state.value not in german


async def test_a_feed_that_comes_too_soon_says_in_german_when_it_may(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    entry = await set_up(options={"minimum_gap": 60})
    await speak_german(hass)
    act = actions_of(hass, entry)
    await act("feed", portions=1)

    with pytest.raises(HomeAssistantError) as refused:
        await act("feed", portions=1)

    assert in_german(refused.value) == (
        "Die letzte Fütterung ist noch nicht lange genug her."
        " In 1 Minute darf wieder gefüttert werden."
    )


@pytest.mark.parametrize(
    ("order", "german"),
    [
        (
            {"kind": "feed", "params": {"portions": 51}},
            "Portionen: Nötig ist eine ganze Zahl von 1 bis 50, nicht 51.",
        ),
        (
            {"kind": "feed", "params": {}},
            "Portionen: Diese Angabe fehlt.",
        ),
        (
            {"kind": "feed", "params": {"portions": 1, "colour": "red"}},
            "colour: Damit kann dieser Befehl nichts anfangen.",
        ),
        (
            {"kind": "open_valve", "params": {"valve": 1, "duration": 5}},
            "Die Nodes dieser Station kennen diesen Befehl nicht: Ventil öffnen.",
        ),
        (
            {"kind": "dance", "params": {}},
            "Die Nodes dieser Station kennen diesen Befehl nicht: dance.",
        ),
    ],
)
async def test_kinds_and_params_are_called_what_people_call_them(
    hass: HomeAssistant, kitchen: MockConfigEntry, order: dict[str, object], german: str
) -> None:
    await speak_german(hass)

    with pytest.raises(HomeAssistantError) as refused:
        await actions_of(hass, kitchen)("send_command", **order)

    assert in_german(refused.value) == german


async def test_of_a_disk_that_cannot_be_written_nothing_english_is_told(
    hass: HomeAssistant, kitchen: MockConfigEntry, disk_full: Disk
) -> None:
    disk_full(True)

    with pytest.raises(NotStoredError) as failed:
        await actions_of(hass, kitchen)("feed", portions=1)

    assert failed.value.translation_placeholders is None
    assert "No space left" not in str(failed.value)
    assert in_german(failed.value).startswith(
        "Das konnte nicht auf dem Datenträger gespeichert werden"
    )


async def test_what_was_unloaded_first_does_not_blame_the_disk(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    assert in_german(NotStoredError(Unloaded())).startswith(
        "Die Station wurde entladen, bevor"
    )
