"""How a person sees what nodes tell is read from a profile, or refused."""

from __future__ import annotations

from collections.abc import Callable
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.measures import (
    Called,
    Measure,
    Reading,
    YesNo,
)
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.reading.located import (
    ProfileError,
)
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read

from .shipped import spoken

WEIGHT = {"device_class": "weight", "unit": "g"}
PROFILE: dict[str, Any] = {
    "format": 1,
    "profile": "made_up",
    "maker": "Nobody",
    "prefix": "made",
    "topics": {"told": "{prefix}/{node}"},
    "kinds": {
        "run": {"class": "once", "told": "done"},
        "shut": {"class": "until_done", "told": "done"},
    },
    "models": {
        "one": {
            "title": "One",
            "readings": {
                "count": {"topic": "told", "path": "count", "number": [0, 9]},
                "lid": {"topic": "told", "path": "lid", "words": {"U": "up"}},
                "jam": {"topic": "told", "path": "jam", "yes": 1, "no": 0},
                "state": {
                    "topic": "told",
                    "path": "state",
                    "words": {"O": "open", "C": "closed"},
                },
            },
            "kinds": {
                "run": {
                    "params": {"seconds": {"whole": [1, 9]}},
                    "lasts": "seconds",
                    "steps": [{"topic": "{prefix}/{node}/run", "payload": "1"}],
                },
                "shut": {"steps": [{"topic": "{prefix}/{node}/run", "payload": "0"}]},
            },
            "handled": {
                "tap": {
                    "as": "valve",
                    "open": "run",
                    "close": "shut",
                    "state": "state",
                    "amount": "seconds",
                }
            },
        }
    },
}


def profile(change: Callable[[dict[str, Any]], object]) -> str:
    """Return the profile with something else in its readings, one line a value."""
    changed = json.loads(json.dumps(PROFILE))
    change(changed["models"]["one"]["readings"])
    return json.dumps(changed, indent=1)


def shown(change: Callable[[dict[str, Any]], object]) -> dict[str, Reading]:
    """Return what is shown of what nodes tell."""
    readings = protocol_of(read(profile(change))).readings
    return {name: reading for name, reading in readings.items() if reading is not None}


def test_what_says_nothing_of_being_shown_is_not() -> None:
    assert shown(lambda _: None) == {}


def test_a_number_is_a_measure() -> None:
    said = {**WEIGHT, "precision": 1, "diagnostic": True}
    assert shown(lambda each: each["count"].update(shown=said)) == {
        "count": Measure(
            device_class="weight",
            unit="g",
            precision=1,
            diagnostic=True,
            called=Called("count"),
        )
    }


def test_a_number_needs_no_device_class() -> None:
    said = {"unit": "portions", "name": "Eaten"}
    assert shown(lambda each: each["count"].update(shown=said)) == {
        "count": Measure(unit="portions", called=Called("count", own="Eaten"))
    }


def test_a_number_that_begins_anew_is_a_count() -> None:
    assert shown(lambda each: each["count"].update(resets=True, shown=WEIGHT)) == {
        "count": Measure(
            device_class="weight", unit="g", counts=True, called=Called("count")
        )
    }


def test_what_can_only_be_counted_is_a_count() -> None:
    said = {"device_class": "water", "unit": "L"}
    (water,) = shown(lambda each: each["count"].update(shown=said)).values()
    assert isinstance(water, Measure)
    assert water.counts


def test_a_word_is_one_of_those_that_it_can_be() -> None:
    words = {"U": "up", "u": "up", "D": "down"}
    assert shown(lambda each: each["lid"].update(words=words, shown={})) == {
        "lid": Measure(words=("up", "down"), called=Called("lid"))
    }


def test_a_yes_or_no_is_shown_once_it_was_told() -> None:
    said = {"device_class": "problem", "diagnostic": True}
    assert shown(lambda each: each["jam"].update(shown=said)) == {
        "jam": YesNo(
            device_class="problem",
            diagnostic=True,
            once_told=True,
            called=Called("jam"),
        )
    }


def test_of_several_each_is_shown_with_its_number() -> None:
    changed = json.loads(json.dumps(PROFILE))
    model = changed["models"]["one"]
    model["several"] = {"param": "bowl", "numbers": [1, 2]}
    model["readings"]["count"].update(path="count_{bowl}", shown={})
    readings = protocol_of(read(json.dumps(changed))).readings
    assert [readings[f"count_{number}"] for number in (1, 2)] == [
        Measure(called=Called("count", number=number)) for number in (1, 2)
    ]


