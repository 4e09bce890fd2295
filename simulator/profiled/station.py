"""Stations by a profile, for the command line, the simulation and tests.

`station` makes the clients of a station; `simulated_of` is what the command line plays.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from custom_components.mqtt_dispatch import protocols
from custom_components.mqtt_dispatch.protocols.profiled.reading.located import (
    ProfileError,
)
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from simulator import arguments
from simulator.profiled.faults import faults_of
from simulator.profiled.player import BRIDGE, Player
from simulator.profiled.settings import Settings
from simulator.simulated import Simulated

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Sequence

    from custom_components.mqtt_dispatch.protocols.profiled.profile import Profile
    from simulator.node import Node
    from simulator.simulated import Memories

SHIPPED = Path(str(protocols.__file__)).parent / "profiles"
"""The profiles of the package."""


def profile_in(path: Path) -> Profile:
    """Return the profile in a file.

    Raises OSError where it cannot be read, ValueError where it is no profile.
    """
    try:
        return read(path.read_text(encoding="utf-8"))
    except ProfileError as error:
        raise ValueError(f"{path}: {error}") from None


def shipped() -> Iterator[Profile]:
    """Yield the profiles of the package, by their names."""
    for path in sorted(SHIPPED.glob("*.json")):
        yield profile_in(path)


def station(settings: Settings, memories: Memories, now: float) -> list[Player]:
    """Return the clients that play a station: its nodes are those of `models`.

    `now` is unix seconds. Who relays is one client, `BRIDGE`, for all of them;
    otherwise each node is one.
    """
    nodes = tuple(settings.models)
    shares = {BRIDGE: nodes} if settings.relayed else {node: (node,) for node in nodes}
    return [
        Player(name, share, settings, memory=memories.get(name), now=now)
        for name, share in shares.items()
    ]


def simulated_of(profile: Profile) -> Simulated:
    """Return what the command line plays: by default one node of each model."""

    def play(
        names: Sequence[str], given: Namespace, memories: Memories, now: float
    ) -> list[Node]:
        return [*station(_settings_from(profile, names, given), memories, now)]

    def add_options(parser: ArgumentParser) -> None:
        _add_options(parser, profile)

    return Simulated(
        key=profile.key,
        default_prefix=profile.prefix,
        default_nodes=tuple(profile.models),
        faults=faults_of(profile),
        add_options=add_options,
        station=play,
    )


def _settings_from(
    profile: Profile, names: Sequence[str], given: Namespace
) -> Settings:
    models = given.models
    return Settings(
        profile=profile,
        prefix=given.prefix,
        models={
            name: models[number % len(models)] for number, name in enumerate(names)
        },
        reach_seconds=given.reach_seconds,
        work_seconds=given.work_seconds,
        interval_scale=given.interval_scale,
        duration_scale=given.duration_scale,
        new=given.new,
    )


def _add_options(parser: ArgumentParser, profile: Profile) -> None:
    add = parser.add_argument
    add(
        "--models",
        type=arguments.one_of(tuple(profile.models)),
        default=tuple(profile.models),
        metavar="MODEL,..",
        help="which model of the profile each node is, in turn: "
        f"{', '.join(profile.models)}",
    )
    add(
        "--reach-seconds",
        type=arguments.seconds,
        default=0.1,
        metavar="S",
        help="how long a message is on its way to a node (0.1)",
    )
    add(
        "--work-seconds",
        type=arguments.seconds,
        default=2.0,
        metavar="S",
        help="how long work takes whose length no param says (2)",
    )
    add(
        "--interval-scale",
        type=arguments.scale,
        default=1.0,
        metavar="X",
        help="multiplies how often nodes say how they are (300 s)",
    )
    add(
        "--duration-scale",
        type=arguments.scale,
        default=1.0,
        metavar="X",
        help="multiplies how long what goes on by itself goes on",
    )
    add(
        "--new",
        action="store_true",
        help="nodes tell each reading for the first time when it changes",
    )
