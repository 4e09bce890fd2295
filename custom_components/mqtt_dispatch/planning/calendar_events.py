"""What somebody does to the meals on a calendar's page: stored, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command
from ..engine.model.events import Cancel, Refused, RemoveMeal
from ..engine.model.meal import Meal, Override, Rule
from ..engine.plan.meals import new_meal, new_rule
from ..engine.plan.recurrence import (
    Occurrence,
    fits,
    local_date,
    next_occurrence,
    on_date,
)
from ..engine.plan.skipping import put_override
from ..ordering.commands import refusals_in_words
from ..protocols.untrusted import shown
from ..texts.meal_summaries import (
    beside_summary,
    not_understood,
    read_description,
    read_summary,
    said_anew,
    usual_params,
)
from .event_lengths import end_of
from .meals import async_store_meals, known_meal
from .named_runs import NamedRun, fed_by, run_named
from .recurrence_rules import rule_of, says_the_same

_AS_EVER: Final = Override()
_COMMAND: Final = "command-"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWish:
    """An event as somebody wants it."""

    start: datetime | date
    """With the owner's zone; a date: all day."""
    end: datetime | date
    summary: str
    description: str | None = None
    """None: he says nothing of it."""
    location: str | None = None
    rrule: str | None = None


@dataclass(frozen=True, slots=True)
class Which:
    """The event that somebody means."""

    uid: str
    recurrence_id: str | None = None
    """The date of it; None: all that are still to come."""
    and_following: bool = False


async def async_create(coordinator: DispatchCoordinator, wish: EventWish) -> None:
    """Add a meal, or a run of the valve that the event is called like.

    Raises ServiceValidationError for what cannot be, and NotStoredError; nothing has
    changed then.
    """
    with refusals_in_words():
        start, run = _start(wish), run_named(coordinator, wish.summary)
        rule = _rule(coordinator, wish.rrule, start)
        name, params = _given(coordinator, wish, None, None, run)
        kind = coordinator.protocol.planned_kind if run is None else run.kind
        nodes = fed_by(coordinator) if run is None else (run.node,)
        meal = new_meal(
            meal_id="",
            name=name,
            rule=rule,
            params=params,
            kind=kind,
            nodes=nodes or (),
        )
        _check_to_come(coordinator, meal)
    await async_store_meals(coordinator, meal)


async def async_change(
    coordinator: DispatchCoordinator, which: Which, wish: EventWish
) -> None:
    """Have one date of a meal be otherwise, or all from it on, or all to come.

    Raises as `async_create`.
    """
    with refusals_in_words():
        if _command_id(which.uid) is not None:
            raise Refused("ordered_for_later")
        meal, start = known_meal(coordinator, which.uid), _start(wish)
        if which.recurrence_id is None or meal.rule.one_date:
            found = _on(coordinator, meal, start)
            meals = [_all_changed(coordinator, meal, wish, found)]
        else:
            day = _day(which.recurrence_id)
            found = _to_come_on(coordinator, meal, day)
            if not which.and_following:
                meals = _one_changed(coordinator, meal, wish, found)
            elif _begins_with(coordinator, meal, found):
                meals = [_all_changed(coordinator, meal, wish, found)]
            else:
                later = replace(meal, rule=replace(meal.rule, first=day))
                later = _all_changed(coordinator, later, wish, found)
                meals = [_ended(meal, day), replace(later, id="", begins=None)]
    await async_store_meals(coordinator, *meals)


async def async_delete(coordinator: DispatchCoordinator, which: Which, by: str) -> None:
    """Skip one date of a meal, or end it before a date, or remove it.

    What was ordered for later is withdrawn by whom `by` names. Raises as
    `async_create`.
    """
    if (command_id := _command_id(which.uid)) is not None:
        with refusals_in_words():
            coordinator.handle(Cancel(command_id, by))
        await coordinator.async_stored()
        return
    with refusals_in_words():
        meal = known_meal(coordinator, which.uid)
        if which.recurrence_id is not None and not meal.rule.one_date:
            day = _day(which.recurrence_id)
            found = _to_come_on(coordinator, meal, day)
            if not which.and_following:
                changed = put_override(
                    meal, str(day), replace(_of(meal, day), skipped=True)
                )
            elif _begins_with(coordinator, meal, found):
                changed = None
            else:
                changed = _ended(meal, day)
        else:
            if meal.rule.one_date and meal.rule.first is not None:
                _to_come_on(coordinator, meal, meal.rule.first)
            changed = None
        if changed is None:
            coordinator.handle(RemoveMeal(meal.id))
    if changed is None:
        await coordinator.async_stored()
    else:
        await async_store_meals(coordinator, changed)


