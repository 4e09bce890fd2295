"""What a node says of a command by what it told: that is taken, done, or failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from ....engine.model.clock import Now
from ....engine.model.command import Command, Delivery, DeliveryState
from ....engine.model.reports import Accepted, Answer, Done, Failed
from ....engine.model.session import Host
from ..orders import Evidence, ModelKind
from ..profile import Profile
from .asking import MOST
from .heard import NodeWords, Watch

ENDED_EARLY: Final = "ended_early"
"""The reason of a failure: it was over before its time."""
FAULT: Final = "fault"
"""The reason of a failure: the node tells of one."""
LATEST: Final = 3600.0
"""Seconds after its time within which a node tells what it has done."""


class Proof:
    """Weighs what nodes told against what their profile asks of it."""

    def __init__(
        self, profile: Profile, host: Host, words_of: Callable[[str], NodeWords]
    ) -> None:
        """Weigh by `words_of(node)`: what a node told since the last break."""
        self._profile = profile
        self._host = host
        self._words_of = words_of

    def answer(
        self,
        command: Command,
        delivery: Delivery,
        kind: ModelKind,
        watch: Watch,
        now: Now,
    ) -> Answer | None:
        """Return what a node says thereby of a command; None: nothing."""
        node, step = delivery.node, delivery.step
        if step >= len(kind.steps) or not self._is_known(command, kind):
            return None

        def shows(evidence: Evidence | None, *, unheard: bool = False) -> bool:
            return (
                evidence is not None
                and self._is_shown(evidence, command, node, watch, now, unheard=unheard)
                and self._is_answered(evidence, node, watch)
            )

        watch.wants = ""
        taken_when = kind.steps[step].taken_when
        is_heard = shows(taken_when)
        may_go_on = self._may_go_on(command, node, kind, now)
        is_taken = is_heard or shows(taken_when, unheard=may_go_on)
        if is_taken or self._may_show_first(taken_when, command, node, watch, now):
            watch.was_taken = True
        if step + 1 == len(kind.steps):
            if shows(kind.failed_when):
                return Failed(node, command.id, FAULT, step)
            # What never began by it cannot end by it: that was somebody's hand.
            began = (
                kind.lasts is None
                or taken_when is None
                or watch.was_taken
                or command.was_taken_by(node)
            )
            early = self._is_early(command, node, kind, watch, now)
            is_done = began and shows(kind.done_when, unheard=not early)
            watch.wants = watch.wants or self._still_to_ask(kind.done_when, node, watch)
            if is_done and not watch.wants:
                return (
                    Failed(node, command.id, ENDED_EARLY, step)
                    if early
                    else Done(node, command.id, step)
                )
        if delivery.state is DeliveryState.SENT and is_taken:
            # An answer says that it began, and not when: it is asked for later.
            is_then = is_heard and taken_when is not None and not taken_when.asked
            watch.began = now.steady if is_then else None
            return Accepted(node, command.id, step)
        return None

    def _still_to_ask(self, evidence: Evidence | None, node: str, watch: Watch) -> str:
        """Return by which key a node is to be asked before evidence counts; "": none.

        Who relays repeats what it kept, with its echo of our message among others. So
        where nothing else was told since that left, only an answer says what is so; of
        who cannot be asked, or answers none of so many questions, whatever is told must
        do.
        """
        if (
            evidence is None
            or evidence.asked
            or evidence.how != "is"
            or watch.was_asked >= MOST
        ):
            return ""
        told = self._words_of(node).told
        if not self._profile.relayed or watch.is_of_now(evidence.reading, told):
            return ""
        return self._key_to_ask_for(evidence, node)

    def _is_answered(self, evidence: Evidence, node: str, watch: Watch) -> bool:
        """Whether what shows something is no echo; where it may be, ask for it."""
        told = self._words_of(node).told
        if not evidence.asked or watch.is_answer(evidence.reading, told):
            return True
        watch.wants = watch.wants or self._key_to_ask_for(evidence, node)
        return False

    def _key_to_ask_for(self, evidence: Evidence, node: str) -> str:
        model = self._profile.models[self._words_of(node).model or ""]
        # What was stored under another profile may name what this one does not tell.
        reading = model.readings.get(evidence.reading)
        return next(
            (
                path[0]
                for path in (() if reading is None else reading.paths)
                if path and any(path[0] in each.keys for each in model.questions)
            ),
            "",
        )

    @staticmethod
    def _is_known(command: Command, kind: ModelKind) -> bool:
        """Whether a command was stored under a profile that says the same of it."""
        return kind.lasts is None or kind.seconds(command.params) is not None

    def _is_early(
        self, command: Command, node: str, kind: ModelKind, watch: Watch, now: Now
    ) -> bool:
        """Whether what lasts cannot be over by itself yet.

        Where it was heard to begin, the clock that nobody sets says so; else both must.
        """
        lasts = kind.seconds(command.params)
        if lasts is None:
            return False
        least = lasts - kind.tolerance
        if watch.began is not None:
            return now.steady - watch.began < least
        sent_at = command.last_sent_at(node) or now.wall
        return now.steady - watch.since < least and now.wall - sent_at < least

    def _may_go_on(
        self, command: Command, node: str, kind: ModelKind, now: Now
    ) -> bool:
        """Whether a node may be at it now that was told then."""
        lasts = kind.seconds(command.params)
        if lasts is None:
            return True
        sent_at = command.last_sent_at(node) or now.wall
        accepts_within = self._host.station.policy(command).accept_timeout
        return now.wall - sent_at < lasts + accepts_within + kind.keeps_for

    def is_too_late(self, command: Command, node: str) -> bool:
        """Whether what a node says now became so too late to be of a command.

        It does not say when it became so: after it was heard before, if it was.
        """
        before = self._words_of(node).heard_before
        kind = self.kind(command, node)
        sent_at = command.last_sent_at(node)
        if kind is None or sent_at is None or before is None:
            return False
        lasts = kind.seconds(command.params) or 0.0
        accepts_within = self._host.station.policy(command).accept_timeout
        return before > sent_at + accepts_within + kind.keeps_for + lasts + LATEST

    def kind(self, command: Command, node: str) -> ModelKind | None:
        """Return what a node is told by a command; None: that is not known."""
        model = self._words_of(node).model
        if model is None:
            return None
        kind = self._profile.models[model].kinds.get(command.kind)
        return None if kind is None else kind.at(command.params)

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
        holds = watch.holds(evidence, command, told, unheard=False) or (
            unheard
            and watch.holds(evidence, command, told, unheard=True)
            and self._can_only_be(command, node, evidence, now)
        )
        return self._has_settled(evidence, node, watch, now, holds=holds)

    def _may_show_first(
        self,
        evidence: Evidence | None,
        command: Command,
        node: str,
        watch: Watch,
        now: Now,
    ) -> bool:
        """Whether what was never told before may have become so by a command."""
        if evidence is None or evidence.how != "becomes":
            return False
        told = self._words_of(node).told
        holds = watch.may_show_first(evidence, command, told)
        return self._has_settled(
            evidence, node, watch, now, holds=holds, is_first=True
        ) and self._is_answered(evidence, node, watch)

    def _has_settled(
        self,
        evidence: Evidence,
        node: str,
        watch: Watch,
        now: Now,
        *,
        holds: bool,
        is_first: bool = False,
    ) -> bool:
        """Whether something holds for long enough; it is looked at again by then."""
        key = id(evidence), is_first
        if not holds:
            watch.settles_at.pop(key, None)
            return False
        if not evidence.settles:
            return True
        settled = watch.settles_at.setdefault(key, now.steady + evidence.settles)
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

        def is_proven_alike(other: Command) -> bool:
            return _is_proven_by(evidence, self.kind(other, node))

        if self._host.may_speak_of_others(command, node, is_proven_alike):
            return False
        model = self._profile.models[self._words_of(node).model or ""]
        sent_at = command.last_sent_at(node)
        if sent_at is None or now.wall < sent_at:
            return False
        return not model.readings[evidence.reading].resets or all(
            datetime.fromtimestamp(sent_at, zone).date()
            == datetime.fromtimestamp(now.wall, zone).date()
            for zone in (UTC, self._host.station.zone)
        )


def _is_proven_by(evidence: Evidence, kind: ModelKind | None) -> bool:
    """Whether a kind is proven by what is told of the same thing."""
    if kind is None:
        return False
    found = (kind.done_when, *(step.taken_when for step in kind.steps))
    return any(each is not None and each.reading == evidence.reading for each in found)
