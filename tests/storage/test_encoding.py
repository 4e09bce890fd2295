"""What the next start could not read is not written, and all else is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from typing import Any

import pytest

from custom_components.mqtt_dispatch.storage.encoding import Encoder
from custom_components.mqtt_dispatch.storage.migrations import STATION
from tests.nonempty import some

from .samples import FULL


def instances(value: object) -> Iterator[Any]:
    """Yield all dataclass instances in a value, itself first."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        for item in value:
            yield from instances(item)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from instances(getattr(value, field.name))


def is_said(value: object, field: Field[Any]) -> bool:
    """Whether a value says more than a field does that was forgotten."""
    usual = field.default
    if field.default_factory is not MISSING:
        usual = field.default_factory()
    return bool(value) if usual is MISSING else value != usual


def test_the_sample_has_something_in_every_field() -> None:
    said: dict[str, bool] = {}
    for instance in instances(FULL):
        for field in fields(instance):
            name = f"{type(instance).__name__}.{field.name}"
            has_it = is_said(getattr(instance, field.name), field)
            said[name] = said.get(name, False) or has_it
    assert [name for name, is_there in some(said.items()) if not is_there] == [
        # It counts within one run only.
        "Snapshot.revision"
    ]


def test_what_is_written_is_understood_as_it_was() -> None:
    assert STATION.understand(STATION.as_json(FULL)) == FULL


def test_an_id_that_stands_twice_is_not_written() -> None:
    (command, *_) = FULL.commands
    twice = replace(FULL, commands=(command, replace(command, created_at=1.0)))

    with pytest.raises(ValueError, match="an id twice"):
        Encoder("station", STATION).encode(twice)
