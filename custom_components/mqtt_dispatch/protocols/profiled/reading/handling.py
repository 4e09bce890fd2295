"""Reads what a profile says that a person handles."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ....engine.model.policy import FEED, REBOOT
from ...actuator import Actuator, Amount, Form
from ...params import Field, InvalidCommand
from ..orders import Several, reading_of
from .located import Located, Path, ProfileError
from .nodes import is_for_one

type _Data = Mapping[str, Any]

FORMS: Final[Mapping[str, tuple[Form, tuple[str, ...], tuple[str, ...]]]] = {
    "valve": (Form.VALVE, ("open", "close"), ("open", "closed")),
    "switch": (Form.SWITCH, ("on", "off"), ("on", "off")),
    "light": (Form.LIGHT, ("on", "off"), ("on", "off")),
    "button": (Form.BUTTON, ("press",), ()),
    "cover": (Form.COVER, ("open", "close"), ()),
}
"""By what a person handles it as: the form, its orders and its states."""
PORTIONS: Final = "portions"
_DURATION: Final = "duration"
_AMOUNT: Final = "amount"
_CALLED: Final = {Form.VALVE: "valve"}
"""What a part is called in translations; others by their own name in the profile."""
_NAMED: Final = "named"
_MAY_ORDER: Final = {"cover": ("stop", "set")}
"""What a person may order besides, where the model knows it."""
_WITH_AMOUNT: Final = {Form.VALVE: "open", Form.BUTTON: "press", Form.COVER: "set"}
"""The order that is given the amount."""


@dataclass(frozen=True, slots=True)
class HandledReader:
    """Reads what a person handles of a model."""

    source: Located
    path: Path
    said: _Data
    """What is said of the model."""
    params: Mapping[str, Mapping[str, Field]]
    """By kind of the model, what its params may be."""
    several: Several | None
    each: frozenset[str]
    """The readings that each of several has."""

    def all(self) -> tuple[Actuator, ...]:
        """Return it; of what there are several, each. Raises ProfileError."""
        found: list[Actuator] = []
        taken: dict[str, str] = {}
        for name, told in self.said.get("handled", {}).items():
            path = (*self.path, "handled", name)
            for actuator in self._each_of(name, told):
                self._check_own_button(path, actuator)
                for key in _keys_of(actuator):
                    if (other := taken.setdefault(key, name)) != name:
                        raise self._error(path, f"'{key}' is of '{other}' already")
                found.append(actuator)
        return tuple(found)

    def _check_own_button(self, path: Path, actuator: Actuator) -> None:
        is_reboot = actuator.form is Form.BUTTON and actuator.key == REBOOT
        if is_reboot and REBOOT in self.said["kinds"]:
            raise self._error(
                path, f"a node that knows the kind '{REBOOT}' has that button already"
            )

    def _each_of(self, name: str, told: _Data) -> Iterator[Actuator]:
        actuator = self._actuator(name, told)
        kinds = (kind for kind, _ in actuator.orders.values())
        if self.several is None or not any(
            is_for_one(self.several, self.said["kinds"][kind]) for kind in kinds
        ):
            yield actuator
            return
        param, each = self.several.param, self.each
        for number in range(self.several.first, self.several.last + 1):
            which = {param: number}

            def of(reading: str | None, number: int = number) -> str | None:
                return reading_of(reading, number) if reading in each else reading

            yield replace(
                actuator,
                key=f"{name}_{number}",
                label=str(number)
                if actuator.form is Form.VALVE
                else f"{name} {number}",
                orders={
                    order: (kind, {**params, **which})
                    for order, (kind, params) in actuator.orders.items()
                },
                state=of(actuator.state),
                level=of(actuator.level),
                stopped_by=actuator.stopped_by
                and (actuator.stopped_by[0], {**actuator.stopped_by[1], **which}),
            )

    def _actuator(self, name: str, told: _Data) -> Actuator:
        path = (*self.path, "handled", name)
        form, orders, states = FORMS[told["as"]]
        if missing := [order for order in orders if order not in told]:
            raise self._error(path, f"a {told['as']} needs '{missing[0]}'")
        may = _MAY_ORDER.get(told["as"], ())
        ordered = {
            order: self._order((*path, order), told[order])
            for order in (*orders, *may)
            if order in told
        }
        level = told.get("level")
        if level is not None:
            self._check_reading((*path, "level"), level)
        if form is Form.COVER and level is None:
            raise self._error(path, "a cover needs 'level'")
        state = told.get("state")
        if state is not None:
            self._check_reading((*path, "state"), state)
            words = self.said["readings"][state].get("words", {}).values()
            if not set(words) >= set(states):
                raise self._error(
                    (*path, "state"),
                    f"'{state}' must know the words {' and '.join(states)}",
                )
        moved_by = ordered["set" if "set" in ordered else orders[0]][0]
        kind = self.said["kinds"][moved_by]
        amount = self._amount(path, told, kind)
        meal = form is Form.BUTTON and name == FEED
        if amount is not None:
            called = self._amount_called(path, form, amount, kind, meal=meal)
            amount = replace(amount, name=called)
        if form is not Form.COVER and "stop" in told:
            stopped_by = self._order((*path, "stop"), told["stop"])
        else:
            stopped_by = None
        for order, (kind_of_it, params) in ordered.items():
            by_person = told.get("amount") if _WITH_AMOUNT.get(form) == order else None
            self._check_needs((*path, order), kind_of_it, {*params, by_person})
        if stopped_by is not None:
            self._check_needs((*path, "stop"), stopped_by[0], {*stopped_by[1]})
        return Actuator(
            key=name,
            form=form,
            name=FEED if meal else _CALLED.get(form, _NAMED),
            label="" if meal else name,
            orders=ordered,
            state=state,
            level=level,
            stopped_by=stopped_by,
            amount=amount,
            water=told.get("water", False),
            done_once_over=told.get("done_once_over", False),
        )

    def _order(self, path: Path, told: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401
        """Return the kind of an order, and the params that it has already."""
        kind = told if isinstance(told, str) else told["kind"]
        params = {} if isinstance(told, str) else dict(told.get("params", {}))
        known = self.said["kinds"].get(kind)
        if known is None:
            raise self._error(path, f"the model has no kind '{kind}'")
        for name, value in params.items():
            if name not in known.get("params", {}):
                raise self._error(path, f"'{kind}' has no param '{name}'")
            try:
                params[name] = self.params[kind][name].check(name, value)
            except InvalidCommand:
                raise self._error(
                    (*path, "params", name), f"'{kind}' does not take this as '{name}'"
                ) from None
        return kind, params

    def _check_needs(
        self, path: Path, kind: str, given: Collection[str | None]
    ) -> None:
        """Check that an order has all that its kind cannot do without."""
        which = () if self.several is None else (self.several.param,)
        for name, field in self.params[kind].items():
            if field.required and name not in (*given, *which):
                raise self._error(
                    path, f"'{kind}' needs '{name}': say it in 'params', or as 'amount'"
                )

    def _amount(self, path: Path, told: _Data, kind: _Data) -> Amount | None:
        if "amount" not in told:
            return None
        param = told["amount"]
        field = kind.get("params", {}).get(param)
        if field is None or "whole" not in field:
            raise self._error((*path, "amount"), f"'{param}' is no whole number of it")
        minimum, maximum = field["whole"]
        usual, per_unit = told.get("usual", minimum), told.get("per_unit", 1)
        every = field.get("every", 1)
        if not minimum <= usual <= maximum:
            raise self._error((*path, "usual"), f"not from {minimum} to {maximum}")
        if usual % every:
            raise self._error((*path, "usual"), f"no multiple of {every}")
        if every % per_unit:
            raise self._error(
                (*path, "per_unit"),
                f"'{param}' may be what {per_unit} does not divide: "
                f'say of it "every": {per_unit}',
            )
        return Amount(
            param=param,
            minimum=minimum,
            maximum=maximum,
            usual=usual,
            unit=told.get("unit", ""),
            per_unit=per_unit,
            every=every,
        )

    def _amount_called(
        self, path: Path, form: Form, amount: Amount, kind: _Data, *, meal: bool
    ) -> str:
        """Return what an amount is called in translations."""
        if meal:
            if amount.param != PORTIONS:
                raise self._error((*path, "amount"), f"a meal is so many '{PORTIONS}'")
            return PORTIONS
        if kind.get("lasts") == amount.param:
            return _DURATION
        if form is Form.VALVE:
            raise self._error(
                (*path, "amount"), "a valve is opened for as long as it 'lasts'"
            )
        return _AMOUNT

    def _check_reading(self, path: Path, name: str) -> None:
        if name not in self.said["readings"]:
            known = ", ".join(self.said["readings"])
            raise self._error(path, f"the model has no reading '{name}': {known}")

    def _error(self, path: Path, reason: str) -> ProfileError:
        return self.source.error(path, reason)


def _keys_of(actuator: Actuator) -> tuple[str, ...]:
    """Return what is called after it: itself, and the number for its amount."""
    if actuator.amount is None:
        return (actuator.key,)
    return (actuator.key, f"{actuator.key}_{actuator.amount.param}")
