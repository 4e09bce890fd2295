"""What Home Assistant's configuration says of a station and its nodes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.station import next_time_in
from simulation.casts.base import StationPlan
from simulation.process import Process

WRITTEN_AFTER = 1.0
"""Seconds from a change of a config entry to its being on disk."""

type _Nodes = Mapping[str, Mapping[str, Any]]


class Knowledge:
    """A config entry as far as nodes and protocols go. What was not written is lost."""

    def __init__(self, plan: StationPlan) -> None:
        self.zone = plan.zone
        self._prefix = plan.name
        self._fields = {node: plan.fields.get(node, {}) for node in plan.nodes}
        self._known: _Nodes = {node: {} for node in plan.nodes}
        self._to_welcome = frozenset(plan.nodes)
        self.write()

    def site(self) -> Site:
        """Return what the protocol must know of the station, as it is now."""
        zone = ZoneInfo(self.zone)
        return Site(
            prefix=self._prefix,
            nodes={
                node: {**fields, **self._known[node]}
                for node, fields in self._fields.items()
            },
            zone=zone,
            next_time=partial(next_time_in, zone),
        )

    @property
    def to_welcome(self) -> frozenset[str]:
        """The nodes that did not get yet what every node gets at first."""
        return self._to_welcome

    def learn(self, node: str, learned: Mapping[str, Any], process: Process) -> None:
        self._known = {**self._known, node: {**self._known[node], **learned}}
        self._write_later(process)

    def welcomed(self, node: str, process: Process) -> None:
        self._to_welcome -= {node}
        self._write_later(process)

    def forget(self) -> None:
        """Go back to what is on disk."""
        self._known, self._to_welcome = self._written

    def write(self) -> None:
        self._written = (self._known, self._to_welcome)

    def _write_later(self, process: Process) -> None:
        process.later(WRITTEN_AFTER, self.write)
