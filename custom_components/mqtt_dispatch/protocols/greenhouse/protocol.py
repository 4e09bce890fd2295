"""Greenhouse nodes: they introduce themselves, are given a place, and check signatures.

`greenhouse_reports` is what they say, `greenhouse_commands` what they are told,
`greenhouse_config` what they are to be, `greenhouse_places` where they are,
`greenhouse_channels` what they measure and move, and `greenhouse_signing` how a command
is signed. Each says what the wire leaves open.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from ..base import Protocol
from ..fields import Choice, Flag, Text
from .channels import (
    CHANNELS,
    LONGEST_WORD,
    NODE_TYPES,
    WORD,
    actuators,
    usual_fields,
)
from .commands import KINDS, publications, steps
from .config import UPDATE_CONFIG, learned, welcome
from .places import (
    ADDRESS,
    HARDWARE_ID,
    PLACE_FIELDS,
    is_bound,
    node_name,
)
from .reports import CONFIG_REPORTED, LONGEST_REPORT, report, topics
from .time_answer import time_answer

SHORTEST_SECRET: Final = 32
LONGEST_SECRET: Final = 127
"""The longest that a node keeps whole."""

_WORD: Final = Text(1, LONGEST_WORD, WORD)

GREENHOUSE: Final = Protocol(
    key="greenhouse",
    default_prefix="hydro",
    default_nodes=(),
    one_of_a_kind=True,
    place=PLACE_FIELDS,
    kinds=KINDS,
    settings=MappingProxyType(
        {
            "online_age": 120.0,
            # A node forgets an id 300 s after it came first.
            "drops_repeats_for": 240.0,
        }
    ),
    # Those of channels begin with the name of the channel and `/`.
    readings=("rssi", "free_heap", "fw", HARDWARE_ID, ADDRESS, CONFIG_REPORTED, "/"),
    max_report_bytes=LONGEST_REPORT,
    node_name=node_name,
    topics=topics,
    report=report,
    publications=publications,
    steps=steps,
    node_fields=MappingProxyType(
        {
            "greenhouse": _WORD,
            "zone": _WORD,
            "uid": _WORD,
            "secret": Text(SHORTEST_SECRET, LONGEST_SECRET, r"[!-~]+", secret=True),
            "type": Choice(NODE_TYPES, default="unknown"),
            "channels": CHANNELS,
            "ack_means_done": Flag(default=False),
        }
    ),
    node_usually=usual_fields,
    welcome=welcome,
    time_answer=time_answer,
    actuators=actuators,
    binding=UPDATE_CONFIG,
    is_bound=is_bound,
    learned=learned,
)
