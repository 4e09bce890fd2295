"""Petnet feeders, which speak the messages of a cloud that closed.

What the wire leaves open is decided here and in `commands` and `reports`:

- A node is a feeder, by its `deviceHid`. The gateway through which it speaks is what it
  was heard through last, or else what a person said.
- Up topics are one level, and MQTT has no filter for a part of a level. The filter is
  therefore `+` beside the prefix: the broker also sends all other topics of that level,
  which are dropped here by their name.
- A heartbeat's interval is not told; a feeder counts as online for 5 min.
- A feeder keeps its plan by the time of day alone: it begins with it anew each day, and
  its meals are daily. It holds all of the plan, in the order of the day: adopting a
  feeder replaces what it held.
- A recipe has 7 or 8 characters in all: the service found feeders upset by others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.meal import Meal
from ...engine.model.policy import FEEDING, LATEST, RESTARTING
from ...engine.model.reports import Hello, Readings
from ...engine.model.step import Gate, Run, Wanted
from ..actuator import Actuator, Amount, Form
from ..base import Kind, Protocol, Sending, Site
from ..fields import Decimal, Flag, Objects, Text, Whole
from ..messages import Publication
from ..params import InvalidCommand
from ..planning import Planning
from .commands import steps, told
from .reports import (
    CAPABILITY_GATEWAY,
    GATEWAY,
    LAST_MEAL,
    LONGEST_REPORT,
    READINGS,
    node_name,
    report,
)

MOST_MEALS: Final = 16
MOST_PORTIONS: Final = 32
FURTHEST_OFFSET: Final = 14 * 60 * 60

_SPOON = Decimal(0, 1000, above=True, required=True)


def topics(prefix: str) -> tuple[str, ...]:
    """Return the one filter that hears the feeders of every gateway."""
    above, slash, _ = prefix.rpartition("/")
    return (f"{above}{slash}+",)


def publications(site: Site, sending: Sending) -> tuple[Publication, ...]:
    """Return what tells a feeder a step; see `Protocol.publications`.

    Raises InvalidCommand (missing_field) where nobody knows the feeder's gateway.
    """
    command = sending.command
    return told(site, sending, PETNET.check(command.kind, command.params))


def wanted(site: Site, meals: tuple[Meal, ...], wall: float) -> tuple[Wanted, ...]:
    """Return each feeder's UTC offset and its part of the plan.

    Raises InvalidCommand for more meals than a feeder takes (`plan_too_long`: node,
    lines, slots).
    """
    offset = datetime.fromtimestamp(wall, site.zone).utcoffset() or timedelta()
    found: list[Wanted] = []
    for node in site.nodes:
        own = (meal for meal in meals if not meal.nodes or node in meal.nodes)
        entries = [
            _entry(meal) for meal in sorted(own, key=lambda meal: meal.rule.time)
        ]
        if len(entries) > MOST_MEALS:
            raise InvalidCommand(
                "plan_too_long", node=node, lines=len(entries), slots=MOST_MEALS
            )
        seconds = {"seconds": int(offset.total_seconds())}
        found.append(Wanted(node=node, kind="set_utc_offset", params=seconds))
        found.append(
            Wanted(
                node=node,
                kind="set_schedule",
                params={"entries": entries},
                holds=bool(entries),
            )
        )
    return tuple(found)


def runs(
    site: Site, kind: str, params: Mapping[str, Any], start: float, end: float
) -> Iterator[Run]:
    """Yield what a feeder feeds by itself in a span of time; see `Station.runs`."""
    if kind != "set_schedule":
        return
    day, last = (datetime.fromtimestamp(at, site.zone).date() for at in (start, end))
    while day <= last:
        for entry in params["entries"]:
            clock = time.fromisoformat(entry["time"])
            at = datetime.combine(day, clock, site.zone).timestamp()
            if entry["active"] and start < at <= end:
                yield at, {"portions": entry["portions"]}
        day += timedelta(days=1)


def node_usually(hello: Hello) -> dict[str, Any]:
    """Return the gateway through which a feeder was first heard."""
    for capability in hello.capabilities:
        if capability.startswith(CAPABILITY_GATEWAY):
            return {"gateway": capability.removeprefix(CAPABILITY_GATEWAY)}
    return {}


def actuators(_fields: Mapping[str, Any], _readings: Readings) -> tuple[Actuator, ...]:
    """Return what a person handles at a feeder; it never tells how its button is."""
    return (
        Actuator(
            key="feed",
            form=Form.BUTTON,
            name="feed",
            orders={"press": ("feed", {})},
            amount=Amount(
                param="portions", minimum=1, maximum=MOST_PORTIONS, usual=1, unit=""
            ),
        ),
        Actuator(
            key="front_button",
            form=Form.SWITCH,
            name="front_button",
            orders={
                "on": ("set_button", {"enable": True}),
                "off": ("set_button", {"enable": False}),
            },
            configures=True,
        ),
    )


def _entry(meal: Meal) -> dict[str, Any]:
    return {
        "id": meal.id,
        "time": meal.rule.time,
        "portions": meal.params["portions"],
        "active": meal.enabled,
    }


PETNET: Final = Protocol(
    key="petnet",
    default_prefix="krs",
    default_nodes=(),
    one_of_a_kind=True,
    kinds=MappingProxyType(
        {
            "feed": Kind(
                policy=replace(FEEDING, gate=Gate.ONLINE),
                fields={"portions": Whole(1, MOST_PORTIONS, required=True)},
            ),
            "set_schedule": Kind(
                policy=LATEST,
                fields={
                    "entries": Objects(
                        {
                            "id": Text(1, 20, "[A-Za-z0-9]+", required=True),
                            "time": Text(
                                5, 5, "(?:[01][0-9]|2[0-3]):[0-5][0-9]", required=True
                            ),
                            "portions": Whole(1, MOST_PORTIONS, required=True),
                            "active": Flag(default=True),
                        },
                        MOST_MEALS,
                        required=True,
                    )
                },
            ),
            "set_button": Kind(policy=LATEST, fields={"enable": Flag(required=True)}),
            "set_utc_offset": Kind(
                policy=LATEST,
                fields={
                    "seconds": Whole(-FURTHEST_OFFSET, FURTHEST_OFFSET, required=True)
                },
            ),
            "set_budget": Kind(
                policy=LATEST,
                fields={
                    "recipe": Text(7, 8, "[A-Za-z]{1,2}[0-9]{6,7}", required=True),
                    "tbsp_per_feeding": _SPOON,
                    "g_per_tbsp": _SPOON,
                    "budget_tbsp": _SPOON,
                },
            ),
            "reboot": Kind(policy=RESTARTING, fields={}),
        }
    ),
    maker="Petnet",
    settings=MappingProxyType({"online_age": 300.0}),
    readings=READINGS,
    max_report_bytes=LONGEST_REPORT,
    node_name=node_name,
    topics=topics,
    report=report,
    publications=publications,
    steps=steps,
    node_fields=MappingProxyType(
        {
            "gateway": Text(1, 64, GATEWAY.pattern),
            # As a label says it: 2.7.1, but also v2.5.1-beta.
            "firmware": Text(
                3,
                32,
                r"[vV]?[0-9]{1,4}\.[0-9]{1,4}(\.[0-9]{1,4})?([-+.][0-9A-Za-z.+-]+)?",
            ),
        }
    ),
    node_usually=node_usually,
    actuators=actuators,
    planning=Planning(
        kind="feed", wanted=wanted, runs=runs, cycle=1, told=True, beside=LAST_MEAL
    ),
)
