"""What a config entry says of its station."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Concatenate, Final

from cronsim import CronSim, CronSimError
from homeassistant.const import CONF_PROTOCOL
from homeassistant.util import dt as dt_util

from .const import (
    CONF_FIELDS,
    CONF_FLOWS,
    CONF_KNOWN,
    CONF_NODE,
    CONF_PREFIX,
    FOR_ALL_STATIONS,
    OPT_FEED_EXPIRES_IN,
    OPT_FOOD,
    OPT_PORTION_GRAMS,
    SUBENTRY_NODE,
)
from .engine.model.command import CommandClass
from .engine.model.meal import Meal, Place, Sun
from .engine.model.policy import (
    BY_CLASS,
    FEED,
    PlanKeeper,
    Policy,
    Settings,
    Station,
)
from .engine.model.step import Run, Wanted
from .engine.model.water import Metered
from .log import LOGGER
from .protocols import PROTOCOLS
from .protocols.base import Protocol, Site
from .protocols.params import InvalidCommand
from .protocols.water import metered

if TYPE_CHECKING:
    from .coordinator import DispatchConfigEntry

_POLICY_NUMBERS = {field.name for field in fields(Policy)}
_SETTINGS_NUMBERS = {field.name for field in fields(Settings)}


@dataclass(frozen=True, slots=True)
class Portion:
    """What a portion is, as far as the owner of a station says it."""

    grams: float | None = None
    food: str = ""

    def weigh(self, portions: float) -> float | None:
        """Return what so many weigh, in grams to a tenth; None: he does not say."""
        if self.grams is None:
            return None
        grams = round(self.grams * portions, 1)
        return int(grams) if grams == int(grams) else grams


UNWEIGHED: Final = Portion()
"""A portion of which nobody says what it weighs."""


def portion_of(entry: DispatchConfigEntry) -> Portion:
    """Return what a portion of a station is."""
    options = entry.options
    return Portion(options.get(OPT_PORTION_GRAMS), options.get(OPT_FOOD, ""))


def protocol_of(entry: DispatchConfigEntry) -> Protocol:
    """Return the wire language of a station's nodes.

    It is known while the station is loaded; see `is_known`.
    """
    return PROTOCOLS[entry.data[CONF_PROTOCOL]]


def is_known(entry: DispatchConfigEntry) -> bool:
    """Whether the wire language of a station's nodes is there."""
    return entry.data[CONF_PROTOCOL] in PROTOCOLS


def speaks(entry: DispatchConfigEntry, protocol: Protocol) -> bool:
    """Whether the nodes of a station speak this wire language."""
    return bool(entry.data[CONF_PROTOCOL] == protocol.key)


def prefix_of(entry: DispatchConfigEntry) -> str:
    """Return the topic prefix of a station."""
    prefix: str = entry.data[CONF_PREFIX]
    return prefix


def nodes_of(entry: DispatchConfigEntry) -> dict[str, str]:
    """Return the subentry ids of a station's nodes, in the order of the station."""
    return {
        subentry.data[CONF_NODE]: subentry.subentry_id
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SUBENTRY_NODE
    }


def configuration_of(entry: DispatchConfigEntry) -> tuple[object, ...]:
    """Return all of an entry that a station is set up from.

    What it learned of its nodes while it ran it knows already.
    """
    return (
        entry.title,
        entry.data,
        {
            option: chosen
            for option, chosen in entry.options.items()
            if option not in FOR_ALL_STATIONS
        },
        tuple(
            (
                subentry_id,
                subentry.title,
                subentry.data[CONF_NODE],
                subentry.data.get(CONF_FIELDS),
                subentry.data.get(CONF_FLOWS),
            )
            for subentry_id, subentry in entry.subentries.items()
        ),
    )


def flows_of(entry: DispatchConfigEntry) -> dict[str, Mapping[str, float]]:
    """Return how fast water runs at nodes, as far as their owner says it.

    In litres per minute, by node and by the label of a valve or pump.
    """
    return {
        subentry.data[CONF_NODE]: subentry.data[CONF_FLOWS]
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SUBENTRY_NODE and CONF_FLOWS in subentry.data
    }


def site_of(entry: DispatchConfigEntry) -> Site:
    """Return what the protocol must know of a station, as it is now."""
    return Site(
        prefix=prefix_of(entry),
        nodes={
            subentry.data[CONF_NODE]: {
                **subentry.data.get(CONF_FIELDS, {}),
                **subentry.data.get(CONF_KNOWN, {}),
            }
            for subentry in entry.subentries.values()
            if subentry.subentry_type == SUBENTRY_NODE
        },
        zone=dt_util.get_default_time_zone(),
        next_time=next_time,
    )


def next_time(cron: str, wall: float) -> float | None:
    """Return when a cron expression is next due in the owner's time, in unix seconds.

    None if it never is, or is no cron expression.
    """
    return next_time_in(dt_util.get_default_time_zone(), cron, wall)


