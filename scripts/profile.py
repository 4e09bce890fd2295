"""What `scripts/profile check FILE ...` says of profiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
import json
from pathlib import Path
import sys
from typing import Final

from custom_components.mqtt_dispatch import protocols
from custom_components.mqtt_dispatch.engine.model.step import Silence
from custom_components.mqtt_dispatch.protocols.fields import (
    Choice,
    Objects,
    TimeOfDay,
    Whole,
)
from custom_components.mqtt_dispatch.protocols.params import Field
from custom_components.mqtt_dispatch.protocols.profiled.orders import (
    Evidence,
    Message,
    ModelKind,
)
from custom_components.mqtt_dispatch.protocols.profiled.profile import Model, Profile
from custom_components.mqtt_dispatch.protocols.profiled.reading.located import (
    ProfileError,
)
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import (
    read,
    text_of,
)
from custom_components.mqtt_dispatch.protocols.profiled.wording import (
    filled,
    params_in,
    written,
)

USAGE: Final = "scripts/profile check FILE ..."
_OF_PACKAGE: Final = Path(protocols.__file__).parent / "profiles"
_HOW: Final = {
    "is": "is",
    "becomes": "becomes",
    "grows_by": "grows by",
    "changes": "changes",
}


def main(arguments: Sequence[str]) -> int:
    """Check profiles; return 0 if all are in order, 1 if not, 2 for no such use."""
    match arguments:
        case ["check", _, *_]:
            return max([_checked(Path(file)) for file in arguments[1:]])
        case _:
            print(USAGE, file=sys.stderr)
            return 2


def described(profile: Profile) -> Iterator[str]:
    """Yield what a profile says, in lines."""
    yield f"{profile.key}: {profile.maker}, usually under {profile.prefix}"
    for key, model in profile.models.items():
        yield f"  {key}: {model.title}"
        yield from (f"    {line}" for line in _kinds(profile, model))
        yield from (f"    means: {line}" for line in model.means)
        yield from (f"    not provable: {line}" for line in model.not_provable)


def _kinds(profile: Profile, model: Model) -> Iterator[str]:
    for name, kind in model.kinds.items():
        policy = profile.kinds[name].policy
        steps = len(kind.steps)
        messages = "1 message" if steps == 1 else f"{steps} messages"
        proof = (
            "told, not provable"
            if (kind.silence or policy.silence) is Silence.DONE
            else _proof(kind.done_when, answered=kind.answer_is_all)
        )
        yield f"{name} ({policy.command_class.value}, {messages}): {proof}"
        for step in kind.steps:
            yield f"  sends {_sent(profile, kind, step)}"


def _sent(profile: Profile, kind: ModelKind, step: Message) -> str:
    """Return a message as it goes out with each param at its least, and its proof."""
    least = {name: _least(field) for name, field in kind.fields.items()}
    open_places = {
        place: f"{{{place}}}"
        for text in (step.topic, step.payload)
        for place in params_in(text)
    }
    fixed = {"prefix": profile.prefix, "node": "{node}", "id": 1}
    names = {**open_places, **fixed, **kind.on_the_wire(least)}
    payload = written(step.payload, names)
    text = payload if isinstance(payload, str) else json.dumps(payload)
    taken = step.taken_when
    return f"{filled(step.topic, names)} {text}" + (
        "" if taken is None else f", taken when {_told(taken)}"
    )


def _least(field: Field) -> object:
    """Return the least that a param may be, of a word the first."""
    match field:
        case Whole():
            return field.minimum
        case Choice():
            return field.choices[0]
        case TimeOfDay():
            return "00:00"
        case Objects():
            return [{name: _least(each) for name, each in field.fields.items()}]
        case _:
            return "..."


def _proof(evidence: Evidence | None, *, answered: bool) -> str:
    if evidence is None:
        return "done when its answer says so"
    or_answered = " or it is answered" if answered else ""
    return f"done when {_told(evidence)}{or_answered}"


def _told(evidence: Evidence) -> str:
    wanted = evidence.value
    value = f"what '{wanted['$']}' says" if isinstance(wanted, dict) else str(wanted)
    said = _HOW[evidence.how] + ("" if evidence.how == "changes" else f" {value}")
    return f"{evidence.reading} {said}"


def _checked(file: Path) -> int:
    try:
        is_of_package = file.resolve().parent == _OF_PACKAGE.resolve()
        taken = () if is_of_package else protocols.PROTOCOLS.shipped
        profile = read(text_of(file.read_bytes()), taken)
    except (ProfileError, OSError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        return 1
    for line in described(profile):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