def test_a_word_may_be_any_that_one_of_the_models_knows() -> None:
    changed = json.loads(json.dumps(PROFILE))
    one = changed["models"]["one"]
    one["readings"]["lid"]["shown"] = {}
    two = json.loads(json.dumps(one))
    two["readings"]["lid"]["words"] = {"D": "down"}
    changed["models"]["two"] = two
    lid = protocol_of(read(json.dumps(changed))).readings["lid"]
    assert lid == Measure(words=("up", "down"), called=Called("lid"))


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    # What is wrong: the change, what stands on the line, and the reason.
    "no such class of a number": (
        lambda each: each["count"].update(shown={"device_class": "food"}),
        '"device_class"',
        "a number is one of: battery, ",
    ),
    "a unit of something else": (
        lambda each: each["count"].update(
            shown={"device_class": "weight", "unit": "L"}
        ),
        '"unit"',
        "the unit of 'weight' is one of: g, kg",
    ),
    "no unit where one is needed": (
        lambda each: each["count"].update(shown={"device_class": "battery"}),
        '"shown"',
        "the unit of 'battery' is one of: %",
    ),
    "a unit of what has none": (
        lambda each: each["count"].update(shown={"device_class": "ph", "unit": "pH"}),
        '"unit"',
        "the unit of 'ph' is one of: none",
    ),
    "a count of what does not add up": (
        lambda each: each["count"].update(
            resets=True, shown={"device_class": "temperature", "unit": "K"}
        ),
        '"device_class"',
        "what begins anew is a count, and no 'temperature'",
    ),
    "a word with a unit": (
        lambda each: each["lid"].update(shown={"unit": "m"}),
        '"unit"',
        "only a number has one",
    ),
    "a yes with digits after the point": (
        lambda each: each["jam"].update(shown={"precision": 1}),
        '"precision"',
        "only a number has one",
    ),
    "a word with a class": (
        lambda each: each["lid"].update(shown={"device_class": "opening"}),
        '"device_class"',
        "a word has none",
    ),
    "no such class of a yes": (
        lambda each: each["jam"].update(shown={"device_class": "weight"}),
        '"device_class"',
        "a yes or no is one of: battery, ",
    ),
    "a name with a blank before it": (
        lambda each: each["jam"].update(shown={"name": " Jam"}),
        '"name"',
        "must match",
    ),
    "something unknown": (
        lambda each: each["jam"].update(shown={"icon": "mdi:food"}),
        '"icon"',
        "'icon' is not known in models.one.readings.jam.shown",
    ),
    "called as what each node has": (
        lambda each: each.update(ready={**each["jam"], "shown": {}}),
        '"shown"',
        "something else of a node is shown as 'ready': call it otherwise",
    ),
    "called as what stands beside a part": (
        lambda each: each.update(tap_closes_at={**each["count"], "shown": {}}),
        '"shown"',
        "something else of a node is shown as 'tap_closes_at'",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_shown_so_is_refused_where_it_stands(case: str) -> None:
    change, on_line, reason = REFUSED[case]
    text = profile(change)
    with pytest.raises(ProfileError) as refusal:
        read(text)
    assert reason in refusal.value.reason
    assert on_line in text.splitlines()[refusal.value.line - 1]


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"shown": {"device_class": "weight", "unit": "kg"}},
        {"shown": {**WEIGHT, "diagnostic": True}},
    ],
    ids=["not at all", "in another unit", "among what is of no interest"],
)
def test_models_show_alike_what_they_call_alike(other: dict[str, Any]) -> None:
    changed = json.loads(json.dumps(PROFILE))
    one = changed["models"]["one"]
    two = json.loads(json.dumps(one))
    one["readings"]["count"]["shown"] = WEIGHT
    two["readings"]["count"].update(other)
    changed["models"]["two"] = two
    with pytest.raises(ProfileError, match="'count' is shown otherwise with another"):
        read(json.dumps(changed, indent=1))


def test_each_model_behind_a_bridge_shows_how_full_its_battery_is() -> None:
    assert spoken("zigbee2mqtt").readings["battery"] == Measure(
        device_class="battery", unit="%", diagnostic=True, called=Called("battery")
    )
