"""Makes a profile of its text, or says on which line it is wrong, and why."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import replace
from typing import Any, Final

from ....engine.model.command import CommandClass
from ....engine.model.policy import BY_CLASS, FEED, FEEDING
from ....engine.model.step import Gate, Silence
from ...fields import Whole
from ..profile import (
    IdAnswers,
    Keys,
    KindRules,
    Model,
    Profile,
    Recognition,
    Refusal,
    Setting,
    Sign,
    Where,
)
from ..wording import PLACE
from . import schema
from .handling import PORTIONS
from .located import Located, Path, ProfileError, located
from .models import model_of
from .params import form_of
from .shown import check_agreement
from .told import keys_of, topics_of

type _Data = Mapping[str, Any]

LONGEST_PROFILE: Final = 262_144
"""Characters."""
LONGEST_MESSAGE: Final = 65_536
LONGEST_COMMAND: Final = 1_024
ONLINE_FOR: Final = 900.0


def text_of(content: bytes) -> str:
    """Return the text of a file, which may begin with a byte order mark.

    Raises ProfileError.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProfileError(1, "not written in UTF-8") from None


def read(text: str, taken: Collection[str] = ()) -> Profile:
    """Return the profile that a text describes; its name is none that is `taken`.

    Raises ProfileError with the line, counted from 1, and the reason.
    """
    if len(text) > LONGEST_PROFILE:
        raise ProfileError(1, f"longer than {LONGEST_PROFILE} characters")
    source = located(text)
    schema.check(source)
    profile = _Reader(source).profile()
    if profile.key in taken:
        raise source.error(("profile",), f"there is another profile '{profile.key}'")
    return profile


