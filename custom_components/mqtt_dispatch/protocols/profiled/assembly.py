"""The protocol that a profile makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, partial
from hashlib import md5
import json
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.command import Command, CommandClass
from ...engine.model.reports import Hello, Readings
from ...engine.model.step import Course, Silence, Step, Undoing, Wanted
from ..actuator import Actuator
from ..base import Instructing, Kind, NodeModel, Protocol, Sending, Site
from ..fields import Choice
from ..messages import Publication, compact_json
from ..params import Field, InvalidCommand
from . import reports
from .described import described, described_at
from .following.asking import Question
from .following.session import ProfileSession
from .names import CALLED, HARDWARE_ID, filters, name_on_the_wire, node_name
from .orders import ModelKind
from .preflight import hindrances
from .profile import Model, Profile, undoing
from .reports import MODEL, model_of
from .shown import shown_readings
from .widening import wider
from .wording import filled, params_in, written

_UNSHOWN: Final = (MODEL, "fw")
_MARGIN: Final = 30.0
"""Seconds in which what has ended by itself is told, beyond what is tolerated."""


def protocol_of(profile: Profile) -> Protocol:
    """Return the wire language of the nodes that a profile describes."""
    spoken = _Spoken(profile)
    return Protocol(
        key=profile.key,
        default_prefix=profile.prefix,
        default_nodes=(),
        maker=profile.maker,
        kinds=MappingProxyType(spoken.kinds),
        settings=MappingProxyType(
            {"online_age": profile.online_for, "at_once": spoken.most_at_once()}
        ),
        readings=MappingProxyType(
            {
                **dict.fromkeys(spoken.reading_names()),
                **shown_readings(profile.models.values()),
            }
        ),
        max_report_bytes=profile.longest_message,
        node_name=partial(node_name, profile.levels),
        topics=partial(filters, profile),
        report=partial(reports.report, profile),
        publications=spoken.publications,
        understands=spoken.understands,
        steps=spoken.steps,
        course=spoken.course,
        node_fields=MappingProxyType(
            {MODEL: _models_of(profile), **spoken.node_fields()}
        ),
        model=spoken.model,
        described_at=described_at(profile),
        described=partial(described, profile),
        node_usually=_usual_fields,
        actuators=spoken.actuators,
        moves_water=any(
            actuator.water
            for model in profile.models.values()
            for actuator in model.actuators
        ),
        session=partial(ProfileSession, profile),
        hindrances=partial(hindrances, profile),
        instruct=spoken.questions,
    )


class _Spoken:
    """What nodes are told, by their model."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def widest_fields(self, kind: str) -> dict[str, Field]:
        """Return the params of a kind, each as wide as any model takes it."""
        found: dict[str, Field] = {}
        for model in self._profile.models.values():
            if (told := model.kinds.get(kind)) is not None:
                for name, field in told.fields.items():
                    found[name] = wider(found.get(name), field)
        for name in self.which(kind):
            # What has just one of it is not asked which.
            of_all = all(
                name in told.fields
                for model in self._profile.models.values()
                if (told := model.kinds.get(kind)) is not None
            )
            found[name] = replace(found[name], required=of_all)
        return found

    def lasting(self, kind: str) -> str | None:
        """Return the param that says how long a kind goes on, where it does.

        None: it does at no model, or models call it differently.
        """
        lasting = {
            told.lasts
            for model in self._profile.models.values()
            if (told := model.kinds.get(kind)) is not None and told.lasts is not None
        }
        return lasting.pop() if len(lasting) == 1 else None

    def which(self, kind: str) -> tuple[str, ...]:
        """Return the params that say which of several a kind is for."""
        told = (model.kinds.get(kind) for model in self._profile.models.values())
        return tuple(
            {each.several.param: None for each in told if each and each.several}
        )

    def node_fields(self) -> dict[str, Field]:
        """Return what a person says of a node beside its model."""
        models = self._profile.models.items()
        found: dict[str, Field] = {}
        for key, model in models:
            for name, said in model.fields.items():
                shared = sum(name in other.fields for _, other in models) > 1
                with_it = None if shared or len(models) == 1 else (MODEL, key)
                found.setdefault(name, replace(said.field, only_with=with_it))
        return found

    def most_at_once(self) -> int:
        """Return how many commands may be in flight at a node: one for each it has."""
        return max(
            1 if model.several is None else model.several.last - model.several.first + 1
            for model in self._profile.models.values()
        )

    def reading_names(self) -> tuple[str, ...]:
        """Return what nodes may tell of themselves."""
        told = (
            name for each in self._profile.models.values() for name in each.readings
        )
        signs = (f"sign_{place}" for place in range(len(self._profile.online)))
        return tuple(dict.fromkeys([*told, *signs, *_UNSHOWN]))

    def understands(
        self, site: Site, node: str, kind: str, _readings: Readings
    ) -> bool:
        """See `Protocol.understands`: its model says it."""
        return self._kind(site, node, kind) is not None

    def steps(
        self, site: Site, command: Command, node: str, _readings: Readings
    ) -> tuple[Step, ...]:
        """See `Protocol.steps`; of an unknown model, as many as any of them has."""
        known = self._model(site.nodes.get(node, {}))
        models = self._profile.models.values() if known is None else (known,)
        found = [
            told
            for model in models
            if (told := model.kinds.get(command.kind)) is not None
        ]
        most = max((len(told.steps) for told in found), default=1)
        if command.command_class is CommandClass.UNTIL_DONE or not found:
            return (Step(),) * most
        which = found[0].which(command.params)
        undoes = self._profile.kinds[command.kind].undoes
        # One waits for another whose end could be taken for its own.
        about = f"{undoes or command.kind} {which}"
        return (Step(done_on=frozenset({about})),) * most

    def course(self, site: Site, command: Command, node: str) -> Course:
        """See `Protocol.course`: what lasts ends by the node's own clock."""
        told = self._kind(site, node, command.kind)
        if told is None or told.lasts is None:
            return (
                Course()
                if told is None
                else Course(kept_for=told.keeps_for, silence=told.silence)
            )
        # Of what was stored under another profile that may not be known.
        lasts = told.seconds(command.params) or 0.0
        return Course(
            lasts=lasts,
            kept_for=told.keeps_for,
            silence=told.silence,
            undoing=self._undoing(site, node, command, lasts),
        )

    def _undoing(
        self, site: Site, node: str, command: Command, lasts: float
    ) -> Undoing | None:
        """Return what ends a command, if its model has a kind for that."""
        model, rules = self._model(site.nodes.get(node, {})), self._profile.kinds
        by = None if model is None else undoing(model, rules, command.kind)
        if model is None or by is None:
            return None
        told = model.kinds[command.kind].at(command.params)
        which = told.only_which(command.params)
        silence = told.silence or rules[command.kind].policy.silence
        return Undoing(
            by=Wanted(node=node, kind=by, params=which, key=self.kinds[by].key(which)),
            after=lasts + (0.0 if told.goes_on else told.tolerance + _MARGIN),
            goes_on=told.goes_on,
            over=told.over,
            once_told=silence is Silence.DONE,
        )

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Return the kinds of the profile, as any of its models takes them."""
        return {
            name: Kind(
                policy=rules.policy,
                fields=MappingProxyType(self.widest_fields(name)),
                replaces=rules.undoes,
                key_fields=self.which(name),
                lasts=self.lasting(name),
            )
            for name, rules in self._profile.kinds.items()
        }

    def publications(self, site: Site, sending: Sending) -> tuple[Publication, ...]:
        """See `Protocol.publications`."""
        command, node = sending.command, sending.node
        told = self._kind(site, node, command.kind)
        if told is None:
            raise InvalidCommand("not_understood", kind=command.kind, node=node)
        known = Kind(
            policy=self._profile.kinds[command.kind].policy, fields=told.fields
        )
        params = known.check(command.params)
        if sending.step >= len(told.steps):
            return ()
        self._check_number(site, node, told, params)
        message = told.at(params).steps[sending.step]
        names = {
            **self._said_of(site, node),
            **told.on_the_wire(params),
            "prefix": site.prefix,
            "node": name_on_the_wire(node, site.nodes.get(node, {})),
            "id": command.id,
        }
        for name in (*params_in(message.topic), *params_in(message.payload)):
            if name not in names:
                raise InvalidCommand("missing_field", field=name)
        payload = self._payload(written(message.payload, names))
        return (Publication(filled(message.topic, names), payload),)

    def questions(
        self, site: Site, instructing: Instructing
    ) -> tuple[Publication, ...]:
        """See `Protocol.instruct`: what its model is asked, or one key of that."""
        node = instructing.node or ""
        question = instructing.message
        key = question.key if isinstance(question, Question) else ""
        fields = site.nodes.get(node, {})
        model, called = self._model(fields), name_on_the_wire(node, fields)
        names = {**self._said_of(site, node), "prefix": site.prefix, "node": called}
        asked = () if model is None else model.questions
        if model is not None and key:
            paths = (path for each in model.readings.values() for path in each.paths)
            told = {path[0] for path in paths if path}
            asked = tuple(each.only(key, told) for each in asked if key in each.keys)
        return tuple(
            Publication(
                filled(each.topic, names), self._payload(written(each.payload, names))
            )
            for each in asked
            if names.keys() >= {*params_in(each.topic), *params_in(each.payload)}
        )

    def actuators(
        self, fields: Mapping[str, Any], _readings: Readings
    ) -> tuple[Actuator, ...]:
        """See `Protocol.actuators`: its model says it."""
        model = self._model(fields)
        return () if model is None else model.actuators_at(fields)

    def _said_of(self, site: Site, node: str) -> dict[str, Any]:
        """Return what a person said of a node, as its messages have it."""
        fields = site.nodes.get(node, {})
        model = self._model(fields)
        return {
            name: md5(str(fields[name]).encode(), usedforsecurity=False).hexdigest()
            if said.as_md5
            else fields[name]
            for name, said in (model.fields if model else {}).items()
            if name in fields
        }

    def _check_number(
        self, site: Site, node: str, told: ModelKind, params: Mapping[str, Any]
    ) -> None:
        """Check that a node has what a command is for. Raises InvalidCommand."""
        number, several = told.which(params), told.several
        if number is None or several is None:
            return
        there = several.at(site.nodes[node])
        if number not in there:
            raise InvalidCommand(
                "invalid_number",
                field=several.param,
                minimum=several.first,
                maximum=max(there, default=several.first),
                value=number,
            )

    def model(self, fields: Mapping[str, Any]) -> NodeModel | None:
        """See `Protocol.model`: a person says it."""
        model = self._model(fields)
        return (
            None
            if model is None
            else NodeModel(model.title, model.not_provable, model.means)
        )

    def _model(self, fields: Mapping[str, Any]) -> Model | None:
        key = model_of(self._profile, fields)
        return None if key is None else self._profile.models[key]

    def _kind(self, site: Site, node: str, kind: str) -> ModelKind | None:
        model = self._model(site.nodes.get(node, {}))
        return None if model is None else model.kinds.get(kind)

    def _payload(self, value: Any) -> str:  # noqa: ANN401
        limit = self._profile.longest_command
        if isinstance(value, dict | list):
            return compact_json(value, limit)
        text = value if isinstance(value, str) else json.dumps(value)
        size = len(text.encode())
        if size > limit:
            raise InvalidCommand("payload_too_large", size=size, limit=limit)
        return text


def _models_of(profile: Profile) -> Choice:
    """Return which models there are; the only one need not be chosen."""
    models = profile.models
    return Choice(
        tuple(models),
        tuple(model.title for model in models.values()),
        required=True,
        default=next(iter(models)) if len(models) == 1 else None,
    )


def _usual_fields(hello: Hello) -> dict[str, Any]:
    """Return the model that a node was recognised as, and by what it is known."""
    said = {
        MODEL: hello.type,
        HARDWARE_ID: hello.hardware_id,
        CALLED: hello.called,
    }
    return {name: value for name, value in said.items() if value}
