"""Reads what a profile says of one model, and refuses what would prove nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ....engine.model.command import CommandClass
from ....engine.model.step import Silence
from ...fields import Whole
from ...params import Field
from ..orders import Evidence, Message, ModelKind, Several
from ..profile import KindRules, Model, Said, Where, undoing
from ..wording import PARAM
from .evidence_checks import Echoes
from .handling import HandledReader
from .located import Located, Path, ProfileError
from .nodes import fields_of, is_for_one, several_of
from .params import field_of
from .questions import questions_of
from .shown import check_names
from .told import ReadingsReader
from .values import check_value

type _Data = Mapping[str, Any]

_HOW: Final = ("is", "becomes", "grows_by", "changes")
_TOLERANCE: Final = 10.0


def model_of(
    source: Located,
    path: Path,
    said: _Data,
    kinds: Mapping[str, KindRules],
    *,
    echoes: bool,
    answers: _Data,
    topics: Mapping[str, str],
    where: Where,
) -> Model:
    """Return a model. Raises ProfileError."""
    fields = fields_of(source, (*path, "fields"), said.get("fields", {}))
    several = several_of(source, (*path, "several"), said.get("several"), fields)
    told = ReadingsReader(
        source, (*path, "readings"), said["readings"], several, topics
    )
    each = told.each()
    readings = told.all()
    made = Echoes(source, said, several, are_made=echoes)
    reader = _ModelReader(
        source, path, said, told, made, answers, fields, several, each
    )
    known = {
        name: reader.kind(name, each, kinds[name])
        for name, each in said["kinds"].items()
    }
    params = {name: kind.fields for name, kind in known.items()}
    model = Model(
        title=said["title"],
        match=where,
        means=tuple(said.get("means", ())),
        not_provable=tuple(said.get("not_provable", ())),
        readings=readings,
        kinds=known,
        questions=questions_of(source, path, said, by_id="id" in answers),
        actuators=HandledReader(source, path, said, params, several, each).all(),
        fields=fields,
        several=several,
    )
    _check_ends(source, path, model, kinds)
    check_names(source, path, model)
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
    readings: ReadingsReader
    echoes: Echoes
    answers: _Data
    node_fields: Mapping[str, Said]
    several: Several | None
    each: frozenset[str]

    def kind(self, name: str, told: _Data, rules: KindRules) -> ModelKind:
        path = (*self.path, "kinds", name)
        fields = {
            param: field_of(self.source, (*path, "params", param), each)
            for param, each in told.get("params", {}).items()
        }
        if self.several is not None and self.several.param in fields:
            raise self._error(
                (*path, "params", self.several.param),
                f"'{self.several.param}' says which of several",
            )
        several = self.several if is_for_one(self.several, told) else None
        if several is not None:
            which = Whole(several.first, several.last, required=True)
            fields = {several.param: which, **fields}
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
        answer_is_all = told.get("answered") == "done"
        if answer_is_all and "taken" not in self.answers:
            raise self._error(
                (*path, "answered"), "nothing answers with an id: answers"
            )
        proven = answer_is_all or done_when is not None or "done" in self.answers
        silence = Silence(told["told"]) if "told" in told else None
        self._check_proof(
            path, done_when, rules, silence or rules.policy.silence, proven=proven
        )
        steps = (*steps[:-1], self._last((*path, "steps"), steps, rules))
        self._check_steps((*path, "steps"), steps)
        return ModelKind(
            fields=fields,
            steps=steps,
            lasts=told.get("lasts"),
            tolerance=float(told.get("tolerance", _TOLERANCE)),
            keeps_for=float(told.get("keeps_for", 0.0)),
            done_when=self._no_echo((*path, "done_when"), done_when),
            failed_when=self._no_echo((*path, "failed_when"), failed_when),
            goes_on="ends_by" in told,
            only_while=self._beside(
                (*path, "only_while"), told.get("only_while", {}), {}
            ),
            answer_is_all=answer_is_all,
            silence=silence,
            several=several,
        ).of_each(self.each)

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
        return Evidence(
            reading=said["reading"],
            how=how,  # type: ignore[arg-type]
            value=_as_read(told, said[how]),
            beside=self._beside((*path, "with"), said.get("with", {}), fields),
            settles=float(said.get("settles", 0.0)),
            own_word=said.get("own_word", False),
            near=float(said.get("near", 0.0)),
        )

    def _beside(
        self, path: Path, said: _Data, fields: Mapping[str, Field]
    ) -> dict[str, Any]:
        """Return what readings must be."""
        found: dict[str, Any] = {}
        for name, value in said.items():
            self._check_reading((*path, name), name)
            told = self.said["readings"][name]
            self._check_names((*path, name), value, fields)
            self._check_amount((*path, name), value, "is", fields)
            self._check_value((*path, name), told, value, "is")
            found[name] = _as_read(told, value)
        return found

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
        check_value(self.source, path, value, fields, self.node_fields)

    def _check_proof(
        self,
        path: Path,
        done_when: Evidence | None,
        rules: KindRules,
        silence: Silence,
        *,
        proven: bool,
    ) -> None:
        if silence is Silence.DONE and done_when is not None:
            raise self._error(
                (*path, "done_when"),
                "being told is all there is to this kind: nothing proves more",
            )
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

    def _check_steps(self, path: Path, steps: tuple[Message, ...]) -> None:
        for place, step in enumerate(steps[:-1]):
            if step.taken_when is None:
                raise self._error(
                    (*path, place), "the next message waits for its taken_when"
                )

    def _last(
        self, path: Path, steps: tuple[Message, ...], rules: KindRules
    ) -> Message:
        """Return the last message, of which nothing may be its own echo."""
        path = (*path, len(steps) - 1, "taken_when")
        evidence = steps[-1].taken_when
        if (
            rules.policy.command_class is CommandClass.ONCE
            and evidence is not None
            and evidence.how == "is"
        ):
            raise self._error(
                (*path, "is"),
                "what happens once is not proven by what may have been so before: "
                "becomes, changes or grows_by",
            )
        return replace(steps[-1], taken_when=self._no_echo(path, evidence))

    def _no_echo(self, path: Path, evidence: Evidence | None) -> Evidence | None:
        if evidence is None:
            return None
        told = self.readings.plain(evidence.reading)
        return self.echoes.checked(path, evidence, told)

    def _error(self, path: Path, reason: str) -> ProfileError:
        return self.source.error(path, reason)


def _as_read(told: _Data, value: Any) -> Any:  # noqa: ANN401
    """Return what is waited for as a reading says it: yes is 1 and no is 0."""
    if "yes" in told and isinstance(value, str):
        return {"yes": 1.0, "no": 0.0}[value]
    return value
