"""A param may be a time of day, or lines; each is written as the wire wants."""

from __future__ import annotations

from collections.abc import Callable
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.protocols.base import Protocol
from custom_components.mqtt_dispatch.protocols.profiled import wording
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.reading.located import (
    ProfileError,
)
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from simulator.profiled.matching import asked
from tests.protocols.played import Played

LAMP: dict[str, Any] = {
    "format": 1,
    "profile": "lamp",
    "maker": "Nobody",
    "prefix": "home",
    "topics": {"told": "{prefix}/{node}"},
    "kinds": {
        "set_times": {"class": "latest", "told": "done"},
        "wake": {"class": "latest"},
    },
    "models": {
        "small": {
            "title": "Small",
            "readings": {
                "hour": {"topic": "told", "path": "hour", "number": [0, 23]},
            },
            "kinds": {
                "set_times": {
                    "params": {
                        "entries": {
                            "lines": {
                                "most": 2,
                                "of": {
                                    "time": {"time": True},
                                    "colour": {"words": ["red"], "default": "red"},
                                    "seconds": {"whole": [60, 600], "every": 60},
                                },
                            }
                        }
                    },
                    "steps": [
                        {
                            "topic": "{prefix}/{node}/set",
                            "payload": {
                                "times": {
                                    "$each": "entries",
                                    "as": {
                                        "at": "{time}",
                                        "as": {"$": "colour"},
                                        "for": {"$": "seconds", "per": 60},
                                        "by": "{node}",
                                    },
                                }
                            },
                        }
                    ],
                },
                "wake": {
                    "params": {"time": {"time": True, "default": "06:30"}},
                    "steps": [
                        {
                            "topic": "{prefix}/{node}/set",
                            "payload": {
                                "hour": {"$": "time", "part": "hour"},
                                "minute": {"$": "time", "part": "minute"},
                            },
                        }
                    ],
                    "done_when": {
                        "reading": "hour",
                        "is": {"$": "time", "part": "hour"},
                    },
                },
            },
        }
    },
}

type Change = Callable[[dict[str, Any]], object]
"""Changes the kinds of the model."""


def text(change: Change) -> str:
    """Return the profile with something else in its kinds, one line a value."""
    profile = json.loads(json.dumps(LAMP))
    change(profile["models"]["small"]["kinds"])
    return json.dumps(profile, indent=1)


def lamp(change: Change = lambda _: None) -> Protocol:
    return protocol_of(read(text(change)))


def written(protocol: Protocol, kind: str, **params: Any) -> list[str]:
    """Return what goes down for a command."""
    played = Played(protocol, {"lamp": {"model": "small"}})
    played.hear("home/lamp", {"hour": 0})
    played.put(kind, "lamp", **params)
    return [payload for _, payload in played.taken()]


def payload_of(kinds: dict[str, Any], value: Any) -> None:
    kinds["set_times"]["steps"][0]["payload"] = value


def test_each_line_is_written_as_the_profile_says() -> None:
    lines = [{"time": "7:05", "seconds": 60}, {"time": "23:59:00", "seconds": 600}]
    first = '{"at":"07:05","as":"red","for":1,"by":"lamp"}'
    second = '{"at":"23:59","as":"red","for":10,"by":"lamp"}'
    assert written(lamp(), "set_times", entries=lines) == [
        f'{{"times":[{first},{second}]}}'
    ]


def test_without_lines_an_empty_list_is_written() -> None:
    assert written(lamp(), "set_times", entries=[]) == ['{"times":[]}']


def test_a_list_may_be_all_that_is_written() -> None:
    protocol = lamp(
        lambda kinds: payload_of(kinds, {"$each": "entries", "as": {"$": "seconds"}})
    )
    lines = [{"time": "07:05", "seconds": 60}, {"time": "08:00", "seconds": 120}]
    assert written(protocol, "set_times", entries=lines) == ["[60,120]"]


def test_lines_may_be_written_as_they_are() -> None:
    protocol = lamp(lambda kinds: payload_of(kinds, {"times": {"$": "entries"}}))
    lines = [{"time": "07:05", "colour": "red", "seconds": 60}]
    (payload,) = written(protocol, "set_times", entries=lines)
    assert json.loads(payload) == {"times": lines}


def test_a_time_is_written_in_parts_and_may_be_usual() -> None:
    assert written(lamp(), "wake") == ['{"hour":6,"minute":30}']


def test_a_part_of_a_time_may_be_what_a_node_tells() -> None:
    played = Played(lamp(), {"lamp": {"model": "small"}})
    played.hear("home/lamp", {"hour": 0})
    waking = played.put("wake", "lamp", time="08:00")
    played.hear("home/lamp", {"hour": 8})
    assert played.state(waking) is CommandState.SUCCEEDED


