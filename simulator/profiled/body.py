"""What a node is like: its readings as they are written on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custom_components.mqtt_dispatch.protocols.fields import (
    Choice,
    Objects,
    TimeOfDay,
    Whole,
)
from custom_components.mqtt_dispatch.protocols.profiled.profile import Scalar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from custom_components.mqtt_dispatch.protocols.profiled.orders import (
        Evidence,
        ModelKind,
    )
    from custom_components.mqtt_dispatch.protocols.profiled.profile import (
        Keys,
        Model,
        ModelReading,
    )

type Slot = tuple[tuple[str, ...], Keys, str]
"""Where something is told: the topics, the path there, and the number that its topic
bears. Several readings may be read off one slot."""
type Values = dict[Slot, Scalar]
type Change = Mapping[Slot, Scalar]

MEASURED = 0.75
"""Where in its range a number is that no command concerns."""
_STATES = {"open": "open", "close": "closed", "on": "on", "off": "off"}
"""What is so after an order."""
_TRUTH = {"true": True, "false": False}
"""Words that stand for what is no text on the wire."""


def slot_of(reading: ModelReading) -> Slot:
    return reading.topics, reading.path, reading.which


def from_the_factory(model: Model) -> Values:
    """Return what a node of a model tells at first: idle, and counting from none."""
    values: Values = {}
    shown = list(_evidence_of(model))
    concerned = {slot_of(model.readings[each.reading]) for each in shown}
    ends = {
        evidence.reading: evidence.value
        for told in all_kinds(model)
        if (evidence := told.done_when) is not None
        and evidence.how in ("is", "becomes")
        and not isinstance(evidence.value, dict)
    }
    begun: dict[str, set[object]] = {}
    for each in shown:
        for name, value in each.beside.items():
            if isinstance(value, dict):
                continue
            begun.setdefault(name, set()).add(value)
    for told in all_kinds(model):
        for step in told.steps:
            taken = step.taken_when
            if taken is not None and not isinstance(taken.value, dict):
                begun.setdefault(taken.reading, set()).add(taken.value)
    for name, reading in model.readings.items():
        slot = slot_of(reading)
        if name in ends:
            values[slot] = written_as(reading, ends[name])
        elif slot not in values:
            values[slot] = _at_rest(
                reading,
                begun=begun.get(name, set()),
                is_concerned=slot in concerned,
            )
    return values


def shown_by(
    model: Model, evidence: Evidence, params: Mapping[str, Any], values: Values
) -> list[Change]:
    """Return what becomes different of a node, one after the other, as is evident."""
    changes: list[Change] = [
        {
            slot_of(model.readings[name]): written_as(
                model.readings[name], counted(value, params)
            )
        }
        for name, value in evidence.beside.items()
    ]
    reading = model.readings[evidence.reading]
    slot = slot_of(reading)
    now = values[slot]
    match evidence.how:
        case "grows_by":
            amount = counted(evidence.value, params)
            value: Scalar = as_written(float(now) + float(amount))
        case "changes":
            value = _another(reading, now)
        case _:
            value = written_as(reading, counted(evidence.value, params))
    return [*changes, {slot: value}]


def shown_beside(model: Model, kind: str, params: Mapping[str, Any]) -> Change | None:
    """Return how what a kind moves is from then on, where nothing proves that."""
    told = model.kinds[kind].at(params)
    proofs = [told.steps[-1].taken_when]
    if told.lasts is None:
        proofs.append(told.done_when)
    proven = {
        slot_of(model.readings[name])
        for evidence in proofs
        if evidence is not None
        for name in (evidence.reading, *evidence.beside)
    }
    for actuator in model.actuators:
        for order, (ordered, with_params) in actuator.orders.items():
            is_it = ordered == kind and with_params.items() <= params.items()
            if is_it and order in _STATES and actuator.state is not None:
                reading = model.readings[actuator.state]
                if slot_of(reading) not in proven:
                    return {slot_of(reading): written_as(reading, _STATES[order])}
    return None


def shown_by_hand(model: Model, evidence: Evidence, values: Values) -> list[Change]:
    """Return the same where no command brought it about, with the least params.

    Who did it is told in other words, where there are such.
    """
    amount = 1.0 if isinstance(evidence.value, dict) else evidence.value
    reading = model.readings[evidence.reading]
    changes: list[Change] = [
        {slot_of(model.readings[name]): _not_ours(model, name, value)}
        for name, value in evidence.beside.items()
        if not isinstance(value, dict)
    ]
    slot = slot_of(reading)
    match evidence.how:
        case "grows_by":
            value: Scalar = as_written(float(values[slot]) + float(amount))
        case "changes":
            value = _another(reading, values[slot])
        case _:
            value = _not_ours(model, evidence.reading, amount)
    return [*changes, {slot: value}]


def counted(value: Any, params: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return what a value of evidence stands for."""
    if not isinstance(value, dict):
        return value
    param = params[value["$"]]
    if isinstance(param, str):
        return param
    return as_written(param / value.get("per", 1) + value.get("plus", 0))


