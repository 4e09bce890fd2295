"""What is stored of a station, and how it reads as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..model.choice import Chosen
from ..model.command import (
    HIGHEST_ID,
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
)
from ..model.meal import (
    LateAnswer,
    Meal,
    MealDate,
    OverdueMeal,
    Settled,
    TakenOff,
)
from ..model.pause import REASON_LIMIT, Pause, PlanPause
from ..model.policy import FEED
from ..model.reports import Dispensed, Readings
from ..model.water import Meter
from ..plan.meals import as_json as meal_as_json, meal_from_json
from ..plan.recurrence import is_nominal

_LATEST = 253_370_764_800
"""The last year that a date can have begins, in unix seconds."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Portions that were given, or may have been."""

    command_id: int
    at: float
    """Unix seconds."""
    portions: int
    certain: bool


@dataclass(frozen=True, slots=True)
class UsedKey:
    """An idempotency key and the command it stands for."""

    key: str
    command_id: int
    at: float
    """Unix seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything of a station that must survive, but for its history."""

    revision: int = 0
    next_id: int = 1
    pause: Pause | None = None
    """None: what is ready is sent."""
    commands: tuple[Command, ...] = ()
    """Open ones, and closed ones that are not in the history yet."""
    meals: tuple[Meal, ...] = ()
    occurrences: tuple[Settled, ...] = ()
    """Those that were dealt with, as long as they could come due again."""
    overdue: tuple[OverdueMeal, ...] = ()
    plan_pause: PlanPause | None = None
    """None: what is planned is done."""
    feeds: tuple[Feed, ...] = ()
    keys: tuple[UsedKey, ...] = ()
    dispensed: tuple[Dispensed, ...] = ()
    """What nodes fed by themselves lately."""
    chosen: tuple[Chosen, ...] = ()
    water: tuple[Meter, ...] = ()
    """How much ran through what."""
    in_backup: bool = False
    """Whether a backup was being made: what is read so was put back from one."""
    restored_at: float | None = None
    """When it was noticed that this is an older state, put back; unix seconds.

    None: it was not, or a person has confirmed it.
    """
    unsure_below: int | None = None
    """What nodes hold of a plan ordered under a lower id is not known since an older
    state was put back. None: that was not so, or all was ordered anew."""
    believed_at: float = 0.0
    """What the wall clock said when it last was plausible; unix seconds."""


def command_as_json(command: Command) -> dict[str, Any]:
    """Return a command as JSON data."""
    return {
        "id": command.id,
        "kind": command.kind,
        "params": dict(command.params),
        "class": command.command_class.value,
        "created_at": command.created_at,
        "expires_at": command.expires_at,
        "not_before": command.not_before,
        "state": command.state.value,
        "key": command.key,
        "idempotency_key": command.idempotency_key,
        "finishes": command.finishes,
        "meal": None if command.meal is None else asdict(command.meal),
        "taken_off": None if command.taken_off is None else asdict(command.taken_off),
        "deliveries": [
            {
                "node": delivery.node,
                "state": delivery.state.value,
                "attempts": delivery.attempts,
                "repeatable": delivery.repeatable,
                "reason": delivery.reason,
                "steps": delivery.steps,
                "step": delivery.step,
                "ended": list(delivery.ended),
                "remembered": dict(delivery.remembered),
            }
            for delivery in command.deliveries
        ],
        "timeline": [
            {
                "at": entry.at,
                "state": entry.state,
                "cause": entry.cause.value,
                "node": entry.node,
                "detail": entry.detail,
            }
            for entry in command.timeline
        ],
    }


