"""A dialog is in the language of its reader, also what the server puts together."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.mqtt_dispatch.texts.reader import in_language_of_reader
from custom_components.mqtt_dispatch.texts.sentences import sentence

from ..nodes import speak_german
from ..repairing import Person, issues, placeholders

ENGLISH = "Feed: 2 portions (#1), ordered at 14:00:01"
GERMAN = "Füttern: 2 Portionen (#1), erteilt um 14:00:01"


async def keep(hass: HomeAssistant, user: MockUser, data: Any) -> None:
    """Keep what a user chose in the frontend, as it does itself."""
    await Store[Any](hass, 1, f"frontend.user_data_{user.id}").async_save(data)


async def told(person: Person, hass: HomeAssistant) -> str:
    """Return what the dialog of the only issue says of the command."""
    menu = await person.opens(issues(hass)[0])
    text: str = menu["description_placeholders"]["command"]
    return text


@pytest.mark.parametrize(
    ("chosen", "accepts", "command"),
    [
        ({"language": {"language": "de", "number_format": "language"}}, "", GERMAN),
        ({"language": {"language": "de"}}, "en-GB,en;q=0.9", GERMAN),
        ({"language": {"language": "en"}}, "de-DE,de;q=0.9", ENGLISH),
        # Who chose nothing has what the browser asks for.
        ({}, "de-DE,de;q=0.9,en;q=0.8", GERMAN),
        (None, "de", GERMAN),
        ({"language": None}, "", ENGLISH),
        # What is no choice, and a language without texts.
        ({"language": "../../translations/de"}, "", ENGLISH),
        ([], "*", ENGLISH),
        ({}, "sv", ENGLISH),
    ],
)
async def test_the_dialog_is_in_the_language_of_its_reader(
    hass: HomeAssistant,
    hass_admin_user: MockUser,
    *,
    in_doubt: int,
    person: Person,
    chosen: object,
    accepts: str,
    command: str,
) -> None:
    assert in_doubt == 1
    if chosen is not None:
        await keep(hass, hass_admin_user, chosen)
    person.accepts = accepts

    assert await told(person, hass) == command
    assert placeholders(hass)["command"] == ENGLISH, "the list is for all readers"


async def test_an_english_reader_of_a_german_server_is_asked_in_english(
    hass: HomeAssistant, in_doubt: int, person: Person
) -> None:
    await speak_german(hass)
    assert await told(person, hass) == GERMAN
    person.accepts = "en-US,en;q=0.5"
    assert await told(person, hass) == ENGLISH
    person.accepts = ""
    assert await told(person, hass) == GERMAN, "one reader is not the next"


async def test_what_cannot_be_read_is_no_choice(
    hass: HomeAssistant,
    hass_admin_user: MockUser,
    hass_storage: dict[str, Any],
    *,
    in_doubt: int,
    person: Person,
) -> None:
    """A file of a newer frontend, say."""
    assert in_doubt == 1
    key = f"frontend.user_data_{hass_admin_user.id}"
    hass_storage[key] = {"version": 99, "minor_version": 1, "key": key, "data": {}}
    person.accepts = "de"

    assert await told(person, hass) == GERMAN


async def test_nobody_chose_where_nobody_is_known(hass: HomeAssistant) -> None:
    async with in_language_of_reader(hass, None, "de"):
        assert sentence(hass, "waiting_paused") == "Pausiert"
    assert sentence(hass, "waiting_paused") == "Paused"
