"""The wire: pure functions between messages and the words of the engine.

A protocol is one folder here, with a module `protocol` in which it is defined: a
`Protocol` whose key is the folder's name. There is no list of them. The folder
`profiled` is none: it makes protocols of data, one of each file in `profiles`, which
is called as its key. All are imported and read with this package, which Home Assistant
does outside its event loop. What an owner has described himself comes beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final, override

from .base import Protocol
from .params import Field
from .profiled.assembly import protocol_of
from .profiled.reading.reader import read

_PROFILED: Final = "profiled"
_PROFILES: Final = Path(__file__).with_name("profiles")


class Protocols(Mapping[str, Protocol]):
    """The wire languages that are known, by key: the package's, and the owner's own."""

    def __init__(self, shipped: Mapping[str, Protocol]) -> None:
        """Begin with what the package has."""
        self.shipped = shipped
        self._own: Mapping[str, Protocol] = {}

    @override
    def __getitem__(self, key: str) -> Protocol:
        if (found := self.shipped.get(key)) is not None:
            return found
        return self._own[key]

    @override
    def __iter__(self) -> Iterator[str]:
        yield from self.shipped
        yield from self._own

    @override
    def __len__(self) -> int:
        return len(self.shipped) + len(self._own)

    def set_own(self, own: Mapping[str, Protocol]) -> None:
        """Know these beside the package's, whose keys none of them may have."""
        if taken := own.keys() & self.shipped.keys():
            msg = f"the package has a protocol {min(taken)}"
            raise ValueError(msg)
        self._own = own


def _protocol_in(folder: str) -> Protocol:
    module = import_module(f"{__name__}.{folder}.protocol")
    (found,) = (each for each in vars(module).values() if isinstance(each, Protocol))
    return _called(found, folder)


def _protocol_of_profile(file: Path) -> Protocol:
    return _called(protocol_of(read(file.read_text(encoding="utf-8"))), file.stem)


def _called(protocol: Protocol, name: str) -> Protocol:
    if protocol.key != name:
        msg = f"the protocol in {name} calls itself {protocol.key}"
        raise ValueError(msg)
    return protocol


PROTOCOLS: Final = Protocols(
    {
        protocol.key: protocol
        for protocol in (
            *(
                _protocol_in(module.name)
                for module in iter_modules(__path__)
                if module.ispkg and module.name != _PROFILED
            ),
            *map(_protocol_of_profile, sorted(_PROFILES.glob("*.json"))),
        )
    }
)


def fields_of(kinds: Mapping[str, str]) -> dict[str, list[Field]]:
    """Return what may be given by each param, with each protocol's kind of `kinds`."""
    found: dict[str, list[Field]] = {}
    for key, kind in kinds.items():
        if kind in PROTOCOLS[key].kinds:
            for name, field in PROTOCOLS[key].kinds[kind].fields.items():
                found.setdefault(name, []).append(field)
    return found
