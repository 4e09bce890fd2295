"""The faults that can be ordered of nodes by a profile: those that it can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custom_components.mqtt_dispatch.engine.model.command import CommandClass
from simulator.faults import Fault
from simulator.profiled.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custom_components.mqtt_dispatch.protocols.profiled.orders import ModelKind
    from custom_components.mqtt_dispatch.protocols.profiled.profile import Profile

_MESSAGE_FAULTS = ("drop", "delay", "double")
_DELAY = {"delay": True}


def faults_of(profile: Profile) -> dict[str, Fault]:
    """Return the faults that nodes of a profile can be ordered to have, by name."""
    kinds = [told for model in profile.models.values() for told in model.kinds.values()]
    relayed = Settings(profile, profile.prefix, {}).relayed
    return {
        **_of_messages(profile, kinds),
        **(_of_who_relays(profile) if relayed else _of_power()),
        **_traps(profile, kinds),
    }


def _of_messages(profile: Profile, kinds: list[ModelKind]) -> dict[str, Fault]:
    found = {
        "taken": Fault(
            "what shows that the node took a command is dropped, told SECONDS late, or"
            " told twice",
            _MESSAGE_FAULTS,
            timed=_DELAY,
        ),
        "done": Fault(
            "the same for what shows that it is done, or over",
            _MESSAGE_FAULTS,
            timed=_DELAY,
        ),
    }
    if any(len(told.steps) > 1 for told in kinds):
        found["setting"] = Fault(
            "the same for what shows that a setting is taken, on which the command"
            " then waits",
            _MESSAGE_FAULTS,
            timed=_DELAY,
        )
    found |= {
        "silent": Fault(
            "the node tells nothing of a command: it ignores it (idle), or carries it"
            " out (works)",
            ("idle", "works"),
        ),
    }
    if ways := [*_refusals(profile)]:
        found["refuse"] = Fault(
            "the command is refused: with the answer that bears its id (answer), or in"
            " the words of the first refusal of the profile (1), or the next ones",
            tuple(ways),
        )
    if any(told.failed_when is not None for told in kinds):
        found["fail"] = Fault(
            "it fails at its work, and tells so until somebody puts it in order, which"
            " clearing this does",
            ("told",),
        )
    found["press"] = Fault(
        "somebody presses its button, which does what it does once",
        ("now",),
        at_once=("now",),
    )
    return found


def _refusals(profile: Profile) -> Iterator[str]:
    if profile.answers is not None and profile.answers.refused is not None:
        yield "answer"
    for number, _ in enumerate(profile.refusals, 1):
        yield str(number)


def _of_power() -> dict[str, Fault]:
    return {
        "die": Fault(
            "loses power: now, when it took a command (taken), or after its work and"
            " before it tells (done); back after SECONDS, else never. What was open"
            " begins its time anew then",
            ("now", "taken", "done"),
            timed={"now": False, "taken": False, "done": False},
            at_once=("now",),
        )
    }


def _of_who_relays(profile: Profile) -> dict[str, Fault]:
    found = {
        "restart": Fault(
            "who relays goes, and is back after SECONDS (1) with what it had last kept:"
            " the nodes go on, and what they tell meanwhile is lost",
            ("now",),
            timed={"now": False},
            at_once=("now",),
        ),
        "keep": Fault(
            "who relays keeps the command for a sleeper, who gets it SECONDS later,"
            " once (later) or twice",
            ("later", "twice"),
            timed={"later": True, "twice": True},
        ),
    }
    if profile.relayed:
        found["echo"] = Fault(
            "who relays says what was asked though the node never got it (alone), says"
            " it SECONDS after the node did (late), or does not say it (none)",
            ("alone", "late", "none"),
            timed={"late": True},
        )
    return found


def _traps(profile: Profile, kinds: list[ModelKind]) -> dict[str, Fault]:
    found = {
        "state": Fault(
            "all that the node tells of itself comes SECONDS late, and what was so"
            " before is told again meanwhile (late), or it tells what was so before for"
            " ever (frozen)",
            ("late", "frozen"),
            timed={"late": True},
        ),
        "gone": Fault(
            "the node is out of reach for SECONDS, or until it is cleared: nobody says"
            " so (silent), or its sign does (said)",
            ("silent", "said"),
            timed={"silent": False, "said": False},
            at_once=("silent", "said"),
        ),
        "retained": Fault(
            "somebody keeps the last command at the broker: it is carried out now and"
            " at each new connection",
            ("kept",),
            at_once=("kept",),
        ),
    }
    if any(
        reading.resets
        for model in profile.models.values()
        for reading in model.readings.values()
    ):
        found["counter"] = Fault(
            "what begins anew each day does so now, or while it works",
            ("now", "working"),
            at_once=("now",),
        )
    if any(told.lasts for told in kinds):
        found["unit"] = Fault(
            "it takes the number that says how long for one of another unit: it is"
            " sixty times too long (minutes), or too short (seconds)",
            ("minutes", "seconds"),
        )
        found["close"] = Fault(
            "what goes on by itself ends SECONDS late, ends after SECONDS (early),"
            " never ends, ends and does not tell (unsaid), or tells that it ended and"
            " goes on (only_said)",
            ("late", "early", "never", "unsaid", "only_said"),
            timed={"late": True, "early": True},
        )
    return found


def is_once(profile: Profile, kind: str) -> bool:
    """Whether it is something that happens once, and takes its time."""
    return profile.kinds[kind].policy.command_class is CommandClass.ONCE
