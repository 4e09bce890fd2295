"""What somebody writes who adds a protocol: its folder, and lines in two translations.

Sprayers spray for some seconds, and have a light. They call in, tell how full they are,
and answer by the id of a command: `taken`, `done` or `no`.
"""

from __future__ import annotations

from typing import Any, Final

KEY: Final = "sprayer"
PROTOCOL: Final = '''"""Sprayers, a made-up kind of nodes."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from ...engine.model.policy import LATEST, ONCE
from ...engine.model.reports import Accepted, Done, Hello, Rejected, Seen
from ..actuator import Actuator, Amount, Form
from ..base import (Kind, Protocol)
from ..messages import (Malformed, Publication, compact_json)
from ..fields import Flag, Whole
from ..measures import Measure
from ..untrusted import Unreadable, json_object, line, number, whole

_ANSWERS = {"taken": Accepted, "done": Done, "no": Rejected}
_LONGEST = 512
_SPRAYING = Actuator(
    key="spray",
    form=Form.BUTTON,
    name="spray",
    orders={"press": ("spray", {})},
    amount=Amount(param="seconds", minimum=1, maximum=60, usual=5, unit="s"),
)
_LIGHT = Actuator(
    key="nozzle_light",
    form=Form.SWITCH,
    name="nozzle_light",
    orders={"on": ("set_light", {"on": True}), "off": ("set_light", {"on": False})},
)


def report(site, message):
    node = message.topic.removeprefix(f"{site.prefix}/").removesuffix("/said")
    try:
        content = json_object(message.payload, _LONGEST)
    except Unreadable as error:
        return (Malformed(str(error)),)
    said = []
    if node not in site.nodes or content.get("hello"):
        said.append(Hello(node=node, firmware="1.0"))
    readings = {}
    if (level := number(content.get("level"), 0, 100)) is not None:
        readings["level"] = level
    live = not message.retain
    said.append(Seen(node=node, live=live, online=True, readings=readings))
    answer = _ANSWERS.get(content.get("state"))
    command_id = whole(content.get("id"), 1, 2**31 - 1)
    if answer is not None and command_id is not None:
        said.append(answer(node, command_id))
    return tuple(said)


def publications(site, sending):
    command = sending.command
    params = SPRAYER.check(command.kind, command.params)
    order = {"id": command.id, "do": command.kind, **params}
    topic = f"{site.prefix}/{sending.node}/order"
    return (Publication(topic, compact_json(order, _LONGEST)),)


SPRAYER: Final = Protocol(
    key="sprayer",
    default_prefix="spray",
    default_nodes=("a",),
    kinds=MappingProxyType(
        {
            "spray": Kind(
                policy=replace(ONCE, done_timeout=75.0),
                fields={"seconds": Whole(1, 60, required=True)},
            ),
            "set_light": Kind(policy=LATEST, fields={"on": Flag(required=True)}),
        }
    ),
    settings=MappingProxyType({"online_age": 60.0}),
    readings=MappingProxyType(
        {
            "level": Measure(unit="%", precision=0),
            "fw": None,
        }
    ),
    max_report_bytes=_LONGEST,
    node_name=lambda text: line(text, 20),
    topics=lambda prefix: (f"{prefix}/+/said",),
    report=report,
    publications=publications,
    actuators=lambda _fields, _readings: (_SPRAYING, _LIGHT),
    node_fields=MappingProxyType({"tank": Whole(1, 100, default=5)}),
)
'''
FILES: Final = {"__init__.py": '"""Sprayers."""\n', "protocol.py": PROTOCOL}

_FIELD: Final = {
    "en": ("Tank", "How many litres it holds."),
    "de": ("Tank", "Wie viele Liter hineinpassen."),
}
NAMES: Final = {
    "en": {
        "protocol": "Sprayer",
        "spray": "Spray",
        "set_light": "Switch the nozzle light",
        "seconds": "Spraying time",
        "light": "Nozzle light",
        "level": "Level of the tank",
    },
    "de": {
        "protocol": "Sprüher",
        "spray": "Sprühen",
        "set_light": "Licht der Düse schalten",
        "seconds": "Sprühdauer",
        "light": "Licht der Düse",
        "level": "Füllstand",
    },
}


def texts(language: str) -> dict[str, Any]:
    """Return what is added to the translations of a language."""
    names, (field, about) = NAMES[language], _FIELD[language]
    asked = {"data": {"tank": field}, "data_description": {"tank": about}}
    return {
        "common": {f"protocol_{KEY}": names["protocol"]},
        "config": {"step": {"node": asked}},
        "config_subentries": {"node": {"step": {"user": asked, "reconfigure": asked}}},
        "entity": {
            "button": {"spray": {"name": names["spray"]}},
            "number": {"spray_seconds": {"name": names["seconds"]}},
            "sensor": {"level": {"name": names["level"]}},
            "switch": {"nozzle_light": {"name": names["light"]}},
        },
        "selector": {
            "protocol": {"options": {KEY: names["protocol"]}},
            "kind": {"options": {kind: names[kind] for kind in ("spray", "set_light")}},
        },
    }
