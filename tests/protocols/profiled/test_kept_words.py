"""Who relays repeats what it kept: that proves no closing where it can be asked."""

from __future__ import annotations

from dataclasses import replace
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.protocols.base import Protocol
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.following.asking import (
    FIRST,
    MOST,
)
from custom_components.mqtt_dispatch.protocols.profiled.following.heard import (
    ANSWERED_WITHIN,
)
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.engine.driver import HOUR
from tests.protocols.played import Played

from .shipped import spoken, text_of

TAP = "tap"
ASKED = (f"zigbee2mqtt/{TAP}/get", '{"status":""}')
CLOSE = (f"zigbee2mqtt/{TAP}/set", '{"state":"OFF"}')


class Drive(Played):
    """A drive behind a bridge that says that it is closed, whatever it is."""

    def __init__(self, wire: Protocol | None = None) -> None:
        nodes = {TAP: {"model": "pushok_valve"}}
        super().__init__(wire or spoken("zigbee2mqtt"), nodes)
        self.hear("zigbee2mqtt/bridge/state", {"state": "online"})
        self.says("OFF")

    def says(self, status: str, **more: Any) -> None:
        """Have a message come that tells the whole of it."""
        self.hear(f"zigbee2mqtt/{TAP}", {"status": status, **more})

    def closes(self) -> int:
        """Have it told to close."""
        closing = self.put("close_valve", TAP)
        self.advance(0.5)
        assert CLOSE in self.taken()
        return closing

    def is_asked(self) -> None:
        """Let time pass until it is asked, and say after each order what was so."""
        for _ in range(60):
            self.advance(0.5)
            sent = self.taken()
            if CLOSE in sent:
                self.says("OFF", state="OFF")
            if ASKED in sent:
                return
        pytest.fail("nobody asked it")


@pytest.fixture
def drive() -> Drive:
    return Drive()


def test_an_echo_that_repeats_what_was_so_proves_nothing(drive: Drive) -> None:
    closing = drive.closes()
    for _ in range(3):
        drive.says("OFF", state="OFF")

    assert drive.state(closing) is CommandState.SENT


def test_the_answer_to_a_question_after_it_proves_it(drive: Drive) -> None:
    closing = drive.closes()
    drive.is_asked()
    drive.says("OFF", state="OFF")

    assert drive.state(closing) is CommandState.SUCCEEDED
    drive.taken()
    drive.advance(HOUR)
    assert drive.taken() == []


def test_an_answer_that_it_is_open_has_it_told_again(drive: Drive) -> None:
    closing = drive.closes()
    drive.is_asked()
    drive.says("ON", state="OFF")
    drive.advance(30)
    assert CLOSE in drive.taken()

    drive.says("OFF", state="OFF")
    assert drive.state(closing) is CommandState.SUCCEEDED, "that was heard to change"


def test_who_was_heard_to_be_open_proves_it_with_any_word(drive: Drive) -> None:
    drive.says("ON")
    closing = drive.closes()
    drive.says("OFF", state="OFF")

    assert drive.state(closing) is CommandState.SUCCEEDED


def test_what_comes_long_after_a_question_is_no_answer(drive: Drive) -> None:
    closing = drive.closes()
    drive.advance(31)
    drive.taken()
    drive.says("OFF", state="OFF")
    drive.is_asked()
    assert drive.state(closing) is CommandState.SENT
    drive.advance(ANSWERED_WITHIN + 0.1)
    assert CLOSE not in drive.taken(), "else that alone would be the reason"
    drive.says("OFF", battery=90)

    assert drive.state(closing) is CommandState.SENT


def test_the_first_word_after_it_may_be_its_echo_though_a_question_was_put(
    drive: Drive,
) -> None:
    closing = drive.closes()
    drive.advance(30)
    drive.taken()
    drive.advance(FIRST + 1)
    assert drive.taken() == [CLOSE, ASKED]
    drive.says("OFF", state="OFF")
    assert drive.state(closing) is CommandState.SENT

    drive.advance(2 * FIRST)
    assert drive.taken() == [ASKED]
    drive.says("OFF", state="OFF")
    assert drive.state(closing) is CommandState.SUCCEEDED