def command_from_json(data: Mapping[str, Any]) -> Command:
    """Return the command that JSON data describe.

    Raises KeyError, TypeError or ValueError where they describe none.
    """
    command = Command(
        id=_id(data["id"]),
        kind=_text(data["kind"]),
        params=dict(data["params"]),
        command_class=CommandClass(data["class"]),
        created_at=_moment(data["created_at"]),
        expires_at=_or_none(_moment, data["expires_at"]),
        not_before=_or_none(_moment, data["not_before"]),
        state=CommandState(data["state"]),
        key=_text(data["key"]),
        idempotency_key=_or_none(_text, data["idempotency_key"]),
        finishes=_or_none(_id, data["finishes"]),
        meal=_or_none(_meal_date, data["meal"]),
        taken_off=_or_none(_taken_off, data["taken_off"]),
        deliveries=tuple(
            Delivery(
                node=_text(item["node"]),
                state=DeliveryState(item["state"]),
                attempts=_count(item["attempts"]),
                repeatable=bool(item["repeatable"]),
                reason=_text(item["reason"]),
                steps=_count(item["steps"]),
                step=_count(item["step"]),
                ended=tuple(_count(step) for step in item["ended"]),
                remembered=_remembered(item["remembered"]),
            )
            for item in data["deliveries"]
        ),
        timeline=tuple(
            TimelineEntry(
                at=_moment(item["at"]),
                state=_text(item["state"]),
                cause=Cause(item["cause"]),
                node=_or_none(_text, item["node"]),
                detail=_text(item["detail"]),
            )
            for item in data["timeline"]
        ),
    )
    if command.kind == FEED:
        _count(command.params.get("portions", 1))
    if not command.timeline or len(set(command.nodes)) != len(command.nodes):
        raise ValueError("no timeline, or a node twice")
    return command


