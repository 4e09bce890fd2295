"""What the messages of nodes say, by their profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...engine.model.reports import (
    Accepted,
    Done,
    Hello,
    Readings,
    Rejected,
    Seen,
    SessionReport,
)
from ..base import Site
from ..messages import Malformed, Message, Said
from ..untrusted import Unreadable, json_object, line, shown, whole
from .content import ABSENT, at, fits, read, same
from .names import LONGEST_NAME, introduced, node_called, node_name
from .preflight import told_settings
from .profile import (
    IdAnswers,
    Keys,
    Model,
    Profile,
    Refusal,
    Scalar,
)
from .wording import complaint_pattern, places_of

MODEL: Final = "model"
"""The node field, and the reading, that says which model of its profile a node is."""
_HIGHEST_ID: Final = 2**31 - 1
_MOST_DESCRIBED: Final = 500
NOTHING: Final = ""
"""The reading of what a node has never told."""
_PRESENCE: Final = "sign_"
"""The readings that say what each sign of presence was last: 1 or 0."""


@dataclass(frozen=True, slots=True)
class Told(SessionReport):
    """What a node told of itself, by its model."""

    node: str
    model: str
    readings: Readings
    """Also of what it has never told, as far as that can be known: `NOTHING`."""
    live: bool


@dataclass(frozen=True, slots=True)
class Refused(SessionReport):
    """A node was refused a message, which is known by a key in it, if at all."""

    node: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answered(SessionReport):
    """A node answered a command with its id, and did not refuse it."""

    node: str
    model: str
    command_id: int


@dataclass(frozen=True, slots=True)
class Restarted(SessionReport):
    """Who relays to all nodes came or went: what it says again may be old."""


def report(profile: Profile, site: Site, message: Message) -> tuple[Said, ...]:
    """Return what a message says; see `Protocol.report`."""
    named = [
        (name, places)
        for name, template in profile.topics.items()
        if (places := _places_of(profile, site, template, message.topic)) is not None
        and _speaks_of(site, places)
    ]
    if not named:
        return ()
    try:
        content = content_of(message.payload, profile.longest_message)
    except Unreadable as error:
        return (Malformed(str(error)),)
    reader = _Report(profile, site, message, content)
    return tuple(said for name, places in named for said in reader.said(name, places))


def _speaks_of(site: Site, places: Mapping[str, str]) -> bool:
    """Whether what stands in a topic is what a person said of its node."""
    fields = site.nodes.get(places.get("node", ""), {})
    return all(
        fields[name] == value for name, value in places.items() if name in fields
    )


def _places_of(
    profile: Profile, site: Site, template: str, topic: str
) -> Mapping[str, str] | None:
    """Return what stands in the places of a topic, with the node as it is called here.

    None: it is another topic, or that of one who is called now as a node was before.
    """
    places = places_of(template, site.prefix, topic, profile.levels)
    if places is None or "node" not in places:
        return places
    called = places["node"]
    if (node := node_called(site, called)) is not None:
        return {**places, "node": node}
    named_here = node_name(profile.levels, called) == called.replace("/", " ")
    return places if named_here and called not in site.nodes else None


def model_of(profile: Profile, fields: Mapping[str, Any]) -> str | None:
    """Return which model a node is, by what a person said of it."""
    model = fields.get(MODEL)
    return model if isinstance(model, str) and model in profile.models else None


@dataclass(frozen=True, slots=True)
class _Report:
    """One message, and what each of its topics makes of it."""

    profile: Profile
    site: Site
    message: Message
    content: Any

    def said(self, topic: str, places: Mapping[str, str]) -> Iterator[Said]:
        profile, node = self.profile, places.get("node", "")
        recognition, answers = profile.recognition, profile.answers
        if recognition is not None and topic == recognition.topic:
            yield from self._recognised()
        yield from told_settings(profile, self.site, topic, self.content)
        for place, sign in enumerate(profile.online):
            if sign.topic == topic:
                is_there = self._is_there(sign.path, sign.yes, sign.no)
                if is_there is not None:
                    yield from self._signed(place, node, is_there=is_there)
        for refusal in profile.refusals:
            if refusal.topic == topic and (said := self._refused(refusal, node)):
                yield said
        if node and self.message.payload and self._tells(topic):
            yield from self._told(topic, node, places)
        # It tells of the message that is answered, and not of the next one.
        if answers is not None and topic == answers.topic:
            yield from self._answered(answers, node)

    def _tells(self, topic: str) -> bool:
        """Whether readings of any model come there."""
        return any(
            topic in reading.topics
            for model in self.profile.models.values()
            for reading in model.readings.values()
        )

    def _recognised(self) -> Iterator[Said]:
        found = [*described(self.profile, self.content)]
        are_all = isinstance(self.content, list)
        yield from introduced(self.site, found, are_all=are_all)

    def _is_there(self, path: Keys, yes: Scalar, no: Scalar) -> bool | None:
        found = at(self.content, path)
        return True if same(found, yes) else False if same(found, no) else None

    def _signed(self, place: int, node: str, *, is_there: bool) -> Iterator[Said]:
        """Say that a node, or each, is there or is not."""
        live = not self.message.retain or self.profile.online[place].kept_counts
        if not node:
            yield Restarted()
        for each in (node,) if node else tuple(self.site.nodes):
            if each not in self.site.nodes:
                if self.profile.recognition is None:
                    yield Seen(node=each, live=live, online=is_there)
                continue
            signs = {f"{_PRESENCE}{place}": float(is_there)}
            if node or not is_there:
                online = is_there and self._has_no_other_sign_against_it(each, place)
                yield Seen(node=each, live=live, online=online, readings=signs)
            else:
                # That who relays is there is no word of the node's.
                yield Seen(node=each, live=False, readings=signs)

    def _has_no_other_sign_against_it(
        self, node: str, place: int | None = None
    ) -> bool:
        """Whether nothing else that was said last says that a node is not there."""
        told = self.site.told(node)
        return all(
            told.get(f"{_PRESENCE}{other}", 1.0)
            for other in range(len(self.profile.online))
            if other != place
        )

    def _answered(self, answers: IdAnswers, node: str) -> Iterator[Said]:
        command_id = whole(at(self.content, answers.id), 1, _HIGHEST_ID)
        if command_id is None or self.message.retain:
            return
        if _is_at(self.content, answers.refused):
            reason = shown(at(self.content, answers.refused or ()))
            yield Rejected(node or None, command_id, reason)
        elif _is_at(self.content, answers.done):
            yield Done(node or None, command_id)
        elif _is_at(self.content, answers.taken):
            yield Accepted(node or None, command_id)
            model = model_of(self.profile, self.site.nodes.get(node, {}))
            if model is not None:
                yield Answered(node, model, command_id)

    def _refused(self, refusal: Refusal, node: str) -> Refused | None:
        text = at(self.content, refusal.path)
        if not isinstance(text, str) or self.message.retain:
            return None
        if not fits(self.content, refusal.where):
            return None
        if refusal.contains and not any(part in text for part in refusal.contains):
            return None
        found = complaint_pattern(refusal.text).match(text)
        if found is None:
            return None
        named = found.groupdict()
        refused = node_called(self.site, named["node"]) if "node" in named else node
        if refused is None or refused not in self.site.nodes:
            return None
        return Refused(refused, named.get("key", ""), shown(text))

    def _told(self, topic: str, node: str, places: Mapping[str, str]) -> Iterator[Said]:
        live = not self.message.retain
        fields = self.site.nodes.get(node)
        if fields is None:
            if self.profile.recognition is None:
                yield Seen(node=node, live=live)
            return
        key = model_of(self.profile, fields)
        if key is None:
            yield Seen(node=node, live=live)
            return
        model = self.profile.models[key]
        told = self._readings(model, topic, places)
        is_there = live and self._has_no_other_sign_against_it(node)
        yield Seen(
            node=node,
            live=live,
            online=is_there or None,
            readings={MODEL: key, **told},
        )
        untold = self._untold(model, topic)
        counts = live or topic in self.profile.kept
        yield Told(node, key, {**dict.fromkeys(untold, NOTHING), **told}, counts)

    def _readings(
        self, model: Model, topic: str, places: Mapping[str, str]
    ) -> dict[str, str | float]:
        found: dict[str, str | float] = {}
        number = None if model.several is None else places.get(model.several.param)
        for name, reading in model.readings.items():
            if topic in reading.topics and number in (None, reading.which):
                value = read(reading, self._at_first(reading.paths))
                if value is not None:
                    found[name] = value
        return found

    def _at_first(self, paths: tuple[Keys, ...]) -> Any:  # noqa: ANN401
        """Return what stands at the first of these places where anything stands."""
        found = (at(self.content, path) for path in paths)
        return next((each for each in found if each is not ABSENT), ABSENT)

    def _untold(self, model: Model, topic: str) -> tuple[str, ...]:
        """Return the readings that such a message would tell if they ever were told."""
        if topic not in self.profile.whole or not isinstance(self.content, dict):
            return ()
        return tuple(
            name
            for name, reading in model.readings.items()
            if topic in reading.topics and self._at_first(reading.paths) is ABSENT
        )


def described(profile: Profile, content: Any) -> Iterator[Hello]:  # noqa: ANN401
    """Yield the nodes that a message describes, of no type where no model fits."""
    recognition = profile.recognition
    if recognition is None:
        return
    for each in (content if isinstance(content, list) else [content])[:_MOST_DESCRIBED]:
        called = at(each, recognition.node)
        name = node_name(profile.levels, called) if isinstance(called, str) else None
        if name is None:
            continue
        model = next(
            (
                key
                for key, model in profile.models.items()
                if model.match and fits(each, model.match)
            ),
            "",
        )
        yield Hello(
            node=name,
            called=called if called != name else "",
            type=model,
            hardware_id=_line_at(each, recognition.hardware_id),
            firmware=_line_at(each, recognition.firmware),
        )


def _is_at(content: Any, path: Keys | None) -> bool:  # noqa: ANN401
    return path is not None and at(content, path) is not ABSENT


def _line_at(content: Any, path: Keys | None) -> str:  # noqa: ANN401
    return "" if path is None else line(at(content, path), LONGEST_NAME) or ""


def content_of(payload: bytes, longest: int) -> Any:  # noqa: ANN401
    """Return the JSON value that a payload holds, or else its text.

    Raises Unreadable for what is too long or no text.
    """
    if len(payload) > longest:
        raise Unreadable("too long")
    try:
        wrapped = json_object(b'{"it":%b}' % payload, longest + 7)
    except Unreadable:
        try:
            return payload.decode("utf-8", "strict")
        except UnicodeDecodeError:
            raise Unreadable("not UTF-8") from None
    if len(wrapped) != 1:
        return payload.decode("utf-8", "replace")
    return wrapped["it"]
