"""Nodes are asked what is so where they told nothing, and while they are in doubt."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.protocols.base import Instructing, Site
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.following.asking import (
    FIRST,
    LONGEST,
    MOST,
    SPACE,
    Question,
)
from custom_components.mqtt_dispatch.protocols.profiled.reading.located import (
    ProfileError,
)
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.engine.driver import HOUR
from tests.protocols.played import Played

from .shipped import spoken, text_of

WIRE = spoken("tasmota")
TAP = "tap"
ASKED = (f"cmnd/{TAP}/State", "")


class Tap(Played):
    """A relay that says nothing by itself."""

    def __init__(self, *nodes: str) -> None:
        named = nodes or (TAP,)
        super().__init__(WIRE, {node: {"model": "relay_valve"} for node in named})

    def questions(self) -> list[str]:
        """Return whom was asked since this was last looked at."""
        return [
            topic.split("/")[1] for topic, _ in self.taken() if topic.endswith("/State")
        ]

    def asked_at(self, seconds: int) -> list[int]:
        """Return the seconds from now at which it was asked, while time passes."""
        found = []
        for second in range(1, seconds + 1):
            self.advance(1)
            found += [second] * len(self.questions())
        return found

    def answers(self, power: str) -> None:
        self.hear(f"stat/{TAP}/RESULT", {"POWER": power})

    def open(self) -> int:
        """Have it told to open for ten minutes, and say nothing of that."""
        run = self.put("open_valve", TAP, duration=600)
        self.hear(f"stat/{TAP}/RESULT", {"PulseTime1": {"Set": 700}})
        assert self.steps_sent(run, TAP) == [0, 1]
        self.taken()
        return run


@pytest.fixture
def tap() -> Tap:
    return Tap()


def test_who_told_nothing_is_asked_ever_more_seldom(tap: Tap) -> None:
    asked = tap.asked_at(int(2 * HOUR))

    pauses = [later - sooner for sooner, later in zip([0, *asked], asked, strict=False)]
    assert pauses == [min(FIRST * 2**place, LONGEST) for place in range(MOST)]


def test_who_has_told_something_is_not_asked(tap: Tap) -> None:
    tap.answers("OFF")

    assert tap.asked_at(int(HOUR)) == []


def test_who_answers_is_not_asked_again(tap: Tap) -> None:
    tap.advance(FIRST)
    assert tap.taken() == [ASKED]
    tap.answers("OFF")

    assert tap.asked_at(int(HOUR)) == []


def test_who_was_asked_in_vain_is_asked_anew_when_the_connection_is_back(
    tap: Tap,
) -> None:
    tap.advance(2 * HOUR)
    tap.taken()
    tap.disconnect()
    tap.advance(HOUR)
    assert tap.questions() == []

    tap.connect()
    tap.advance(FIRST)
    assert tap.questions() == [TAP]


def test_while_nothing_is_sent_nobody_is_asked(tap: Tap) -> None:
    tap.pause()
    tap.advance(HOUR)
    assert tap.questions() == []

    tap.go_on()
    assert tap.questions() == [TAP]


def test_many_are_asked_one_after_the_other() -> None:
    nodes = [f"tap_{number}" for number in range(9)]
    world = Tap(*nodes)
    world.advance(FIRST)
    first = world.questions()
    assert len(first) == 1

    world.advance(SPACE)
    assert len(world.questions()) == 1
    world.advance(FIRST * len(nodes))
    assert {*first, *world.questions()} <= {*nodes}


def test_what_is_in_doubt_is_asked_for(tap: Tap) -> None:
    tap.answers("OFF")
    run = tap.open()
    assert tap.asked_at(8) == [FIRST]

    tap.answers("ON")
    assert tap.delivery(run, TAP).state is DeliveryState.ACCEPTED
    assert tap.asked_at(300) == []


def test_the_answer_proves_what_happened_while_we_were_away(tap: Tap) -> None:
    tap.answers("OFF")
    run = tap.open()
    tap.answers("ON")
    tap.crash(away=605)
    tap.connect()
    tap.advance(FIRST)
    assert tap.questions() == [TAP]

    tap.answers("OFF")
    assert tap.state(run) is CommandState.SUCCEEDED


def test_a_model_without_a_question_is_not_asked() -> None:
    wire = spoken("zigbee2mqtt")
    feeders = Played(wire, {"feeder": {"model": "aqara_feeder"}})
    feeders.advance(HOUR)
    assert feeders.taken() == []

    instructing = Instructing(node="feeder", message=Question(), wall=0.0)
    assert wire.instruct(feeders.site, instructing) == ()


def test_a_node_of_no_known_model_is_asked_nothing() -> None:
    site = Site(prefix="", nodes={TAP: {}})
    for node in (TAP, "nobody", None):
        instructing = Instructing(node=node, message=Question(), wall=0.0)
        assert WIRE.instruct(site, instructing) == ()


def test_a_node_that_is_no_longer_of_the_station_is_not_asked(tap: Tap) -> None:
    session = tap.engine.session
    session.stopped(1, "somebody")
    tap.advance(HOUR)

    assert {order.node for order in tap.instructed} == {TAP}


def asking(question: dict[str, Any], payload: object = "ON") -> str:
    """Return a profile that asks so; its relay is told this."""
    profile = json.loads(text_of("tasmota"))
    model = profile["models"]["relay_valve"]
    model["ask"] = [question]
    model["kinds"]["open_valve"]["steps"][1]["payload"] = payload
    model["kinds"]["close_valve"]["steps"][0]["topic"] = "cmnd/{node}/Close"
    return json.dumps(profile)


POWER = "cmnd/{node}/POWER"


@pytest.mark.parametrize(
    ("question", "payload", "reason"),
    [
        pytest.param(
            {"topic": POWER, "payload": "ON"}, "ON", "a step says the same", id="same"
        ),
        pytest.param(
            {"topic": POWER, "payload": {"on": ""}},
            {"on": True},
            "a step says the same",
            id="same key",
        ),
        pytest.param(
            {"topic": POWER, "payload": {"on": ""}},
            "ON",
            "a step says the same",
            id="other form",
        ),
        pytest.param(
            {"topic": "cmnd/{node}/State", "payload": {"$": "duration"}},
            "ON",
            "{duration} stands for nothing",
            id="param",
        ),
        pytest.param(
            {"topic": "cmnd/{id}/State", "payload": ""},
            "ON",
            "{id} stands for nothing",
            id="id",
        ),
    ],
)
def test_what_may_be_an_order_is_no_question(
    question: dict[str, Any], payload: object, reason: str
) -> None:
    with pytest.raises(ProfileError) as refusal:
        read(asking(question, payload))
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("question", "payload"),
    [
        ({"topic": POWER, "payload": ""}, "ON"),
        ({"topic": POWER, "payload": {"get": ""}}, {"on": True}),
        ({"topic": "cmnd/{node}/State", "payload": ""}, "ON"),
    ],
    ids=["other payload", "other key", "other topic"],
)
def test_what_no_step_says_is_a_question(
    question: dict[str, Any], payload: object
) -> None:
    profile = read(asking(question, payload))
    (asked,) = profile.models["relay_valve"].questions
    assert (asked.topic, asked.payload) == (question["topic"], question["payload"])


PERSONAL = {
    "topic": "{place}/{node}/ask",
    "payload": {"of": {"$": "place"}},
}


def with_fields(**place: Any) -> str:
    """Return a profile that asks with what a person says of a node."""
    profile = json.loads(asking(PERSONAL))
    profile["models"]["relay_valve"]["fields"] = {"place": {"text": [1, 9], **place}}
    return json.dumps(profile)


def test_a_question_may_name_what_a_person_said_of_the_node() -> None:
    wire = protocol_of(read(with_fields()))
    question = Instructing(node=TAP, message=Question(), wall=0.0)
    node = {"model": "relay_valve"}
    here = Site(prefix="", nodes={TAP: {**node, "place": "hut"}})
    (asked,) = wire.instruct(here, question)
    assert (asked.topic, asked.payload) == (f"hut/{TAP}/ask", '{"of":"hut"}')

    nowhere = Site(prefix="", nodes={TAP: node})
    assert wire.instruct(nowhere, question) == ()


def test_no_question_tells_a_secret() -> None:
    with pytest.raises(ProfileError, match="place} stands for nothing"):
        read(with_fields(secret=True))


def test_of_the_models_behind_a_bridge_those_that_can_are_asked() -> None:
    wire = spoken("zigbee2mqtt")
    nodes = {"tap": {"model": "pushok_valve"}, "feeder": {"model": "aqara_feeder"}}
    bridge = Played(wire, nodes)
    bridge.advance(2 * FIRST)

    assert {*bridge.taken()} == {("zigbee2mqtt/tap/get", '{"status":""}')}