def snapshot_as_json(snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot as JSON data. The revision counts within one run only."""
    return {
        "next_id": snapshot.next_id,
        "pause": None if snapshot.pause is None else asdict(snapshot.pause),
        "commands": [command_as_json(command) for command in snapshot.commands],
        "meals": [meal_as_json(meal) for meal in snapshot.meals],
        "occurrences": [asdict(settled) for settled in snapshot.occurrences],
        "overdue": [asdict(meal) for meal in snapshot.overdue],
        "plan_pause": None
        if snapshot.plan_pause is None
        else asdict(snapshot.plan_pause),
        "feeds": [asdict(feed) for feed in snapshot.feeds],
        "keys": [asdict(key) for key in snapshot.keys],
        "dispensed": [asdict(report) for report in snapshot.dispensed],
        "chosen": [asdict(one) for one in snapshot.chosen],
        "water": [asdict(meter) for meter in snapshot.water],
        "in_backup": snapshot.in_backup,
        "restored_at": snapshot.restored_at,
        "unsure_below": snapshot.unsure_below,
        "believed_at": snapshot.believed_at,
    }


def snapshot_from_json(data: Mapping[str, Any]) -> Snapshot:
    """Return the snapshot that JSON data describe.

    Raises KeyError, TypeError or ValueError where they describe none.
    """
    snapshot = Snapshot(
        next_id=_next_id(data["next_id"]),
        pause=_or_none(_pause, data["pause"]),
        commands=tuple(command_from_json(item) for item in data["commands"]),
        meals=tuple(meal_from_json(item) for item in data["meals"]),
        occurrences=tuple(
            Settled(
                meal_id=_text(item["meal_id"]),
                nominal=_nominal(item["nominal"]),
                command_id=_or_none(_id, item["command_id"]),
                node=_text(item["node"]),
            )
            for item in data["occurrences"]
        ),
        overdue=tuple(
            OverdueMeal(
                meal_id=_text(item["meal_id"]),
                nominal=_nominal(item["nominal"]),
                at=_moment(item["at"]),
                node=_text(item["node"]),
                answer=_or_none(_late_answer, item["answer"]),
            )
            for item in data["overdue"]
        ),
        plan_pause=_or_none(_plan_pause, data["plan_pause"]),
        feeds=tuple(
            Feed(
                command_id=_id(item["command_id"]),
                at=_moment(item["at"]),
                portions=_count(item["portions"]),
                certain=bool(item["certain"]),
            )
            for item in data["feeds"]
        ),
        keys=tuple(
            UsedKey(
                key=_text(item["key"]),
                command_id=_id(item["command_id"]),
                at=_moment(item["at"]),
            )
            for item in data["keys"]
        ),
        dispensed=tuple(
            Dispensed(
                node=_text(item["node"]),
                started_at=_moment(item["started_at"]),
                planned=bool(item["planned"]),
                grams=_or_none(_measure, item["grams"]),
                reason=_text(item["reason"]),
            )
            for item in data["dispensed"]
        ),
        chosen=tuple(
            Chosen(
                node=_or_none(_text, item["node"]),
                what=_text(item["what"]),
                amount=_measure(item["amount"]),
            )
            for item in data["chosen"]
        ),
        water=tuple(
            Meter(
                node=_text(item["node"]),
                what=_text(item["what"]),
                litres=_measure(item["litres"]),
                running=bool(item["running"]),
                began_at=_or_none(_moment, item["began_at"]),
                lasts=_or_none(_measure, item["lasts"]),
            )
            for item in data["water"]
        ),
        in_backup=bool(data["in_backup"]),
        restored_at=_or_none(_moment, data["restored_at"]),
        unsure_below=_or_none(_next_id, data["unsure_below"]),
        believed_at=_moment(data["believed_at"]),
    )
    ids = [command.id for command in snapshot.commands]
    if len(set(ids)) != len(ids):
        raise ValueError("an id twice")
    return snapshot


def _moment(value: object) -> float:
    """Return a unix second that every calendar can show."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        msg = f"not a number: {value!r}"
        raise TypeError(msg)
    if not 0 <= value <= _LATEST:
        msg = f"not a moment: {value!r}"
        raise ValueError(msg)
    return float(value)


def _measure(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        msg = f"not a number: {value!r}"
        raise TypeError(msg)
    return float(value)


def _count(value: object, highest: int = HIGHEST_ID) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        msg = f"not a whole number: {value!r}"
        raise TypeError(msg)
    if not 0 <= value <= highest:
        msg = f"not from 0 to {highest}: {value}"
        raise ValueError(msg)
    return value


def _id(value: object, highest: int = HIGHEST_ID) -> int:
    if value == 0:
        raise ValueError("ids begin with 1")
    return _count(value, highest)


def _next_id(value: object) -> int:
    return _id(value, highest=HIGHEST_ID + 1)


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = f"not a text: {value!r}"
        raise TypeError(msg)
    return value


def _nominal(value: object) -> str:
    text = _text(value)
    if not is_nominal(text):
        msg = f"not a local time to the minute: {text!r}"
        raise ValueError(msg)
    return text


def _remembered(value: Any) -> Readings:  # noqa: ANN401 - what a file holds
    return {
        _text(name): told if isinstance(told, str) else _measure(told)
        for name, told in dict(value).items()
    }


def _meal_date(value: Any) -> MealDate:  # noqa: ANN401 - what a file holds
    return MealDate(_text(value["meal_id"]), _nominal(value["nominal"]))


def _taken_off(value: Any) -> TakenOff:  # noqa: ANN401 - what a file holds
    portions = _count(value["portions"])
    return TakenOff(_text(value["meal_id"]), _nominal(value["nominal"]), portions)


def _late_answer(value: object) -> LateAnswer:
    return LateAnswer(_text(value))


def _pause(value: Any) -> Pause:  # noqa: ANN401 - what a file holds
    return Pause(_or_none(_moment, value["until"]), _reason(value["reason"]))


def _plan_pause(value: Any) -> PlanPause:  # noqa: ANN401 - what a file holds
    until = _or_none(_moment, value["until"])
    return PlanPause(_moment(value["since"]), until, _reason(value["reason"]))


def _reason(value: object) -> str:
    reason = _text(value)
    if len(reason) > REASON_LIMIT:
        raise ValueError("a reason that is too long")
    return reason


def _or_none[T](read: Callable[[object], T], value: object) -> T | None:
    return None if value is None else read(value)
