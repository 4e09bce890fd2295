"""Finds what who relays may repeat of what nodes are told: that proves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
import re
from typing import Any, Final

from ..content import ABSENT, at, read
from ..orders import Evidence, Several
from ..profile import Keys, ModelReading
from ..wording import PLACE, params_in
from .located import Located, Path

type _Data = Mapping[str, Any]

_ONE_OF: Final = re.compile(r"_([a-z]{0,2}[0-9]{1,2}|left|right|center|top|bottom)")
"""What who relays puts behind a key to say of which of several it is."""
_ANY_WORD: Final = ("TOGGLE", "toggle")
"""What stands for whatever is not so."""


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
        if not self.are_made or evidence.own_word or not self._may_be(evidence, told):
            return evidence
        keys = [keys[0] if keys else "" for keys in told.paths]
        if all(self._forms(key) <= self._asked() for key in keys):
            return replace(evidence, asked=True)
        raise self.source.error(
            (*path, "reading"),
            f"'{keys[0] or evidence.reading}' may be in a message itself: what is told "
            'of it may be its echo (have the model asked for it: "ask"; or say '
            '"own_word": true if it never is)',
        )

    def _may_be(self, evidence: Evidence, told: ModelReading) -> bool:
        """Whether any message of the model may say what evidence waits for."""
        return any(
            _is_or_may_be(
                evidence, told, said, is_of_key=isinstance(step["payload"], dict)
            )
            for kind in self.said["kinds"].values()
            for step in kind["steps"]
            for keys in told.paths
            for said in self._said_of(step["payload"], keys)
        )

    def _said_of(self, payload: object, keys: Keys) -> Iterator[object]:
        """Yield what a message says that may be told there; what is no object, of all.

        Who relays may tell it under the key with more behind it: of which of several.
        """
        if not isinstance(payload, dict):
            yield payload
            return
        for key, value in payload.items():
            for told in self._forms(keys[0]) if keys else ("",):
                for form in self._forms(key):
                    is_open = PLACE.search(form) is not None
                    if is_open or not keys or told == form:
                        yield at(value, keys[1:])
                    elif told.startswith(form) and _ONE_OF.fullmatch(told[len(form) :]):
                        yield value

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
        numbers = range(self.several.first, self.several.last + 1)
        return {self.several.in_text(key, number) for number in numbers}


def _is_or_may_be(
    evidence: Evidence, told: ModelReading, said: object, *, is_of_key: bool
) -> bool:
    """Whether what a message says may be read as what evidence waits for."""
    is_open = said is ABSENT or isinstance(said, dict) or any(params_in(said))
    if is_open:
        return True
    value = _read(told, said)
    if evidence.how not in ("is", "becomes") or evidence.near:
        return value is not None
    if isinstance(evidence.value, dict):
        return value is not None
    # A word that is never told may be told as another one: TOGGLE is ON then.
    is_of_key = is_of_key or said in _ANY_WORD
    is_unknown = value is None and told.number is None
    return (is_unknown and is_of_key) or bool(value == evidence.value)


def _read(told: ModelReading, said: object) -> str | float | None:
    """Return what a message says as a reading, whatever its capitals are."""
    if told.words is not None and isinstance(said, str):
        words = {word.casefold(): meant for word, meant in told.words.items()}
        return words.get(said.casefold())
    return read(told, said)
