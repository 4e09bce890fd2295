"""What nodes by a profile do with messages, whatever the profile says of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from simulator.profiled.body import from_the_factory
from tests.protocols.profiled.shipped import text_of
from tests.protocols.profiled.test_families import (
    BUTTON,
    SHELLY,
    SPRINKLER,
    a_profile,
)

from .bench import FEEDER, MODELS, START, TAP, ProfiledBench, Together, zigbee2mqtt


def a_bench(content: dict[str, Any], model: str, **settings: Any) -> ProfiledBench:
    """Return a node of a profile, silent but for what is asked of it."""
    profile = read(json.dumps(content))
    bench = ProfiledBench(profile, {TAP: model}, interval_scale=1000, **settings)
    bench.messages.clear()
    return bench


def tasmota(**settings: Any) -> ProfiledBench:
    bench = a_bench(json.loads(text_of("tasmota")), "relay_valve", **settings)
    bench.messages.clear()
    return bench


GRUMBLING = a_profile(
    topics={"log": "{node}/log", "state": "{node}/state"},
    refusals=[{"topic": "log", "text": "what?"}],
    kinds={"turn": {"class": "once"}, "ring": {"class": "once"}},
    models={
        "bell": {
            "title": "Bell",
            "readings": {
                "side": {"topic": "state", "path": "side", "yes": 1, "no": 0},
                "rings": {"topic": "state", "path": "rings", "number": [0, 99]},
                "by": {
                    "topic": "state",
                    "path": "by",
                    "words": {"true": "us", "false": "them"},
                },
            },
            "kinds": {
                "ring": {
                    "steps": [{"topic": "{node}/ring", "payload": 1}],
                    "done_when": {
                        "reading": "rings",
                        "changes": True,
                        "with": {"by": "us"},
                    },
                },
                "turn": {
                    "steps": [{"topic": "{node}/turn", "payload": 1}],
                    "done_when": {"reading": "side", "changes": True},
                },
            },
        }
    },
)
LAMP = a_profile(
    topics={
        "config": "{node}/config",
        "state": "{node}/state",
        "level": "{node}/level",
    },
    recognition={"topic": "config", "node": "name"},
    answers={"topic": "state", "id": "id", "done": "done", "refused": "error"},
    kinds={
        "shine": {"class": "latest"},
        "blink": {"class": "once"},
    },
    models={
        "lamp": {
            "title": "Lamp",
            "match": {"parts.0.name": ["lamp"], "parts.1.name": ["dimmer"]},
            "readings": {
                "level": {"topic": "level", "number": [0, 100]},
                "lit": {"topic": "state", "path": "lit", "yes": "Y", "no": "N"},
                "mood": {
                    "topic": "state",
                    "path": "mood",
                    "words": {"a": "calm", "b": "wild"},
                },
                "heat": {"topic": "state", "path": "heat", "number": [-10, 90]},
            },
            "kinds": {
                "shine": {
                    "params": {
                        "level": {"whole": [0, 100]},
                        "mood": {"words": ["calm", "wild"]},
                    },
                    "steps": [
                        {
                            "topic": "{node}/{mood}/shine",
                            "payload": {"level": ["at", {"$": "level"}], "on": True},
                        }
                    ],
                    "done_when": {"reading": "level", "is": {"$": "level"}},
                },
                "blink": {
                    "params": {"mood": {"words": ["calm", "wild"]}},
                    "steps": [
                        {"topic": "{node}/blink", "payload": "{mood} {mood} #{id}"}
                    ],
                    "done_when": {"reading": "mood", "changes": True},
                },
            },
        }
    },
)


def test_params_stand_in_topics_lists_and_texts() -> None:
    bench = a_bench(LAMP, "lamp")
    bench.send("tap/wild/shine", {"level": ["at", 40], "on": True})
    bench.send("tap/blink", "calm calm #7")
    bench.run(5)

    assert bench.deeds() == [
        ("shine", {"level": 40, "mood": "wild"}),
        ("blink", {"mood": "calm"}),
    ]
    assert [each.id for each in bench.executed] == ["shine 1", 7]
    assert bench.said() == [
        ("tap/level", 40),
        ("tap/state", {"id": 7, "done": {"by": TAP}}),
        ("tap/state", {"mood": "b"}),
    ]


@pytest.mark.parametrize(
    "message",
    [
        ("tap/wild/shine", {"level": ["at", 40], "on": 1}),
        ("tap/wild/shine", {"level": ["at"], "on": True}),
        ("tap/wild/shine", {"level": ["at", True], "on": True}),
        ("tap/wild/shine", {"level": ["to", 40], "on": True}),
        ("tap/wild/shine", {"level": ["at", 40]}),
        ("tap/wild/shine", {"level": {"at": 40}, "on": True}),
        ("tap/wild/shine", "{"),
        ("tap/blink", "calm wild #7"),
        ("tap/blink", "\x00"),
    ],
    ids=repr,
)
def test_what_it_cannot_read_it_drops(message: tuple[str, Any]) -> None:
    bench = a_bench(LAMP, "lamp")
    bench.send(*message)
    bench.run(5)

    assert bench.deeds() == []
    assert bench.said() == []


def test_what_is_no_text_is_dropped() -> None:
    bench = a_bench(LAMP, "lamp")
    bench.receive("tap/blink", b"\xff\xfe")
    assert bench.deeds() == []


def test_what_bears_an_id_is_refused_with_it() -> None:
    bench = a_bench(LAMP, "lamp")
    bench.send("tap/blink", "sad sad #7")
    bench.order("refuse=answer")
    bench.send("tap/blink", "calm calm #8")
    bench.send("tap/wild/shine", {"level": ["at", 40], "on": True})

    assert bench.said() == [
        ("tap/state", {"id": 7, "error": {"by": TAP}}),
        ("tap/state", {"id": 8, "error": {"by": TAP}}),
    ]
    assert bench.deeds() == []


def test_a_node_describes_itself_where_each_has_a_message_for_that() -> None:
    bench = ProfiledBench(read(json.dumps(LAMP)), {TAP: "lamp"})
    assert bench.said()[0] == (
        "tap/config",
        {"parts": [{"name": "lamp"}, {"name": "dimmer"}], "name": TAP},
    )


def test_what_no_command_concerns_is_measured_somewhere() -> None:
    model = read(json.dumps(LAMP)).models["lamp"]
    told = {path: value for (_, path, _), value in from_the_factory(model).items()}
    assert told == {(): 0, ("lit",): "N", ("mood",): "a", ("heat",): 65}


def test_a_valve_that_is_asked_with_an_id_answers_with_it() -> None:
    both = Together(read(json.dumps(SHELLY)), {TAP: "switch_valve"})
    run = both.put("open_valve", TAP, duration=60)
    both.run(1)
    assert both.state(run) is CommandState.ACCEPTED
    both.run(61)

    assert both.state(run) is CommandState.SUCCEEDED
    assert both.bench.executed_ids() == [run, run]
    closing = both.put("close_valve", TAP)
    both.run(1)
    assert both.state(closing) is CommandState.SUCCEEDED


def test_an_answer_may_be_lost_and_a_button_has_none() -> None:
    both = Together(read(json.dumps(SHELLY)), {TAP: "switch_valve"})
    both.bench.order("taken=drop")
    run = both.put("open_valve", TAP, duration=60)
    both.run(62)
    assert both.state(run) is CommandState.UNCONFIRMED
    both.bench.order("press=now")
    both.run(2)
    assert both.state(run) is CommandState.UNCONFIRMED


def test_a_command_as_a_text_is_done() -> None:
    both = Together(read(json.dumps(SPRINKLER)), {TAP: "first_station"})
    run = both.put("open_valve", TAP, duration=601)
    both.run(602)

    assert both.state(run) is CommandState.SUCCEEDED
    assert both.bench.deeds("ended") == [
        ("ended", {"kind": "open_valve", "seconds": 601.0})
    ]


def test_who_is_told_and_says_nothing_does_it_all_the_same() -> None:
    both = Together(read(json.dumps(BUTTON)), {TAP: "button"})
    run = both.put("run_pump", TAP)
    both.run(11)
    assert both.bench.deeds() == [("run_pump", {})]
    assert both.state(run) is CommandState.SUCCEEDED

    both.bench.order("press=now")
    assert both.bench.deeds()[1:] == [("button", {"kind": "run_pump"})]


def test_a_node_without_anything_that_happens_once_has_no_button() -> None:
    kinds = {"close_valve": {"class": "until_done"}}
    content = json.loads(json.dumps({**SHELLY, "kinds": kinds}))
    model = content["models"]["switch_valve"]
    del model["kinds"]["open_valve"], model["handled"]
    bench = a_bench(content, "switch_valve")
    bench.order("press=now")
    assert bench.notes == ["it has no button"]


@pytest.mark.parametrize(
    ("topic", "payload", "word"),
    [
        ("cmnd/tap/Dimmer", "50", "Unknown"),
        ("cmnd/tap/POWER", "MAYBE", "Error"),
        ("cmnd/tap/PulseTime1", "99999", "Error"),
    ],
)
def test_firmware_complains_of_what_it_does_not_know(
    topic: str, payload: str, word: str
) -> None:
    bench = tasmota()
    bench.send(topic, payload)
    bench.send(topic, payload)
    bench.run(1)

    assert bench.said() == [("stat/tap/RESULT", {"Command": word})] * 2
    assert bench.deeds() == []


def test_a_reading_is_told_in_answers_and_again_where_it_is_told_unasked() -> None:
    bench = tasmota()
    bench.send("cmnd/tap/POWER", "ON")
    bench.run(1)
    assert bench.said() == [("stat/tap/RESULT", {"POWER": "ON"})]
    bench.run(300_000)
    assert ("tele/tap/STATE", {"POWER": "OFF"}) in bench.said()


def test_who_relays_says_what_is_wrong_with_a_name_and_a_key_and_not_twice() -> None:
    bench = zigbee2mqtt()
    bench.messages.clear()
    bench.send("zigbee2mqtt/feeder/set", {"fed": 1})
    bench.send("zigbee2mqtt/feeder/set", {"fed": 1})
    bench.send("zigbee2mqtt/nobody/set", {"feed": "START"})
    bench.send("zigbee2mqtt/feeder/set", {"serving_size": "many"})
    bench.send("zigbee2mqtt/feeder/set", "")

    assert [content["message"] for _, content in bench.said()] == [
        "z2m: No converter available for 'fed' on 'feeder'",
        "z2m: Entity 'nobody' is unknown",
    ]


def test_a_name_with_a_slash_is_listened_to_as_it_is() -> None:
    models = {FEEDER: "aqara_feeder", "garden/tap": "neo_valve"}
    bench = ProfiledBench(read(text_of("zigbee2mqtt")), models)
    assert bench.node.subscriptions == (
        "zigbee2mqtt/+/set",
        "zigbee2mqtt/garden/tap/set",
    )
    bench.send("zigbee2mqtt/garden/tap/set", {"on_with_countdown": 2})
    bench.run(1)
    assert bench.deeds() == [("open_valve", {"duration": 120})]


def test_flash_keeps_settings_counts_and_what_goes_on() -> None:
    first = zigbee2mqtt()
    first.send("zigbee2mqtt/feeder/set", {"serving_size": 3})
    first.run(1)
    first.send("zigbee2mqtt/feeder/set", {"feed": "START"})
    first.send("zigbee2mqtt/datapoint_valve/set", {"on_with_countdown": 10})
    first.run(60)
    again = zigbee2mqtt(memory=first.memory)
    told = dict(again.said())
    assert told["zigbee2mqtt/feeder"]["portions_per_day"] == 3
    assert told["zigbee2mqtt/datapoint_valve"]["status"] == "on_manual_app"

    again.send("zigbee2mqtt/feeder/set", {"feed": "START"})
    again.run(660)
    assert again.deeds() == [
        ("feed", {"portions": 3}),
        ("ended", {"kind": "open_valve", "seconds": 600.0}),
    ]
    assert again.executed_ids() == ["feed 2", "open_valve 1"]


def test_another_opening_sets_the_time_anew() -> None:
    bench = zigbee2mqtt(duration_scale=0.5)
    bench.send("zigbee2mqtt/datapoint_valve/set", {"on_with_countdown": 10})
    bench.run(200)
    bench.send("zigbee2mqtt/datapoint_valve/set", {"on_with_countdown": 10})
    bench.run(600)

    assert bench.deeds("ended") == [("ended", {"kind": "open_valve", "seconds": 500.0})]


def test_nodes_of_one_bridge_do_not_disturb_each_other() -> None:
    both = Together(read(text_of("zigbee2mqtt")), {**MODELS, "third": "aqara_feeder"})
    meal = both.put("feed", "third", portions=2)
    both.run(10)
    assert [each.node for each in both.bench.executed] == ["third"]
    assert both.state(meal) is CommandState.SUCCEEDED
    assert both.bench.start == START


def test_what_it_says_itself_is_no_command_that_it_does_not_know() -> None:
    bench = a_bench(GRUMBLING, "bell")
    assert bench.node.subscriptions == ("tap/+",)
    bench.send("tap/sing", "1")
    assert bench.said() == [("tap/log", "what?")]


def test_what_changes_is_told_in_another_way_than_before() -> None:
    bench = a_bench(GRUMBLING, "bell")
    for _ in range(2):
        bench.send("tap/ring", "1")
        bench.send("tap/turn", "1")
        bench.run(5)
    bench.order("press=now")
    bench.run(5)

    assert bench.said() == [
        ("tap/state", {"by": True}),
        ("tap/state", {"rings": 1}),
        ("tap/state", {"side": 1}),
        ("tap/state", {"by": True}),
        ("tap/state", {"rings": 2}),
        ("tap/state", {"side": 0}),
        ("tap/state", {"by": False}),
        ("tap/state", {"rings": 3}),
    ]


def test_a_node_that_is_asked_tells_how_it_is_and_does_nothing() -> None:
    bench = tasmota()
    bench.send("cmnd/tap/State", "")
    bench.run(1)
    assert bench.said() == [("stat/tap/RESULT", {"POWER": "OFF"})]
    assert bench.deeds() == []

    bench.order("gone=silent")
    bench.send("cmnd/tap/State", "")
    bench.run(1)
    assert bench.said() == []


def test_who_relays_tells_of_a_node_that_is_asked_all_that_it_knows() -> None:
    content = json.loads(text_of("zigbee2mqtt"))
    question = {"topic": "{prefix}/{node}/get", "payload": {"battery": ""}}
    content["models"]["neo_valve"]["ask"] = [question]
    bench = a_bench(content, "neo_valve")
    assert "zigbee2mqtt/+/get" in bench.node.subscriptions
    bench.send("zigbee2mqtt/tap/get", {"battery": ""})
    bench.run(1)

    assert bench.said() == [("zigbee2mqtt/tap", {"status": "off", "battery": 75})]


def test_what_has_no_clock_of_its_own_goes_on_until_it_is_ended() -> None:
    profile = read(text_of("zigbee2mqtt"))
    both = Together(profile, {TAP: "pushok_valve"})
    run = both.put("open_valve", TAP, duration=30)
    both.run(29)
    assert both.bench.deeds() == [("open_valve", {})]
    both.run(60)

    assert both.state(run) is CommandState.SUCCEEDED
    assert both.bench.deeds()[1:] == [
        ("close_valve", {}),
        ("ended", {"kind": "open_valve", "seconds": 30.1}),
    ]


def test_what_is_stuck_does_not_open_and_says_so() -> None:
    both = Together(read(text_of("zigbee2mqtt")), {TAP: "pushok_valve"})
    both.bench.order("fail=told,count=1")
    run = both.put("open_valve", TAP, duration=30)
    both.run(20)
    assert both.state(run) is CommandState.FAILED
    assert both.bench.deeds("ended") == []