def as_written(number: float) -> float:
    """Return a whole number without a point."""
    return int(number) if number == int(number) else number


def written_as(reading: ModelReading, value: Scalar) -> Scalar:
    """Return how a node writes what a reading says."""
    if reading.words is not None:
        word = next(raw for raw, word in reading.words.items() if word == value)
        return _TRUTH.get(word, word)
    if reading.yes_no is not None:
        yes, no = reading.yes_no
        return yes if value else no
    return as_written(value) if isinstance(value, float) else value


def all_kinds(model: Model) -> Iterator[ModelKind]:
    """Yield what a model is told; of what it has several, for each."""
    for told in model.kinds.values():
        yield from told.all()


def least_params(told: ModelKind) -> dict[str, Any]:
    """Return the least that each param can be of which a node hears."""
    found: dict[str, Any] = {}
    for name, each in told.fields.items():
        if told.goes_on and name == told.lasts:
            continue
        match each:
            case Whole():
                found[name] = each.minimum
            case Choice():
                found[name] = each.choices[0]
            case TimeOfDay():
                found[name] = "00:00"
            case Objects():
                found[name] = []
    return found


def _evidence_of(model: Model) -> Iterator[Evidence]:
    for told in all_kinds(model):
        for step in told.steps:
            if step.taken_when is not None:
                yield step.taken_when
        for each in (told.failed_when, told.done_when):
            if each is not None:
                yield each


def _at_rest(
    reading: ModelReading, *, begun: Collection[object], is_concerned: bool
) -> Scalar:
    if reading.number is not None:
        least, most = reading.number
        at = least if is_concerned else least + MEASURED * (most - least)
        return round(at)
    if reading.words is not None:
        words = list(reading.words.values())
        idle = next((word for word in words if word not in begun), words[0])
        return written_as(reading, idle)
    return written_as(reading, 0.0)


def _another(reading: ModelReading, now: Scalar) -> Scalar:
    if reading.number is not None:
        return as_written(float(now) + 1.0)
    if reading.words is not None:
        words = [_TRUTH.get(raw, raw) for raw in reading.words]
        return next((word for word in words if word != now), now)
    yes, no = reading.yes_no or (True, False)
    return no if now == yes else yes


def _not_ours(model: Model, name: str, value: Any) -> Scalar:  # noqa: ANN401
    """Return another word of a reading, which means the same to others of its slot.

    Without any such it is told as for a command.
    """
    reading = model.readings[name]
    ours = written_as(reading, value)
    if reading.words is None:
        return ours
    slot = slot_of(reading)
    others = [
        each.words
        for other, each in model.readings.items()
        if other != name and slot_of(each) == slot and each.words is not None
    ]
    for raw, word in reading.words.items():
        same = all(words.get(raw) == words.get(str(ours)) for words in others)
        if word != value and same and (others or _only_says_who(model, name)):
            return _TRUTH.get(raw, raw)
    return ours


def _only_says_who(model: Model, name: str) -> bool:
    return any(name in each.beside for each in _evidence_of(model))