class _Reader:
    """Reads a profile of the right shape; what it names must be there."""

    def __init__(self, source: Located) -> None:
        self._source = source
        content: Any = source.content
        self._data: _Data = content
        self._topics: Mapping[str, str] = content["topics"]

    def profile(self) -> Profile:
        data = self._data
        self._check_topics()
        kinds = {name: self._rules(name, said) for name, said in data["kinds"].items()}
        models = {name: self._model(name, kinds) for name in data["models"]}
        self._check_agreement(models)
        check_agreement(self._source, models)
        return Profile(
            key=data["profile"],
            maker=data["maker"],
            prefix=data["prefix"],
            longest_message=data.get("longest_message", LONGEST_MESSAGE),
            longest_command=data.get("longest_command", LONGEST_COMMAND),
            online_for=float(data.get("online_for", ONLINE_FOR)),
            relayed=data.get("echoes", False)
            or any(
                "{node}" not in self._topics.get(said["topic"], "{node}")
                for said in data.get("online", ())
            ),
            topics=self._topics,
            whole=self._topics_of("whole"),
            kept=self._topics_of("kept"),
            online=tuple(
                Sign(
                    self._topic(("online", place), said["topic"]),
                    keys_of(said.get("path")),
                    said["yes"],
                    said["no"],
                    said.get("kept_counts", False),
                )
                for place, said in enumerate(data.get("online", ()))
            ),
            recognition=self._recognition(),
            answers=self._answers(),
            refusals=tuple(
                self._refusal(("refusals", place), said)
                for place, said in enumerate(data.get("refusals", ()))
            ),
            settings=tuple(
                self._setting(("settings", place), said)
                for place, said in enumerate(data.get("settings", ()))
            ),
            kinds=kinds,
            models=models,
        )

    def _check_topics(self) -> None:
        places = {
            place
            for model in self._data["models"].values()
            for place in (
                *model.get("fields", ()),
                *([model["several"]["param"]] if "several" in model else ()),
            )
        }
        for name, template in self._topics.items():
            for level in template.split("/"):
                for place in PLACE.findall(level):
                    if place not in ("prefix", "node", *places):
                        raise self._error(
                            ("topics", name), f"{{{place}}} stands for nothing here"
                        )
                    if place != "prefix" and level != f"{{{place}}}":
                        raise self._error(
                            ("topics", name),
                            f"{{{place}}} must be a level of its own, "
                            f"as in .../{{{place}}}/...",
                        )
                if level != "+" and ("+" in level or "#" in level):
                    raise self._error(
                        ("topics", name), "+ must be a level of its own, # is not taken"
                    )
            for place in ("node", *places):
                if template.count(f"{{{place}}}") > 1:
                    raise self._error(
                        ("topics", name), f"{{{place}}} stands there twice"
                    )

    def _topics_of(self, key: str) -> frozenset[str]:
        return frozenset(
            self._topic((key, place), name)
            for place, name in enumerate(self._data.get(key, ()))
        )

    def _topic(self, path: Path, name: str) -> str:
        if name not in self._topics:
            known = ", ".join(self._topics)
            path = path if path[0] in ("whole", "kept") else (*path, "topic")
            raise self._error(path, f"no topic '{name}': {known}")
        return name

    def _recognition(self) -> Recognition | None:
        said = self._data.get("recognition")
        if said is None:
            return None
        return Recognition(
            self._topic(("recognition",), said["topic"]),
            keys_of(said["node"]),
            _keys_or_none(said, "hardware_id"),
            _keys_or_none(said, "firmware"),
            levels=said.get("levels", 1),
        )

    def _answers(self) -> IdAnswers | None:
        said = self._data.get("answers")
        if said is None:
            return None
        return IdAnswers(
            self._topic(("answers",), said["topic"]),
            keys_of(said["id"]),
            *(_keys_or_none(said, name) for name in ("taken", "done", "refused")),
        )

    def _refusal(self, path: Path, said: _Data) -> Refusal:
        topic = self._topic(path, said["topic"])
        names = PLACE.findall(said["text"])
        if wrong := set(names) - {"node", "key"}:
            raise self._error(
                (*path, "text"), f"{{{min(wrong)}}} stands for nothing here"
            )
        if len(names) != len(set(names)):
            raise self._error((*path, "text"), "a placeholder stands there twice")
        if said["text"].endswith("}"):
            raise self._error(
                (*path, "text"), "nothing shows where the placeholder ends"
            )
        if "node" not in names and "{node}" not in self._topics[topic]:
            raise self._error((*path, "text"), "neither it nor its topic names {node}")
        return Refusal(
            topic,
            keys_of(said.get("path")),
            said["text"],
            tuple(said.get("with", ())),
            where_of(said.get("where")),
        )

    def _setting(self, path: Path, said: _Data) -> Setting:
        if ("fine" in said) == ("hides" in said):
            raise self._error(path, "it needs one of: fine, hides")
        return Setting(
            self._topic(path, said["topic"]),
            keys_of(said["path"]),
            _keys_or_none(said, "otherwise"),
            tuple(said["fine"]) if "fine" in said else None,
            said["means"],
        )

    def _rules(self, name: str, said: _Data) -> KindRules:
        command_class = CommandClass(said["class"])
        if name == FEED and command_class is not CommandClass.ONCE:
            raise self._error(("kinds", name, "class"), "a meal happens once")
        policy = FEEDING if name == FEED else BY_CLASS[command_class]
        numbers = {
            ours: float(said[theirs])
            for theirs, ours in (
                ("taken_within", "accept_timeout"),
                ("done_within", "done_timeout"),
                ("expires_in", "expires_in"),
            )
            if theirs in said
        }
        policy = replace(
            policy,
            gate=Gate.ONLINE,
            silence=Silence(said.get("told", Silence.DOUBT)),
            **dict[str, Any](numbers),
        )
        return KindRules(policy, said.get("undoes", ""))

    def _model(self, name: str, kinds: Mapping[str, KindRules]) -> Model:
        path: Path = ("models", name)
        said = self._data["models"][name]
        if "match" in said and "recognition" not in self._data:
            raise self._error(
                (*path, "match"), "nothing describes nodes: recognition is missing"
            )
        for reading, told in said["readings"].items():
            for topic in topics_of(told):
                self._topic((*path, "readings", reading), topic)
                if "{node}" not in self._topics[topic]:
                    raise self._error(
                        (*path, "readings", reading, "topic"),
                        f"topic '{topic}' does not name {{node}}",
                    )
        for kind in said["kinds"]:
            if kind not in kinds:
                raise self._error(
                    (*path, "kinds", kind), f"no kind '{kind}': {', '.join(kinds)}"
                )
        model = model_of(
            self._source,
            path,
            said,
            kinds,
            echoes=self._data.get("echoes", False),
            answers=self._data.get("answers", {}),
            topics=self._topics,
            where=where_of(said.get("match")),
        )
        self._check_meal(path, model)
        return model

    def _check_meal(self, path: Path, model: Model) -> None:
        """Check that who feeds need say no more than how much."""
        meal = model.kinds.get(FEED)
        if meal is None:
            return
        for name, field in meal.fields.items():
            is_portions = name == PORTIONS and isinstance(field, Whole)
            if not is_portions and (field.required or name == PORTIONS):
                raise self._error(
                    (*path, "kinds", FEED, "params", name),
                    f"a meal is so many '{PORTIONS}', a whole number, and needs "
                    f"nothing else",
                )

    def _check_agreement(self, models: Mapping[str, Model]) -> None:
        """Check that a kind has the same params with each model."""
        known: dict[str, Hashable] = {}
        for name, model in models.items():
            for kind, told in model.kinds.items():
                which = set() if told.several is None else {told.several.param}
                params = form_of(
                    {
                        param: field
                        for param, field in told.fields.items()
                        if param not in which
                    }
                )
                if known.setdefault(kind, params) != params:
                    raise self._error(
                        ("models", name, "kinds", kind),
                        f"'{kind}' has other params than with another model",
                    )

    def _error(self, path: Path, reason: str) -> ProfileError:
        return self._source.error(path, reason)


def where_of(said: _Data | None) -> Where:
    """Return what must stand where."""
    return {keys_of(path): tuple(found) for path, found in (said or {}).items()}


def _keys_or_none(said: _Data, name: str) -> Keys | None:
    return keys_of(said[name]) if name in said else None
