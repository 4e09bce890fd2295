"""What a protocol does that a profile made, beside what is in the package."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.reports import Hello, Seen
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.protocols.commands import NOWHERE, command_for
from tests.protocols.played import Played

from .shipped import said

DRINKER: dict[str, Any] = {
    "format": 1,
    "profile": "drinker",
    "maker": "Nobody",
    "prefix": "drink",
    "longest_command": 34,
    "topics": {
        "told": "{prefix}/{node}/told",
        "level": "{prefix}/{node}/level",
        "there": "{prefix}/{node}/there",
        "done": "{prefix}/done",
        "log": "{prefix}/log",
    },
    "online": [{"topic": "there", "yes": "yes", "no": "no"}],
    "answers": {"topic": "done", "id": "id", "done": "ok"},
    "refusals": [
        {
            "topic": "log",
            "path": "text",
            "where": {"bad": [True]},
            "with": ["never"],
            "text": "{node}: ",
        }
    ],
    "kinds": {
        "run_pump": {"class": "once"},
        "calibrate": {"class": "latest"},
        "ping": {"class": "repeat"},
    },
    "models": {
        "small": {
            "title": "Small",
            "readings": {"level": {"topic": "level", "number": [0, 9]}},
            "kinds": {
                "run_pump": {
                    "params": {
                        "times": {"whole": [1, 3]},
                        "into": {"words": ["bowl"], "default": "bowl"},
                    },
                    "steps": [
                        {
                            "topic": "{prefix}/{node}/do",
                            "payload": {"do": [{"$": "times"}, {"$": "into"}, None]},
                        }
                    ],
                }
            },
        },
        "large": {
            "title": "Large",
            "readings": {"turns": {"topic": "told", "path": "turns", "number": [0, 9]}},
            "kinds": {
                "run_pump": {
                    "params": {
                        "times": {"whole": [2, 8]},
                        "into": {"words": ["bowl", "reservoir"]},
                    },
                    "steps": [
                        {
                            "topic": "{prefix}/{node}/do",
                            "payload": "{times} times into the {into}, and no more",
                        }
                    ],
                    "done_when": {"reading": "turns", "changes": True},
                },
                "calibrate": {
                    "steps": [{"topic": "{prefix}/{node}/do", "payload": 0.5}]
                },
            },
            "handled": {
                "pump": {
                    "as": "button",
                    "press": {"kind": "run_pump", "params": {"into": "bowl"}},
                    "amount": "times",
                }
            },
        },
    },
}
WIRE = protocol_of(read(json.dumps(DRINKER)))
NODES = {"a": {"model": "small"}, "b": {"model": "large"}, "c": {"model": "gone"}}


def told(kind: str, node: str, step: int = 0, **params: Any) -> list[tuple[str, str]]:
    """Return what tells a node a step."""
    command = command_for((node,), kind, params)
    sending = Sending(command=command, node=node, wall=0.0, step=step)
    site = Site(prefix="drink", nodes=NODES)
    return [(each.topic, each.payload) for each in WIRE.publications(site, sending)]


def test_a_kind_takes_what_any_model_takes_and_each_model_its_own() -> None:
    for params in ({"times": 1, "into": "bowl"}, {"times": 8, "into": "reservoir"}):
        assert WIRE.check("run_pump", params) == params
    assert told("run_pump", "a", times=1) == [("drink/a/do", '{"do":[1,"bowl",null]}')]
    with pytest.raises(InvalidCommand):
        told("run_pump", "a", times=8)
    with pytest.raises(InvalidCommand):
        told("run_pump", "b", times=1, into="bowl")


def test_a_number_is_told_as_one() -> None:
    assert told("calibrate", "b") == [("drink/b/do", "0.5")]


def test_there_is_no_step_behind_the_last() -> None:
    assert told("calibrate", "b", step=1) == []


@pytest.mark.parametrize("node", ["a", "c", "d"])
def test_what_a_model_does_not_know_is_not_sent(node: str) -> None:
    with pytest.raises(InvalidCommand) as refused:
        told("calibrate", node)
    assert refused.value.code == "not_understood"


def test_a_kind_of_no_model_is_one_step_and_understood_by_nobody() -> None:
    command = command_for(("a",), "ping", {})
    assert len(WIRE.steps(NOWHERE, command, "a", {})) == 1
    assert not WIRE.understands(Site(prefix="x", nodes=NODES), "a", "ping", {})


def test_a_text_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(InvalidCommand) as refused:
        told("run_pump", "b", times=2, into="reservoir")
    assert refused.value.code == "payload_too_large"


def test_a_model_says_what_a_person_handles() -> None:
    assert WIRE.actuators({"model": "small"}, {}) == ()
    assert WIRE.actuators({}, {}) == ()
    (pump,) = WIRE.actuators({"model": "large"}, {})
    assert pump.orders == {"press": ("run_pump", {"into": "bowl"})}


@pytest.mark.parametrize("topic", ["drink/new/told", "drink/new/there"])
def test_who_is_described_by_nothing_is_offered_once_it_speaks(topic: str) -> None:
    (seen,) = said(WIRE, topic, "yes", NODES)
    assert isinstance(seen, Seen)
    assert (seen.node, seen.live) == ("new", True)
    assert WIRE.node_usually(Hello(node="new")) == {}


def test_a_node_of_an_unknown_model_is_heard_all_the_same() -> None:
    assert said(WIRE, "drink/c/told", {"turns": 1}, NODES) == (
        Seen(node="c", live=True),
    )


@pytest.mark.parametrize(
    ("text", "level"),
    [("7", 7.0), ("7.0", 7.0), ("10", None), ("much", None), ('"8"', 8.0)],
)
def test_a_number_may_be_told_as_a_text(text: str, level: float | None) -> None:
    (seen, _) = said(WIRE, "drink/a/level", text, NODES)
    assert seen.readings.get("level") == level


def test_two_things_in_one_payload_are_a_text() -> None:
    (seen, _) = said(WIRE, "drink/a/level", '7,"x":8', NODES)
    assert "level" not in seen.readings


def test_a_reading_that_changes_proves_what_nobody_names() -> None:
    station, _ = pump()
    station.hear("drink/log", {"bad": True, "text": "b: never"})
    run = station.put("run_pump", "b", times=2, into="bowl")
    station.hear("drink/b/told", {"turns": 4})
    assert station.state(run) is CommandState.SENT

    station.hear("drink/b/told", {"turns": 5})
    assert station.state(run) is CommandState.SUCCEEDED


def test_other_topics_say_nothing() -> None:
    assert said(WIRE, "elsewhere/a", "7", NODES) == ()
    assert said(WIRE, "drink/a/there", "perhaps", NODES) == ()


def pump(**more: Any) -> tuple[Played, int]:
    """Return a large one that was told to pump, and its command."""
    station = Played(WIRE, {"b": {"model": "large"}})
    station.hear("drink/b/there", "yes")
    station.hear("drink/b/told", {"turns": 4})
    return station, station.order(
        "calibrate", "b", params=WIRE.check("calibrate", more), key=""
    )


def test_an_answer_with_an_id_may_say_that_it_is_done() -> None:
    station, command = pump()
    station.hear("drink/done", {"id": command, "ok": True})
    assert station.state(command) is CommandState.SUCCEEDED


@pytest.mark.parametrize(
    ("content", "state"),
    [
        ({"bad": True, "text": "b: never"}, CommandState.REJECTED),
        ({"bad": False, "text": "b: never"}, CommandState.SENT),
        ({"bad": True, "text": "b: later"}, CommandState.SENT),
        ({"bad": True, "text": "never"}, CommandState.SENT),
        ({"bad": True, "text": "x: never"}, CommandState.SENT),
        ({"bad": True}, CommandState.SENT),
    ],
)
def test_a_refusal_says_all_that_its_profile_wants(
    content: dict[str, Any], state: CommandState
) -> None:
    station, command = pump()
    station.hear("drink/log", content)
    assert station.state(command) is state