def test_what_was_stored_when_the_profile_was_another_stays_what_it_is() -> None:
    assert wording.written({"$": "time", "part": "hour"}, {"time": "late"}) == "late"


def test_a_line_of_any_model_is_taken_where_the_model_is_not_asked() -> None:
    profile = json.loads(json.dumps(LAMP))
    large = json.loads(json.dumps(profile["models"]["small"]))
    lines = large["kinds"]["set_times"]["params"]["entries"]["lines"]
    lines["most"] = 4
    lines["of"]["seconds"]["whole"] = [60, 6000]
    profile["models"]["large"] = large
    protocol = protocol_of(read(json.dumps(profile)))
    found = [{"time": "07:05", "seconds": 6000}] * 4
    checked = protocol.check("set_times", {"entries": found})
    assert checked["entries"] == [{**each, "colour": "red"} for each in found]


def test_what_is_written_of_lines_is_understood_by_nodes_that_are_played() -> None:
    model = read(text(lambda _: None)).models["small"]
    lines = [{"time": "07:05", "seconds": 60}]
    (payload,) = written(lamp(), "set_times", entries=lines)
    found = asked(model, "home", "lamp", "home/lamp/set", payload.encode())
    assert found is not None
    assert found.in_range
    assert found.params["entries"] == [{**lines[0], "colour": "red"}]


@pytest.mark.parametrize(
    "payload",
    [
        {"times": [{"at": "07:05"}]},
        {"times": {"at": "07:05", "as": "red", "for": 1, "by": "lamp"}},
        {"times": [{"at": "07:05", "as": "red", "for": 1, "by": "desk"}]},
        {"times": ["07:05"]},
    ],
)
def test_what_no_line_would_be_written_as_is_not_understood(payload: Any) -> None:
    model = read(text(lambda _: None)).models["small"]
    message = json.dumps(payload).encode()
    assert asked(model, "home", "lamp", "home/lamp/set", message) is None


def test_a_time_that_is_none_is_out_of_range_for_nodes_that_are_played() -> None:
    model = read(text(lambda _: None)).models["small"]
    message = b'{"hour":25,"minute":"x"}'
    found = asked(model, "home", "lamp", "home/lamp/set", message)
    assert found is not None
    assert not found.in_range


def params_of(kinds: dict[str, Any]) -> dict[str, Any]:
    params: dict[str, Any] = kinds["set_times"]["params"]
    return params


