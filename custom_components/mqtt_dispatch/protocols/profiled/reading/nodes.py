"""Reads what a profile says of each node: what a person says of it, what it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...fields import Text, Whole
from ...params import Field, InvalidCommand
from ..orders import Several
from ..profile import Said
from ..wording import ALWAYS_KNOWN, params_in
from .located import Located, Path

type _Data = Mapping[str, Any]


def fields_of(source: Located, path: Path, said: _Data) -> dict[str, Said]:
    """Return what a person says of a node. Raises ProfileError."""
    found = {}
    for name, told in said.items():
        if name in (*ALWAYS_KNOWN, "model"):
            raise source.error((*path, name), f"'{name}' means something else already")
        if ("text" in told) == ("whole" in told):
            raise source.error((*path, name), f"'{name}' needs one of: text, whole")
        least, most = told.get("text", told.get("whole"))
        if least > most:
            raise source.error((*path, name), "the first is more than the second")
        default, secret = told.get("default"), told.get("secret", False)
        field: Field
        if "text" in told:
            field = Text(least, most, r"[!-~]+", default=default, secret=secret)
        else:
            field = Whole(least, most, default=default, secret=secret)
        field = replace(field, known_to_node=secret)
        if default is not None:
            try:
                field.check(name, default)
            except InvalidCommand:
                raise source.error(
                    (*path, name, "default"), "the default would not be taken"
                ) from None
        found[name] = Said(field, as_md5=told.get("as_md5", False))
    return found


def is_for_one(several: Several | None, kind: _Data) -> bool:
    """Whether a kind is ordered of one of several: its messages say which."""
    return several is not None and any(
        name == several.param
        for step in kind["steps"]
        for name in (*params_in(step["topic"]), *params_in(step["payload"]))
    )


def several_of(
    source: Located, path: Path, said: _Data | None, fields: Mapping[str, Said]
) -> Several | None:
    """Return what a node has several of. Raises ProfileError."""
    if said is None:
        return None
    first, last = said["numbers"]
    if first > last:
        raise source.error((*path, "numbers"), "the first is more than the second")
    count = said.get("as_many_as")
    if count is not None and not (
        count in fields and isinstance(fields[count].field, Whole)
    ):
        raise source.error(
            (*path, "as_many_as"), f"no field '{count}' that is a whole number"
        )
    if said["param"] in (*fields, *ALWAYS_KNOWN):
        raise source.error(
            (*path, "param"), f"'{said['param']}' means something else already"
        )
    default = fields[count].field.default if count is not None else None
    return Several(
        param=said["param"],
        first=first,
        last=last,
        told_from=said.get("told_from", first),
        as_many_as=count,
        usually=last - first + 1 if default is None else default,
    )