def uid_of(command: Command) -> str:
    """Return what the event is known by of what was ordered for later."""
    return f"{_COMMAND}{command.id}"


def _command_id(uid: str) -> int | None:
    number = uid.removeprefix(_COMMAND)
    return int(number) if number != uid and number.isdecimal() else None


def _one_changed(
    coordinator: DispatchCoordinator, meal: Meal, wish: EventWish, found: Occurrence
) -> list[Meal]:
    """Return what makes one date of a meal otherwise, which is not skipped any more."""
    start, day = _start(wish), date.fromisoformat(found.date)
    name, params = _given(coordinator, wish, meal, found)
    override = _of(meal, day)
    if found.skipped:
        override = replace(override, skipped=False)
    moved = _is_moved(start, found)
    if moved and start.timestamp() <= now().wall:
        raise Refused("nothing_to_come")
    if start.date() == day and name == meal.name:
        if moved:
            time = f"{start:%H:%M}"
            override = replace(override, time="" if time == meal.rule.time else time)
        if params != found.params:
            own = None if params == meal.params else params
            override = replace(override, params=own)
        return [put_override(meal, str(day), override)]
    # A date has no name of its own, and stays on its day: it becomes a meal by itself.
    alone = replace(
        meal,
        id="",
        name=name,
        rule=_rule(coordinator, None, start),
        params=params,
        begins=None,
        skipped_until=None,
        overrides={},
    )
    _check_to_come(coordinator, alone)
    return [put_override(meal, str(day), replace(override, skipped=True)), alone]


def _all_changed(
    coordinator: DispatchCoordinator,
    meal: Meal,
    wish: EventWish,
    found: Occurrence | None,
) -> Meal:
    """Return a meal as it is wanted; `found` is the date that was changed, if one.

    Only what was changed there changes: other dates keep what is otherwise on them.
    """
    start, rule = _start(wish), meal.rule
    name, params = _given(coordinator, wish, meal, found)
    moved = found is None or _is_moved(start, found)
    time = new_rule(time=f"{start:%H:%M}")
    same_day = found is None or found.date == str(start.date())
    if found is None or not (same_day and says_the_same(wish.rrule, rule)):
        dates = _rule(coordinator, wish.rrule, start)
        if same_day and dates.every == 1 and not dates.one_date:
            # Any of its dates may have been at hand: it begins where it began.
            dates = replace(dates, first=rule.first)
        rule = replace(dates, time=rule.time, sun=rule.sun, offset=rule.offset)
    if moved:
        rule = replace(rule, time=time.time, sun=None, offset=0)
    changed = replace(meal, name=name, rule=rule)
    if found is None or params != found.params:
        changed = replace(changed, params=params)
    overrides = {
        day: each
        for day, each in meal.overrides.items()
        if fits(rule, date.fromisoformat(day))
    }
    changed = replace(changed, overrides=overrides)
    if found is not None and (own := overrides.get(found.date)) is not None:
        own = replace(
            own,
            time="" if moved else own.time,
            params=own.params if params == found.params else None,
        )
        changed = put_override(changed, found.date, own)
    if moved or found is None or changed.rule != meal.rule:
        _check_to_come(coordinator, changed)
    return changed


def _given(
    coordinator: DispatchCoordinator,
    wish: EventWish,
    meal: Meal | None,
    found: Occurrence | None,
    run: NamedRun | None = None,
) -> tuple[str, dict[str, Any]]:
    """Return the name and the params that an event says.

    What it does not say stays as it is shown: that is `found`, or else the meal, or
    else as usual for what is new; `run` is that, unless it is what nodes usually do.
    """
    hass, protocol = coordinator.hass, coordinator.protocol
    usual = usual_params(protocol) if run is None else dict(run.params)
    kind = protocol.planned_kind if run is None else run.kind
    kind = kind if meal is None else meal.kind
    before = None if meal is None else (meal if found is None else found).params
    if wish.location:
        raise Refused("location_not_empty")
    written = read_summary(coordinator, kind, wish.summary)
    params = usual if before is None else dict(before)
    if wish.description is not None:
        beside = beside_summary(protocol, kind, params)
        params = {name: params[name] for name in params.keys() - beside}
        params |= read_description(hass, protocol, kind, wish.description)
    is_usual = kind == protocol.planned_kind
    if is_usual and not (params or written.said):
        raise not_understood(coordinator, wish.summary)
    params |= _run_time(coordinator, kind, wish, before, found)
    if is_usual:
        params |= said_anew(protocol, written, before)
    name = "" if meal is None else meal.name
    if written.name is not None and written.name != " ".join(name.split()):
        name = written.name
    return name, protocol.check(kind, params)