def next_time_in(zone: tzinfo, cron: str, wall: float) -> float | None:
    """Return what `next_time` does in a given time zone."""
    after = datetime.fromtimestamp(wall, zone)
    try:
        # Where clocks are set back, it names times of the hour that is over, too.
        moments = (due.timestamp() for due in CronSim(cron, after))
        return next((moment for moment in moments if moment > wall), None)
    except CronSimError:
        return None


def station_of(
    entry: DispatchConfigEntry, sun: Callable[[Sun, date], float | None]
) -> Station:
    """Return what the engine must know of a station. `sun`: see `Place.sun`."""
    return assembled(
        protocol_of(entry),
        lambda: site_of(entry),
        entry.options,
        Place(dt_util.get_default_time_zone(), sun),
        entry.title,
        flows=flows_of(entry),
    )


def _at[**P, R](
    site: Callable[[], Site], asked: Callable[Concatenate[Site, P], R]
) -> Callable[P, R]:
    """Return what is asked of a protocol, with the site as it is by then."""

    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        return asked(site(), *args, **kwargs)

    return ask


def assembled(
    protocol: Protocol,
    site: Callable[[], Site],
    options: Mapping[str, Any],
    place: Place,
    title: str,
    *,
    flows: Mapping[str, Mapping[str, float]] = MappingProxyType({}),
) -> Station:
    """Return the station that a protocol and its owner's options make.

    `site` is asked anew each time, for what is known of nodes changes. For `flows` see
    `flows_of`.
    """
    planning = protocol.planning

    def wanted(lines: tuple[Meal, ...], wall: float) -> tuple[Wanted, ...]:
        if planning is None:
            return ()
        try:
            found = planning.wanted(site(), lines, wall)
        except InvalidCommand as invalid:
            # It was checked when it was put: since then the nodes have changed.
            LOGGER.warning("%s: the plan cannot be sent: %s", title, invalid.code)
            return ()
        return tuple(map(protocol.with_key, found))

    def runs(
        kind: str, params: Mapping[str, Any], start: float, end: float
    ) -> Iterable[Run]:
        if planning is None:
            return ()
        return planning.runs(site(), kind, params, start, end)

    def welcome(node: str) -> tuple[Wanted, ...]:
        return tuple(map(protocol.with_key, protocol.welcome(site(), node)))

    return Station(
        nodes=tuple(site().nodes),
        policies={kind: _policy(kind, protocol, options) for kind in protocol.kinds},
        settings=Settings(
            **{**protocol.settings, **_among(_SETTINGS_NUMBERS, options)}
        ),
        zone=place.zone,
        sun=place.sun,
        plan_keeper=_plan_keeper(protocol),
        plan_cycle=7 if planning is None else planning.cycle,
        plan_lasts=None if planning is None else planning.lasts,
        planned_kind=protocol.planned_kind,
        steps=_at(site, protocol.steps),
        key_of=lambda kind, params: protocol.key_of(kind, params) or "",
        session=protocol.session,
        wanted=wanted,
        runs=runs,
        welcome=welcome,
        course=_at(site, protocol.course),
        assumed=_at(site, protocol.assumed),
        metered=_metering(protocol, site, flows),
        word_holds=_at(site, protocol.word_holds),
    )


def _metering(
    protocol: Protocol,
    site: Callable[[], Site],
    flows: Mapping[str, Mapping[str, float]],
) -> Callable[[str], tuple[Metered, ...]]:
    def metered_at(node: str) -> tuple[Metered, ...]:
        if node not in flows:
            return ()
        fields = site().nodes.get(node, {})
        return metered(protocol.actuators(fields, {}), flows[node])

    return metered_at


def _plan_keeper(protocol: Protocol) -> PlanKeeper:
    if protocol.planning is None:
        return PlanKeeper.HOME
    return PlanKeeper.NODES_THAT_TELL if protocol.planning.told else PlanKeeper.NODES


def is_common(policy: Policy, name: str) -> bool:
    """Whether a number is the one of most kinds, which an owner may change.

    One of its own has a reason that holds for him too: a valve sleeps for half an hour,
    and what must be done is never given up.
    """
    number: object = getattr(policy, name)
    common: object = getattr(BY_CLASS[CommandClass.ONCE], name)
    return number == common


def _policy(kind: str, protocol: Protocol, options: Mapping[str, Any]) -> Policy:
    policy = protocol.kinds[kind].policy
    common = _among(_POLICY_NUMBERS, options)
    policy = replace(
        policy, **{name: common[name] for name in common if is_common(policy, name)}
    )
    if kind == FEED and OPT_FEED_EXPIRES_IN in options:
        return replace(policy, expires_in=options[OPT_FEED_EXPIRES_IN])
    return policy


def _among(names: set[str], options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name in names}
