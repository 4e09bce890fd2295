"""Meals, instants and zones that the tests of meals share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple, override
from zoneinfo import ZoneInfo

from custom_components.mqtt_dispatch.engine.deadlines import Deadlines
from custom_components.mqtt_dispatch.engine.ledger.ledger import Ledger
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    Meal,
    Place,
    Settled,
)
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from custom_components.mqtt_dispatch.engine.plan.mealtimes import Mealtimes
from custom_components.mqtt_dispatch.engine.plan.occurrences import Occurrences
from custom_components.mqtt_dispatch.engine.plan.recurrence import Occurrence
from custom_components.mqtt_dispatch.engine.wall_clock import WallClock
from tests.engine.driver import a_station

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LATE = 30 * MINUTE

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
APIA = ZoneInfo("Pacific/Apia")


def utc(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def a_meal(
    time: str = "08:00",
    weekdays: Iterable[str] = WEEKDAYS,
    *,
    meal_id: str = "breakfast",
    enabled: bool = True,
    begins: float | None = None,
) -> Meal:
    return new_meal(
        meal_id=meal_id,
        name="Breakfast",
        rule=new_rule(time=time, weekdays=weekdays),
        params={"portions": 2},
        enabled=enabled,
        begins=begins,
    )


def nominals(found: Iterable[Occurrence]) -> list[str]:
    return [occurrence.nominal for occurrence in found]


class RightClock(WallClock):
    """A clock that is right, in whatever year."""

    @property
    @override
    def known(self) -> bool:
        return True

    @property
    @override
    def plausible(self) -> bool:
        return True


class Came(NamedTuple):
    """What was fed and what was missed, as local times."""

    fed: list[str]
    missed: list[str]


NOTHING = Came([], [])


class Planned:
    """One meal in the ledger of a station; `settled` are local times."""

    def __init__(self, meal: Meal, *settled: str) -> None:
        before = Now(0.0, 0.0)
        stored = Snapshot(
            meals=(meal,),
            occurrences=tuple(Settled(meal.id, nominal, None) for nominal in settled),
        )
        self._ledger = Ledger(stored, (), before, Deadlines())
        clock = RightClock(self._ledger, before)
        occurrences = Occurrences(self._ledger, clock)
        self._mealtimes = Mealtimes(self._ledger, clock, occurrences, before)

    @property
    def meal(self) -> Meal:
        (meal,) = self._ledger.meals.values()
        return meal

    def put(self, meal: Meal, wall: float, zone: tzinfo) -> None:
        """Put a meal in the place of this one."""
        station = replace(a_station(), zone=zone)
        self._mealtimes.changes.put(meal, station, Now(wall, wall))

    def travel(self, wall: float, before: tzinfo, zone: tzinfo) -> None:
        """Have another zone from now on."""
        station = replace(a_station(), zone=zone)
        self._mealtimes.changes.place_changed(Place(before), station, Now(wall, wall))

    def come(self, wall: float, zone: tzinfo, late: float = LATE) -> Came:
        """Return what is fed and what was missed by then, since this was last asked."""
        station, now = replace(a_station(late=late), zone=zone), Now(wall, wall)
        since = self._ledger.next_id
        self._mealtimes.look_again(now)
        self._mealtimes.run(station, now)
        came = Came([], [])
        for command_id in range(since, self._ledger.next_id):
            command = self._ledger.find(command_id)
            assert command is not None
            assert command.idempotency_key is not None
            _, _, nominal = command.idempotency_key.split(":", 2)
            missed = command.state is CommandState.EXPIRED
            (came.missed if missed else came.fed).append(nominal)
        return came

    def next_of(self, wall: float, zone: tzinfo) -> Occurrence | None:
        """Return when it is fed next."""
        station = replace(a_station(), zone=zone)
        return self._mealtimes.next_of(self.meal, station, Now(wall, wall))


def begun(meal: Meal, wall: float, zone: tzinfo, *settled: str) -> Planned:
    """Return a meal that is put at `wall`, unix seconds."""
    planned = Planned(replace(meal, enabled=False), *settled)
    planned.put(meal, wall, zone)
    return planned
