"""What proves commands whose answers bear no id: what nodes tell since they were told.

What is remembered of a command is what its node had told when its message left, and
what grew since. It is in memory alone: after a restart of ours, what was under way is
proven by nothing but an id, and is unconfirmed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Final, override

from ...engine.model.clock import Now
from ...engine.model.command import Command, Delivery, DeliveryState
from ...engine.model.effects import Effect
from ...engine.model.reports import (
    Accepted,
    Answer,
    Done,
    Failed,
    Heard,
    Hello,
    Rejected,
    Seen,
)
from ...engine.model.session import Host, Session
from .profile import Evidence, ModelKind, ModelReading, Profile
from .reports import Refused, Restarted, Told
from .wording import written

ENDED_EARLY: Final = "ended_early"
"""The reason of a failure: it was over before its time."""
FAULT: Final = "fault"
"""The reason of a failure: the node tells of one."""

type _Values = Mapping[str, str | float]
type _Part = tuple[int, str]


@dataclass(slots=True)
class _Watch:
    """What is remembered of a message since it left."""

    message: tuple[int, int]
    """The attempt and the step."""
    since: float
    """When the first message after it came; steady seconds."""
    grown: dict[str, float] = field(default_factory=dict)
    """What was told since, and by how much it grew."""
    known: dict[str, set[str | float]] = field(default_factory=dict)
    """All that was told of each reading by then and since."""
    begun_anew: set[str] = field(default_factory=set)
    """What counts from the beginning since, as far as can be told."""
    settles_at: dict[str, float] = field(default_factory=dict)

    def take(
        self,
        name: str,
        reading: ModelReading,
        before: str | float | None,
        value: str | float,
    ) -> None:
        """Take in what was told, and by how much it grew; 0 where nobody knows."""
        known = self.known.setdefault(name, set())
        known.update(each for each in (before, value) if each is not None)
        growth = 0.0
        if isinstance(before, int | float) and isinstance(value, int | float):
            if value >= before:
                growth = value - before
            elif reading.resets:
                growth = value
                self.begun_anew.add(name)
        self.grown[name] = self.grown.get(name, 0.0) + growth

    def was_other(self, name: str, value: str | float | None) -> bool:
        """Whether something else was told before what is told now."""
        return bool(self.known[name] - {value})

    def grew_by(self, name: str, wanted: float) -> bool:
        """Whether it grew by so much, or more.

        Of what seems to have begun anew it must be just as much: what is told may be
        an older number.
        """
        if name in self.begun_anew:
            return self.grown[name] == wanted
        return self.grown[name] >= wanted


class ProfileSession(Session):
    """Credits what nodes tell to the one command that it can speak of."""

    def __init__(self, profile: Profile, host: Host) -> None:
        """Begin with nothing told."""
        self._profile = profile
        self._host = host
        self._told: dict[str, dict[str, str | float]] = {}
        self._models: dict[str, str] = {}
        self._watches: dict[_Part, _Watch] = {}
        self._may_be_old: set[str] = set()
        """The nodes whose next word who relays may have kept from earlier."""

    @override
    def take(self, report: Heard, now: Now) -> list[Effect | Seen | Hello]:
        """See `Session`."""
        match report:
            case Told(live=True):
                self._take_told(report, now)
            case Refused():
                self._take_refusal(report, now)
            case Restarted():
                self._told.clear()
                self._watches.clear()
                self._may_be_old.update(self._host.station.nodes)
        return []

    @override
    def due(self, what: Hashable, now: Now) -> list[Effect]:
        """See `Session`."""
        if isinstance(what, str):
            self._weigh(what, now)
        return []

    def _take_told(self, report: Told, now: Now) -> None:
        node = report.node
        if node not in self._host.station.nodes:
            return
        self._models[node] = report.model
        before = self._told.get(node, {})
        if node in self._may_be_old:
            self._may_be_old.discard(node)
            self._told[node] = {**before, **report.readings}
            return
        model = self._profile.models[report.model]
        shown = self._that_may_be_shown(node)
        self._forget_all_but(node, {command.id for command, _ in shown})
        for command, delivery in shown:
            watch = self._watch(command, delivery, now)
            for name, value in report.readings.items():
                watch.take(name, model.readings[name], before.get(name), value)
        self._told[node] = {**before, **report.readings}
        self._weigh(node, now)

    def _that_may_be_shown(self, node: str) -> list[tuple[Command, Delivery]]:
        """Return what a node may speak of: what is in flight, or else the one doubt."""
        found = [
            (command, delivery)
            for command in self._host.open_at(node)
            if (delivery := command.delivery(node)) is not None
            and (delivery.state.in_flight or delivery.state is DeliveryState.UNKNOWN)
            and self._host.has_left(command, delivery)
        ]
        in_flight = [each for each in found if each[1].state.in_flight]
        if in_flight:
            return in_flight
        return found if len(found) == 1 else []

    def _watch(self, command: Command, delivery: Delivery, now: Now) -> _Watch:
        part = (command.id, delivery.node)
        message = (delivery.attempts, delivery.step)
        watch = self._watches.get(part)
        if watch is None or watch.message != message:
            watch = self._watches[part] = _Watch(message, now.steady)
        return watch

    def _forget_all_but(self, node: str, command_ids: set[int]) -> None:
        for part in [*self._watches]:
            if part[1] == node and part[0] not in command_ids:
                del self._watches[part]

    def _weigh(self, node: str, now: Now) -> None:
        """Credit what is proven by now; of two of a kind nobody knows which it was."""
        shown = self._that_may_be_shown(node)
        kinds = Counter(command.kind for command, _ in shown)
        for command, delivery in shown:
            kind = self._kind(command, node)
            watch = self._watches.get((command.id, node))
            if kind is None or watch is None or kinds[command.kind] > 1:
                continue
            answer = self._answer(command, delivery, kind, watch, now)
            if answer is None:
                continue
            self._host.credit(answer, now)
            if isinstance(answer, Accepted) and delivery.step + 1 < delivery.steps:
                # It was a setting, which is done once it is taken.
                done = Done(node, command.id, delivery.step)
                self._host.credit(done, now)

    def _answer(
        self,
        command: Command,
        delivery: Delivery,
        kind: ModelKind,
        watch: _Watch,
        now: Now,
    ) -> Answer | None:
        """Return what a node says thereby of a command; None: nothing."""
        node, step = delivery.node, delivery.step
        if step >= len(kind.steps):
            return None
        is_last = step + 1 == len(kind.steps)

        def shows(evidence: Evidence | None) -> bool:
            return evidence is not None and self._is_shown(
                evidence, command, node, watch, now
            )

        if is_last and shows(kind.failed_when):
            return Failed(node, command.id, FAULT, step)
        if is_last and shows(kind.done_when):
            if self._is_early(command, kind, watch, now):
                return Failed(node, command.id, ENDED_EARLY, step)
            return Done(node, command.id, step)
        taken_when = kind.steps[step].taken_when
        if delivery.state is DeliveryState.SENT and shows(taken_when):
            return Accepted(node, command.id, step)
        return None

    def _is_early(
        self, command: Command, kind: ModelKind, watch: _Watch, now: Now
    ) -> bool:
        """Whether what lasts cannot be over by itself yet, by either clock."""
        if kind.lasts is None:
            return False
        sent_at = [
            entry.at for entry in command.timeline if entry.state == DeliveryState.SENT
        ]
        least = float(command.params[kind.lasts]) - kind.tolerance
        return now.steady - watch.since < least and now.wall - sent_at[-1] < least

    def _is_shown(
        self,
        evidence: Evidence,
        command: Command,
        node: str,
        watch: _Watch,
        now: Now,
    ) -> bool:
        told = self._told.get(node, {})
        if not _holds(evidence, command, told, watch):
            watch.settles_at.pop(evidence.reading, None)
            return False
        if not evidence.settles:
            return True
        settled = watch.settles_at.setdefault(
            evidence.reading, now.steady + evidence.settles
        )
        if now.steady >= settled:
            return True
        self._host.wait(node, settled)
        return False

    def _take_refusal(self, refusal: Refused, now: Now) -> None:
        """Credit a refusal to the one message that it can speak of."""
        node = refusal.node
        spoken_of = [
            (command, delivery)
            for command, delivery in self._that_may_be_shown(node)
            if delivery.state is DeliveryState.SENT
            and self._names(command, delivery, refusal.key)
        ]
        if len(spoken_of) == 1:
            ((command, delivery),) = spoken_of
            answer = Rejected(node, command.id, refusal.reason, delivery.step)
            self._host.credit(answer, now)

    def _names(self, command: Command, delivery: Delivery, key: str) -> bool:
        kind = self._kind(command, delivery.node)
        if kind is None or delivery.step >= len(kind.steps):
            return False
        return not key or key in kind.steps[delivery.step].keys

    def _kind(self, command: Command, node: str) -> ModelKind | None:
        model = self._models.get(node)
        return (
            None if model is None else self._profile.models[model].kind_of(command.kind)
        )


def _holds(evidence: Evidence, command: Command, told: _Values, watch: _Watch) -> bool:
    """Whether what a node told since a message left is this evidence of it."""
    name = evidence.reading
    if name not in watch.grown or any(
        told.get(other) != value for other, value in evidence.beside.items()
    ):
        return False
    value = told.get(name)
    wanted = written(evidence.value, command.params)
    match evidence.how:
        case "is":
            return bool(value == wanted)
        case "becomes":
            return bool(value == wanted) and watch.was_other(name, wanted)
        case "changes":
            return watch.was_other(name, value)
        case "grows_by":
            return watch.grew_by(name, wanted)