def test_what_was_asked_before_it_was_told_once_more_is_no_answer(
    drive: Drive,
) -> None:
    closing = drive.closes()
    drive.is_asked()
    drive.advance(3)
    assert drive.taken() == [CLOSE]
    drive.says("OFF", state="OFF")

    assert drive.state(closing) is CommandState.SENT


def test_the_first_word_of_a_bridge_after_its_start_proves_nothing(
    drive: Drive,
) -> None:
    closing = drive.closes()
    drive.hear("zigbee2mqtt/bridge/state", {"state": "offline"})
    drive.hear("zigbee2mqtt/bridge/state", {"state": "online"})
    drive.says("OFF")
    drive.says("OFF", battery=90)
    assert drive.state(closing) is CommandState.SENT

    drive.is_asked()
    drive.says("OFF", battery=90)
    assert drive.state(closing) is CommandState.SUCCEEDED


def test_whoever_never_answers_is_told_again_and_again(drive: Drive) -> None:
    closing = drive.closes()
    told = 0
    for _ in range(60):
        drive.says("OFF", state="OFF")
        drive.advance(60)
        told += drive.taken().count(CLOSE)

    assert drive.state(closing) in (CommandState.SENT, CommandState.QUEUED)
    assert told >= 30


def test_a_valve_that_cannot_be_asked_proves_it_with_any_word() -> None:
    station = Played(spoken("zigbee2mqtt"), {TAP: {"model": "neo_valve"}})
    station.hear("zigbee2mqtt/bridge/state", {"state": "online"})
    station.hear(f"zigbee2mqtt/{TAP}", {"status": "off"})
    closing = station.put("close_valve", TAP)
    station.advance(0.5)
    station.hear(f"zigbee2mqtt/{TAP}", {"status": "off", "state": "OFF"})

    assert station.state(closing) is CommandState.SUCCEEDED


def _asking_for(*questions: dict[str, str]) -> Protocol:
    """Return the wire of a drive that is asked this."""
    profile = json.loads(text_of("zigbee2mqtt"))
    profile["models"]["pushok_valve"]["ask"] = [
        {"topic": "{prefix}/{node}/get", "payload": each} for each in questions
    ]
    return protocol_of(read(json.dumps(profile)))


def test_who_is_asked_for_more_is_asked_for_nothing_but_what_proves_it() -> None:
    drive = Drive(_asking_for({"battery": "", "status": ""}, {"voltage": ""}))
    closing = drive.closes()
    drive.is_asked()
    drive.says("OFF")

    assert drive.state(closing) is CommandState.SUCCEEDED


def test_who_cannot_be_asked_for_just_that_proves_it_with_any_word() -> None:
    drive = Drive(_asking_for({"battery": ""}))
    closing = drive.closes()
    drive.says("OFF", state="OFF")

    assert drive.state(closing) is CommandState.SUCCEEDED


def test_a_relay_without_a_cache_proves_it_with_any_word() -> None:
    tap = Played(spoken("tasmota"), {TAP: {"model": "relay_valve"}})
    tap.hear(f"stat/{TAP}/RESULT", {"POWER": "OFF"})
    closing = tap.put("close_valve", TAP)
    tap.advance(0.5)
    tap.hear(f"stat/{TAP}/RESULT", {"POWER": "OFF"})

    assert tap.state(closing) is CommandState.SUCCEEDED


SAID = "That it closed"
MODELS = json.loads(text_of("zigbee2mqtt"))["models"]


def _can_be_asked(model: dict[str, Any]) -> bool:
    done_when = model["kinds"]["close_valve"].get("done_when")
    if done_when is None:
        return False
    path = model["readings"][done_when["reading"]]["path"].replace("{valve}", "1")
    return any(path in each["payload"] for each in model.get("ask", ()))


