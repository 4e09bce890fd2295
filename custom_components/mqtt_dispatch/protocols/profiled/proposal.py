"""A profile that is proposed of what a device says of itself.

What cannot be known of it stands there as `?`, or as nothing, where neither can be: a
reader refuses such a profile, line by line, until a person has decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
import json
import re
from typing import Any, Final

from .discovered import LONGEST_NAME, Device, Part

OPEN: Final = "?"
_NOTHING: Final = ""
"""A topic, or a path, of which nothing is known: it can be none."""
_NAME: Final = re.compile("[^a-z0-9]+")
_PATH: Final = re.compile(
    r"\{\{\s*value_json((?:\.[A-Za-z_][A-Za-z0-9_]*|\[['\"][^'\".\]]+['\"]\])+)"
    r"(?:\s*\|\s*(?:int|float)(?:\(\d*\))?)?\s*\}\}"
)
_KEY: Final = re.compile(r"\.([A-Za-z0-9_]+)|\[['\"]([^'\"]+)['\"]\]")
_WHOLE: Final = re.compile(r"\{\{\s*value(?:\s*\|\s*(?:int|float)(?:\(\d*\))?)?\s*\}\}")
_KEYED: Final = re.compile(r"\{\s*\"([A-Za-z0-9_]+)\"\s*:\s*\{\{\s*value\s*\}\}\s*\}")
_LONGEST_RUN: Final = 3600


def proposed(device: Device, taken: Collection[str]) -> str:
    """Return the text of a profile for a device, named as none that is `taken`."""
    return json.dumps(_Proposal(device, taken).profile(), indent=2, ensure_ascii=False)


class _Proposal:
    """Puts a profile together."""

    def __init__(self, device: Device, taken: Collection[str]) -> None:
        self._device = device
        self._key = _key_of(device.name, taken)
        self._topics: dict[str, str] = {}
        self._online: list[dict[str, Any]] = []
        self._rules: dict[str, Any] = {}
        self._kinds: dict[str, Any] = {}
        self._readings: dict[str, Any] = {}
        self._handled: dict[str, Any] = {}
        self._names: set[str] = set()
        self._unproven: list[str] = []
        self._means: list[str] = []
        own = [
            topic for part in device.parts.values() for topic in _own_topics(part.said)
        ]
        signs = [
            topic
            for part in device.parts.values()
            for sign in _signs_of(part.said)
            if (topic := sign.get("topic"))
        ]
        self._node = _node_among(own, signs, device)
        self._prefix = _before(self._node, own)

    def profile(self) -> dict[str, Any]:
        """Return it as data."""
        parts = [*self._device.parts.values()]
        for part in parts:
            alone = sum(part.component == other.component for other in parts) == 1
            name = part.component if alone else _slug(part.name, "part")
            name = self._free(name)
            self._add(part, name)
            self._add_signs(part.said)
        model: dict[str, Any] = {"title": self._device.name[:LONGEST_NAME]}
        if self._means:
            model["means"] = self._means
        model |= {
            "not_provable": self._unproven,
            "readings": self._readings,
            "kinds": self._kinds,
            "handled": self._handled,
        }
        profile: dict[str, Any] = {
            "format": 1,
            "profile": self._key,
            "maker": self._device.maker[:LONGEST_NAME],
            "prefix": self._prefix or self._key,
        }
        if self._readings:
            profile["echoes"] = OPEN
        return {
            **profile,
            "topics": self._topics or {"told": "{prefix}/{node}"},
            "online": self._online,
            "kinds": self._rules,
            "models": {"device": model},
        }

    def _add(self, part: Part, name: str) -> None:
        match part.component:
            case "switch":
                self._switch(part.said, name)
            case "valve":
                self._valve(part.said, name)
            case "cover":
                self._cover(part.said, name)
            case "number":
                self._number(part.said, name)
            case _:
                payload = _word(part.said, "payload_press", "PRESS")
                self._kind(f"press_{name}", OPEN, part.said, _payload(payload))
                self._handled[name] = {"as": "button", "press": f"press_{name}"}

    def _switch(self, said: Mapping[str, Any], name: str) -> None:
        on, off = _word(said, "payload_on", "ON"), _word(said, "payload_off", "OFF")
        words = {
            _word(said, "state_on", on): "on",
            _word(said, "state_off", off): "off",
        }
        state = self._reading(name, said, {"words": words})
        names = (f"{name}_on", f"{name}_off")
        for kind, payload, word in zip(names, (on, off), ("on", "off"), strict=True):
            done = {"is": word} if state else None
            # Whoever turns it off again wants it off, whatever it moves.
            rule = OPEN if word == "on" else "until_done" if state else OPEN
            self._kind(
                kind, rule, said, _payload(payload), state=state, done=done, undoes=name
            )
        handled = {"as": "switch", "on": names[0], "off": names[1]}
        self._handled[name] = handled | ({"state": state} if state else {})

    def _valve(self, said: Mapping[str, Any], name: str) -> None:
        words = {
            _word(said, "state_open", "open"): "open",
            _word(said, "state_closed", "closed"): "closed",
        }
        told = {"words": words}
        if said.get("reports_position") is True:
            # Which number is open, and which is closed, is a matter of the device.
            told = {"words": {OPEN: "open", OPEN * 2: "closed"}}
        state = self._reading(name, said, told)
        opens, closes = f"open_{name}", f"close_{name}"
        payload = _payload(_word(said, "payload_open", "OPEN"))
        done = {"becomes": "closed"} if state else None
        self._kind(opens, "once", said, payload, state=state, done=done, undoes=name)
        self._kinds[opens] |= {
            "params": {"duration": {"whole": [60, _LONGEST_RUN], "every": 60}},
            "lasts": "duration",
            "ends_by": "close",
        }
        if state:
            steps = self._kinds[opens]["steps"]
            steps[0]["taken_when"] = {"reading": state, "becomes": "open"}
        payload = _payload(_word(said, "payload_close", "CLOSE"))
        is_closed = {"is": "closed"} if state else None
        rule = "until_done" if state else OPEN
        self._kind(
            closes, rule, said, payload, state=state, done=is_closed, undoes=name
        )
        self._means.append(
            "As far as is known nothing at it closes it: it stays open while Home "
            "Assistant, the broker or the device is away."
        )
        self._handled[name] = {
            "as": "valve",
            "open": opens,
            "close": closes,
            # Without a state it is done once it is told, and not once it has ended.
            **({"state": state, "done_once_over": True} if state else {}),
            "amount": "duration",
            "usual": 600,
            "unit": "min",
            "per_unit": 60,
        }

    def _cover(self, said: Mapping[str, Any], name: str) -> None:
        words = {
            _word(said, "state_open", "open"): "open",
            _word(said, "state_closed", "closed"): "closed",
            _word(said, "state_opening", "opening"): "moves",
            _word(said, "state_closing", "closing"): "moves",
        }
        state = self._reading(name, said, {"words": words})
        for kind, payload, word in (
            (f"open_{name}", _word(said, "payload_open", "OPEN"), "open"),
            (f"close_{name}", _word(said, "payload_close", "CLOSE"), "closed"),
        ):
            done = {"is": word} if state else None
            rule = "latest" if state else OPEN
            self._kind(
                kind, rule, said, _payload(payload), state=state, done=done, undoes=name
            )
        where = {
            "state_topic": said.get("position_topic"),
            "value_template": said.get("position_template"),
        }
        level = self._reading(f"{name}_level", where, {"number": [0, 100]})
        if level:
            orders = {"open": f"open_{name}", "close": f"close_{name}"}
            self._handled[name] = {"as": "cover", **orders, "level": level}

    def _number(self, said: Mapping[str, Any], name: str) -> None:
        span = [said.get("min", 1), said.get("max", 100)]
        state = self._reading(name, said, {"number": span})
        payload: Any = {"$": "value"}
        if (template := said.get("command_template")) is not None:
            keyed = _KEYED.fullmatch(str(template))
            payload = {keyed[1]: payload} if keyed else {"$": OPEN}
        done = {"is": {"$": "value"}} if state else None
        self._kind(f"set_{name}", "latest", said, payload, state=state, done=done)
        self._kinds[f"set_{name}"]["params"] = {"value": {"whole": span}}

    def _kind(
        self,
        name: str,
        command_class: str,
        said: Mapping[str, Any],
        payload: Any,  # noqa: ANN401 - a profile may have any
        *,
        state: str | None = None,
        done: Mapping[str, Any] | None = None,
        undoes: str = "",
    ) -> None:
        """Add a kind; one that nothing proves is told, and its model says so."""
        self._rules[name] = {"class": command_class}
        if done is None:
            self._rules[name]["told"] = "done"
            what = name.replace("_", " ")
            self._unproven.append(
                f"That it happened ({what}): the device tells nothing."
            )
        if undoes:
            self._rules[name]["undoes"] = undoes
        topic = said.get("command_topic") or _NOTHING
        step = {"topic": self._template(topic), "payload": payload}
        self._kinds[name] = {"steps": [step]}
        if done is not None:
            self._kinds[name]["done_when"] = {"reading": state, **done}

    def _reading(
        self, name: str, said: Mapping[str, Any], told: Mapping[str, Any]
    ) -> str | None:
        """Add what is told of a state; None: nothing is."""
        topic = said.get("state_topic")
        if not topic:
            return None
        where = {"topic": self._topic("state", topic)}
        self._readings[name] = {**where, **_path(said.get("value_template")), **told}
        return name

    def _add_signs(self, said: Mapping[str, Any]) -> None:
        yes = said.get("payload_available", "online")
        no = said.get("payload_not_available", "offline")
        for sign in _signs_of(said):
            if not (topic := sign.get("topic")):
                continue
            found = {
                "topic": self._topic("available", topic),
                **_path(sign.get("value_template")),
                "yes": sign.get("payload_available", yes),
                "no": sign.get("payload_not_available", no),
            }
            if found not in self._online:
                self._online.append(found)

    def _topic(self, name: str, topic: str) -> str:
        """Return the name under which a topic is listened to."""
        template = self._template(topic)
        for known, there in self._topics.items():
            if there == template:
                return known
        taken = sum(known.startswith(name) for known in self._topics)
        called = f"{name}_{taken + 1}" if taken else name
        self._topics[called] = template
        return called

    def _template(self, topic: str) -> str:
        levels = topic.split("/")
        before = self._prefix.split("/") if self._prefix else []
        if before and levels[: len(before)] == before:
            levels = ["{prefix}", *levels[len(before) :]]
        return "/".join("{node}" if level == self._node else level for level in levels)

    def _free(self, name: str) -> str:
        number, free = 1, name
        while free in self._names:
            number += 1
            free = f"{name[:30]}_{number}"
        self._names.add(free)
        return free


def _own_topics(said: Mapping[str, Any]) -> Iterator[str]:
    for key in ("command_topic", "state_topic"):
        if topic := said.get(key):
            yield topic


def _signs_of(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Go through what says whether it is there."""
    yield {
        "topic": said.get("availability_topic"),
        "value_template": said.get("availability_template"),
    }
    yield from said["availability"]


