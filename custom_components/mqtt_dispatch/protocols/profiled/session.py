"""What proves commands whose answers bear no id: what nodes tell since they were told.

What is known of a command is what its node had told when its message left, and what
grew since. The first is stored with the message: after a break, a restart of ours among
them, the next word is compared with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from datetime import UTC, datetime
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
    Readings,
    Rejected,
    Seen,
)
from ...engine.model.session import Host, Session
from .heard import KEPT, NodeWords, Watch
from .profile import Evidence, ModelKind, Profile
from .reports import Refused, Restarted, Told
from .wording import written

ENDED_EARLY: Final = "ended_early"
"""The reason of a failure: it was over before its time."""
FAULT: Final = "fault"
"""The reason of a failure: the node tells of one."""

type _Part = tuple[int, str]


class ProfileSession(Session):
    """Credits what nodes tell to the one command that it can speak of."""

    def __init__(self, profile: Profile, host: Host) -> None:
        """Begin with nothing told."""
        self._profile = profile
        self._host = host
        self._nodes: dict[str, NodeWords] = {}
        self._watches: dict[_Part, Watch] = {}

    @override
    def connection(self, now: Now, *, up: bool) -> None:
        """See `Session`."""
        self._broken_off()

    @override
    def remembers(self, command: Command, node: str, step: int, now: Now) -> Readings:
        """See `Session`: what is to become otherwise, if it is surely so now."""
        kind = self._kind(command, node)
        if kind is None or step >= len(kind.steps):
            return {}
        evidences = [kind.steps[step].taken_when]
        if step + 1 == len(kind.steps):
            evidences.append(kind.done_when)
        names = {
            each.reading for each in evidences if each is not None and each.how != "is"
        }
        seconds = KEPT if self._profile.relayed else 0.0
        return self._words_of(node).so_for(seconds, names, now)

    @override
    def take(self, report: Heard, now: Now) -> list[Effect | Seen | Hello]:
        """See `Session`."""
        match report:
            case Told(live=True):
                self._take_told(report, now)
            case Refused():
                self._take_refusal(report, now)
            case Restarted():
                self._broken_off()
        return []

    @override
    def due(self, what: Hashable, now: Now) -> list[Effect]:
        """See `Session`."""
        if isinstance(what, str):
            self._weigh(what, now)
        return []

    def _broken_off(self) -> None:
        """Take in that what happens now may not be heard."""
        self._watches.clear()
        for node in self._host.station.nodes:
            self._words_of(node).broken_off(may_be_old=self._profile.relayed)

    def _words_of(self, node: str) -> NodeWords:
        return self._nodes.setdefault(node, NodeWords(may_be_old=self._profile.relayed))

    def _take_told(self, report: Told, now: Now) -> None:
        node = report.node
        if node not in self._host.station.nodes:
            return
        words = self._words_of(node)
        words.model, may_be_old = report.model, words.may_be_old
        readings = self._profile.models[report.model].readings
        shown = self._that_may_be_shown(node)
        self._forget_all_but(node, {command.id for command, _ in shown})
        for command, delivery in shown:
            watch = self._watch(command, delivery, words, now)
            for name, value in report.readings.items():
                watch.take(name, readings[name], value, may_be_old=may_be_old)
        words.take(report.readings, now)
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

    def _watch(
        self, command: Command, delivery: Delivery, words: NodeWords, now: Now
    ) -> Watch:
        part = (command.id, delivery.node)
        message = (delivery.attempts, delivery.step)
        watch = self._watches.get(part)
        if watch is None or watch.message != message:
            before = {} if words.told else self._before(command, delivery)
            watch = Watch(message, now.steady, before, dict(words.told))
            self._watches[part] = watch
        return watch

    def _before(self, command: Command, delivery: Delivery) -> dict[str, str | float]:
        """Return what was so when the latest message was recorded, or taken.

        Who relays may say again from earlier what was so before it was taken.
        """
        before = {**delivery.remembered}
        kind = self._kind(command, delivery.node)
        taken_when = (
            None
            if kind is None or self._profile.relayed
            else kind.steps[min(delivery.step, len(kind.steps) - 1)].taken_when
        )
        if (
            taken_when is not None
            and taken_when.how == "becomes"
            and command.was_taken_by(delivery.node)
        ):
            before[taken_when.reading] = written(taken_when.value, command.params)
        return before

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
        watch: Watch,
        now: Now,
    ) -> Answer | None:
        """Return what a node says thereby of a command; None: nothing."""
        node, step = delivery.node, delivery.step
        if step >= len(kind.steps):
            return None

        def shows(evidence: Evidence | None, *, unheard: bool = False) -> bool:
            return evidence is not None and self._is_shown(
                evidence, command, node, watch, now, unheard=unheard
            )

        if step + 1 == len(kind.steps):
            if shows(kind.failed_when):
                return Failed(node, command.id, FAULT, step)
            early = self._is_early(command, node, kind, watch, now)
            if early and shows(kind.done_when):
                return Failed(node, command.id, ENDED_EARLY, step)
            if not early and shows(kind.done_when, unheard=True):
                return Done(node, command.id, step)
        may_go_on = self._may_go_on(command, node, kind, now)
        if delivery.state is DeliveryState.SENT and shows(
            kind.steps[step].taken_when, unheard=may_go_on
        ):
            return Accepted(node, command.id, step)
        return None

    def _is_early(
        self, command: Command, node: str, kind: ModelKind, watch: Watch, now: Now
    ) -> bool:
        """Whether what lasts cannot be over by itself yet, by either clock."""
        if kind.lasts is None:
            return False
        sent_at = command.last_sent_at(node) or now.wall
        least = float(command.params[kind.lasts]) - kind.tolerance
        return now.steady - watch.since < least and now.wall - sent_at < least

    def _may_go_on(
        self, command: Command, node: str, kind: ModelKind, now: Now
    ) -> bool:
        """Whether a node may be at it now that was told then."""
        if kind.lasts is None:
            return True
        sent_at = command.last_sent_at(node) or now.wall
        lasts = float(command.params[kind.lasts])
        accepts_within = self._host.station.policy(command).accept_timeout
        return now.wall - sent_at < lasts + accepts_within

    def _is_shown(
        self,
        evidence: Evidence,
        command: Command,
        node: str,
        watch: Watch,
        now: Now,
        *,
        unheard: bool,
    ) -> bool:
        """Whether something holds, and has for long enough.

        `unheard`: if it must, by what happened while nobody listened.
        """
        told = self._words_of(node).told
        if not watch.holds(evidence, command, told, unheard=False) and not (
            unheard
            and watch.holds(evidence, command, told, unheard=True)
            and self._can_only_be(command, node, evidence, now)
        ):
            watch.settles_at.pop(id(evidence), None)
            return False
        if not evidence.settles:
            return True
        settled = watch.settles_at.setdefault(
            id(evidence), now.steady + evidence.settles
        )
        if now.steady >= settled:
            return True
        self._host.wait(node, settled)
        return False

    def _can_only_be(
        self, command: Command, node: str, evidence: Evidence, now: Now
    ) -> bool:
        """Whether what nobody heard cannot come from anything else that we know of.

        What counts anew each day proves nothing on another day, wherever that begins.
        """
        model = self._profile.models[self._words_of(node).model or ""]
        alike = {
            name for name, kind in model.kinds.items() if _is_proven_by(evidence, kind)
        }
        if self._host.may_speak_of_others(command, node, alike):
            return False
        sent_at = command.last_sent_at(node)
        if sent_at is None or now.wall < sent_at:
            return False
        return not model.readings[evidence.reading].resets or all(
            datetime.fromtimestamp(sent_at, zone).date()
            == datetime.fromtimestamp(now.wall, zone).date()
            for zone in (UTC, self._host.station.zone)
        )

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
        model = self._words_of(node).model
        return (
            None if model is None else self._profile.models[model].kind_of(command.kind)
        )


def _is_proven_by(evidence: Evidence, kind: ModelKind) -> bool:
    """Whether a kind is proven by what is told of the same thing."""
    found = (kind.done_when, *(step.taken_when for step in kind.steps))
    return any(each is not None and each.reading == evidence.reading for each in found)
