"""Is a node ready, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from ..deadlines import Due
from ..model.clock import Now
from ..model.policy import Settings
from ..model.reason import Reason, Why
from ..model.reports import Readings, Seen
from ..model.step import Gate

MOST_READINGS = 256
"""How much is remembered of what a node tells of itself."""
MOMENTS = (Due.SILENCE, Due.STALENESS, Due.READINESS, Due.SLEEP, Due.WORD)
"""What time alone brings to a node, in the order of `NodeStatus.moments`."""
_news = attrgetter(
    "online",
    "ready",
    "ready_since",
    "told",
    "drops_repeats",
    "last_id",
    "readings",
)
"""What a status says beside how old it is."""
_UPTIME_GRAIN = 1.0
"""Nodes tell whole seconds."""


class NodeStatus(NamedTuple):
    """What a node said, each field with its own age. Never stored.

    Each message makes a new one, and of a tuple that costs least.
    """

    node: str
    online: bool | None = None
    """What the node, or its will, said of itself."""
    heard: Now | None = None
    """When its last live message came."""
    ready: bool | None = None
    ready_heard: Now | None = None
    """When a live message last said whether it is ready."""
    ready_since: float = 0.0
    """Steady seconds since when it has been ready without a break, while it is."""
    uptime: float | None = None
    uptime_heard: float = 0.0
    """Steady seconds when `uptime` was heard."""
    began: float | None = None
    """Steady seconds until which it may have started anew, by its last word on that.

    What it got before that it may have forgotten, however it may be that no lower
    uptime was heard: after a start of ours the first one is lower than none.
    """
    awake_until: float | None = None
    """Steady seconds until when it is awake, if nothing more comes from it."""
    holds_until: float | None = None
    """Steady seconds until when its last word holds, though it is silent. None: its
    silence was not noticed yet."""
    told: int = 0
    """How many commands it got since it woke up."""
    drops_repeats: bool | None = None
    last_id: int | None = None
    readings: Readings = MappingProxyType({})

    def seen(self, report: Seen, now: Now, settings: Settings) -> NodeStatus:
        """Return the status after a message; a field that did not come stays.

        But for what the firmware can do: after a restart it may be another one.
        """
        fell = self._uptime_fell(report)
        drops_repeats, last_id = report.drops_repeats, report.last_id
        if drops_repeats is None and not fell:
            drops_repeats = self.drops_repeats
        if last_id is None and not fell:
            last_id = self.last_id
        uptime, uptime_heard, began = self._uptime_after(report, now)
        ready, ready_heard, ready_since = self._ready_after(report, now, settings)
        heard = self._heard_after(report, now)
        return NodeStatus(
            self.node,
            self._online_after(report),
            heard,
            ready,
            ready_heard,
            ready_since,
            uptime,
            uptime_heard,
            began,
            (
                now.steady + settings.awake_for
                if report.live and self.is_awake(now)
                else self.awake_until
            ),
            self.holds_until if heard is self.heard else None,
            self.told,
            drops_repeats,
            last_id,
            self._readings_after(report),
        )

    def assuming(self, readings: Readings) -> NodeStatus:
        """Return the status of a node of which something is so that it did not say."""
        return self._replace(readings=_bounded({**self.readings, **readings}))

    def hello(self, now: Now, settings: Settings) -> NodeStatus:
        """Return the status of a node that introduced itself.

        One that is awake already has only connected anew.
        """
        return self._replace(
            heard=now,
            holds_until=None,
            began=now.steady,
            online=None if self.online is False else self.online,
            awake_until=now.steady + settings.awake_for,
            told=self.told if self.is_awake(now) else 0,
        )

    def one_more_told(self) -> NodeStatus:
        """Return the status after one more command."""
        return self._replace(told=self.told + 1)

    def one_less_told(self) -> NodeStatus:
        """Return the status after a command that did not leave."""
        return self._replace(told=max(0, self.told - 1))

    def holding(self, until: float | None) -> NodeStatus:
        """Return the status of a node whose word holds until then, steady seconds."""
        return self._replace(holds_until=until)

    def holds(self, now: Now) -> bool:
        """Whether what the node said last is still so, as far as anybody can tell.

        It is until its silence was noticed, and of one that sleeps beyond that.
        """
        if self.online is False:
            return False
        if self.holds_until is None:
            return self.heard is not None
        return now.steady < self.holds_until

    def asleep(self) -> NodeStatus:
        """Return the status of a node that was sent to sleep."""
        return self._replace(awake_until=None)

    def is_awake(self, now: Now) -> bool:
        """Whether the node has just called in."""
        return self.awake_until is not None and now.steady < self.awake_until

    def asleep_reason(self, now: Now, settings: Settings) -> Reason | None:
        """Return why the node cannot be told anything now, as it sleeps at times."""
        if self.is_awake(now):
            enough = self.told >= settings.per_waking
            return Reason(Why.ENOUGH, self.node) if enough else None
        if self.heard is None:
            return Reason(Why.NEVER_AWAKE, self.node)
        return Reason(Why.ASLEEP, self.node, self.heard.wall)

    def at_work(self, now: Now) -> NodeStatus:
        """Return the status of a node that works, until it says that it is ready."""
        return self._replace(ready=False, ready_heard=now)

    def restarted(self, report: Seen, now: Now) -> bool:
        """Whether a message says that the node has started anew since the last one.

        It is then no older than the time since: a message that was overtaken by a later
        one has a lower uptime too.
        """
        since = now.steady - self.uptime_heard
        return (
            self._uptime_fell(report)
            and report.uptime is not None
            and report.uptime <= since + _UPTIME_GRAIN
        )

    def may_have_started_anew(self, now: Now) -> NodeStatus:
        """Return the status of a node that was gone, until it tells its uptime.

        Not each node says when it is back that it has begun anew.
        """
        return self._replace(began=now.steady)

    def disconnected(self, now: Now) -> NodeStatus:
        """Return what is left to be trusted when the connection is lost."""
        return self.may_have_started_anew(now)._replace(
            online=None,
            heard=None,
            ready=None,
            ready_heard=None,
            awake_until=None,
        )

    def is_online(self, now: Now, settings: Settings) -> bool:
        """Whether the node was heard lately and did not say goodbye."""
        return (
            self.online is not False
            and self.heard is not None
            and now.steady < self.heard.steady + settings.online_age
        )

    def offline_reason(self, now: Now, settings: Settings) -> Reason | None:
        """Return why the node does not count as online."""
        if self.is_online(now, settings):
            return None
        if self.heard is None and self.online is not False:
            return Reason(Why.NEVER_HEARD, self.node)
        since = None if self.heard is None else self.heard.wall
        return Reason(
            Why.OFFLINE if self.online is False else Why.SILENT, self.node, since
        )

    def unready_reason(self, now: Now, settings: Settings) -> Reason | None:
        """Return why the node does not count as ready: online, fresh and settled."""
        if offline := self.offline_reason(now, settings):
            return offline
        if self.ready_heard is None:
            return Reason(Why.NEVER_READY, self.node)
        if not self.ready:
            return Reason(Why.NOT_READY, self.node, self.ready_heard.wall)
        if not self._says_ready_lately(now, settings):
            return Reason(Why.STALE, self.node, self.ready_heard.wall)
        if now.steady < self.ready_since + settings.debounce:
            return Reason(Why.SETTLING, self.node)
        return None

    def moments(self, settings: Settings) -> tuple[float | None, ...]:
        """Return when time alone changes the readiness, as `MOMENTS` names it."""
        heard = None if self.heard is None else self.heard.steady + settings.online_age
        if not self.ready or self.ready_heard is None:
            return (heard, None, None, self.awake_until, self.holds_until)
        fresh = self.ready_heard.steady + settings.max_age
        settled = self.ready_since + settings.debounce
        return (heard, fresh, settled, self.awake_until, self.holds_until)

    def says_the_same(self, before: NodeStatus) -> bool:
        """Whether nothing but the time has changed since."""
        return _news(self) == _news(before)

    def _began_by(self, report: Seen, now: Now) -> float | None:
        """Return until when it may have started anew, with what it says of its uptime.

        Only what it says now, and counts from its start, tells that.
        """
        if report.uptime is None or not report.live or not report.counts_from_boot:
            return self.began
        return now.steady - report.uptime + _UPTIME_GRAIN

    def _online_after(self, report: Seen) -> bool | None:
        if report.online is None or (not report.live and self.heard is not None):
            # A retained message is no newer than what the node has said since.
            return self.online
        return report.online

    def _heard_after(self, report: Seen, now: Now) -> Now | None:
        if not report.live:
            return self.heard
        if report.age:
            now = Now(now.wall - report.age, now.steady - report.age)
        if self.heard is None or self.heard.steady < now.steady:
            return now
        return self.heard

    def _uptime_after(
        self, report: Seen, now: Now
    ) -> tuple[float | None, float, float | None]:
        if report.uptime is None:
            return self.uptime, self.uptime_heard, self.began
        return report.uptime, now.steady, self._began_by(report, now)

    def _ready_after(
        self, report: Seen, now: Now, settings: Settings
    ) -> tuple[bool | None, Now | None, float]:
        if not report.live or report.ready is None:
            return self.ready, self.ready_heard, self.ready_since
        unbroken = self.ready and self._says_ready_lately(now, settings)
        since = now.steady if report.ready and not unbroken else self.ready_since
        return report.ready, now, since

    def _readings_after(self, report: Seen) -> Readings:
        known, told, untold = self.readings, report.readings, report.untold
        if told.items() <= known.items() and known.keys().isdisjoint(untold):
            return known
        return _bounded(
            {
                name: value
                for name, value in {**known, **told}.items()
                if name not in untold
            }
        )

    def _uptime_fell(self, report: Seen) -> bool:
        return (
            report.live
            and report.counts_from_boot
            and report.uptime is not None
            and self.uptime is not None
            and report.uptime < self.uptime
        )

    def _says_ready_lately(self, now: Now, settings: Settings) -> bool:
        return (
            self.ready_heard is not None
            and now.steady < self.ready_heard.steady + settings.max_age
        )


def _bounded(readings: dict[str, str | float]) -> dict[str, str | float]:
    """Return the readings that came first; nodes may tell what they like."""
    if len(readings) <= MOST_READINGS:
        return readings
    return dict(islice(readings.items(), MOST_READINGS))


@dataclass(frozen=True, slots=True)
class Relayed:
    """When whoever relays to the nodes was last heard."""

    heard: Now | None = None

    def is_there(self, now: Now, settings: Settings) -> bool:
        """Whether it was heard lately; nobody is missed where nobody relays."""
        return settings.relay_age is None or (
            self.heard is not None
            and now.steady < self.heard.steady + settings.relay_age
        )

    def silent_reason(self, now: Now, settings: Settings) -> Reason | None:
        """Return why it does not count as there."""
        if self.is_there(now, settings):
            return None
        since = None if self.heard is None else self.heard.wall
        return Reason(Why.RELAY_SILENT, since=since)


def gate_reasons(
    gate: Gate,
    own: tuple[NodeStatus, ...],
    station: tuple[NodeStatus, ...],
    relay: Relayed,
    *,
    now: Now,
    settings: Settings,
) -> tuple[Reason, ...]:
    """Return what keeps a gate closed: for the command's own nodes, or all of them."""
    found: Iterable[Reason | None]
    match gate:
        case Gate.ALL_READY:
            found = [status.unready_reason(now, settings) for status in station]
        case Gate.READY:
            found = [status.unready_reason(now, settings) for status in own]
        case Gate.ONLINE:
            found = [status.offline_reason(now, settings) for status in own]
        case Gate.AWAKE:
            found = [status.asleep_reason(now, settings) for status in own]
        case Gate.RELAY:
            found = [relay.silent_reason(now, settings)]
    return tuple(reason for reason in found if reason is not None)


def gate_reason(
    gate: Gate, status: NodeStatus, relay: Relayed, *, now: Now, settings: Settings
) -> Reason | None:
    """Return what keeps a gate closed for one node, whatever the others do."""
    if gate is Gate.ALL_READY:
        gate = Gate.READY
    reasons = gate_reasons(gate, (status,), (), relay, now=now, settings=settings)
    return next(iter(reasons), None)
