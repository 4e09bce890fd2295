"""Has something ordered at several stations at once: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from custom_components.mqtt_dispatch.engine.ledger.together import came_to_nothing
from custom_components.mqtt_dispatch.engine.model.command import Cause
from custom_components.mqtt_dispatch.engine.model.effects import Enqueued
from custom_components.mqtt_dispatch.engine.model.events import (
    Enqueue,
    Refused,
    Release,
)
from simulation.actions import Action
from simulation.record import (
    Answered,
    Asked,
    NotStored,
    Together as OrderedTogether,
    TogetherEnded,
)
from simulation.station import Station


class _Ordered(NamedTuple):
    """One of some orders that were given together."""

    station: Station
    intent: int
    command_id: int


class Together:
    """Does what an action does that means several stations."""

    def __init__(
        self,
        time: Callable[[], float],
        next_intent: Callable[[], int],
        refused: Callable[[Station, str, Refused], None],
    ) -> None:
        self._time = time
        self._next_intent = next_intent
        self._refused = refused

    def order(self, orders: Sequence[tuple[Station, Mapping[str, Any]]]) -> None:
        """Order something at each of some stations, or nothing at any."""
        ordered: list[_Ordered] = []
        for station, fields in orders:
            intent, kind = self._next_intent(), fields["kind"]
            params = station.site.cast.named(kind, fields["params"], intent)
            checked = station.protocol.check(kind, params)
            site, wall = station.site, station.now().wall
            site.note(Asked(self._time(), site.name, intent, kind, None, wall))
            order = Enqueue(
                kind=kind,
                params=checked,
                nodes=fields["nodes"],
                cause=Cause.ACTION,
                key=station.protocol.kinds[kind].key(checked),
                held=True,
            )
            try:
                effects = station.handle(order)
            except Refused as refused:
                self._refused(station, kind, refused)
                self._release(ordered, all_stored=False)
                return
            (command_id,) = (e.command_id for e in effects if isinstance(e, Enqueued))
            ordered.append(_Ordered(station, intent, command_id))
        station.site.note(OrderedTogether(self._time(), _named(ordered)))
        left = [*ordered]
        for one in ordered:
            one.station.begin(self._until_stored(one, left, ordered))

    def _until_stored(
        self, one: _Ordered, left: list[_Ordered], ordered: list[_Ordered]
    ) -> Action:
        """Wait for one of some orders; who comes last has all of them sent."""
        if not (yield) or not _stands(one):
            if left:
                left.clear()
                self._release(ordered, all_stored=False)
        elif one in left:
            left.remove(one)
            if not left:
                self._release(ordered, all_stored=all(map(_stands, ordered)))

    def _release(self, ordered: Sequence[_Ordered], *, all_stored: bool) -> None:
        at = self._time()
        for station, intent, command_id in ordered:
            became = Answered if all_stored else NotStored
            station.site.note(became(at, station.site.name, intent, command_id))
            station.handle(Release(command_id, all_stored))
        if len(ordered) > 1:
            ended = TogetherEnded(at, _named(ordered), all_stored)
            ordered[0].station.site.note(ended)


def _stands(one: _Ordered) -> bool:
    """Whether an order is there still, whatever became of it."""
    command = one.station.engine.ledger.find(one.command_id)
    return command is not None and not came_to_nothing(command)


def _named(ordered: Sequence[_Ordered]) -> tuple[tuple[str, int], ...]:
    return tuple((one.station.site.name, one.command_id) for one in ordered)
