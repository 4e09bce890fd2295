"""What a command waits for, in words: for each reason and in each language."""

from __future__ import annotations

from typing import Any, NoReturn, override

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.reason import Reason, Why
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.texts.sentences import (
    node_title,
    protocol_in_words,
    reason_in_words,
    sentence,
)

from ..nodes import speak_german

SEEN = 1_780_000_000.0
"""2026-05-28, 13:26:40 in the time zone of the tests."""

ENGLISH = {
    Why.DISCONNECTED: "No connection to the MQTT broker",
    Why.PAUSED: "Paused",
    Why.STORAGE: "Not stored on disk yet",
    Why.RESTORED: (
        "An older backup was put back: confirm in the repairs that sending may go on"
    ),
    Why.CLOCK: (
        "The clock jumped: until it is sure, nobody knows whether the time for this has"
        " come or is over"
    ),
    Why.NOT_YET: "Due at 13:26",
    Why.NEVER_HEARD: "Node 2: not heard yet",
    Why.OFFLINE: "Node 2: offline",
    Why.SILENT: "Node 2: last seen at 13:26:40",
    Why.NOT_READY: "Node 2: not ready",
    Why.NEVER_READY: "Node 2: has not said that it is ready",
    Why.STALE: "Node 2: last ready at 13:26:40",
    Why.SETTLING: "Node 2: settling",
    Why.BEHIND: "Behind #41",
    Why.UNCONFIRMED: "Blocked by #41, unconfirmed",
    Why.NODE_BUSY: "Node 2: busy with #41",
    Why.BUSY: "Node 2: said that it is busy",
    Why.ASLEEP: "Node 2: asleep, last seen at 13:26:40",
    Why.NEVER_AWAKE: "Node 2: has not called in yet",
    Why.ENOUGH: "Node 2: got enough commands for one waking",
    Why.RELAY_SILENT: "Hub: last heard at 13:26:40",
    Why.FULL: "Node 2: no further message can be held for it",
    Why.ECHO: "Node 2: a copy of its last answer may still come",
    Why.PAUSE: "Node 2: a pause until what it did last has run out",
    Why.STILL_HELD: "Node 2: the hub may still hold what was sent before",
    Why.SENDING_IMAGE: "Node 2: is sending an image",
    Why.UNANSWERED: "An earlier message is not answered yet",
}
GERMAN = {
    Why.DISCONNECTED: "Keine Verbindung zum MQTT-Broker",
    Why.PAUSED: "Pausiert",
    Why.STORAGE: "Noch nicht auf dem Datenträger gespeichert",
    Why.RESTORED: (
        "Eine ältere Sicherung wurde eingespielt: Bestätige in den Reparaturen, dass"
        " weiter gesendet werden darf"
    ),
    Why.CLOCK: (
        "Die Uhr ist gesprungen: Bis sie sicher ist, weiß niemand, ob die Zeit dafür"
        " gekommen oder vorbei ist"
    ),
    Why.NOT_YET: "Fällig um 13:26",
    Why.NEVER_HEARD: "Node 2: noch nichts von ihm gehört",
    Why.OFFLINE: "Node 2: offline",
    Why.SILENT: "Node 2: zuletzt gesehen um 13:26:40",
    Why.NOT_READY: "Node 2: nicht bereit",
    Why.NEVER_READY: "Node 2: hat noch nicht gemeldet, dass er bereit ist",
    Why.STALE: "Node 2: zuletzt bereit um 13:26:40",
    Why.SETTLING: "Node 2: seine Bereitschaft ist noch nicht stabil",
    Why.BEHIND: "Wartet hinter #41",
    Why.UNCONFIRMED: "Blockiert durch #41, unbestätigt",
    Why.NODE_BUSY: "Node 2: beschäftigt mit #41",
    Why.BUSY: "Node 2: hat gemeldet, dass er beschäftigt ist",
    Why.ASLEEP: "Node 2: schläft, zuletzt gesehen um 13:26:40",
    Why.NEVER_AWAKE: "Node 2: hat sich noch nicht gemeldet",
    Why.ENOUGH: "Node 2: hat für ein Aufwachen genug Befehle bekommen",
    Why.RELAY_SILENT: "Hub: zuletzt gehört um 13:26:40",
    Why.FULL: "Node 2: für ihn können keine weiteren Nachrichten aufbewahrt werden",
    Why.ECHO: "Node 2: seine letzte Antwort kommt vielleicht noch einmal",
    Why.PAUSE: "Node 2: Pause, bis er mit dem Letzten sicher fertig ist",
    Why.STILL_HELD: (
        "Node 2: der Hub hält vielleicht noch zurück, was vorher gesendet wurde"
    ),
    Why.SENDING_IMAGE: "Node 2: sendet gerade ein Bild",
    Why.UNANSWERED: "Eine frühere Nachricht ist noch nicht beantwortet",
}


