"""Behind a bridge that repeats what it was told, only an answer shows the same."""

from __future__ import annotations

from collections.abc import Callable
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.following.asking import (
    FIRST,
    MOST,
)
from custom_components.mqtt_dispatch.protocols.profiled.following.heard import (
    ANSWERED_WITHIN,
    ECHOED_WITHIN,
)
from custom_components.mqtt_dispatch.protocols.profiled.reading.located import (
    ProfileError,
)
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.protocols.played import Played

SET, STATE, GET = "home/tap/set", "home/tap", "home/tap/get"
LASTS = 600
OPENED = {"reading": "valve", "becomes": "open"}


def bridged(**parts: Any) -> dict[str, Any]:
    """Return a profile of a valve behind a bridge, which can be asked for its state."""
    valve = {
        "title": "Valve",
        "means": ["It is closed by Home Assistant."],
        "ask": [{"topic": "{prefix}/{node}/get", "payload": {"state": ""}}],
        "readings": {
            "valve": {
                "topic": "state",
                "path": "state",
                "words": {"ON": "open", "OFF": "closed"},
            }
        },
        "kinds": {
            "open_valve": {
                "params": {"duration": {"whole": [1, 3600]}},
                "lasts": "duration",
                "steps": [
                    {
                        "topic": "{prefix}/{node}/set",
                        "payload": {"state": "ON", "on_time": {"$": "duration"}},
                        "taken_when": OPENED,
                    }
                ],
                "done_when": {"reading": "valve", "becomes": "closed"},
            },
            "close_valve": {
                "steps": [
                    {"topic": "{prefix}/{node}/set", "payload": {"state": "OFF"}}
                ],
                "done_when": {"reading": "valve", "is": "closed"},
            },
        },
    }
    valve.update(parts)
    return {
        "format": 1,
        "profile": "bridged",
        "maker": "Bridge",
        "prefix": "home",
        "echoes": True,
        "online_for": 86400,
        "topics": {"state": "{prefix}/{node}", "there": "{prefix}/{node}/there"},
        "whole": ["state"],
        "online": [{"topic": "there", "yes": "yes", "no": "no"}],
        "kinds": {
            "open_valve": {"class": "once", "undoes": "valve", "taken_within": 60},
            "close_valve": {"class": "until_done", "undoes": "valve"},
        },
        "models": {"valve": valve},
    }


class Tap(Played):
    """A valve behind a bridge that repeats what it was told."""

    def __init__(self, profile: dict[str, Any]) -> None:
        spoken = protocol_of(read(json.dumps(profile)))
        super().__init__(spoken, {"tap": {"model": "valve"}})
        self.hear("home/tap/there", "yes")
        self.says("OFF")
        self.advance(3600)
        self.taken()

    def says(self, state: str) -> None:
        self.hear(STATE, {"state": state})

    def asked(self, seconds: float) -> list[str]:
        """Return what it was asked while so many seconds pass."""
        self.advance(seconds)
        return [payload for topic, payload in self.taken() if topic == GET]

    def is_taken(self, run: int) -> bool:
        return self.delivery(run, "tap").state is DeliveryState.ACCEPTED


@pytest.fixture
def tap() -> Tap:
    return Tap(bridged())


def test_an_echo_does_not_show_that_it_opened(tap: Tap) -> None:
    run = tap.put("open_valve", "tap", duration=LASTS)
    tap.says("ON")

    assert tap.delivery(run, "tap").state is DeliveryState.SENT


def test_its_answer_shows_that_it_opened(tap: Tap) -> None:
    run = tap.put("open_valve", "tap", duration=LASTS)
    tap.says("ON")
    assert tap.asked(ECHOED_WITHIN) == ['{"state":""}']
    tap.says("ON")

    assert tap.is_taken(run)


def test_what_it_says_after_the_time_for_an_answer_is_none(tap: Tap) -> None:
    run = tap.put("open_valve", "tap", duration=LASTS)
    tap.says("ON")
    tap.asked(ECHOED_WITHIN)
    tap.advance(ANSWERED_WITHIN + 0.5)
    tap.says("ON")

    assert not tap.is_taken(run)


def test_an_answer_before_it_was_told_open_shows_nothing(tap: Tap) -> None:
    run = tap.put("open_valve", "tap", duration=LASTS)
    assert tap.asked(FIRST) == ['{"state":""}']
    tap.says("ON")

    assert not tap.is_taken(run), "that may be the echo, which comes late"


