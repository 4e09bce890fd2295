"""What a protocol says of what its nodes have nothing to do with."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

from ..engine.model.command import Command, DeliveryState
from ..engine.model.reports import Hello, Readings
from ..engine.model.step import Course, Step, Wanted, one_step
from .actuator import Actuator

if TYPE_CHECKING:
    from .base import Described, Instructing, NodeModel, Site
    from .messages import Message, Publication


def nothing_told(_node: str) -> Readings:
    """Know of nothing that a node told."""
    return {}


def no_mac(_node: str) -> str | None:
    """Know of no MAC address by which a node is called."""
    return None


def no_model(_fields: Mapping[str, Any]) -> NodeModel | None:
    """Know of no models that differ."""
    return None


def nothing_described(_message: Message) -> Described | None:
    """Know of nobody who describes nodes."""
    return None


def no_hindrances(_fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Know of nothing that keeps from us what a node says."""
    return ()


def no_clock(_message: Message) -> float | None:
    """Know of nothing that tells what the clock of a node shows."""
    return None


def no_secrets_told(_topic: str) -> bool:
    """Know of no topic on which a node tells secrets."""
    return False


def no_next_time(_cron: str, _wall: float) -> float | None:
    """Know of no time at which a cron expression is due."""
    return None


def nothing_usual(_hello: Hello) -> dict[str, Any]:
    """Know nothing of a node that a person did not say."""
    return {}


def nothing_unpacked(payload: bytes) -> Generator[None, None, bytes]:
    """Return what came as it is."""
    yield from ()
    return payload


def always_bound(_fields: Mapping[str, Any]) -> bool:
    """Return that a node needs no place."""
    return True


def nothing_learned(_site: Site, _command: Command, _node: str) -> Mapping[str, Any]:
    """Know no more of a node than before."""
    return {}


def no_instruction(_site: Site, _instructing: Instructing) -> tuple[Publication, ...]:
    """Say nothing beside commands."""
    return ()


def word_of_the_waking(_site: Site, _node: str, _wall: float) -> float:
    """Return that the word of a node holds no longer than it counts as online."""
    return 0.0


def no_time_answer(_site: Site, _wall: float) -> tuple[Publication, ...]:
    """Say nothing of the time."""
    return ()


def nothing_wanted(_site: Site, _node: str) -> tuple[Wanted, ...]:
    """Welcome a node with nothing."""
    return ()


def no_course(_site: Site, _command: Command, _node: str) -> Course:
    """Return that a command takes no time of its own."""
    return Course()


def nothing_assumed(
    _site: Site, _command: Command, _node: str, _state: DeliveryState
) -> Readings:
    """Return that an answer says no more than it says."""
    return {}


def all_understood(_site: Site, _node: str, _kind: str, _readings: Readings) -> bool:
    """Return that each node understands each kind of its protocol."""
    return True


def no_actuators(
    _fields: Mapping[str, Any], _readings: Readings
) -> tuple[Actuator, ...]:
    """Return that a node moves nothing that a person handles by itself."""
    return ()


def one_message(
    _site: Site, command: Command, node: str, readings: Readings
) -> tuple[Step, ...]:
    """Make an attempt of one message, whose answers bear the id of the command."""
    return one_step(command, node, readings)