def _node_among(topics: list[str], signs: list[str], device: Device) -> str | None:
    """Return the level that says which device it is; None: it cannot be told.

    A level that no name has is taken where the `signs` speak of it, too: what is there
    or is not is a node, and one of which nothing else is told would never be heard.
    """
    if not topics:
        return None
    others = [set(topic.split("/")) for topic in topics[1:]]
    common = [
        level
        for level in reversed(topics[0].split("/"))
        if level and all(level in other for other in others)
    ]
    for hints in (device.called, device.hints):
        if found := next((level for level in common if level in hints), None):
            return found
    every = device.called | device.hints
    there = [
        level
        for level in common
        if signs and all(sign.split("/")[-2:-1] == [level] for sign in signs)
    ]
    for levels in (there, () if there else common):
        for level in levels:
            if any(level in hint for hint in every):
                return level
    return there[0] if there else None


def _before(node: str | None, topics: list[str]) -> str:
    """Return what stands before the device in each of its topics, if anything does."""
    if node is None:
        return ""
    starts = {
        "/".join(topic.split("/")[: topic.split("/").index(node)]) for topic in topics
    }
    return starts.pop() if len(starts) == 1 else ""


def _path(template: object) -> dict[str, str]:
    """Return where a template reads in its message; nothing: the whole of it."""
    if template is None or _WHOLE.fullmatch(str(template).strip()):
        return {}
    found = _PATH.fullmatch(str(template).strip())
    if found is None:
        return {"path": _NOTHING}
    keys = (one or other for one, other in _KEY.findall(found[1]))
    return {"path": ".".join(keys)}


def _payload(said: str) -> Any:  # noqa: ANN401 - a profile may have any
    """Return what is sent; an object as one, so that its keys are known."""
    try:
        content = json.loads(said)
    except (ValueError, RecursionError):
        return said
    return content if isinstance(content, dict) else said


def _word(said: Mapping[str, Any], key: str, otherwise: str) -> str:
    """Return what is written on the wire for a state or an order."""
    found = said.get(key)
    return found if isinstance(found, str) else otherwise


def _slug(text: str, otherwise: str) -> str:
    found = _NAME.sub("_", text.lower()).strip("_0123456789")[:36].strip("_")
    return found or otherwise


def _key_of(name: str, taken: Collection[str]) -> str:
    key = free = f"own_{_slug(name, 'device')}"[:36]
    number = 1
    while free in taken:
        number += 1
        free = f"{key}_{number}"
    return free