def test_an_answer_that_it_is_closed_shows_that_it_did_not_open(tap: Tap) -> None:
    run = tap.put("open_valve", "tap", duration=LASTS)
    tap.says("ON")
    tap.asked(ECHOED_WITHIN)
    tap.says("OFF")

    assert not tap.is_taken(run)


def opened(tap: Tap) -> int:
    run = tap.put("open_valve", "tap", duration=LASTS)
    tap.says("ON")
    tap.asked(ECHOED_WITHIN)
    tap.says("ON")
    assert tap.is_taken(run)
    return run


def test_that_it_closed_by_itself_is_asked_for_and_answered(tap: Tap) -> None:
    run = opened(tap)
    tap.advance(LASTS)
    tap.says("OFF")
    assert tap.state(run) is not CommandState.SUCCEEDED, "a closing says OFF, too"
    assert tap.asked(FIRST) == ['{"state":""}']
    tap.says("OFF")

    assert tap.state(run) is CommandState.SUCCEEDED


def test_a_run_is_not_too_short_because_it_was_asked_for_late(tap: Tap) -> None:
    run = tap.put("open_valve", "tap", duration=60)
    tap.says("ON")
    tap.asked(ECHOED_WITHIN)
    tap.says("ON")
    assert tap.is_taken(run)
    tap.advance(42)
    tap.says("OFF")
    assert tap.asked(FIRST) == ['{"state":""}']
    tap.says("OFF")

    assert tap.state(run) is CommandState.SUCCEEDED


def test_the_echo_of_what_closes_it_does_not_prove_that_it_closed(tap: Tap) -> None:
    run = opened(tap)
    tap.advance(LASTS + 120)
    assert (SET, '{"state":"OFF"}') in tap.taken(), "it was never told closed"
    tap.says("OFF")
    closing = tap.put("close_valve", "tap")

    assert tap.state(run) is not CommandState.SUCCEEDED
    assert tap.state(closing) is not CommandState.SUCCEEDED


def test_however_often_nobody_answers_an_echo_closes_nothing(tap: Tap) -> None:
    closing = tap.put("close_valve", "tap")
    for _ in range(3 * MOST):
        tap.advance(ANSWERED_WITHIN + 20)
        for topic, _payload in tap.taken():
            if topic == SET:
                tap.says("OFF")
        tap.advance(ANSWERED_WITHIN + 20)
    assert tap.state(closing) is not CommandState.SUCCEEDED

    for _ in range(120):
        tap.advance(1)
        for _ in tap.taken():
            tap.says("OFF")
    assert tap.state(closing) is CommandState.SUCCEEDED, "it answers again"


def test_after_a_restart_of_ours_it_is_asked_anew(tap: Tap) -> None:
    run = tap.put("open_valve", "tap", duration=LASTS)
    tap.crash(away=20)
    tap.connect()
    tap.hear("home/tap/there", "yes")
    tap.says("ON")
    assert not tap.is_taken(run)
    tap.asked(2 * FIRST)
    tap.says("ON")
    tap.asked(2 * FIRST)
    tap.says("ON")

    assert tap.is_taken(run)


def with_two_taps() -> dict[str, Any]:
    """Return the profile of a node with two of these valves."""
    profile = bridged(
        ask=[
            {"topic": "{prefix}/{node}/get", "payload": {"state_1": "", "state_2": ""}}
        ],
        several={"param": "valve", "numbers": [1, 2]},
    )
    text = json.dumps(profile).replace('"state": "O', '"state_{valve}": "O')
    found: dict[str, Any] = json.loads(
        text.replace('"path": "state"', '"path": "state_{valve}"')
    )
    return found


def test_of_two_the_one_that_was_opened_is_asked() -> None:
    tap = Tap(with_two_taps())
    tap.hear(STATE, {"state_1": "OFF", "state_2": "OFF"})
    run = tap.put("open_valve", "tap", duration=LASTS, valve=2)
    tap.hear(STATE, {"state_1": "OFF", "state_2": "ON"})
    assert tap.asked(ECHOED_WITHIN) == ['{"state_2":""}']
    tap.hear(STATE, {"state_1": "OFF", "state_2": "ON"})

    assert tap.is_taken(run)


