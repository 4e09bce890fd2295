"""The messages of nodes by a profile, and of who relays to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
import json
from typing import TYPE_CHECKING, Any
from zlib import crc32

from custom_components.mqtt_dispatch.protocols.profiled.profile import CONTAINS
from simulator.node import Message
from simulator.profiled.matching import filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custom_components.mqtt_dispatch.protocols.profiled.profile import (
        IdAnswers,
        Keys,
        Model,
        Profile,
        Refusal,
        Scalar,
        Sign,
        Where,
    )
    from simulator.profiled.settings import Settings

FIRMWARE = "1.2.3"
_EACH = "*"


def hardware_id(node: str) -> str:
    """Return what a node is called for ever: made up, but always the same."""
    return f"A4CF{crc32(node.encode()):08X}"


def sign(settings: Settings, shown: Sign, node: str, *, is_there: bool) -> Message:
    content = shown.yes if is_there else shown.no
    return _message(settings, shown.topic, node, _at(shown.path, content), retain=True)


def signs_of(profile: Profile, *, of_nodes: bool) -> list[Sign]:
    """Return the signs that speak of one node each, or of who relays."""
    return [
        each
        for each in profile.online
        if ("{node}" in profile.topics[each.topic]) is of_nodes
    ]


def recognition(settings: Settings, nodes: Sequence[str]) -> list[Message]:
    """Return what describes these nodes, in one message or in one each."""
    shown = settings.profile.recognition
    if shown is None:
        return []
    template = settings.profile.topics[shown.topic]
    described = [_description(settings, node) for node in nodes]
    if "{node}" not in template and "+" not in template.split("/"):
        return [_message(settings, shown.topic, "", described, retain=True)]
    return [
        _message(settings, shown.topic, node, each, retain=True)
        for node, each in zip(nodes, described, strict=True)
    ]


def refusal(settings: Settings, said: Refusal, node: str, key: str) -> Message:
    """Return the line that says that a message was refused."""
    text = filled(said.text, {"node": node, "key": key}) + "".join(said.contains[:1])
    content: Any = None
    for path, values in said.where.items():
        content = _with(content, path, _example_of(values[0]))
    content = _with(content, said.path, text)
    return _message(settings, said.topic, node, content)


def id_answer(
    settings: Settings, answers: IdAnswers, node: str, number: int, path: Keys
) -> Message:
    content = _with(_with(None, answers.id, number), path, {"by": node})
    return _message(settings, answers.topic, node, content)


def state(
    settings: Settings, topic: str, node: str, content: object, which: str = ""
) -> Message:
    """Return what a node tells; `which` is the number that its topic bears, if any."""
    is_kept = topic in settings.profile.kept
    return _message(settings, topic, node, content, which=which, retain=is_kept)


def said_of(model: Model) -> dict[str, object]:
    """Return what a person says of a node: what is usual, or else a word for it.

    Of what it may have several, it has as many as there can be.
    """
    found = {
        name: name if said.field.default is None else said.field.default
        for name, said in model.fields.items()
    }
    several = model.several
    if several is not None and several.as_many_as is not None:
        found[several.as_many_as] = several.last - several.first + 1
    return found


def fits(topic_filter: str, topic: str) -> bool:
    """Whether a topic is what a filter wants."""
    wanted, levels = topic_filter.split("/"), topic.split("/")
    return len(wanted) == len(levels) and all(
        want in ("+", level) for want, level in zip(wanted, levels, strict=True)
    )


def placed(content: Any, path: Keys, value: object) -> Any:  # noqa: ANN401
    """Return content with a value in its place; what is there is not changed."""
    return _with(content, path, value)


def _message(
    settings: Settings,
    topic: str,
    node: str,
    content: object,
    *,
    which: str = "",
    retain: bool = False,
) -> Message:
    names: dict[str, object] = {"prefix": settings.prefix, "node": node}
    if node in settings.models:
        model = settings.model_of(node)
        names |= said_of(model)
        if model.several is not None:
            names[model.several.param] = which
    text = filled(settings.profile.topics[topic], names)
    levels = (hardware_id(node) if level == "+" else level for level in text.split("/"))
    payload = content if isinstance(content, str) else json.dumps(content)
    return Message("/".join(levels), payload.encode(), retain=retain)


def _description(settings: Settings, node: str) -> object:
    """Return what its recognition reads of a node."""
    shown = settings.profile.recognition
    content: Any = {}
    if shown is None:
        return content
    counts: Counter[Keys] = Counter()
    for path, values in _described_as(settings, node).items():
        content = _with(content, _spread(path, counts), _example_of(values[0]))
    content = _with(content, shown.node, node)
    if shown.hardware_id is not None:
        content = _with(content, shown.hardware_id, hardware_id(node))
    if shown.firmware is not None:
        content = _with(content, shown.firmware, FIRMWARE)
    return content


def _described_as(settings: Settings, node: str) -> Where:
    """Return what is said of a node.

    Nobody says what only its owner knows, what hangs at its relay: it is described as
    another one that has as many of them, one or several.
    """
    model = settings.model_of(node)
    if model.match:
        return model.match
    return next(
        (
            each.match
            for each in settings.profile.models.values()
            if each.match and (each.several is None) is (model.several is None)
        ),
        {},
    )


def _example_of(wanted: Scalar | Mapping[str, Scalar]) -> object:
    """Return something that fits what must stand there."""
    if isinstance(wanted, Mapping):
        return wanted[CONTAINS] if wanted.keys() == {CONTAINS} else {**wanted}
    return wanted


def _spread(path: Keys, counts: Counter[Keys]) -> Keys:
    """Return a path with a new place of the list for each `*`."""
    found: list[str] = []
    for key in path:
        if key == _EACH:
            before = tuple(found)
            found.append(str(counts[before]))
            counts[before] += 1
        else:
            found.append(key)
    return tuple(found)


def _at(path: Keys, value: Scalar) -> object:
    return _with(None, path, value)


def _with(content: Any, path: Keys, value: object) -> Any:  # noqa: ANN401
    if not path:
        return value
    key, rest = path[0], path[1:]
    if key.isdecimal() and not isinstance(content, dict):
        items = list(content) if isinstance(content, list) else []
        items += [0] * (int(key) + 1 - len(items))
        items[int(key)] = _with(items[int(key)], rest, value)
        return items
    whole = dict(content) if isinstance(content, dict) else {}
    whole[key] = _with(whole.get(key), rest, value)
    return whole
