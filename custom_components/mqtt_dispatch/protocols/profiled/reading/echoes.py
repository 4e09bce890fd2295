"""Finds what who relays may repeat of what nodes are told: that proves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..content import ABSENT, at, read
from ..orders import Evidence, Several
from ..profile import ModelReading
from ..wording import filled, params_in
from .located import Located, Path

type _Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Echoes:
    """What a model is told by any of its kinds, and what it can be asked."""

    source: Located
    said: _Data
    """What the profile says of the model."""
    several: Several | None
    are_made: bool
    """Whether who relays says what it told as if its nodes had said it."""

    def checked(self, path: Path, evidence: Evidence, told: ModelReading) -> Evidence:
        """Return evidence: of what may be an echo, only an answer counts.

        Raises ProfileError where it cannot be asked for.
        """
        if not self.are_made or evidence.own_word:
            return evidence
        echoed = sorted(self._echoed(evidence, told))
        if not echoed:
            return evidence
        if {*echoed} <= self._asked():
            return replace(evidence, asked=True)
        raise self.source.error(
            (*path, "reading"),
            f"'{echoed[0]}' is in a message itself: what is told of it may be its echo "
            '(have the model asked for it: "ask"; or say "own_word": true if it '
            "never is)",
        )

    def _echoed(self, evidence: Evidence, told: ModelReading) -> Iterator[str]:
        """Yield the keys by which a message says what evidence waits for."""
        for kind in self.said["kinds"].values():
            for step in kind["steps"]:
                said = step["payload"]
                for key, value in said.items() if isinstance(said, dict) else ():
                    for keys in told.paths:
                        names = self._forms(key) & self._forms((*keys, "")[0])
                        if names and _may_be(evidence, told, at(value, keys[1:])):
                            yield from names

    def _asked(self) -> set[str]:
        questions = (each["payload"] for each in self.said.get("ask", ()))
        return {
            form
            for payload in questions
            for key in (payload if isinstance(payload, dict) else ())
            for form in self._forms(key)
        }

    def _forms(self, key: str) -> set[str]:
        """Return what a key is on the wire, of each of several."""
        if self.several is None:
            return {key}
        param, each = self.several.param, self.several
        return {
            filled(key, {name: name for name in params_in(key)} | {param: told})
            for told in map(each.told, range(each.first, each.last + 1))
        }


def _may_be(evidence: Evidence, told: ModelReading, said: object) -> bool:
    """Whether what a message says may be read as what evidence waits for."""
    is_open = said is ABSENT or isinstance(said, dict) or any(params_in(said))
    if is_open or evidence.how not in ("is", "becomes"):
        return True
    if isinstance(evidence.value, dict) or evidence.near:
        return True
    return bool(read(told, said) == evidence.value)
