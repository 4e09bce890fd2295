"""Greenhouse nodes: they introduce themselves, are given a place, and check signatures.

`reports` is what they say, of themselves (`of_nodes`) and of their channels
(`of_channels`, `readings`, `answers`), and `learning` what is kept of it; `commands` is
what they are told, `kinds` by which rules, `config` what they are to be and `signing`
how that is written and signed; `places` is where they are, `node_types` what they are,
and `channels` and `actuators` what they measure and move. Each says what the wire
leaves open.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from ...engine.model.reports import Hello
from ..base import Protocol
from ..fields import Choice, Flag, Text
from ..measures import PROBLEM, SIGNAL, Measure
from .actuators import actuators
from .channels import CHANNELS, LONGEST_WORD, WORD
from .commands import publications, steps
from .config import UPDATE_CONFIG, welcome
from .kinds import KINDS, assumed, course
from .node_types import NODE_TYPES, UNKNOWN, node_type_of, understands
from .places import ADDRESS, PLACE_FIELDS, is_bound, mac, node_name
from .reports.clocks import clock, may_hold_secrets
from .reports.of_nodes import LONGEST_REPORT
from .reports.readings import METRICS
from .reports.routing import report, topics
from .time_answer import time_answer

SHORTEST_SECRET: Final = 32
LONGEST_SECRET: Final = 127
"""The longest that a node keeps whole."""

EVENTS: Final = (
    "clean_fill_completed",
    "solution_fill_completed",
    "solution_fill_source_empty",
    "solution_fill_leak_detected",
    "solution_fill_timeout",
    "prepare_recirculation_timeout",
    "irrigation_timeout",
    "recirculation_solution_low",
    "irrigation_solution_low",
    "emergency_stop_activated",
    "level_switch_changed",
    "link_loss_failsafe",
    "error",
    "warning",
)

_WORD: Final = Text(1, LONGEST_WORD, WORD)


def usual_fields(hello: Hello) -> dict[str, Any]:
    """Return what a node that was heard is, and where, if it has its place already.

    Its channels it reports itself.
    """
    place = dict(zip(PLACE_FIELDS, hello.place.split("/"), strict=False))
    node_type = node_type_of(hello.type) or UNKNOWN
    return {"type": node_type, **(place if hello.place else {})}


GREENHOUSE: Final = Protocol(
    key="greenhouse",
    default_prefix="hydro",
    default_nodes=(),
    one_of_a_kind=True,
    place=PLACE_FIELDS,
    kinds=KINDS,
    maker="hydro2.0",
    mac=mac,
    settings=MappingProxyType(
        {
            "online_age": 120.0,
            # A node forgets an id 300 s after it came first.
            "drops_repeats_for": 240.0,
            # Its secret goes out no more often for a node that says it lost it.
            "needed_again": 300.0,
        }
    ),
    readings=MappingProxyType(
        {
            "rssi": SIGNAL,
            "free_heap": Measure(
                device_class="data_size", unit="B", diagnostic=True, restless=True
            ),
            "problem": PROBLEM,
            **dict.fromkeys(("fw", "problem_reason", ADDRESS, "/")),
        }
    ),
    metrics=METRICS,
    max_report_bytes=LONGEST_REPORT,
    node_name=node_name,
    topics=topics,
    report=report,
    clock=clock,
    may_hold_secrets=may_hold_secrets,
    publications=publications,
    understands=understands,
    steps=steps,
    course=course,
    assumed=assumed,
    events=EVENTS,
    node_fields=MappingProxyType(
        {
            "greenhouse": _WORD,
            "zone": _WORD,
            "uid": _WORD,
            "secret": Text(SHORTEST_SECRET, LONGEST_SECRET, r"[!-~]+", secret=True),
            "type": Choice(NODE_TYPES, default=UNKNOWN),
            "channels": CHANNELS,
            "ack_means_done": Flag(default=False),
        }
    ),
    node_usually=usual_fields,
    welcome=welcome,
    time_answer=time_answer,
    actuators=actuators,
    moves_water=True,
    binding=UPDATE_CONFIG,
    is_bound=is_bound,
)