def line_of(kinds: dict[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = params_of(kinds)["entries"]["lines"]["of"]
    return line


REFUSED: dict[str, tuple[Change, str, str]] = {
    # What is wrong: the change, what stands on the line, and the reason.
    "a param of two forms": (
        lambda kinds: kinds["wake"]["params"]["time"].update(whole=[1, 2]),
        '"time": {',
        "'time' needs one of: whole, words, time, lines",
    ),
    "a param of a line of no form": (
        lambda kinds: line_of(kinds)["time"].clear(),
        '"time": {',
        "'time' needs one of: whole, words, time",
    ),
    "lines of lines": (
        lambda kinds: line_of(kinds).update(more={"lines": {"most": 1, "of": {}}}),
        '"lines"',
        "'lines' is not known in",
    ),
    "lines of nothing": (
        lambda kinds: params_of(kinds)["entries"]["lines"].update(of={}),
        '"of"',
        "must have at least 1 entries",
    ),
    "any number of lines": (
        lambda kinds: params_of(kinds)["entries"]["lines"].pop("most"),
        '"lines"',
        "lacks 'most'",
    ),
    "lines that may be left out": (
        lambda kinds: params_of(kinds)["entries"].update(default=""),
        '"default"',
        "a list has no default",
    ),
    "a usual time that is none": (
        lambda kinds: kinds["wake"]["params"]["time"].update(default="24:00"),
        '"default"',
        "the default would not be taken",
    ),
    "each of what is no list": (
        lambda kinds: payload_of(kinds, {"$each": "entry", "as": 1}),
        '"payload"',
        "'entry' is no param of this kind",
    ),
    "each of a param that has no lines": (
        lambda kinds: kinds["wake"]["steps"][0].update(
            payload={"times": {"$each": "time", "as": 1}}
        ),
        '"payload"',
        "'$each' must name a param that has lines",
    ),
    "each of no name": (
        lambda kinds: payload_of(kinds, {"$each": ["entries"], "as": 1}),
        '"payload"',
        "'$each' must name a param that has lines",
    ),
    "each as nothing": (
        lambda kinds: payload_of(kinds, {"times": {"$each": "entries"}}),
        '"payload"',
        "'$each' needs 'as', and nothing else beside it",
    ),
    "something else of a line": (
        lambda kinds: payload_of(
            kinds, {"times": [{"$each": "entries", "as": {"at": {"$": "speed"}}}]}
        ),
        '"payload"',
        "'speed' is no param of this kind",
    ),
    "a division that leaves a rest, in a line": (
        lambda kinds: payload_of(
            kinds, {"$each": "entries", "as": {"$": "seconds", "per": 7}}
        ),
        '"payload"',
        "'seconds' may be what 7 does not divide",
    ),
    "a list in a text": (
        lambda kinds: payload_of(kinds, {"times": ["{entries}"]}),
        '"payload"',
        "'entries' is a list, and no part of a text: '$each'",
    ),
    "a list in a key": (
        lambda kinds: payload_of(kinds, {"{entries}": 1}),
        '"payload"',
        "'entries' is a list, and no part of a text",
    ),
    "a part of what is no time": (
        lambda kinds: payload_of(
            kinds,
            {"$each": "entries", "as": {"$": "seconds", "part": "hour"}},
        ),
        '"payload"',
        "'seconds' is no time of day that has parts",
    ),
    "no such part": (
        lambda kinds: kinds["wake"]["steps"][0].update(
            payload={"$": "time", "part": "second"}
        ),
        '"payload"',
        "'part' is one of: hour, minute; nothing else beside it",
    ),
    "a part of which something is left": (
        lambda kinds: kinds["wake"]["steps"][0].update(
            payload={"$": "time", "part": "hour", "plus": 1}
        ),
        '"payload"',
        "'part' is one of: hour, minute; nothing else beside it",
    ),
    "a list as evidence": (
        lambda kinds: kinds["wake"]["done_when"].update(
            {"is": {"$each": "time", "as": 1}}
        ),
        '"is"',
        "'$each' must name a param that has lines",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_with_lines_is_refused_where_it_stands(case: str) -> None:
    change, on_line, reason = REFUSED[case]
    profile = text(change)
    with pytest.raises(ProfileError) as refusal:
        read(profile)
    assert reason in refusal.value.reason
    assert on_line in profile.splitlines()[refusal.value.line - 1]


def with_another(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return the profile with a second model, whose lines are others."""
    profile: dict[str, Any] = json.loads(json.dumps(LAMP))
    other = json.loads(json.dumps(profile["models"]["small"]))
    change(other["kinds"]["set_times"]["params"]["entries"])
    profile["models"]["other"] = other
    return profile


def lines_of(entries: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = entries["lines"]["of"]
    return found


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda each: lines_of(each).update(more={"whole": [1, 2], "default": 1}),
            id="more of a line",
        ),
        pytest.param(
            lambda each: lines_of(each)["time"].update(default="06:00"),
            id="another default",
        ),
        pytest.param(
            lambda each: lines_of(each).update(colour={"time": True}),
            id="another form of a part",
        ),
    ],
)
def test_lines_are_the_same_with_each_model(
    change: Callable[[dict[str, Any]], object],
) -> None:
    with pytest.raises(ProfileError, match="has other params than with another"):
        read(json.dumps(with_another(change)))


def test_lines_that_are_alike_are_taken_with_each_model() -> None:
    profile = with_another(lambda each: lines_of(each)["seconds"].update(every=30))
    del profile["models"]["other"]["kinds"]["set_times"]["steps"][0]["payload"]
    profile["models"]["other"]["kinds"]["set_times"]["steps"][0]["payload"] = "go"

    assert read(json.dumps(profile)).models.keys() == {"small", "other"}


def test_a_default_is_kept_as_it_is_taken() -> None:
    profile = json.loads(json.dumps(LAMP))
    profile["models"]["small"]["kinds"]["wake"]["params"]["time"]["default"] = "6:30"

    kind = read(json.dumps(profile)).models["small"].kinds["wake"]
    assert kind.fields["time"].default == "06:30"


@pytest.mark.parametrize("name", ["model", "fw", "sign_0"])
def test_what_is_known_of_each_node_is_no_name_of_a_reading(name: str) -> None:
    profile = json.loads(json.dumps(LAMP))
    readings = profile["models"]["small"]["readings"]
    readings[name] = {"topic": "told", "path": "x", "number": [0, 1]}

    with pytest.raises(ProfileError, match="is known of each node otherwise"):
        read(json.dumps(profile))
