"""The format expresses what other families of devices need, by their documents."""

from __future__ import annotations

import json
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.protocols.played import Played


def a_profile(**parts: Any) -> dict[str, Any]:
    """Return a profile of valves, whose own clock closes them."""
    return {
        "format": 1,
        "profile": "family",
        "maker": "Family",
        "prefix": "home",
        "kinds": {
            "open_valve": {"class": "once", "undoes": "valve"},
            "close_valve": {"class": "until_done", "undoes": "valve"},
        },
        **parts,
    }


SHELLY = a_profile(
    topics={
        "online": "{node}/online",
        "events": "{node}/events/rpc",
        "answers": "{prefix}/{node}/rpc",
    },
    online=[{"topic": "online", "yes": True, "no": False}],
    answers={"topic": "answers", "id": "id", "taken": "result", "refused": "error"},
    models={
        "switch_valve": {
            "title": "Valve at a switch",
            "readings": {
                "valve": {
                    "topic": "events",
                    "path": "params.switch:0.output",
                    "words": {"true": "open", "false": "closed"},
                }
            },
            "kinds": {
                "open_valve": {
                    "params": {"duration": {"whole": [1, 3600]}},
                    "lasts": "duration",
                    "steps": [
                        {
                            "topic": "{node}/rpc",
                            "payload": {
                                "id": {"$": "id"},
                                "src": "{prefix}/{node}",
                                "method": "Switch.Set",
                                "params": {
                                    "id": 0,
                                    "on": True,
                                    "toggle_after": {"$": "duration"},
                                },
                            },
                        }
                    ],
                    "done_when": {"reading": "valve", "becomes": "closed"},
                },
                "close_valve": {
                    "steps": [
                        {
                            "topic": "{node}/rpc",
                            "payload": {
                                "id": {"$": "id"},
                                "src": "{prefix}/{node}",
                                "method": "Switch.Set",
                                "params": {"id": 0, "on": False},
                            },
                        }
                    ],
                    "done_when": {"reading": "valve", "is": "closed"},
                },
            },
            "handled": {
                "valve": {
                    "as": "valve",
                    "open": "open_valve",
                    "close": "close_valve",
                    "state": "valve",
                    "amount": "duration",
                }
            },
        }
    },
)

SPRINKLER = a_profile(
    topics={"available": "{node}/availability", "station": "{node}/station/0"},
    online=[{"topic": "available", "yes": "online", "no": "offline"}],
    models={
        "first_station": {
            "title": "The first station of an OpenSprinkler",
            "readings": {
                "valve": {
                    "topic": "station",
                    "path": "state",
                    "number": [0, 1],
                },
                "runs_for": {
                    "topic": "station",
                    "path": "duration",
                    "number": [0, 64800],
                },
            },
            "kinds": {
                "open_valve": {
                    "params": {"duration": {"whole": [1, 64800]}},
                    "lasts": "duration",
                    "steps": [
                        {
                            "topic": "{node}/commands",
                            "payload": "cm?pw=made-up&sid=0&en=1&t={duration}",
                            "taken_when": {
                                "reading": "runs_for",
                                "becomes": {"$": "duration"},
                                "with": {"valve": 1},
                            },
                        }
                    ],
                    "done_when": {"reading": "valve", "becomes": 0},
                },
                "close_valve": {
                    "steps": [
                        {
                            "topic": "{node}/commands",
                            "payload": "cm?pw=made-up&sid=0&en=0",
                        }
                    ],
                    "done_when": {"reading": "valve", "is": 0},
                },
            },
        }
    },
)

BUTTON = a_profile(
    topics={"status": "{node}/status"},
    online=[{"topic": "status", "yes": "online", "no": "offline"}],
    kinds={"run_pump": {"class": "once", "told": "done"}},
    models={
        "button": {
            "title": "A button of ESPHome",
            "not_provable": ["That anything happened."],
            "readings": {},
            "kinds": {
                "run_pump": {
                    "steps": [
                        {"topic": "{node}/button/run/command", "payload": "PRESS"}
                    ]
                }
            },
            "handled": {"run": {"as": "button", "press": "run_pump"}},
        }
    },
)


def played(profile: dict[str, Any], model: str) -> Played:
    """Return a station whose only node is of that model."""
    spoken = protocol_of(read(json.dumps(profile)))
    return Played(spoken, {"tap": {"model": model}})


def test_a_command_may_be_a_text_with_its_params() -> None:
    sprinkler = played(SPRINKLER, "first_station")
    sprinkler.hear("tap/availability", "online")
    sprinkler.hear("tap/station/0", {"state": 0, "duration": 598})
    run = sprinkler.put("open_valve", "tap", duration=601)
    assert sprinkler.taken() == [
        ("tap/commands", "cm?pw=made-up&sid=0&en=1&t=601"),
    ]

    sprinkler.hear("tap/station/0", {"state": 1, "duration": 300})
    assert sprinkler.delivery(run, "tap").state is DeliveryState.SENT, "not ours"
    sprinkler.hear("tap/station/0", {"state": 1, "duration": 601})
    assert sprinkler.delivery(run, "tap").state is DeliveryState.ACCEPTED
    sprinkler.advance(601)
    sprinkler.hear("tap/station/0", {"state": 0, "duration": 601})
    assert sprinkler.state(run) is CommandState.SUCCEEDED


def test_where_being_told_is_all_it_is_told_and_says_so() -> None:
    button = played(BUTTON, "button")
    button.hear("tap/status", "online")
    run = button.put("run_pump", "tap")
    assert button.taken() == [("tap/button/run/command", "PRESS")]
    button.advance(10)

    assert button.state(run) is CommandState.SUCCEEDED
    assert button.causes(run)[-1] is Cause.TOLD
