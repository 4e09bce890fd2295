"""A profile that is wrong is refused with the line and the reason."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
import json
from pathlib import Path
from typing import Any, override

from hypothesis import given, strategies as st
import pytest

from custom_components.mqtt_dispatch.protocols.profiled.reading import schema
from custom_components.mqtt_dispatch.protocols.profiled.reading.located import (
    ProfileError,
    located,
)
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.nonempty import some
from tests.protocols.anything import SCALARS

from .shipped import FILES, text_of

LAMP: dict[str, Any] = {
    "format": 1,
    "profile": "made_up",
    "maker": "Nobody",
    "prefix": "made",
    "echoes": True,
    "topics": {"state": "{prefix}/{node}", "described": "{prefix}/all"},
    "kinds": {"feed": {"class": "once"}},
    "models": {
        "one": {
            "title": "One",
            "readings": {
                "count": {"topic": "state", "path": "count", "number": [0, 10]},
                "lid": {"topic": "state", "path": "lid", "words": {"UP": "up"}},
            },
            "kinds": {
                "feed": {
                    "params": {"portions": {"whole": [1, 5]}},
                    "steps": [{"topic": "{prefix}/{node}/set", "payload": {"feed": 1}}],
                    "done_when": {
                        "reading": "count",
                        "grows_by": {"$": "portions"},
                    },
                }
            },
        }
    },
}
"""A profile in order, of which tests make wrong ones."""


def refused(text: str) -> ProfileError:
    """Return why a text is no profile."""
    with pytest.raises(ProfileError) as refusal:
        read(text)
    return refusal.value


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """Return the profile with something wrong, one line a value."""
    profile = json.loads(json.dumps(LAMP))
    change(profile)
    return json.dumps(profile, indent=1)


@pytest.mark.parametrize("file", some(FILES), ids=lambda file: file.stem)
def test_each_profile_of_the_package_is_in_order(file: Path) -> None:
    profile = read(file.read_text(encoding="utf-8"))
    assert profile.key == file.stem


def test_the_example_is_in_order() -> None:
    assert read(json.dumps(LAMP)).key == "made_up"


def _feed(profile: dict[str, Any]) -> dict[str, Any]:
    feed: dict[str, Any] = profile["models"]["one"]["kinds"]["feed"]
    return feed


def _step(profile: dict[str, Any]) -> dict[str, Any]:
    step: dict[str, Any] = _feed(profile)["steps"][0]
    return step


def _ends_by_closing(profile: dict[str, Any]) -> None:
    _feed(profile).update(ends_by="close", lasts="portions")
    profile["kinds"]["feed"]["undoes"] = "flap"
    profile["kinds"]["stop"] = {"class": "until_done", "undoes": "flap"}
    profile["models"]["one"]["kinds"]["stop"] = {
        "steps": [{"topic": "{prefix}/{node}/set", "payload": {"stop": 1}}],
        "done_when": {"reading": "lid", "is": "up"},
    }


def _with_bowls(profile: dict[str, Any], **handled: Any) -> None:
    """Make the feeder one of three bowls, each fed by a kind of its own."""
    profile["kinds"]["fill"] = {"class": "once", "told": "done"}
    model = profile["models"]["one"]
    model["several"] = {"param": "bowl", "numbers": [1, 3]}
    model["kinds"]["fill"] = {
        "steps": [{"topic": "{prefix}/{node}/set", "payload": {"fill": "{bowl}"}}]
    }
    model["handled"] = handled


def _with_reboot(profile: dict[str, Any]) -> None:
    profile["kinds"]["reboot"] = {"class": "once", "told": "done"}
    model = profile["models"]["one"]
    model["kinds"]["reboot"] = {
        "steps": [{"topic": "{prefix}/{node}/set", "payload": {"reboot": 1}}]
    }
    model["handled"] = {"reboot": {"as": "button", "press": "reboot"}}


def _with_flow(profile: dict[str, Any], **handled: Any) -> None:
    """Have a pump that is told two amounts, of which one may be left out."""
    profile["kinds"]["flow"] = {"class": "once", "told": "done"}
    model = profile["models"]["one"]
    model["kinds"]["flow"] = {
        "params": {
            "slow_s": {"whole": [10, 100], "every": 10},
            "s": {"whole": [1, 9], "default": 1},
        },
        "steps": [{"topic": "{prefix}/{node}/set", "payload": {"flow": "{slow_s}"}}],
    }
    model["handled"] = handled


def _flow(**params: int) -> dict[str, Any]:
    return {"kind": "flow", "params": params}


_FILL = {"as": "button", "press": "fill"}
_FLOW = {"as": "button", "press": _flow(slow_s=10)}
_MEAL = {"as": "button", "press": "feed", "amount": "portions"}
_VALVE = {"as": "valve", "open": "feed", "close": "feed"}
_BUTTON = {"as": "button", "press": "feed"}
_GROWN = {"reading": "count", "grows_by": 1}
WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    # What is wrong: the change, what stands on the line, and the reason.
    "an unknown key": (
        lambda each: each.update(speed=1),
        '"speed"',
        "'speed' is not known in the profile",
    ),
    "another format": (lambda each: each.update(format=2), '"format"', "must be 1"),
    "no number": (
        lambda each: each["kinds"]["feed"].update(taken_within="soon"),
        '"taken_within"',
        "kinds.feed.taken_within must be a number",
    ),
    "yes for a number": (
        lambda each: each["kinds"]["feed"].update(taken_within=True),
        '"taken_within"',
        "must be a number",
    ),
    "too little": (
        lambda each: each["kinds"]["feed"].update(taken_within=0),
        '"taken_within"',
        "must be more than 0",
    ),
    "too much": (
        lambda each: each["kinds"]["feed"].update(taken_within=3601),
        '"taken_within"',
        "must be at most 3600",
    ),
    "no such class": (
        lambda each: each["kinds"]["feed"].update({"class": "twice"}),
        '"class"',
        "must be one of: once, latest, until_done, repeat",
    ),
    "a meal that may come twice": (
        lambda each: each["kinds"]["feed"].update({"class": "repeat"}),
        '"class"',
        "a meal happens once",
    ),
    "a name with a blank": (
        lambda each: each["models"].update({"the two": each["models"]["one"]}),
        '"the two"',
        "is no name",
    ),
    "nothing said of a kind": (
        lambda each: _feed(each).pop("steps"),
        '"feed": {',
        "models.one.kinds.feed lacks 'steps'",
    ),
    "an empty list": (
        lambda each: _feed(each).update(steps=[]),
        '"steps"',
        "must have at least 1 items",
    ),
    "no such topic": (
        lambda each: each["models"]["one"]["readings"]["lid"].update(topic="lid"),
        '"topic": "lid"',
        "no topic 'lid': state, described",
    ),
    "a reading of nobody": (
        lambda each: each["models"]["one"]["readings"]["lid"].update(topic="described"),
        '"topic": "described"',
        "does not name {node}",
    ),
    "a reading of no form": (
        lambda each: each["models"]["one"]["readings"]["lid"].pop("words"),
        '"lid": {',
        "needs one of: number, words, yes and no",
    ),
    "no such kind": (
        lambda each: each["models"]["one"]["kinds"].update(dose=_feed(each)),
        '"dose"',
        "no kind 'dose': feed",
    ),
    "no such param": (
        lambda each: _step(each).update(payload={"feed": {"$": "bowls"}}),
        '"payload"',
        "'bowls' is no param",
    ),
    "no such placeholder": (
        lambda each: _step(each).update(topic="{prefix}/{bowl}"),
        '"topic": "{prefix}/{bowl}"',
        "'bowl' is no param",
    ),
    "a placeholder beside a name": (
        lambda each: each["topics"].update(state="{prefix}/x{node}"),
        '"state"',
        "{node} must be a level of its own, as in .../{node}/...",
    ),
    "all topics of the broker": (
        lambda each: each["topics"].update(state="{node}/#"),
        '"state"',
        "# is not taken",
    ),
    "no such reading": (
        lambda each: _feed(each)["done_when"].update(reading="fed"),
        '"reading": "fed"',
        "the model has no reading 'fed': count, lid",
    ),
    "no word of the reading": (
        lambda each: _feed(each).update(done_when={"reading": "lid", "becomes": "UP"}),
        '"becomes"',
        "it is never told: up",
    ),
    "growth of a word": (
        lambda each: _feed(each).update(done_when={"reading": "lid", "grows_by": 1}),
        '"done_when"',
        "'lid' is no number that could grow",
    ),
    "growth by nothing": (
        lambda each: _feed(each)["done_when"].update(grows_by=0),
        '"grows_by"',
        "what grows by nothing proves nothing",
    ),
    "growth by perhaps nothing": (
        lambda each: _feed(each)["params"]["portions"].update(whole=[0, 5]),
        '"grows_by"',
        "what grows by nothing proves nothing",
    ),
    "a duration that is none": (
        lambda each: _feed(each).update(lasts="bowl"),
        '"lasts"',
        "no param 'bowl' that is a whole number",
    ),
    "a param that has no name": (
        lambda each: _step(each).update(payload={"$": 7}),
        '"payload"',
        "'$' must name a param",
    ),
    "a word that begins anew": (
        lambda each: each["models"]["one"]["readings"]["lid"].update(resets=True),
        '"resets"',
        "only a number that is never below 0 begins anew",
    ),
    "a valve whose state has other words": (
        lambda each: each["models"]["one"].update(
            handled={"lid": {**_VALVE, "state": "lid"}}
        ),
        '"state": "lid"',
        "'lid' must know the words open and closed",
    ),
    "an amount of nothing": (
        lambda each: each["models"]["one"].update(
            handled={"go": {**_BUTTON, "amount": "bowls"}}
        ),
        '"amount"',
        "'bowls' is no whole number of it",
    ),
    "a usual amount out of its range": (
        lambda each: each["models"]["one"].update(
            handled={"go": {**_BUTTON, "amount": "portions", "usual": 6}}
        ),
        '"usual"',
        "not from 1 to 5",
    ),
    "a usual amount that is no multiple": (
        lambda each: (
            _feed(each)["params"]["portions"].update(every=2, whole=[2, 6]),
            each["models"]["one"].update(
                handled={"go": {**_BUTTON, "amount": "portions", "usual": 3}}
            ),
        ),
        '"usual"',
        "no multiple of 2",
    ),
    "a meal of something else": (
        lambda each: (
            _feed(each)["params"].update(spoons={"whole": [1, 5]}),
            each["models"]["one"].update(
                handled={"feed": {**_BUTTON, "amount": "spoons"}}
            ),
        ),
        '"amount"',
        "a meal is so many 'portions'",
    ),
    "a valve that is opened by something else than its time": (
        lambda each: each["models"]["one"].update(
            handled={"lid": {**_VALVE, "amount": "portions"}}
        ),
        '"amount"',
        "a valve is opened for as long as it 'lasts'",
    ),
    "an amount in another unit": (
        lambda each: each["models"]["one"].update(
            handled={"go": {**_BUTTON, "amount": "portions", "per_unit": 60}}
        ),
        '"per_unit"',
        "'portions' may be what 60 does not divide: say of it \"every\": 60",
    ),
    "a param of no form": (
        lambda each: _feed(each)["params"].update(portions={}),
        '"portions"',
        "'portions' needs one of: whole, words",
    ),
    "an object as evidence": (
        lambda each: _feed(each)["done_when"].update(grows_by={"by": 1}),
        '"grows_by"',
        "an object stands for a param",
    ),
    "a word of a number": (
        lambda each: _feed(each).update(
            done_when={"reading": "count", "becomes": "two"}
        ),
        '"becomes"',
        "it is never told: a number",
    ),
    "a list for a message": (
        lambda each: _step(each).update(payload=[1]),
        '"payload"',
        "must be a text or a number or a boolean or an object",
    ),
    "something unknown beside a param": (
        lambda each: _step(each).update(payload={"n": [{"$": "portions", "by": 2}]}),
        '"payload"',
        "'by' is not known beside '$'",
    ),
    "division by nothing": (
        lambda each: _step(each).update(payload={"$": "portions", "per": 0}),
        '"payload"',
        'a thousand times as much is written as a text: "{portions}000"',
    ),
    "a word added": (
        lambda each: _step(each).update(payload={"$": "portions", "plus": "a"}),
        '"payload"',
        "'plus' must be a number",
    ),
    "several messages that need no answer": (
        lambda each: (
            each["kinds"]["feed"].update(told="taken"),
            _feed(each)["steps"].append(_step(each)),
        ),
        '"topic"',
        "the next message waits for its taken_when",
    ),
    "an opening that may have been so before": (
        lambda each: _step(each).update(taken_when={"reading": "lid", "is": "up"}),
        '"is"',
        "what may have been so before: becomes, changes or grows_by",
    ),
    "a topic of nobody knows what": (
        lambda each: each["topics"].update(state="{prefix}/{bowl}/{node}"),
        '"state"',
        "{bowl} stands for nothing here",
    ),
    "two nodes in a topic": (
        lambda each: each["topics"].update(state="{node}/{node}"),
        '"state"',
        "{node} stands there twice",
    ),
    "a refusal of nobody knows what": (
        lambda each: each.update(refusals=[{"topic": "state", "text": "{bowl}: no"}]),
        '"text"',
        "{bowl} stands for nothing here",
    ),
    "a refusal of two": (
        lambda each: each.update(
            refusals=[{"topic": "state", "text": "{node} {node}: no"}]
        ),
        '"text"',
        "a placeholder stands there twice",
    ),
    "other params with another model": (
        lambda each: each["models"].update(
            two={
                **each["models"]["one"],
                "kinds": {"feed": {**_feed(each), "params": {}, "done_when": _GROWN}},
            }
        ),
        '"feed": {',
        "has other params than with another model",
    ),
    "evidence of nothing": (
        lambda each: _feed(each).update(done_when={"reading": "lid"}),
        '"done_when"',
        "needs one of: is, becomes, grows_by, changes",
    ),
    "no evidence": (
        lambda each: _feed(each).pop("done_when"),
        '"feed": {',
        "nothing proves that it is done",
    ),
    "evidence where being told is all": (
        lambda each: each["kinds"]["feed"].update(told="done"),
        '"done_when"',
        "nothing proves more",
    ),
    "a setting that is neither fine nor hides": (
        lambda each: each.update(
            settings=[{"topic": "state", "path": "x", "means": "x"}]
        ),
        '"topic": "state"',
        "it needs one of: fine, hides",
    ),
    "a setting that is told nowhere": (
        lambda each: each.update(
            settings=[{"topic": "moon", "path": "x", "means": "x", "hides": True}]
        ),
        '"topic": "moon"',
        "no topic 'moon'",
    ),
    "what ends by closing and has no time": (
        lambda each: _feed(each).update(ends_by="close"),
        '"ends_by"',
        "how long it is to last",
    ),
    "what ends by closing that nothing closes": (
        lambda each: _feed(each).update(ends_by="close", lasts="portions"),
        '"ends_by"',
        "no kind of the model closes it",
    ),
    "what ends by closing, and its owner is not told": (
        _ends_by_closing,
        '"ends_by"',
        "its owner must be told that it stays open without us",
    ),
    "what may have been so before": (
        lambda each: _feed(each).update(done_when={"reading": "lid", "is": "up"}),
        '"is"',
        "not proven by what may have been so before",
    ),
    "an echo as evidence": (
        lambda each: _step(each).update(payload={"count": 1}),
        '"reading": "count"',
        "may be its echo",
    ),
    "a message that nothing follows up": (
        lambda each: _feed(each)["steps"].append(_step(each)),
        '"topic": "{prefix}/{node}/set"',
        "waits for its taken_when",
    ),
    "seconds for minutes": (
        lambda each: _step(each).update(payload={"min": {"$": "portions", "per": 60}}),
        '"payload"',
        "may be what 60 does not divide",
    ),
    "a range from its end": (
        lambda each: _feed(each)["params"]["portions"].update(whole=[5, 1]),
        '"whole"',
        "to a greater one",
    ),
    "a default out of its range": (
        lambda each: _feed(each)["params"]["portions"].update(default=6),
        '"default"',
        "the default would not be taken",
    ),
    "a valve that does not close": (
        lambda each: each["models"]["one"].update(
            handled={"lid": {"as": "valve", "open": "feed"}}
        ),
        '"lid": {',
        "a valve needs 'close'",
    ),
    "a button for nothing": (
        lambda each: each["models"]["one"].update(
            handled={"go": {"as": "button", "press": "go"}}
        ),
        '"press"',
        "the model has no kind 'go'",
    ),
    "a model that nothing describes": (
        lambda each: each["models"]["one"].update(match={"model": ["x"]}),
        '"match"',
        "recognition is missing",
    ),
    "a refusal of nobody": (
        lambda each: each.update(refusals=[{"topic": "described", "text": "no"}]),
        '"text"',
        "neither it nor its topic names {node}",
    ),
    "a person says nothing": (
        lambda each: each["models"]["one"].update(fields={"pin": {}}),
        '"pin"',
        "'pin' needs one of: text, whole",
    ),
    "a field with the name of another thing": (
        lambda each: each["models"]["one"].update(fields={"model": {"text": [1, 9]}}),
        '"model"',
        "'model' means something else already",
    ),
    "a field from more to less": (
        lambda each: each["models"]["one"].update(fields={"pin": {"text": [9, 1]}}),
        '"pin"',
        "the first is more than the second",
    ),
    "a default that is too long": (
        lambda each: each["models"]["one"].update(
            fields={"pin": {"text": [1, 3], "default": "long"}}
        ),
        '"default"',
        "the default would not be taken",
    ),
    "several from more to less": (
        lambda each: each["models"]["one"].update(
            several={"param": "bowl", "numbers": [3, 1]}
        ),
        '"numbers"',
        "the first is more than the second",
    ),
    "as many as nobody says": (
        lambda each: each["models"]["one"].update(
            several={"param": "bowl", "numbers": [1, 3], "as_many_as": "bowls"}
        ),
        '"as_many_as"',
        "no field 'bowls' that is a whole number",
    ),
    "several of what is something else": (
        lambda each: each["models"]["one"].update(
            several={"param": "node", "numbers": [1, 3]}
        ),
        '"param"',
        "'node' means something else already",
    ),
    "which of several, twice": (
        lambda each: each["models"]["one"].update(
            several={"param": "portions", "numbers": [1, 3]}
        ),
        '"portions"',
        "'portions' says which of several",
    ),
    "a path with a place for nothing": (
        lambda each: each["models"]["one"]["readings"]["lid"].update(path="lid{bowl}"),
        '"path"',
        "{bowl} stands for nothing here",
    ),
    "a place in the middle of a level": (
        lambda each: (
            each["models"]["one"].update(several={"param": "bowl", "numbers": [1, 3]}),
            each["topics"].update(state="{prefix}/{node}/bowl{bowl}"),
        ),
        '"state"',
        "{bowl} must be a level of its own",
    ),
    "a place that stands there twice": (
        lambda each: (
            each["models"]["one"].update(several={"param": "bowl", "numbers": [1, 3]}),
            each["topics"].update(state="{node}/{bowl}/{bowl}"),
        ),
        '"state"',
        "{bowl} stands there twice",
    ),
    "an order with a param of another kind": (
        lambda each: each["models"]["one"].update(
            handled={
                "feed": {
                    "as": "button",
                    "press": {"kind": "feed", "params": {"speed": 1}},
                }
            }
        ),
        '"press"',
        "'feed' has no param 'speed'",
    ),
    "a cover that tells no position": (
        lambda each: each["models"]["one"].update(
            handled={"lid": {"as": "cover", "open": "feed", "close": "feed"}}
        ),
        '"lid": {',
        "a cover needs 'level'",
    ),
    "a part called as one of several": (
        lambda each: _with_bowls(each, bowl=_FILL, bowl_1=_MEAL),
        '"bowl_1"',
        "'bowl_1' is of 'bowl' already",
    ),
    "two amounts called the same": (
        lambda each: _with_flow(
            each,
            a=_FLOW | {"press": "flow", "amount": "slow_s"},
            a_slow=_FLOW | {"amount": "s"},
        ),
        '"a_slow"',
        "'a_slow_s' is of 'a' already",
    ),
    "a second button that reboots": (
        _with_reboot,
        '"reboot": {',
        "a node that knows the kind 'reboot' has that button already",
    ),
    "an order of too much": (
        lambda each: _with_flow(each, go={"as": "button", "press": _flow(slow_s=110)}),
        '"slow_s": 110',
        "'flow' does not take this as 'slow_s'",
    ),
    "an order of something between": (
        lambda each: _with_flow(each, go={"as": "button", "press": _flow(slow_s=15)}),
        '"slow_s": 15',
        "'flow' does not take this as 'slow_s'",
    ),
    "an order that lacks something": (
        lambda each: _with_flow(each, go={"as": "button", "press": "flow"}),
        '"press"',
        "'flow' needs 'slow_s': say it in 'params', or as 'amount'",
    ),
    "a switch, which is given no amount": (
        lambda each: _with_flow(
            each, go={"as": "switch", "on": "flow", "off": "flow", "amount": "slow_s"}
        ),
        '"on"',
        "'flow' needs 'slow_s'",
    ),
    "a stop that lacks something": (
        lambda each: _with_flow(each, go=_FLOW | {"stop": "flow"}),
        '"stop"',
        "'flow' needs 'slow_s'",
    ),
    "a meal that needs more than its portions": (
        lambda each: _feed(each)["params"].update(bowls={"whole": [1, 2]}),
        '"bowls"',
        "a meal is so many 'portions', a whole number, and needs nothing else",
    ),
    "a meal of words": (
        lambda each: _feed(each).update(
            params={"portions": {"words": ["few"], "default": "few"}}, done_when=_GROWN
        ),
        '"portions"',
        "a meal is so many 'portions', a whole number, and needs nothing else",
    ),
    "a refusal without an end": (
        lambda each: each.update(refusals=[{"topic": "state", "text": "no {node}"}]),
        '"text"',
        "nothing shows where the placeholder ends",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused_where_it_stands(case: str) -> None:
    change, on_line, reason = WRONG[case]
    text = changed(change)
    error = refused(text)

    assert reason in error.reason
    assert on_line in "".join(text.splitlines()[error.line - 1 : error.line + 1])


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "not JSON"),
        ("[]", 1, "the profile must be an object"),
        ('{\n"a": 1,\n"a": 2}', 3, "'a' stands here twice"),
        ('{"a"\n1}', 2, "a colon must follow 'a'"),
        ('{\n"a": 1\n"b": 2}', 3, "a comma or } must stand here"),
        ('{\n"a": [1\n2]}', 3, "a comma or ] must stand here"),
        ('{\n"a": 1,\n}', 3, "a key in quotes"),
        ("{\n1: 1}", 2, "a key in quotes"),
        ('{"a": 1', 1, "it ends where } is missing"),
        ('{"a": [1,', 1, "it ends where ] is missing"),
        ('{"a": tru}', 1, "not JSON: Expecting value"),
        ('{\n\n"a": "\t"}', 3, "not JSON: Invalid control character"),
        ('{\n"a": ' + "1" * 5000 + "}", 2, "not JSON: a number that is too long"),
        ('{"a": NaN}', 1, "a number that is none"),
        ("{}\n{}", 2, "something follows"),
        ("[" * 50, 1, "too deeply nested"),
        (" " * 262_145, 1, "longer than"),
    ],
)
def test_what_is_no_json_is_refused_where_it_ends(
    text: str, line: int, reason: str
) -> None:
    error = refused(text)
    assert (error.line, reason in error.reason) == (line, True), error
    assert str(error) == f"line {error.line}: {error.reason}"
    assert "column" not in error.reason
    assert not error.reason.endswith((" at", " starting"))


def test_the_lines_of_a_long_profile_are_counted_once() -> None:
    """Who counts them anew for each value needs seconds for a quarter of a million."""

    class Text(str):
        __slots__ = ()

        @override
        def count(self, *_: object) -> int:
            pytest.fail("counted from the beginning")

    assert located(Text("[" + "0,\n" * 100 + "0]")).lines[100,] == 101


def test_a_meal_need_not_be_of_so_many_portions() -> None:
    profile = json.loads(json.dumps(LAMP))
    _feed(profile).update(params={}, done_when=_GROWN)
    assert not read(json.dumps(profile)).models["one"].kinds["feed"].fields


def test_what_may_be_left_out_need_not_be_ordered() -> None:
    profile = json.loads(json.dumps(LAMP))
    _with_flow(profile, go=_FLOW, stop=_FLOW | {"amount": "s"})
    go, stop = read(json.dumps(profile)).models["one"].actuators
    assert go.orders == stop.orders == {"press": ("flow", {"slow_s": 10})}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_JSON, st.sampled_from([None, 0, 1, 2]))
def test_json_is_read_as_python_reads_it(content: Any, indent: int | None) -> None:
    assert located(json.dumps(content, indent=indent)).content == content


@given(st.text())
def test_whatever_the_text_is_only_a_line_and_a_reason_come_of_it(text: str) -> None:
    refused(text)


_PLACES = sorted(
    {path for path in located(json.dumps(LAMP)).lines if path},
    key=str,
)


@given(st.sampled_from(_PLACES), SCALARS | st.lists(SCALARS, max_size=2))
def test_whatever_stands_in_a_place_is_taken_or_refused(
    path: tuple[str | int, ...], value: Any
) -> None:
    profile = json.loads(json.dumps(LAMP))
    within = profile
    for key in path[:-1]:
        within = within[key]
    within[path[-1]] = value
    try:
        text = json.dumps(profile, allow_nan=False)
    except ValueError:
        return
    with suppress(ProfileError):
        read(text)


def test_a_wrong_profile_harms_no_other() -> None:
    refused(changed(lambda each: each.update(format=2)))
    assert read(json.dumps(LAMP)).key == "made_up"


def test_the_schema_has_only_words_that_are_understood() -> None:
    understood = {
        *("$defs", "$ref", "$schema", "additionalProperties", "const", "description"),
        *("enum", "exclusiveMinimum", "items", "maxItems", "maxLength", "maximum"),
        *("minItems", "minLength", "minProperties", "minimum", "pattern", "properties"),
        *("propertyNames", "required", "title", "type"),
    }

    def words(part: Any) -> set[str]:
        if not isinstance(part, dict):
            return set()
        found = set(part)
        for word in ("properties", "$defs"):
            for each in part.get(word, {}).values():
                found |= words(each)
        for word in ("items", "additionalProperties"):
            found |= words(part.get(word))
        return found

    assert words(schema.the_schema()) <= understood


@pytest.mark.parametrize("file", some(FILES), ids=lambda file: file.stem)
def test_editors_find_the_schema_by_what_a_profile_says(file: Path) -> None:
    named = json.loads(text_of(file.stem))["$schema"]
    assert (file.parent / named).resolve() == schema.SCHEMA_FILE.resolve()