def _run_time(
    coordinator: DispatchCoordinator,
    kind: str,
    wish: EventWish,
    before: Mapping[str, Any] | None,
    found: Occurrence | None,
) -> dict[str, Any]:
    """Return for how long something is to run, if the event's length says it anew."""
    lasts = coordinator.protocol.lasting(kind)
    if lasts is None:
        return {}
    length = _seconds(_moment(wish.start), _moment(wish.end))
    if before is not None:
        start = _moment(wish.start)
        if found is not None:
            zone = coordinator.engine.station.zone
            start = datetime.fromtimestamp(found.at, zone)
        if _seconds(start, end_of(start, before[lasts])) == length:
            return {}
    return {lasts: length}


def _seconds(start: datetime, end: datetime) -> int:
    """Return how long something lasts by the clock, as it does on any other day."""
    return round(
        (end.replace(tzinfo=None) - start.replace(tzinfo=None)).total_seconds()
    )


def _moment(value: datetime | date) -> datetime:
    if not isinstance(value, datetime):
        raise Refused("all_day_event")
    return value


def _start(wish: EventWish) -> datetime:
    """Return when an event begins, to the minute."""
    return _moment(wish.start).replace(second=0, microsecond=0)


def _rule(coordinator: DispatchCoordinator, rrule: str | None, start: datetime) -> Rule:
    zone = coordinator.engine.station.zone
    today = date.fromisoformat(local_date(now().wall, zone))
    return rule_of(rrule, start, today, zone)


def _is_moved(start: datetime, found: Occurrence) -> bool:
    """Whether an event was given another time than it was shown at."""
    return start.timestamp() != found.at


def _day(recurrence_id: str) -> date:
    try:
        return date.fromisoformat(recurrence_id[:10])
    except ValueError:
        raise Refused("invalid_date", value=shown(recurrence_id)) from None


def _on(
    coordinator: DispatchCoordinator, meal: Meal, start: datetime
) -> Occurrence | None:
    """Return the date that is shown of a meal where all of it is changed, if any."""
    if meal.rule.one_date and meal.rule.first is not None:
        return _to_come_on(coordinator, meal, meal.rule.first)
    return on_date(meal, str(start.date()), coordinator.engine.station.place)


def _to_come_on(coordinator: DispatchCoordinator, meal: Meal, day: date) -> Occurrence:
    engine = coordinator.engine
    skipping, place = engine.wishes.meals.skipping, engine.station.place
    return skipping.to_come_on(meal, day, place, now())


def _begins_with(
    coordinator: DispatchCoordinator, meal: Meal, found: Occurrence
) -> bool:
    """Whether no earlier date of a meal is still to come."""
    engine = coordinator.engine
    upcoming = engine.plan.dates.next_of(meal, now(), engine.station.place)
    if upcoming is not None and upcoming.date < found.date:
        return False
    return not any(
        settled.command_id in engine.ledger.open
        for settled in engine.ledger.occurrences.values()
        if settled.meal_id == meal.id and settled.date < found.date
    )


def _check_to_come(coordinator: DispatchCoordinator, meal: Meal) -> None:
    place = coordinator.engine.station.place
    if meal.enabled and next_occurrence(meal, now().wall, place) is None:
        raise Refused("nothing_to_come")


def _ended(meal: Meal, day: date) -> Meal:
    """Return a meal that ends before a date."""
    return replace(
        meal,
        rule=replace(meal.rule, until=day - timedelta(days=1)),
        overrides={
            each: override
            for each, override in meal.overrides.items()
            if each < str(day)
        },
    )


def _of(meal: Meal, day: date) -> Override:
    return meal.overrides.get(str(day), _AS_EVER)
