"""Our own arms: what happens to Home Assistant and to what is around it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from .archived import batched, purged, taken_over
from .broken import broken
from .deadly import ended
from .disk import Disk, Fault
from .disturbed import (
    Disturbance,
    broker_killed,
    clock_set,
    disk_failing,
    disturbed,
    network_cut,
    network_stalled,
)
from .doubled import doubled
from .plan import Deed
from .resent import resent
from .restored import restored
from .runs import Run
from .stand import NATIVE, PERSISTENT, Settings, Stand
from .unpowered import killed_and_unpowered, unpowered

OLD, NEW = "old", "new"
FIRMWARES = (OLD, NEW)
CLOCK_JUMP = 2 * 60 * 60.0
"""Seconds; a feed expires after one hour."""

MQTT_VERSIONS = {"5": "5", "311": "3.1.1"}
FORGETFUL = ("persistence false",)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an arm may work, and from what its stands begin."""

    folder: Path
    known: Path
    environment: Mapping[str, str]

    def stand(
        self, name: str, settings: Settings, *, beside: Stand | None = None
    ) -> Stand:
        """Return a stand in a folder of its own."""
        return Stand(
            self.folder / name,
            self.known,
            settings,
            environment=self.environment,
            beside=beside,
        )


type Runs = Callable[[str, Place, Settings], AsyncIterator[Run]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm: what happens, and to which stands."""

    name: str
    title: str
    runs: Runs
    settings: tuple[Settings, ...] = field(
        default=tuple(Settings(firmware=firmware) for firmware in FIRMWARES)
    )
    """One for each time that all points are gone through."""
    restarts: bool = False
    """Whether each run starts Home Assistant, which takes a processor some seconds."""
    apart: bool = False
    """Whether nothing can tell Home Assistant what it does not know there."""
    control: bool = False
    """Whether it shows what would be if the integration did it otherwise."""

    @property
    def counted(self) -> bool:
        """Whether anything wrong there is a promise broken."""
        return not (self.apart or self.control)

    @property
    def proves(self) -> bool:
        """Whether its nodes know what they did, so that nobody need be asked."""
        return all(settings.proves for settings in self.settings)

    @property
    def resends(self) -> bool:
        """Whether it looks for what the MQTT client sends behind our back."""
        return self.runs is _resent


def _ended(deed: Deed) -> Runs:
    async def runs(arm: str, place: Place, settings: Settings) -> AsyncIterator[Run]:
        async with place.stand("stand", settings) as stand:
            async for run in ended(arm, stand, deed):
                yield run

    return runs


def _disturbed(disturbance: Callable[[Stand], Disturbance]) -> Runs:
    async def runs(arm: str, place: Place, settings: Settings) -> AsyncIterator[Run]:
        async with place.stand("stand", settings) as stand:
            async for run in disturbed(arm, stand, disturbance(stand)):
                yield run

    return runs


def _disk_failing(fault: Fault) -> Runs:
    async def runs(arm: str, place: Place, settings: Settings) -> AsyncIterator[Run]:
        stand = place.stand("stand", settings)
        disk = Disk(stand.stored.folder, stand.folder, fault)
        async with disk, stand:
            async for run in disturbed(arm, stand, disk_failing(stand, disk)):
                yield run

    return runs


async def _resent(arm: str, place: Place, settings: Settings) -> AsyncIterator[Run]:
    async with place.stand("stand", settings) as stand:
        async for run in resent(arm, stand):
            yield run


async def _restored(arm: str, place: Place, settings: Settings) -> AsyncIterator[Run]:
    async with place.stand("stand", settings) as stand:
        async for run in restored(arm, stand):
            yield run


def _alone(happens: Callable[[str, Stand], AsyncIterator[Run]]) -> Runs:
    async def runs(arm: str, place: Place, settings: Settings) -> AsyncIterator[Run]:
        async with place.stand("stand", settings) as stand:
            async for run in happens(arm, stand):
                yield run

    return runs


async def _doubled(arm: str, place: Place, settings: Settings) -> AsyncIterator[Run]:
    first = place.stand("first", settings)
    second = place.stand("second", settings, beside=first)
    async with first, second:
        async for run in doubled(arm, first, second):
            yield run


def _all(**settings: object) -> tuple[Settings, ...]:
    return tuple(
        Settings(firmware=firmware, **settings)  # type: ignore[arg-type]
        for firmware in FIRMWARES
    )


ARMS = (
    Arm(
        name="kill",
        title="SIGKILL to Home Assistant",
        runs=_ended(Deed.KILL),
        restarts=True,
    ),
    Arm(
        name="term",
        title="SIGTERM to Home Assistant",
        runs=_ended(Deed.TERMINATE),
        restarts=True,
    ),
    Arm(
        name="broker",
        title="mosquitto killed and started again, with persistence",
        runs=_disturbed(broker_killed),
        settings=_all(broker_configuration=PERSISTENT),
    ),
    Arm(
        name="forgetful-broker",
        title="mosquitto killed and started again, without persistence",
        runs=_disturbed(broker_killed),
        settings=_all(broker_configuration=FORGETFUL),
    ),
    Arm(
        name="cut",
        title="The network to the broker cut and healed, MQTT 5",
        runs=_disturbed(network_cut),
        settings=_all(through_proxy=True),
    ),
    Arm(
        name="cut-311",
        title="The network to the broker cut and healed, MQTT 3.1.1",
        runs=_disturbed(network_cut),
        settings=_all(through_proxy=True, mqtt="3.1.1"),
    ),
    *(
        Arm(
            name=f"resend-{name}",
            title=f"The network cut between check and publish, MQTT {version}",
            runs=_resent,
            settings=(Settings(firmware=OLD, through_proxy=True, mqtt=version),),
        )
        for name, version in MQTT_VERSIONS.items()
    ),
    *(
        Arm(
            name=f"resend-{name}-qos-1",
            title=f"The same with QoS 1 forced, MQTT {version}",
            runs=_resent,
            settings=(Settings(firmware=OLD, through_proxy=True, mqtt=version, qos=1),),
            control=True,
        )
        for name, version in MQTT_VERSIONS.items()
    ),
    Arm(
        name="stall",
        title="The network to the broker stalled; what it held arrives after all"
        " limits",
        runs=_disturbed(network_stalled),
        settings=_all(through_proxy=True),
    ),
    Arm(
        name="disk-full",
        title="The disk full at each write",
        runs=_disk_failing("full"),
    ),
    Arm(
        name="disk-read-only",
        title="The disk read-only at each write",
        runs=_disk_failing("read-only"),
    ),
    Arm(
        name="clock-forward",
        title="The clock set forward by 2 hours",
        runs=_disturbed(lambda _: clock_set(CLOCK_JUMP)),
    ),
    Arm(
        name="clock-back",
        title="The clock set back by 2 hours",
        runs=_disturbed(lambda _: clock_set(-CLOCK_JUMP)),
    ),
    *(
        Arm(
            name=name,
            title=title,
            runs=_alone(happens),
            # What is withdrawn before it was sent is the same to all nodes.
            settings=(Settings(firmware=NEW),),
            restarts=True,
        )
        for name, title, happens in (
            (
                "history-kill",
                "SIGKILL while commands that ended together go to the history",
                batched,
            ),
            ("history-purge", "SIGKILL in a purge of the history", purged),
            (
                "history-migration",
                "SIGKILL at the start that takes over an older history file",
                taken_over,
            ),
            (
                "history-broken",
                "The history damaged, gone, or of a newer version",
                broken,
            ),
        )
    ),
    Arm(
        name="native-kill",
        title="SIGKILL to Home Assistant",
        runs=_ended(Deed.KILL),
        settings=(Settings(firmware=NATIVE),),
        restarts=True,
    ),
    Arm(
        name="native-power",
        title="The power of nodes cut in each write of their flash",
        runs=_alone(unpowered),
        settings=(Settings(firmware=NATIVE),),
    ),
    Arm(
        name="native-both",
        title="SIGKILL to Home Assistant in a feed in which the power of nodes is cut",
        runs=_alone(partial(killed_and_unpowered, every=4)),
        settings=(Settings(firmware=NATIVE),),
        restarts=True,
    ),
    Arm(
        name="backup",
        title="A backup of 10 minutes ago put back",
        runs=_restored,
        settings=(Settings(firmware=NEW),),
        restarts=True,
    ),
    Arm(
        name="blind-backup",
        title="A backup of 10 minutes ago put back; nodes tell no last_id",
        runs=_restored,
        settings=(Settings(firmware=OLD),),
        restarts=True,
        apart=True,
    ),
    Arm(
        name="two",
        title="Two Home Assistants with the same nodes and the same next id",
        runs=_doubled,
        apart=True,
    ),
)