def test_no_answer_is_what_is_said_while_something_may_be_repeated(tap: Tap) -> None:
    run = tap.put("open_valve", "tap", duration=LASTS)
    tap.says("ON")
    tap.asked(ECHOED_WITHIN)
    tap.put("close_valve", "tap")
    tap.says("ON")

    assert not tap.is_taken(run), "the closing was sent since, and all is repeated"


def test_what_changes_all_the_time_is_asked_for_all_the_same(tap: Tap) -> None:
    opened(tap)
    asked = []
    for _ in range(3):
        tap.says("OFF")
        asked += tap.asked(1)
        tap.says("ON")
        asked += tap.asked(1)

    assert asked == ['{"state":""}'], "as soon as if it had changed but once"


def opening(profile: dict[str, Any]) -> dict[str, Any]:
    kind: dict[str, Any] = profile["models"]["valve"]["kinds"]["open_valve"]
    return kind


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda each: each["models"]["valve"].pop("ask"), id="asked nothing"
        ),
        pytest.param(
            lambda each: each["models"]["valve"]["ask"][0].update(payload={"b": ""}),
            id="asked for something else",
        ),
        pytest.param(
            lambda each: each["models"]["valve"]["ask"][0].update(payload=""),
            id="asked for nothing by name",
        ),
        pytest.param(
            lambda each: (
                each["models"]["valve"].pop("ask"),
                opening(each)["steps"][0].pop("taken_when"),
            ),
            id="told by another kind",
        ),
    ],
)
def test_what_may_be_an_echo_and_cannot_be_asked_is_refused(
    change: Callable[[dict[str, Any]], object],
) -> None:
    profile = bridged()
    change(profile)

    with pytest.raises(ProfileError, match="may be its echo"):
        read(json.dumps(profile))


def by_bare_words(profile: dict[str, Any]) -> None:
    kinds = profile["models"]["valve"]["kinds"]
    kinds["open_valve"]["steps"][0]["payload"] = "ON"
    kinds["close_valve"]["steps"][0]["payload"] = "OFF"


def by_a_field(profile: dict[str, Any]) -> None:
    model = profile["models"]["valve"]
    model["fields"] = {"ep": {"text": [1, 9]}}
    model["readings"]["valve"]["path"] = "state_l1"
    model["kinds"]["open_valve"]["steps"][0]["payload"] = {"state_{ep}": "ON"}


def by_endpoint(profile: dict[str, Any]) -> None:
    profile["models"]["valve"]["readings"]["valve"]["path"] = "state_l1"


def at_a_topic_of_its_own(profile: dict[str, Any]) -> None:
    del profile["models"]["valve"]["readings"]["valve"]["path"]


def in_other_capitals(profile: dict[str, Any]) -> None:
    opening(profile)["steps"][0]["payload"] = {"state": "on"}


def by_a_word_that_is_never_told(profile: dict[str, Any]) -> None:
    opening(profile)["steps"][0]["payload"] = {"state": "TOGGLE"}


@pytest.mark.parametrize(
    "told",
    [
        by_bare_words,
        by_a_field,
        by_endpoint,
        at_a_topic_of_its_own,
        in_other_capitals,
        by_a_word_that_is_never_told,
    ],
)
def test_however_a_message_says_it_it_may_be_an_echo(
    told: Callable[[dict[str, Any]], None],
) -> None:
    profile = bridged()
    del profile["models"]["valve"]["ask"]
    told(profile)

    with pytest.raises(ProfileError, match="may be its echo"):
        read(json.dumps(profile))


def unasked(**words: str) -> dict[str, Any]:
    """Return a profile whose valve closes by a key that nothing is told by."""
    profile = bridged()
    model = profile["models"]["valve"]
    del model["ask"]
    model["readings"]["valve"]["words"].update(words)
    model["kinds"]["close_valve"]["steps"][0]["payload"] = {"close": 1}
    del opening(profile)["steps"][0]["taken_when"]
    return profile


def test_a_word_that_no_message_says_is_no_echo() -> None:
    profile = read(json.dumps(unasked()))

    evidence = profile.models["valve"].kinds["open_valve"].done_when
    assert evidence is not None
    assert not evidence.asked, "the messages say ON, and closed is OFF"


def test_a_word_by_another_name_is_an_echo() -> None:
    with pytest.raises(ProfileError, match="may be its echo"):
        read(json.dumps(unasked(ON="closed")))


