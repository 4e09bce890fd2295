"""What proves commands whose answers bear no id: what nodes tell since they were told.

What is known of a command is what its node had told when its message left, and what
grew since. The first is stored with the message: after a break, a restart of ours among
them, the next word is compared with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import override

from ....engine.model.clock import Now
from ....engine.model.command import Command, CommandClass, Delivery, DeliveryState
from ....engine.model.effects import Effect
from ....engine.model.reason import Reason, Why
from ....engine.model.reports import (
    Accepted,
    Done,
    Heard,
    Hello,
    Readings,
    Rejected,
    Seen,
)
from ....engine.model.session import Host, LookedAt, Session
from ..profile import Profile
from ..reports import Answered, Refused, Restarted, Told
from ..wording import is_writable, written
from .asking import Asking
from .heard import KEPT, NodeWords, Watch
from .proof import Proof

type _Part = tuple[int, str]


class ProfileSession(Session):
    """Credits what nodes tell to the one command that it can speak of."""

    def __init__(self, profile: Profile, host: Host) -> None:
        """Begin with nothing told."""
        self._profile = profile
        self._host = host
        self._nodes: dict[str, NodeWords] = {}
        self._watches: dict[_Part, Watch] = {}
        self._proof = Proof(profile, host, self._words_of)
        self._asking = Asking(
            host, self._is_to_be_asked, self._key_to_ask_for, self._echoes_until
        )

    @override
    def connection(self, now: Now, *, up: bool) -> None:
        """See `Session`."""
        self._broken_off(now)

    @override
    def stopped(self, command_id: int, node: str) -> None:
        """See `Session`."""
        self._ask_no_more(node)
        self._asking.heed((node,))

    @override
    def run(self, now: Now, waiting: LookedAt) -> list[Effect]:
        """See `Session`."""
        asked = self._asking.run(now)
        for each in asked:
            if each.node is not None:
                self._is_asked(each.node, now)
        return [*asked]

    @override
    def remembers(self, command: Command, node: str, step: int, now: Now) -> Readings:
        """See `Session`: what is to become otherwise, if it is surely so now."""
        self._words_of(node).is_sent(now)
        self._ask_no_more(node)
        kind = self._proof.kind(command, node)
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
            case Answered():
                self._take_answer(report, now)
            case Restarted():
                self._broken_off(now)
        return []

    @override
    def due(self, what: Hashable, now: Now) -> list[Effect]:
        """See `Session`."""
        match what:
            case str():
                self._weigh(what, now)
            case (_, str(node)):
                self._asking.due(node)
        return []

    @override
    def in_the_way(self, command: Command, node: str, now: Now) -> Reason | None:
        """See `Session`: some may only be told what is so, as far as surely known."""
        words = self._words_of(node)
        kind = self._proof.kind(command, node)
        if kind is None:
            models = self._profile.models.values()
            told = (model.kinds.get(command.kind) for model in models)
            is_right = not any(each is not None and each.only_while for each in told)
        else:
            is_right = kind.only_while.items() <= words.told.items()
        return None if is_right else Reason(Why.NOT_READY, node)

    def _broken_off(self, now: Now) -> None:
        """Take in that what happens now may not be heard."""
        self._watches.clear()
        nodes = self._host.station.nodes
        for node in nodes:
            words = self._words_of(node)
            words.broken_off(may_be_old=self._profile.relayed)
            words.is_sent(now)
        self._asking.heed(nodes)

    def _is_to_be_asked(self, node: str) -> bool:
        """Whether a node told nothing yet, or not what became of what it was sent."""
        words = self._words_of(node)
        asked = self._profile.models
        if words.model is not None:
            asked = {words.model: asked[words.model]}
        if node not in self._host.station.nodes or not any(
            model.questions for model in asked.values()
        ):
            return False
        return not words.told or any(
            delivery.state in (DeliveryState.SENT, DeliveryState.UNKNOWN)
            or (delivery.state.in_flight and self._wants_an_answer(command, node))
            for command in self._host.open_at(node)
            if (delivery := command.delivery(node)) is not None
        )

    def _wants_an_answer(self, command: Command, node: str) -> bool:
        watch = self._watches.get((command.id, node))
        return watch is not None and watch.wants != ""

    def _key_to_ask_for(self, node: str) -> str:
        """Return what alone a node is asked for: all that is open, if nothing is.

        Of several keys the one that was asked for least: another may never be told.
        """
        wanting = [
            watch
            for (_, at), watch in self._watches.items()
            if at == node and watch.wants
        ]
        least = min(wanting, key=lambda watch: watch.was_asked, default=None)
        return "" if least is None else least.wants

    def _is_asked(self, node: str, now: Now) -> None:
        """Take in that what a node says next may be its answer.

        Not while anything was told that it, or who relays, said nothing after yet, or
        only just: that may come now.
        """
        key = self._key_to_ask_for(node)
        shown = self._that_may_be_shown(node)
        watches = [self._watches.get((command.id, node)) for command, _ in shown]
        spoke = [
            watch is not None and watch.message == (delivery.attempts, delivery.step)
            for watch, (_, delivery) in zip(watches, shown, strict=True)
        ]
        if key and all(spoke) and now.steady >= self._echoes_until(node):
            for watch in watches:
                if watch is not None:
                    watch.asks(key, now)

    def _echoes_until(self, node: str) -> float:
        """Return until when who relays may repeat what a node was sent."""
        return self._words_of(node).echoes_until if self._profile.relayed else 0.0

    def _ask_no_more(self, node: str) -> None:
        for (_, at), watch in self._watches.items():
            if at == node:
                watch.asks_no_more()

    def _words_of(self, node: str) -> NodeWords:
        return self._nodes.setdefault(node, NodeWords(may_be_old=self._profile.relayed))

    def _take_told(self, report: Told, now: Now) -> None:
        node = report.node
        if node not in self._host.station.nodes:
            return
        words = self._words_of(node)
        words.model, may_be_old = report.model, words.may_be_old
        words.comes(now)
        readings = self._profile.models[report.model].readings
        shown = self._that_may_be_shown(node)
        self._forget_all_but(node, {command.id for command, _ in shown})
        for command, delivery in shown:
            watch = self._watch(command, delivery, words, now)
            for name, value in report.readings.items():
                watch.take(name, readings[name], value, now, may_be_old=may_be_old)
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
        if len(found) != 1 or self._proof.is_too_late(found[0][0], node):
            return []
        return found

    def _watch(
        self, command: Command, delivery: Delivery, words: NodeWords, now: Now
    ) -> Watch:
        part = (command.id, delivery.node)
        message = (delivery.attempts, delivery.step)
        watch = self._watches.get(part)
        if watch is None or watch.message != message:
            before = {} if words.told else self._before(command, delivery)
            asked = 0 if watch is None else watch.was_asked
            watch = Watch(
                message, now.steady, before, dict(words.told), was_asked=asked
            )
            self._watches[part] = watch
        return watch

    def _before(self, command: Command, delivery: Delivery) -> dict[str, str | float]:
        """Return what was so when the latest message was recorded, or taken.

        Who relays may say again from earlier what was so before it was taken.
        """
        before = {**delivery.remembered}
        kind = self._proof.kind(command, delivery.node)
        taken_when = (
            None
            if kind is None or self._profile.relayed
            else kind.steps[min(delivery.step, len(kind.steps) - 1)].taken_when
        )
        if (
            taken_when is not None
            and taken_when.how == "becomes"
            and command.was_taken_by(delivery.node)
            and is_writable(taken_when.value, command.params)
        ):
            before[taken_when.reading] = written(taken_when.value, command.params)
        return before

    def _forget_all_but(self, node: str, command_ids: set[int]) -> None:
        for part in [*self._watches]:
            if part[1] == node and part[0] not in command_ids:
                del self._watches[part]

    def _weigh(self, node: str, now: Now) -> None:
        """Credit what is proven by now; of two of a kind nobody knows which it was.

        Of what may happen any number of times it need not be known: what is so is so.
        """
        shown = self._that_may_be_shown(node)
        kinds = Counter(self._what(command, node) for command, _ in shown)
        for command, delivery in shown:
            kind = self._proof.kind(command, node)
            watch = self._watches.get((command.id, node))
            meant = kinds[self._what(command, node)]
            if kind is None or watch is None:
                continue
            if meant > 1 and command.command_class is CommandClass.ONCE:
                continue
            wanted = watch.wants
            answer = self._proof.answer(command, delivery, kind, watch, now)
            if watch.wants and not wanted:
                self._asking.want(node)
            if answer is None:
                continue
            self._host.credit(answer, now)
            if isinstance(answer, Accepted) and delivery.step + 1 < delivery.steps:
                # It was a setting, which is done once it is taken.
                done = Done(node, command.id, delivery.step)
                self._host.credit(done, now)

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
        kind = self._proof.kind(command, delivery.node)
        if kind is None or delivery.step >= len(kind.steps):
            return False
        return not key or key in kind.steps[delivery.step].keys

    def _take_answer(self, report: Answered, now: Now) -> None:
        """Credit what is done once it is answered."""
        node = report.node
        self._words_of(node).model = report.model
        for command in [*self._host.open_at(node)]:
            kind = self._proof.kind(command, node)
            if command.id == report.command_id and kind and kind.answer_is_all:
                self._host.credit(Done(node, command.id), now)

    def _what(self, command: Command, node: str) -> tuple[str, int | None]:
        """Return what is ordered, and of which of several."""
        kind = self._proof.kind(command, node)
        return command.kind, None if kind is None else kind.which(command.params)
