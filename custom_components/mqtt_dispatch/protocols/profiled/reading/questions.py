"""Reads how a node can be asked what is so, and refuses what may be an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..orders import Message
from ..wording import params_in
from .located import Located, Path

type _Data = Mapping[str, Any]

_NAMED = ("prefix", "node")


def questions_of(
    source: Located, path: Path, said: _Data, *, by_id: bool
) -> tuple[Message, ...]:
    """Return what a model is asked. Raises ProfileError.

    `by_id`: messages bear ids, and so are calls of what stands in them by name.
    """
    questions = said.get("ask", ())
    fields = said.get("fields", {}).items()
    named = {*_NAMED, *(name for name, field in fields if not field.get("secret"))}
    for place, question in enumerate(questions):
        where = (*path, "ask", place)
        for name in ("topic", "payload"):
            for used in params_in(question[name]):
                if used not in named:
                    raise source.error(
                        (*where, name), f"{{{used}}} stands for nothing in a question"
                    )
        if any(_may_be(question, step, by_id=by_id) for step in _steps_of(said)):
            raise source.error(where, "a step says the same: it may be an order")
    return tuple(Message(each["topic"], each["payload"], None) for each in questions)


def _steps_of(said: _Data) -> Iterator[_Data]:
    for kind in said["kinds"].values():
        yield from kind["steps"]


def _may_be(question: _Data, step: _Data, *, by_id: bool) -> bool:
    """Whether a question says what a step does: where it goes, and of the same keys."""
    if question["topic"] != step["topic"]:
        return False
    asked, told = question["payload"], step["payload"]
    if isinstance(asked, dict) and isinstance(told, dict):
        if by_id and any(_are_other_words(asked[key], told.get(key)) for key in asked):
            return False
        return not asked.keys().isdisjoint(told)
    return bool(asked == told) or isinstance(told, dict) != isinstance(asked, dict)


def _are_other_words(asked: object, told: object) -> bool:
    """Whether both are texts without places, and not the same."""
    texts = (asked, told)
    return asked != told and all(
        isinstance(each, str) and "{" not in each for each in texts
    )