@pytest.mark.parametrize("how", [{"changes": True}, {"is": {"$": "level"}}])
def test_what_may_be_any_value_may_be_an_echo(how: dict[str, Any]) -> None:
    profile = bridged()
    model = profile["models"]["valve"]
    profile["kinds"]["set_level"] = {"class": "latest"}
    model["readings"]["level"] = {"topic": "state", "path": "level", "number": [0, 9]}
    model["kinds"]["set_level"] = {
        "params": {"level": {"whole": [0, 9]}},
        "steps": [{"topic": "{prefix}/{node}/set", "payload": {"level": 3}}],
        "done_when": {"reading": "level", **how},
    }

    with pytest.raises(ProfileError, match="'level' may be in a message itself"):
        read(json.dumps(profile))


def silent() -> dict[str, Any]:
    """Return the profile of a valve that proves nothing; its time is set before."""
    profile = bridged()
    model = profile["models"]["valve"]
    del model["ask"]
    model["readings"]["time"] = {"topic": "state", "path": "time", "number": [0, 3600]}
    kind = opening(profile)
    del kind["done_when"]
    kind.update(told="done", ends_by="close")
    kind["steps"] = [
        {
            "topic": "{prefix}/{node}/set",
            "payload": {"time": {"$": "duration"}},
            "taken_when": {"reading": "time", "is": {"$": "duration"}},
        },
        {"topic": "{prefix}/{node}/set", "payload": {"state": "ON"}},
    ]
    closing = model["kinds"]["close_valve"]
    del closing["done_when"]
    closing["told"] = "done"
    return profile


def test_of_a_model_that_proves_nothing_being_told_is_all_there_is() -> None:
    tap = Tap(silent())
    run = tap.put("open_valve", "tap", duration=LASTS)
    tap.hear(STATE, {"state": "OFF", "time": LASTS})
    assert tap.taken() == [
        (SET, '{"time":600}'),
        (SET, '{"state":"ON"}'),
    ]
    tap.advance(61)
    assert tap.is_taken(run)
    assert tap.causes(run)[-1] is Cause.TOLD
    tap.advance(LASTS)
    assert tap.taken() == [(SET, '{"state":"OFF"}')], "it is closed at its time"
    tap.advance(11)

    assert tap.state(run) is CommandState.SUCCEEDED
    assert tap.causes(run)[-1] is Cause.ENDED


def test_it_is_not_over_while_nothing_was_sent_that_closes_it() -> None:
    tap = Tap(silent())
    run = tap.put("open_valve", "tap", duration=LASTS)
    tap.hear(STATE, {"state": "OFF", "time": LASTS})
    tap.advance(61)
    tap.pause()
    tap.advance(LASTS + 1200)
    assert tap.state(run) is not CommandState.SUCCEEDED

    tap.go_on()
    tap.advance(11)
    assert (SET, '{"state":"OFF"}') in tap.taken()
    assert tap.state(run) is CommandState.SUCCEEDED


def test_its_first_message_must_be_answered_all_the_same() -> None:
    tap = Tap(silent())
    run = tap.put("open_valve", "tap", duration=LASTS)
    tap.advance(61)

    assert tap.taken() == [(SET, '{"time":600}')], "without its time it is not opened"
    assert not tap.is_taken(run)


def test_what_a_model_proves_it_need_not_be_told_otherwise() -> None:
    profile = silent()
    opening(profile)["done_when"] = {"reading": "time", "becomes": 0}

    with pytest.raises(ProfileError, match="nothing proves more"):
        read(json.dumps(profile))


def test_a_node_that_was_never_heard_is_told_as_many_messages_as_its_model_has() -> (
    None
):
    profile = silent()
    talkative = json.loads(json.dumps(profile["models"]["valve"]))
    talkative["kinds"]["close_valve"]["steps"].insert(
        0,
        {
            "topic": "{prefix}/{node}/set",
            "payload": {"time": 0},
            "taken_when": {"reading": "time", "is": 0},
        },
    )
    profile["models"]["talkative"] = talkative
    tap = Played(protocol_of(read(json.dumps(profile))), {"tap": {"model": "valve"}})
    tap.hear("home/tap/there", "yes")
    closing = tap.put("close_valve", "tap")
    tap.advance(11)

    assert tap.state(closing) is CommandState.SUCCEEDED
    assert tap.taken() == [(SET, '{"state":"OFF"}')]
