"""Reads what a profile says of one model, and refuses what would prove nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ...engine.model.command import CommandClass
from ...engine.model.policy import FEED
from ...engine.model.step import Silence
from ..actuator import Actuator, Amount, Form
from ..fields import Choice, Multiple, Whole
from ..params import Field, InvalidCommand
from .located import Located, Path, ProfileError
from .profile import (
    Evidence,
    KindRules,
    Message,
    Model,
    ModelKind,
    ModelReading,
    Where,
    undoing,
)
from .questions import questions_of
from .wording import ALWAYS_KNOWN, PARAM, PER, PLUS, params_in

type _Data = Mapping[str, Any]

FORMS: Final[Mapping[str, tuple[Form, tuple[str, ...], tuple[str, ...]]]] = {
    "valve": (Form.VALVE, ("open", "close"), ("open", "closed")),
    "switch": (Form.SWITCH, ("on", "off"), ("on", "off")),
    "button": (Form.BUTTON, ("press",), ()),
}
"""By what a person handles it as: the form, its orders and its states."""
_PORTIONS: Final = "portions"
_DURATION: Final = "duration"
_AMOUNT: Final = "amount"
_CALLED: Final = {Form.VALVE: "valve", Form.SWITCH: "named", Form.BUTTON: "named"}
"""What a part is called in translations, beside its own name in the profile."""
_HOW: Final = ("is", "becomes", "grows_by", "changes")
_TOLERANCE: Final = 10.0


def model_of(
    source: Located,
    path: Path,
    said: _Data,
    kinds: Mapping[str, KindRules],
    *,
    echoes: bool,
    answers_say_done: bool,
    where: Where,
) -> Model:
    """Return a model. Raises ProfileError."""
    reader = _ModelReader(source, path, said, echoes, answers_say_done)
    readings = {
        name: reader.reading(name, told) for name, told in said["readings"].items()
    }
    model = Model(
        title=said["title"],
        match=where,
        means=tuple(said.get("means", ())),
        not_provable=tuple(said.get("not_provable", ())),
        readings=readings,
        kinds={
            name: reader.kind(name, told, kinds[name])
            for name, told in said["kinds"].items()
        },
        actuators=tuple(
            reader.actuator(name, told)
            for name, told in said.get("handled", {}).items()
        ),
        questions=questions_of(source, path, said),
    )
    _check_ends(source, path, model, kinds)
    return model


def _check_ends(
    source: Located, path: Path, model: Model, kinds: Mapping[str, KindRules]
) -> None:
    """Check that what never ends by itself is ended, and its owner told so."""
    for name, told in model.kinds.items():
        where = (*path, "kinds", name, "ends_by")
        if not told.goes_on:
            continue
        if told.lasts is None:
            raise source.error(where, "it must say how long it is to last: lasts")
        if undoing(model, kinds, name) is None:
            raise source.error(
                where,
                "no kind of the model closes it: one of class until_done that undoes "
                "the same, and needs no params",
            )
        if not model.means:
            raise source.error(
                where, "its owner must be told that it stays open without us: means"
            )


@dataclass(slots=True)
class _ModelReader:
    source: Located
    path: Path
    said: _Data
    echoes: bool
    answers_say_done: bool

    def reading(self, name: str, told: _Data) -> ModelReading:
        path = (*self.path, "readings", name)
        ways = [way for way in ("number", "words", "yes") if way in told]
        if len(ways) != 1 or ("yes" in told) != ("no" in told):
            raise self._error(path, f"'{name}' needs one of: number, words, yes and no")
        if "number" in told and told["number"][0] > told["number"][1]:
            raise self._error((*path, "number"), "the first is more than the second")
        if told.get("resets") and "number" not in told:
            raise self._error((*path, "resets"), "only a number begins anew")
        return ModelReading(
            topics=topics_of(told),
            path=_keys(told.get("path")),
            number=tuple(told["number"]) if "number" in told else None,
            words=told.get("words"),
            yes_no=(told["yes"], told["no"]) if "yes" in told else None,
            resets=told.get("resets", False),
        )

    def kind(self, name: str, told: _Data, rules: KindRules) -> ModelKind:
        path = (*self.path, "kinds", name)
        fields = {
            param: self._field((*path, "params", param), each)
            for param, each in told.get("params", {}).items()
        }
        if "lasts" in told and not isinstance(fields.get(told["lasts"]), Whole):
            raise self._error(
                (*path, "lasts"), f"no param '{told['lasts']}' that is a whole number"
            )
        steps = tuple(
            self._step((*path, "steps", place), each, fields)
            for place, each in enumerate(told["steps"])
        )
        done_when = self._evidence((*path, "done_when"), told, "done_when", fields)
        failed_when = self._evidence(
            (*path, "failed_when"), told, "failed_when", fields
        )
        self._check_proof(path, steps, done_when, rules)
        for place, step in enumerate(steps):
            is_last = place == len(steps) - 1
            self._check_step((*path, "steps", place), step, rules, is_last=is_last)
        for evidence, of in ((done_when, "done_when"), (failed_when, "failed_when")):
            if evidence is not None:
                self._check_echo((*path, of), evidence, steps)
        return ModelKind(
            fields=fields,
            steps=steps,
            lasts=told.get("lasts"),
            tolerance=float(told.get("tolerance", _TOLERANCE)),
            done_when=done_when,
            failed_when=failed_when,
            goes_on="ends_by" in told,
        )

    def actuator(self, name: str, told: _Data) -> Actuator:
        path = (*self.path, "handled", name)
        form, orders, states = FORMS[told["as"]]
        ordered = {order: told[order] for order in orders if order in told}
        if missing := [order for order in orders if order not in told]:
            raise self._error(path, f"a {told['as']} needs '{missing[0]}'")
        for order, ordering in ordered.items():
            if ordering not in self.said["kinds"]:
                raise self._error((*path, order), f"the model has no kind '{ordering}'")
        state = told.get("state")
        if state is not None:
            self._check_reading((*path, "state"), state)
            words = self.said["readings"][state].get("words", {}).values()
            if not set(words) >= set(states):
                raise self._error(
                    (*path, "state"),
                    f"'{state}' must know the words {' and '.join(states)}",
                )
        kind = self.said["kinds"][ordered[orders[0]]]
        amount = self._amount(path, told, kind)
        meal = form is Form.BUTTON and name == FEED
        if amount is not None:
            called = self._amount_called(path, form, amount, kind, meal=meal)
            amount = replace(amount, name=called)
        return Actuator(
            key=name,
            form=form,
            name=FEED if meal else _CALLED[form],
            label="" if meal else name,
            orders={order: (kind, {}) for order, kind in ordered.items()},
            state=state,
            amount=amount,
            water=told.get("water", False),
            done_once_over=told.get("done_once_over", False),
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
        if not minimum <= usual <= maximum:
            raise self._error((*path, "usual"), f"not from {minimum} to {maximum}")
        if field.get("every", 1) % per_unit:
            raise self._error((*path, "per_unit"), "what is chosen would not be taken")
        return Amount(
            param=param,
            minimum=minimum,
            maximum=maximum,
            usual=usual,
            unit=told.get("unit", ""),
            per_unit=per_unit,
        )

    def _amount_called(
        self, path: Path, form: Form, amount: Amount, kind: _Data, *, meal: bool
    ) -> str:
        """Return what an amount is called in translations."""
        if meal:
            if amount.param != _PORTIONS:
                raise self._error((*path, "amount"), f"a meal is so many '{_PORTIONS}'")
            return _PORTIONS
        if kind.get("lasts") == amount.param:
            return _DURATION
        if form is Form.VALVE:
            raise self._error(
                (*path, "amount"), "a valve is opened for as long as it 'lasts'"
            )
        return _AMOUNT

    def _field(self, path: Path, said: _Data) -> Field:
        if ("whole" in said) == ("words" in said):
            raise self._error(path, f"'{path[-1]}' needs one of: whole, words")
        default = said.get("default")
        required = default is None
        field: Field
        if "words" in said:
            field = Choice(tuple(said["words"]), default=default, required=required)
        else:
            minimum, maximum = said["whole"]
            every = said.get("every", 1)
            if minimum > maximum or minimum % every or maximum % every:
                raise self._error(
                    (*path, "whole"), f"not from a multiple of {every} to a greater one"
                )
            field = Multiple(
                minimum, maximum, of=every, default=default, required=required
            )
        if default is not None:
            try:
                field.check(str(path[-1]), default)
            except InvalidCommand:
                raise self._error(
                    (*path, "default"), "the default would not be taken"
                ) from None
        return field

    def _step(self, path: Path, said: _Data, fields: Mapping[str, Field]) -> Message:
        self._check_names((*path, "topic"), said["topic"], fields)
        self._check_names((*path, "payload"), said["payload"], fields)
        taken_when = self._evidence((*path, "taken_when"), said, "taken_when", fields)
        return Message(said["topic"], said["payload"], taken_when)

    def _evidence(
        self, path: Path, within: _Data, name: str, fields: Mapping[str, Field]
    ) -> Evidence | None:
        said = within.get(name)
        if said is None:
            return None
        self._check_reading((*path, "reading"), said["reading"])
        hows = [how for how in _HOW if how in said]
        if len(hows) != 1:
            raise self._error(path, f"{name} needs one of: {', '.join(_HOW)}")
        (how,) = hows
        told = self.said["readings"][said["reading"]]
        if how == "grows_by" and "number" not in told:
            raise self._error(path, f"'{said['reading']}' is no number that could grow")
        self._check_names((*path, how), said[how], fields)
        self._check_amount((*path, how), said[how], how, fields)
        self._check_value((*path, how), told, said[how], how)
        for other, value in said.get("with", {}).items():
            self._check_reading((*path, "with", other), other)
            others = self.said["readings"][other]
            self._check_value((*path, "with", other), others, value, "is")
        return Evidence(
            reading=said["reading"],
            how=how,  # type: ignore[arg-type]
            value=_as_read(told, said[how]),
            beside={
                other: _as_read(self.said["readings"][other], value)
                for other, value in said.get("with", {}).items()
            },
            settles=float(said.get("settles", 0.0)),
            own_word=said.get("own_word", False),
        )

    def _check_amount(
        self, path: Path, value: object, how: str, fields: Mapping[str, Field]
    ) -> None:
        """Check that what is waited for is one value, and a growth more than none."""
        named = None
        if isinstance(value, dict):
            if PARAM not in value:
                raise self._error(path, f"an object stands for a param: '{PARAM}'")
            named = fields.get(value[PARAM])
        if how != "grows_by":
            return
        least = named.minimum if isinstance(named, Whole) else value
        if not isinstance(least, int | float) or least <= 0:
            raise self._error(path, "what grows by nothing proves nothing")

    def _check_value(self, path: Path, told: _Data, value: object, how: str) -> None:
        """Check that a reading can be what is waited for."""
        if how not in ("is", "becomes") or isinstance(value, dict):
            return
        if "words" in told:
            possible: set[object] = set(told["words"].values())
        elif "yes" in told:
            possible = {"yes", "no"}
        elif isinstance(value, str):
            possible = set()
        else:
            return
        if value not in possible:
            words = ", ".join(sorted(map(str, possible))) or "a number"
            raise self._error(path, f"it is never told: {words}")

    def _check_reading(self, path: Path, name: str) -> None:
        if name not in self.said["readings"]:
            known = ", ".join(self.said["readings"])
            raise self._error(path, f"the model has no reading '{name}': {known}")

    def _check_names(
        self, path: Path, value: object, fields: Mapping[str, Field]
    ) -> None:
        for name in params_in(value):
            if name not in fields and name not in ALWAYS_KNOWN:
                raise self._error(path, f"'{name}' is no param of this kind")
        for scaled in _scaled_in(value):
            if wrong := set(scaled) - {PARAM, PER, PLUS}:
                raise self._error(path, f"'{min(wrong)}' is not known beside '{PARAM}'")
            if not isinstance(scaled[PARAM], str):
                raise self._error(path, f"'{PARAM}' must name a param")
            field, per = fields.get(scaled[PARAM]), scaled.get(PER, 1)
            if type(per) is not int or per < 1:
                raise self._error(path, f"'{PER}' must be a whole number from 1 on")
            if type(scaled.get(PLUS, 0)) not in (int, float):
                raise self._error(path, f"'{PLUS}' must be a number")
            if per != 1 and not (isinstance(field, Multiple) and field.of % per == 0):
                raise self._error(
                    path,
                    f"'{scaled[PARAM]}' may be what {per} does not divide: "
                    f"say of the param that it is a multiple ('every')",
                )

    def _check_proof(
        self,
        path: Path,
        steps: tuple[Message, ...],
        done_when: Evidence | None,
        rules: KindRules,
    ) -> None:
        silence = rules.policy.silence
        if silence is Silence.DONE and done_when is not None:
            raise self._error(
                (*path, "done_when"),
                "being told is all there is to this kind: nothing proves more",
            )
        if silence is not Silence.DOUBT and len(steps) > 1:
            raise self._error(
                (*path, "steps"),
                "what need not be answered can only be one message",
            )
        proven = done_when is not None or self.answers_say_done
        if silence is not Silence.DONE and not proven:
            raise self._error(
                path, 'nothing proves that it is done: done_when, or "told": "done"'
            )
        if (
            rules.policy.command_class is CommandClass.ONCE
            and done_when is not None
            and done_when.how == "is"
        ):
            raise self._error(
                (*path, "done_when", "is"),
                "what happens once is not proven by what may have been so before: "
                "becomes, changes or grows_by",
            )

    def _check_step(
        self, path: Path, step: Message, rules: KindRules, *, is_last: bool
    ) -> None:
        evidence = step.taken_when
        if not is_last:
            if evidence is None:
                raise self._error(path, "the next message waits for its taken_when")
            return
        if evidence is None:
            return
        if rules.policy.command_class is CommandClass.ONCE and evidence.how == "is":
            raise self._error(
                (*path, "taken_when", "is"),
                "what happens once is not proven by what may have been so before",
            )
        self._check_echo((*path, "taken_when"), evidence, (step,))

    def _check_echo(
        self, path: Path, evidence: Evidence, steps: tuple[Message, ...]
    ) -> None:
        """Refuse as evidence what who relays may only repeat."""
        if not self.echoes or evidence.own_word:
            return
        keys = _keys(self.said["readings"][evidence.reading].get("path"))
        if keys and any(keys[0] in step.keys for step in steps):
            raise self._error(
                (*path, "reading"),
                f"'{keys[0]}' is in the message itself: what is told of it may be its "
                'echo (say "own_word": true if it never is)',
            )

    def _error(self, path: Path, reason: str) -> ProfileError:
        return self.source.error(path, reason)


def topics_of(told: _Data) -> tuple[str, ...]:
    """Return where a reading is told."""
    topic = told["topic"]
    return (topic,) if isinstance(topic, str) else tuple(topic)


def _scaled_in(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    match value:
        case {"$": _}:
            return [value]
        case dict():
            return [each for item in value.values() for each in _scaled_in(item)]
        case list():
            return [each for item in value for each in _scaled_in(item)]
        case _:
            return []


def _as_read(told: _Data, value: Any) -> Any:  # noqa: ANN401
    """Return what is waited for as a reading says it: yes is 1 and no is 0."""
    if "yes" in told and isinstance(value, str):
        return {"yes": 1.0, "no": 0.0}[value]
    return value


def _keys(path: str | None) -> tuple[str, ...]:
    return () if path is None else tuple(path.split("."))
