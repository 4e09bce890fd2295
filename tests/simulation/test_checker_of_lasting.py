"""The checker on what goes on by itself, and on settings before what begins."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulation.checker import judge
from simulation.record import (
    Durable,
    Ended,
    Entry,
    Executed,
    Fault,
    Resend,
    Restored,
    Sent,
    Shown,
    StationBegan,
    Told,
)

S, TAP, SPRAY, FEEDER = "s1", "neo_1", "minutes_1", "feeder_1"
BEGAN = StationBegan(0.0, S, (TAP, SPRAY, FEEDER), (), (), "zigbee2mqtt")
RUN = {"duration": 120}
FIRST, SECOND = 1, 2


def stored(
    *commands: tuple[int, str, dict[str, Any], str],
    node: str = TAP,
    at: float = 1.0,
    cause: str = "node",
) -> Durable:
    """Return a file: id, kind, params and state of each; all of them were sent."""
    content = {
        "data": {
            "meals": [],
            "plan_pause": None,
            "commands": [
                {
                    "id": command_id,
                    "kind": kind,
                    "params": params,
                    "created_at": float(command_id),
                    "idempotency_key": None,
                    "finishes": None,
                    "state": state,
                    "deliveries": [
                        {
                            "node": node,
                            "state": "done" if state == "succeeded" else state,
                            "attempts": 1,
                        }
                    ],
                    "timeline": [
                        {
                            "at": 0.0,
                            "node": node,
                            "state": "done" if state == "succeeded" else state,
                            "cause": cause,
                        }
                    ],
                }
                for command_id, kind, params, state in commands
            ],
        }
    }
    return Durable(at, S, "stored", json.dumps(content).encode())


def sent(at: float, node: str = TAP, **content: Any) -> Sent:
    return Sent(at, S, f"s1/{node}/set", json.dumps(content).encode(), again=False)


def did(at: float, what: str, node: str = TAP, /, **content: Any) -> Executed:
    return Executed(at, S, node, f"{what} 1", what, json.dumps(content))


def told(at: float, command_id: int = FIRST) -> Told:
    return Told(at, S, command_id, "succeeded", "node")


def promises(*record: Entry) -> list[int]:
    return [one.promise for one in judge((BEGAN, *record)).violations]


ORDERED = stored((FIRST, "open_valve", RUN, "sent"))
OPENED = (
    ORDERED,
    sent(2, on_with_countdown=2),
    did(3, "open_valve", **RUN),
)
OVER = stored((FIRST, "open_valve", RUN, "succeeded"), at=5.0)
SHUT = did(4, "ended", kind="open_valve", seconds=1.0)


def at_rest(state: str = "unconfirmed") -> tuple[Entry, ...]:
    """Return the end of a record, with what the one command is shown as."""
    return Shown(99.0, S, ((FIRST, state, ()),)), Ended(100.0, True)


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        pytest.param(
            (*OPENED, SHUT, OVER, told(6), *at_rest("succeeded")), [], id="closed"
        ),
        pytest.param((*OPENED, OVER, told(6)), [3], id="told over while it is open"),
        pytest.param((*OPENED, *at_rest()), [4], id="left open"),
        pytest.param(
            (
                *OPENED,
                SHUT,
                did(5, "resumed", kind="open_valve", **RUN),
                *at_rest(),
            ),
            [4],
            id="left open after a loss of power",
        ),
        pytest.param(
            (did(3, "button", kind="open_valve", **RUN), Ended(100.0, True)),
            [],
            id="by hand",
        ),
        pytest.param(
            (did(3, "button", kind="feed", portions=1), Ended(100.0, True)),
            [],
            id="no valve",
        ),
        pytest.param(
            (Fault(2.5, "node close=only_said", ""), *OPENED, *at_rest()),
            [],
            id="left open by a node that says otherwise",
        ),
        pytest.param(
            (Fault(2.5, "node retained=kept", ""), *OPENED, *at_rest()),
            [],
            id="left open by who keeps an order at the broker",
        ),
        pytest.param(
            (*OPENED, Restored(5.0, S, 0.0, ORDERED.contents, None), *at_rest()),
            [],
            id="left open by what a restore forgot",
        ),
        pytest.param(
            (Fault(2.5, "node close=only_said", ""), *OPENED, OVER, told(6)),
            [],
            id="told over by a node that says otherwise",
        ),
        pytest.param(
            (*OPENED, Restored(5.0, S, 0.0, ORDERED.contents, None), OVER, told(6)),
            [],
            id="told over after a restore",
        ),
        pytest.param(
            (
                *OPENED,
                stored((FIRST, "open_valve", RUN, "succeeded"), cause="person"),
                told(6),
            ),
            [],
            id="as a person says",
        ),
    ],
)
def test_what_goes_on_by_itself_must_end(
    record: tuple[Entry, ...], broken: list[int]
) -> None:
    assert promises(*record) == broken


CLOSING = stored(
    (FIRST, "open_valve", RUN, "sent"), (SECOND, "close_valve", {}, "sent")
)
CLOSED = stored(
    (FIRST, "open_valve", RUN, "sent"),
    (SECOND, "close_valve", {}, "succeeded"),
    at=8.0,
)


@pytest.mark.parametrize(
    ("between", "broken"),
    [
        pytest.param((), [3], id="it never did"),
        pytest.param(
            (did(6, "ended", kind="open_valve", seconds=3.0),), [], id="it did"
        ),
        pytest.param(
            (
                did(6, "ended", kind="open_valve", seconds=3.0),
                did(7, "button", kind="open_valve", **RUN),
            ),
            [],
            id="and was opened again",
        ),
    ],
)
def test_what_is_told_closed_must_have_been(
    between: tuple[Entry, ...], broken: list[int]
) -> None:
    closing = CLOSING._replace(at=4.0)
    record = (*OPENED, closing, sent(5, state="OFF"), *between, CLOSED)
    assert promises(*record, told(9, SECOND)) == broken


def test_what_was_opened_after_its_closing_may_be_open() -> None:
    closing = stored((SECOND, "close_valve", {}, "sent"))
    record = (
        closing,
        sent(2, state="OFF"),
        did(2.5, "close_valve"),
        stored((FIRST, "open_valve", RUN, "sent"), (SECOND, "close_valve", {}, "sent")),
        *OPENED[1:],
        CLOSED,
    )
    assert promises(*record, told(9, SECOND)) == []


SETTING = sent(2, SPRAY, irrigation_target=2)
BEGIN = sent(3, SPRAY, state="ON")
WANTED = stored((FIRST, "open_valve", RUN, "sent"), node=SPRAY)


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        pytest.param((WANTED, SETTING, BEGIN), [], id="once"),
        pytest.param((WANTED, SETTING, SETTING, BEGIN), [], id="set twice"),
        pytest.param((WANTED, SETTING, BEGIN, BEGIN), [2], id="begun twice"),
        pytest.param((SETTING,), [1], id="set before it was stored"),
        pytest.param((WANTED, BEGIN), [1], id="begun without being set"),
        pytest.param(
            (WANTED, sent(2, SPRAY, irrigation_target=3), BEGIN),
            [1, 1],
            id="set to what nobody ordered",
        ),
        pytest.param(
            (WANTED, sent(2, SPRAY, mode="duration"), SETTING, BEGIN),
            [],
            id="with a setting that says nothing of it",
        ),
    ],
)
def test_what_begins_is_known_by_what_was_set_before(
    record: tuple[Entry, ...], broken: list[int]
) -> None:
    assert promises(*record) == broken


TWICE = (*OPENED, did(4, "open_valve", **RUN), SHUT._replace(at=5.0))


@pytest.mark.parametrize(
    ("fault", "broken"), [("node keep=twice", []), ("node keep=later", [2])]
)
def test_what_somebody_else_told_a_node_again_is_excused(
    fault: str, broken: list[int]
) -> None:
    assert promises(Fault(1.5, fault, ""), *TWICE) == broken


@pytest.mark.parametrize(
    ("fault", "broken"), [("node retained=kept", []), ("node keep=later", [2])]
)
def test_what_nobody_of_us_told_a_node_is_excused_only_where_others_tell(
    fault: str, broken: list[int]
) -> None:
    assert promises(Fault(1.5, fault, ""), did(3, "feed", FEEDER, portions=4)) == broken


MEAL, OTHER_MEAL = {"portions": 3}, {"portions": 2}


@pytest.mark.parametrize(
    ("params", "broken"),
    [
        pytest.param(OTHER_MEAL, [3], id="its own"),
        pytest.param(MEAL, [], id="it may be of one that is like it"),
    ],
)
def test_what_was_cancelled_is_not_done(
    params: dict[str, Any], broken: list[int]
) -> None:
    meals = (
        (FIRST, "feed", MEAL, "sent"),
        (SECOND, "feed", params, "sent"),
    )
    cancelled = stored((FIRST, "feed", MEAL, "cancelled"), meals[1], node=FEEDER)
    record = (
        stored(*meals, node=FEEDER),
        sent(2, FEEDER, serving_size=3),
        sent(3, FEEDER, feed="START"),
        did(4, "feed", FEEDER, **MEAL),
        cancelled,
        Told(5.0, S, FIRST, "cancelled", "person"),
    )
    assert promises(*record) == broken


def _begun_as_set_since(*more: Entry) -> tuple[Entry, ...]:
    """Return how two meals were told, of which the first comes after both."""
    return (
        stored(
            (FIRST, "feed", MEAL, "sent"),
            (SECOND, "feed", OTHER_MEAL, "sent"),
            node=FEEDER,
        ),
        sent(2, FEEDER, serving_size=3),
        sent(3, FEEDER, feed="START"),
        sent(4, FEEDER, serving_size=2),
        sent(5, FEEDER, feed="START"),
        did(6, "feed", FEEDER, **OTHER_MEAL),
        did(7, "feed", FEEDER, **OTHER_MEAL),
        *more,
    )


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        pytest.param(_begun_as_set_since(), [2], id="nobody keeps anything"),
        pytest.param(
            (Fault(1.5, "node keep=later", ""), *_begun_as_set_since()), [], id="kept"
        ),
        pytest.param(
            (
                Fault(1.5, "node keep=later", ""),
                *_begun_as_set_since(did(8, "feed", FEEDER, **OTHER_MEAL)),
            ),
            [2],
            id="more often than it was told",
        ),
    ],
)
def test_what_was_kept_begins_as_was_set_since_and_no_more_often(
    record: tuple[Entry, ...], broken: list[int]
) -> None:
    assert promises(*record) == broken


@pytest.mark.parametrize("count", [1, 2, 3])
def test_of_what_nothing_tells_apart_each_may_be_wanted_once_more(count: int) -> None:
    meals = ((FIRST, "feed", MEAL, "sent"), (SECOND, "feed", MEAL, "sent"))
    fed: tuple[Entry, ...] = (
        sent(2, FEEDER, serving_size=3),
        sent(3, FEEDER, feed="START"),
        did(4, "feed", FEEDER, **MEAL),
    )
    wanted = [Resend(5.0, S, each, taken_back=False) for each in (FIRST, SECOND)]
    record = (stored(*meals, node=FEEDER), *fed, *fed, *wanted)

    broken = promises(*record, *(fed * count))
    assert broken == ([] if count < 3 else [2, 2])
