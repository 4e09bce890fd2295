"""The wire: pure functions between messages and the words of the engine.

A protocol is one folder here, with a module `protocol` in which it is defined: a
`Protocol` whose key is the folder's name. There is no list of them. They are imported
with this package, which Home Assistant does outside its event loop. The folder
`profiled` is none: it makes protocols of data.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Final

from .base import Protocol
from .params import Field

_PROFILED: Final = "profiled"


def _protocol_in(folder: str) -> Protocol:
    module = import_module(f"{__name__}.{folder}.protocol")
    (found,) = (each for each in vars(module).values() if isinstance(each, Protocol))
    if found.key != folder:
        msg = f"the protocol in {folder} calls itself {found.key}"
        raise ValueError(msg)
    return found


PROTOCOLS: Final[Mapping[str, Protocol]] = MappingProxyType(
    {
        module.name: _protocol_in(module.name)
        for module in iter_modules(__path__)
        if module.ispkg and module.name != _PROFILED
    }
)
"""By key, which is the name of the folder."""


def fields_of(kinds: Mapping[str, str]) -> dict[str, list[Field]]:
    """Return what may be given by each param, with each protocol's kind of `kinds`."""
    found: dict[str, list[Field]] = {}
    for key, kind in kinds.items():
        if kind in PROTOCOLS[key].kinds:
            for name, field in PROTOCOLS[key].kinds[kind].fields.items():
                found.setdefault(name, []).append(field)
    return found
