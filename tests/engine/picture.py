"""All that an object is made of, as something that can be compared."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Set as AbstractSet
from enum import Enum
from types import FunctionType, MethodType
from typing import Any

_PLAIN = (str, bytes, int, float, bool, Enum, type, FunctionType, MethodType)


def picture(thing: object) -> object:
    """Return what equals the same of an object that is, deep inside, the same."""
    return _Walk().picture(thing)


class _Walk:
    """Meets what refers to itself once."""

    def __init__(self) -> None:
        self._met: dict[int, int] = {}
        self._kept: list[object] = []

    def picture(self, thing: object) -> object:
        if thing is None or isinstance(thing, _PLAIN):
            return thing
        if isinstance(thing, AbstractSet):
            return sorted(map(repr, thing))
        if isinstance(thing, list | tuple | deque):
            return [self.picture(item) for item in thing]
        if id(thing) in self._met:
            return ("met", self._met[id(thing)])
        self._met[id(thing)] = len(self._met)
        # What is gone could leave its id to another.
        self._kept.append(thing)
        items = thing if isinstance(thing, Mapping) else {}
        return (
            type(thing).__name__,
            [(repr(key), self.picture(items[key])) for key in items],
            {name: self.picture(value) for name, value in _fields(thing).items()},
        )


def _fields(thing: object) -> dict[str, Any]:
    names = [
        name
        for owner in type(thing).__mro__
        for name in getattr(owner, "__slots__", ())
        if hasattr(thing, name)
    ]
    return {name: getattr(thing, name) for name in names} | getattr(
        thing, "__dict__", {}
    )