def reason(why: Why) -> Reason:
    if why is Why.NOT_YET:
        return Reason(why, until=SEEN)
    return Reason(why, node="2", since=SEEN, command_id=41)


pytestmark = pytest.mark.usefixtures("freezer")


@pytest.mark.parametrize("why", Why)
async def test_each_reason_has_its_sentence(
    hass: HomeAssistant, kitchen: MockConfigEntry, why: Why
) -> None:
    assert reason_in_words(hass, kitchen.runtime_data, reason(why)) == ENGLISH[why]

    await speak_german(hass)
    assert reason_in_words(hass, kitchen.runtime_data, reason(why)) == GERMAN[why]


async def test_a_language_that_we_do_not_speak_gets_english(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    hass.config.language = "tlh"

    assert sentence(hass, "waiting_paused") == "Paused"


async def test_a_sentence_that_nobody_wrote_is_its_key(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    assert sentence(hass, "waiting_for_godot") == "waiting_for_godot"


async def test_a_time_of_another_day_has_its_date(
    hass: HomeAssistant, kitchen: MockConfigEntry, freezer: object
) -> None:
    freezer.move_to("2026-05-29 00:00:01-07:00")  # type: ignore[attr-defined]

    assert (
        reason_in_words(hass, kitchen.runtime_data, reason(Why.SILENT))
        == "Node 2: last seen on 2026-05-28 at 13:26:40"
    )


async def test_of_a_hub_that_was_never_heard_no_time_is_told(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    never = Reason(Why.RELAY_SILENT)

    assert reason_in_words(hass, kitchen.runtime_data, never) == "Hub: not heard yet"

    await speak_german(hass)
    assert (
        reason_in_words(hass, kitchen.runtime_data, never)
        == "Hub: noch nichts von ihm gehört"
    )


async def test_a_node_is_called_what_its_owner_calls_it(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    subentry = next(iter(kitchen.subentries.values()))
    hass.config_entries.async_update_subentry(kitchen, subentry, title="{Hopper}")
    await hass.async_block_till_done()

    assert node_title(kitchen.runtime_data, "1") == "{Hopper}"
    assert (
        reason_in_words(hass, kitchen.runtime_data, Reason(Why.NOT_READY, "1"))
        == "{Hopper}: not ready"
    )
    assert node_title(kitchen.runtime_data, "9") == "9", "a node that was just removed"


@pytest.mark.parametrize("key", PROTOCOLS)
async def test_each_protocol_has_a_name(
    hass: HomeAssistant, kitchen: MockConfigEntry, key: str
) -> None:
    assert protocol_in_words(hass, PROTOCOLS[key]) != f"protocol_{key}"


class Unwalked(dict[str, Any]):
    """Nodes through which nobody may go."""

    @override
    def __iter__(self) -> NoReturn:
        raise AssertionError

    values = keys = items = __iter__


async def test_a_name_costs_the_same_however_many_nodes_there_are(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    subentries = kitchen.subentries
    object.__setattr__(kitchen, "subentries", Unwalked(subentries))
    try:
        assert reason_in_words(
            hass, kitchen.runtime_data, Reason(Why.NOT_READY, "2")
        ) == ("Node 2: not ready")
    finally:
        object.__setattr__(kitchen, "subentries", subentries)