@pytest.mark.parametrize(
    "model", [name for name, each in MODELS.items() if "close_valve" in each["kinds"]]
)
def test_what_cannot_be_asked_says_what_it_cannot_prove(model: str) -> None:
    told = MODELS[model]
    says_so = any(each.startswith(SAID) for each in told["not_provable"])

    assert says_so is not _can_be_asked(told)


def changed(**model: Any) -> Protocol:
    """Return the profile with other words for the model of the drive."""
    profile = json.loads(text_of("zigbee2mqtt"))
    profile["models"]["pushok_valve"] |= model
    return protocol_of(read(json.dumps(profile)))


def lives_on(drive: Drive, closing: int, *, answers_after: float | None) -> list[str]:
    """Let an hour pass at a closed drive; return the last words of what it was sent.

    It echoes each order, and answers each question so many seconds after it.
    """
    due: list[float] = []
    sent: list[str] = []
    for at in (half / 2 for half in range(int(2 * HOUR))):
        for _ in [each for each in due if each <= at]:
            drive.says("OFF")
        due = [each for each in due if each > at]
        drive.advance(0.5)
        for topic, _ in drive.taken():
            sent.append(topic.rpartition("/")[2])
            after = answers_after if sent[-1] == "get" else 0.5
            due += [] if after is None else [at + after]
        if drive.state(closing) is CommandState.SUCCEEDED:
            break
    return sent


@pytest.mark.parametrize("answers_after", [6.0, 30.0, None])
def test_who_answers_late_or_never_is_not_closed_for_ever(
    drive: Drive, answers_after: float | None
) -> None:
    closing = drive.closes()
    sent = lives_on(drive, closing, answers_after=answers_after)

    assert drive.state(closing) is CommandState.SUCCEEDED
    assert sent.count("get") <= 2 * MOST


def test_a_closing_that_was_taken_is_asked_for_too() -> None:
    profile = json.loads(text_of("zigbee2mqtt"))
    kinds = profile["models"]["pushok_valve"]["kinds"]
    kinds["close_valve"]["steps"][0]["taken_when"] = {
        "reading": "status",
        "is": "closed",
    }
    drive = Drive(protocol_of(read(json.dumps(profile))))
    closing = drive.closes()
    drive.is_asked()
    assert drive.state(closing) is CommandState.ACCEPTED
    drive.says("OFF", state="OFF")
    assert drive.state(closing) is CommandState.SUCCEEDED


def test_a_question_keeps_the_words_that_are_of_no_key() -> None:
    topic = "{prefix}/{node}/get"
    payload = {"op": "read", "status": "", "battery": ""}
    drive = Drive(changed(ask=[{"topic": topic, "payload": payload}]))
    drive.closes()
    asked: list[str] = []
    for _ in range(60):
        drive.says("OFF", state="OFF")
        drive.advance(0.5)
        asked += [text for topic, text in drive.taken() if topic.endswith("get")]
    assert json.loads(asked[0]) == {"op": "read", "status": ""}


def test_what_was_stored_of_another_model_stops_no_newer_closing() -> None:
    taps = Played(spoken("zigbee2mqtt"), {TAP: {"model": "neo_valve"}})
    taps.hear("zigbee2mqtt/bridge/state", {"state": "online"})
    taps.hear(f"zigbee2mqtt/{TAP}", {"status": "on"})
    taps.put("close_valve", TAP)
    taps.advance(0.5)
    taps.site = replace(taps.site, nodes={TAP: {"model": "giex_two_valves"}})
    taps.hear(f"zigbee2mqtt/{TAP}", {"state_1": "Manual", "state_2": "Closed"})
    closing = taps.put("close_valve", TAP, valve=1)
    taps.hear(f"zigbee2mqtt/{TAP}", {"state_1": "Closed", "state_2": "Closed"})
    assert taps.state(closing) is CommandState.SUCCEEDED
