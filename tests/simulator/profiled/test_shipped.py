"""Each profile of the package can be played, and does what it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandClass,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.reports import Hello
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.fields import (
    Choice,
    Objects,
    TimeOfDay,
    Whole,
)
from custom_components.mqtt_dispatch.protocols.params import Field
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.profile import Profile
from simulator.profiled.matching import asked
from simulator.profiled.station import shipped
from simulator.profiled.wire import said_of
from tests.nonempty import some
from tests.protocols.commands import command_for
from tests.protocols.profiled.shipped import heard_of, said

from .bench import ProfiledBench, Together

NODE = "first"
PROFILES = [*shipped()]
MODELS = [(profile, model) for profile in PROFILES for model in profile.models]
KINDS = [
    (profile, model, kind)
    for profile, model in MODELS
    for kind in profile.models[model].kinds
]
REPEATABLE = (CommandClass.UNTIL_DONE, CommandClass.REPEAT)
OVER = 700.0
"""Seconds after which whatever lasts no longer than its least is over."""


def named(case: object) -> str:
    return case.key if isinstance(case, Profile) else str(case)


def extremes(fields: Mapping[str, Field]) -> Iterator[dict[str, Any]]:
    """Yield params, each the least that it can be, and the most."""
    for end in (0, -1):
        found: dict[str, Any] = {}
        for name, field in fields.items():
            match field:
                case Whole():
                    found[name] = (field.minimum, field.maximum)[end]
                case Choice():
                    found[name] = field.choices[end]
                case TimeOfDay():
                    found[name] = ("00:00", "23:59")[end]
                case Objects():
                    lines = [*extremes(field.fields)]
                    found[name] = ([], [lines[end]] * field.most)[end]
        yield found


@pytest.mark.parametrize(("profile", "model", "kind"), KINDS, ids=named)
def test_what_the_integration_writes_is_understood(
    profile: Profile, model: str, kind: str
) -> None:
    protocol = protocol_of(profile)
    fields = {"model": model, **said_of(profile.models[model])}
    site = Site(prefix=profile.prefix, nodes={NODE: fields})
    told = profile.models[model].kinds[kind]
    for params in some(list(extremes(told.fields))):
        understood: dict[str, Any] = {}
        for step in some(range(len(told.steps))):
            sending = Sending(
                command=command_for((NODE,), kind, params),
                node=NODE,
                wall=0.0,
                step=step,
            )
            (message,) = protocol.publications(site, sending)
            found = asked(
                profile.models[model],
                profile.prefix,
                NODE,
                message.topic,
                message.payload.encode(),
            )
            assert found is not None, message
            assert (found.kind, found.step, found.in_range) == (kind, step, True)
            assert found.is_last is (step == len(told.steps) - 1)
            understood |= found.params
        assert understood.keys() == heard_of(told)
        assert understood.items() <= params.items()


@pytest.mark.parametrize(
    "profile", [each for each in PROFILES if each.recognition], ids=named
)
def test_nodes_are_described_so_that_they_are_recognised(profile: Profile) -> None:
    protocol = protocol_of(profile)
    matched = [key for key, model in profile.models.items() if model.match]
    found: dict[str, str] = {}
    for model in matched:
        bench = ProfiledBench(profile, {model: model})
        for _, message in bench.messages:
            for each in said(protocol, message.topic, message.payload.decode(), {}):
                if isinstance(each, Hello):
                    assert message.retain
                    found[each.node] = each.type
    assert found == {model: model for model in matched}


@pytest.mark.parametrize(("profile", "model"), MODELS, ids=named)
def test_a_node_is_there_until_its_client_is_cut_off(
    profile: Profile, model: str
) -> None:
    both = Together(profile, {NODE: model})
    assert both.home.engine.statuses[NODE].online
    (will,) = both.bench.wills
    if will is not None:
        both.home.hear(will.topic, will.payload.decode())
        assert both.home.engine.statuses[NODE].online is False


@pytest.mark.parametrize(("profile", "model", "kind"), KINDS, ids=named)
def test_each_kind_is_done_and_told_as_the_profile_says(
    profile: Profile, model: str, kind: str
) -> None:
    both = Together(profile, {NODE: model})
    told = profile.models[model].kinds[kind]
    (least, _) = extremes(told.fields)
    if told.only_while:
        both.put("open_valve", NODE, **{**least, "duration": 300})
        both.run(5)
    command = both.put(kind, NODE, **least)
    both.run(OVER)

    assert both.state(command) is CommandState.SUCCEEDED
    unsaid = {told.lasts} - heard_of(told) if told.goes_on else set()
    heard = {name: value for name, value in least.items() if name not in unsaid}
    first, *again = both.bench.deeds(kind)
    assert first == (kind, heard)
    may_be_again = protocol_of(profile).kinds[kind].policy.command_class in REPEATABLE
    # What is proven by an answer alone is sent until there is one.
    assert again == ([first] * len(again) if may_be_again else [])
