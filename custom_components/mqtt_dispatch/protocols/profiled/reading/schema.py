"""Whether a profile has the shape that `schema.json` describes.

Only those words of JSON Schema are understood that stand in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
import json
from pathlib import Path as File
import re
from typing import Any, Final

from .located import Json, Located, Path, ProfileError

type Schema = Mapping[str, Any]

SCHEMA_FILE: Final = File(__file__).with_name("schema.json")
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
}
_ARTICLES: Final = {"object": "an object", "array": "a list", "string": "a text"}
_REFERENCE: Final = "#/$defs/"


@cache
def the_schema() -> Schema:
    """Return the schema of profiles."""
    schema: Schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def check(profile: Located) -> None:
    """Check the shape of a profile. Raises ProfileError with its first fault."""
    for error in _faults(profile, (), profile.content, the_schema()):
        raise error


def _faults(
    profile: Located, path: Path, value: Json, schema: Schema
) -> Iterator[ProfileError]:
    if reference := schema.get("$ref"):
        schema = the_schema()["$defs"][reference.removeprefix(_REFERENCE)]
    types = schema.get("type")
    if types is not None and not any(_is_a(value, name) for name in _listed(types)):
        wanted = " or ".join(
            _ARTICLES.get(name, f"a {name}") for name in _listed(types)
        )
        yield profile.error(path, f"{_named(path)} must be {wanted}")
        return
    if "const" in schema and value != schema["const"]:
        yield profile.error(path, f"{_named(path)} must be {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        choices = ", ".join(map(str, schema["enum"]))
        yield profile.error(path, f"{_named(path)} must be one of: {choices}")
    for word, (is_kept, reason) in _BOUNDS.items():
        if word in schema and not is_kept(value, schema[word]):
            yield profile.error(
                path, f"{_named(path)} {reason.format(limit=schema[word])}"
            )
    if isinstance(value, dict):
        yield from _faults_of_object(profile, path, value, schema)
    if isinstance(value, list) and "items" in schema:
        for place, item in enumerate(value):
            yield from _faults(profile, (*path, place), item, schema["items"])


def _faults_of_object(
    profile: Located, path: Path, value: dict[str, Json], schema: Schema
) -> Iterator[ProfileError]:
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    names = schema.get("propertyNames", {}).get("pattern", "(?s:.*)")
    for name in schema.get("required", ()):
        if name not in value:
            yield profile.error(path, f"{_named(path)} lacks '{name}'")
    for name, item in value.items():
        if not re.fullmatch(names, name):
            yield profile.error(
                (*path, name), f"'{name}' is no name: small letters, digits, _"
            )
        if name in known:
            yield from _faults(profile, (*path, name), item, known[name])
        elif others is False:
            choices = ", ".join(known)
            yield profile.error(
                (*path, name), f"'{name}' is not known in {_named(path)}: {choices}"
            )
        elif others is not True:
            yield from _faults(profile, (*path, name), item, others)


def _is_a(value: Json, name: str) -> bool:
    is_bool = isinstance(value, bool)
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not is_bool)


def _listed(types: str | list[str]) -> list[str]:
    return [types] if isinstance(types, str) else types


def _named(path: Path) -> str:
    return ".".join(map(str, path)) if path else "the profile"


def _number(value: Json) -> float | None:
    return value if isinstance(value, int | float) else None


def _at_least(value: Json, limit: float) -> bool:
    number = _number(value)
    return number is None or number >= limit


def _at_most(value: Json, limit: float) -> bool:
    number = _number(value)
    return number is None or number <= limit


def _above(value: Json, limit: float) -> bool:
    number = _number(value)
    return number is None or number > limit


def _matches(value: Json, pattern: str) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(pattern, value))


def _not_fewer(value: Json, limit: int) -> bool:
    return not isinstance(value, list | dict | str) or len(value) >= limit


def _not_more(value: Json, limit: int) -> bool:
    return not isinstance(value, list | dict | str) or len(value) <= limit


_BOUNDS: Final[Mapping[str, tuple[Callable[[Json, Any], bool], str]]] = {
    "minimum": (_at_least, "must be at least {limit}"),
    "exclusiveMinimum": (_above, "must be more than {limit}"),
    "maximum": (_at_most, "must be at most {limit}"),
    "pattern": (_matches, "must match {limit}"),
    "minLength": (_not_fewer, "must have at least {limit} characters"),
    "maxLength": (_not_more, "must have at most {limit} characters"),
    "minItems": (_not_fewer, "must have at least {limit} items"),
    "maxItems": (_not_more, "must have at most {limit} items"),
    "minProperties": (_not_fewer, "must have at least {limit} entries"),
}
