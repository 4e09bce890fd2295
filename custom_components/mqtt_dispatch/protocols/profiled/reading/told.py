"""Reads what a profile says that nodes tell of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ..orders import Several, reading_of
from ..profile import Keys, ModelReading
from ..wording import PLACE, filled
from .located import Located, Path, ProfileError
from .shown import of_number, shown_of

type _Data = Mapping[str, Any]

_OF_EACH_NODE: Final = ("model", "fw")
_SIGN: Final = "sign_"


@dataclass(frozen=True, slots=True)
class ReadingsReader:
    """Reads the readings of a model."""

    source: Located
    path: Path
    said: _Data
    """By name, what is said of each."""
    several: Several | None
    topics: Mapping[str, str]

    def all(self) -> dict[str, ModelReading]:
        """Return them by name; of what there are several, those of each."""
        return {
            name: reading
            for plain in self.said
            for name, reading in self._each_of(plain)
        }

    def _each_of(self, name: str) -> Iterator[tuple[str, ModelReading]]:
        reading = self.plain(name)
        if self.several is None or name not in self.each():
            yield name, reading
            return
        param = self.several.param
        for number in range(self.several.first, self.several.last + 1):
            which = str(self.several.told(number))
            first, *others = (
                tuple(filled(key, {param: which}) for key in keys)
                for keys in reading.paths
            )
            yield (
                reading_of(name, number),
                replace(
                    reading,
                    path=first,
                    other_paths=tuple(others),
                    which=which,
                    shown=of_number(reading.shown, number),
                ),
            )

    def each(self) -> frozenset[str]:
        """Return the readings that each of several has: it stands where they are."""
        if self.several is None:
            return frozenset()
        place = f"{{{self.several.param}}}"
        return frozenset(
            name
            for name, told in self.said.items()
            if any(place in path for path in listed(told.get("path", [])))
            or any(place in self.topics[topic] for topic in topics_of(told))
        )

    def plain(self, name: str) -> ModelReading:
        """Return one as it is written, whichever of several it is of.

        Raises ProfileError.
        """
        path, told = (*self.path, name), self.said[name]
        if name in _OF_EACH_NODE or name.startswith(_SIGN):
            raise self._error(
                path, f"'{name}' is known of each node otherwise: call it otherwise"
            )
        paths = tuple(map(keys_of, listed(told.get("path", [None]))))
        ways = [way for way in ("number", "words", "yes") if way in told]
        if len(ways) != 1 or ("yes" in told) != ("no" in told):
            raise self._error(path, f"'{name}' needs one of: number, words, yes and no")
        if "number" in told and told["number"][0] > told["number"][1]:
            raise self._error((*path, "number"), "the first is more than the second")
        if told.get("resets") and told.get("number", [-1])[0] < 0:
            raise self._error(
                (*path, "resets"), "only a number that is never below 0 begins anew"
            )
        places = {
            place for keys in paths for key in keys for place in PLACE.findall(key)
        }
        if wrong := places - ({self.several.param} if self.several else set()):
            raise self._error(
                (*path, "path"), f"{{{min(wrong)}}} stands for nothing here"
            )
        return ModelReading(
            topics=topics_of(told),
            path=paths[0],
            other_paths=paths[1:],
            number=tuple(told["number"]) if "number" in told else None,
            words=told.get("words"),
            yes_no=(told["yes"], told["no"]) if "yes" in told else None,
            resets=told.get("resets", False),
            shown=shown_of(self.source, path, name, told),
        )

    def _error(self, path: Path, reason: str) -> ProfileError:
        return self.source.error(path, reason)


def listed(one_or_several: Any) -> list[Any]:  # noqa: ANN401
    """Return one or several as several."""
    return one_or_several if isinstance(one_or_several, list) else [one_or_several]


def topics_of(told: _Data) -> tuple[str, ...]:
    """Return where a reading is told."""
    topic = told["topic"]
    return (topic,) if isinstance(topic, str) else tuple(topic)


def keys_of(path: str | None) -> Keys:
    """Return the keys that a path names; None names the whole."""
    return () if path is None else tuple(path.split("."))
