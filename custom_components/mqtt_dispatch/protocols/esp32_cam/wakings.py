"""What nodes that sleep are told of their images, from a hello to the next sleep.

A waking has an order: the commands that wait; the images that the node keeps; one image
of now; sleep. What the nodes leave open is decided here:

- A hello within `awake_for` of the last message is no new waking: nothing begins anew.
  But a node that was sent to sleep takes one image more that was ordered, so that one
  that wakes so often is not kept from it for ever.
- A node that describes an image waits to be told to send it, unless its parts come
  already or it was told so since its last hello.
- A complete image is confirmed at once. If more is to be told on this waking, the node
  is kept awake; else it is sent to sleep.
- A node that said hello and has nothing more to do is sent to sleep in any case: after
  an image that it could not take, or that never came whole, and where it does not
  answer.
- While a node sends what it was told to send without a command, commands wait.
- While nothing may be sent at all, nothing is said, and what was owed is said after it
  if the node is still there.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from ...engine.model.clock import Now
from ...engine.model.command import Command, CommandState, Delivery
from ...engine.model.effects import Instruct
from ...engine.model.reason import Reason, Why
from ...engine.model.session import Host, LookedAt
from ...engine.model.step import outcome_subjects
from .image_reports import (
    ANY_IMAGE,
    ImageInfo,
    NoImage,
    PendingImages,
    image_subject,
)
from .images import SILENCE, Images
from .instructions import Instruction, about_image

LONGEST_SILENCE = 30.0
"""Seconds within which a node must begin what it was told of an image."""
QUIET = 5.0
"""Seconds for which an image may still follow readings that came alone."""
LAST_CALL = 45.0
"""Seconds of silence after which a node is sent to sleep, whatever it owes."""
CAPTURES_PER_WAKING = 2
"""How often a node is told to take an image; the first time without a command."""
MOST_NAMES = 64
"""How many images of a waking are remembered by name."""

_SOON = frozenset(
    {
        Why.STORAGE,
        Why.ECHO,
        Why.BEHIND,
        Why.NODE_BUSY,
        Why.BUSY,
        Why.SENDING_IMAGE,
    }
)
"""What a command waits for that is over on the same waking."""


@dataclass(slots=True)
class _Waking:
    """One waking of a node. Times are steady seconds."""

    heard: float
    """When the node last said anything."""
    greeted: bool = False
    """Whether it began with a hello; else an image alone showed that it is awake."""
    all_at_once: int = 0
    """How many pending images come once it is told to send them all."""
    draining: bool = False
    """Whether it was told so."""
    names: deque[str] = field(default_factory=deque)
    """The pending images that are still to be asked for by name."""
    by_capture: int = 0
    """How many pending images come each for an order to take one."""
    pictured: bool = False
    """Whether the image of now was asked for, came, or could not be taken."""
    captures: int = 0
    """How often it was told to take an image."""
    counted: set[tuple[int, int]] = field(default_factory=set)
    """The commands among these, each with its attempt."""
    expected_until: float | None = None
    """Until when it must begin to send what it was told to."""
    asked: dict[str, None] = field(default_factory=dict)
    """The images that it was told to send since its last hello."""
    to_send: dict[str, None] = field(default_factory=dict)
    """Those that it is to be told to send."""
    complete: dict[str, None] = field(default_factory=dict)
    """The images that are whole, of which it waits to hear that."""
    kept_awake: bool = False
    """Whether it was told that more is to come."""
    asleep: bool = False
    """Whether it was sent to sleep."""

    def keeps(self, report: PendingImages) -> None:
        """Note what it could not send before."""
        if report.all_at_once:
            self.all_at_once = report.count
        elif report.names:
            self.names = deque(report.names[:MOST_NAMES])
        else:
            self.by_capture = report.count

    def one_ended(self) -> None:
        """Count an image that came, or will not."""
        self.expected_until = None
        if self.draining:
            self.all_at_once -= 1
            self.draining = self.all_at_once > 0

    def give_up_draining(self, now: Now) -> None:
        """Expect no more pending images of a node that sends none any more."""
        if self.draining and now.steady >= self.heard + LONGEST_SILENCE:
            self.draining = False
            self.all_at_once = 0


class Wakings:
    """Leads nodes through their wakings."""

    def __init__(self, host: Host, images: Images) -> None:
        """Begin with everybody asleep. What it waits for are nodes."""
        self._host = host
        self._images = images
        self._awake_for = host.station.settings.awake_for
        self._wakings: dict[str, _Waking] = {}
        self._pending: dict[str, PendingImages] = {}
        """By node, what it keeps, until its hello is heard."""

    # What nodes say

    def heard(self, node: str, now: Now) -> None:
        """Note that a node said anything."""
        if waking := self._current(node, now):
            waking.heard = now.steady

    def told_pending(self, report: PendingImages) -> None:
        """Note what a node keeps that is about to say hello."""
        self._pending[report.node] = report

    def hello(self, node: str, now: Now) -> None:
        """Begin a waking, or go on with the one that is under way."""
        pending = self._pending.pop(node, None)
        waking = self._current(node, now)
        if waking is None:
            waking = self._wakings[node] = _Waking(now.steady)
            if pending is not None:
                waking.keeps(pending)
        elif waking.asleep:
            waking.captures = min(waking.captures, CAPTURES_PER_WAKING - 1)
        waking.heard = now.steady
        waking.greeted = True
        waking.asleep = False
        waking.asked.clear()

    def described(self, info: ImageInfo, now: Now) -> None:
        """Have a node send the image that it described, if it must be told to."""
        node, name = info.node, info.name
        waking = self._current(node, now)
        if waking is None:
            waking = self._wakings[node] = _Waking(now.steady)
        waking.expected_until = None
        waking.asleep = False
        if waking.draining or name in waking.asked or self._ordered(node, name):
            return
        waking.pictured = True
        _remember(waking.asked, name)
        if not self._images.has_parts(node, name):
            _remember(waking.to_send, name)

    def complete(self, node: str, name: str, now: Now) -> None:
        """Note that an image is whole, or whole already."""
        waking = self._current(node, now)
        if waking is not None and not waking.asleep:
            _remember(waking.complete, name)
            waking.one_ended()

    def incomplete(self, node: str) -> None:
        """Note that an image will never be whole."""
        if waking := self._wakings.get(node):
            waking.one_ended()

    def failed(self, report: NoImage) -> None:
        """Note that a node could not take an image, or not find one."""
        if waking := self._wakings.get(report.node):
            waking.pictured = waking.pictured or not waking.draining
            waking.one_ended()

    def measured_alone(self, node: str, now: Now) -> None:
        """Note that a node told readings alone: it has no image, or not yet."""
        waking = self._wakings.get(node)
        if waking is not None and waking.expected_until is not None:
            waking.expected_until = min(waking.expected_until, now.steady + QUIET)

    def disconnected(self) -> None:
        """Forget who was awake: nobody can be heard."""
        self._wakings.clear()
        self._pending.clear()

    # What keeps commands waiting

    def reason(self, command: Command, node: str, now: Now) -> Reason | None:
        """Return why a command must wait for a node that is awake."""
        waking = self._current(node, now)
        if waking is None:
            return None
        if self._is_sending(node, waking, now):
            return Reason(Why.SENDING_IMAGE, node)
        enough = waking.captures >= CAPTURES_PER_WAKING
        if enough and self._captures(command, node):
            return Reason(Why.ENOUGH, node)
        return None

    # What nodes are told

    def run(self, now: Now, waiting: LookedAt) -> list[Instruct]:
        """Say what is next, to each node that waits for it."""
        said = []
        for node, waking in tuple(self._wakings.items()):
            if now.steady >= waking.heard + self._awake_for + SILENCE:
                del self._wakings[node]
                continue
            self._count_captures(node, waking)
            waking.give_up_draining(now)
            if not waking.asleep:
                said += self._next(node, waking, now, waiting)
            self._host.wait(node, self._moment(waking, now))
        return said

    def _moment(self, waking: _Waking, now: Now) -> float:
        """Return the steady second at which a node is told more, or forgotten."""
        return min(
            at
            for at in (
                waking.expected_until or 0.0,
                waking.heard + LONGEST_SILENCE,
                waking.heard + LAST_CALL,
                waking.heard + self._awake_for + SILENCE,
            )
            if at > now.steady
        )

    def _next(
        self, node: str, waking: _Waking, now: Now, waiting: LookedAt
    ) -> list[Instruct]:
        said = [about_image(node, name, Instruction.SEND) for name in waking.to_send]
        waking.to_send.clear()
        whole = [*waking.complete]
        waking.complete.clear()
        further = self._further(node, waking, now, waiting)
        sleeps = further is None and (
            bool(whole) or waking.kept_awake or waking.greeted
        )
        last = whole.pop() if sleeps and whole else ""
        said += [about_image(node, name, Instruction.KEEP_AWAKE) for name in whole]
        waking.kept_awake = waking.kept_awake or bool(whole)
        if sleeps:
            waking.asleep = True
            waking.kept_awake = False
            self._host.sent_to_sleep(node)
            said.append(about_image(node, last, Instruction.SLEEP))
        return [*said, *(further or ())]

    def _further(
        self, node: str, waking: _Waking, now: Now, waiting: LookedAt
    ) -> list[Instruct] | None:
        """Return what else a node is told on this waking, or [] while it is busy.

        None: there is nothing more to come.
        """
        if self._is_sending(node, waking, now):
            return []
        silent = now.steady - waking.heard
        if silent < LAST_CALL and self._has_orders(node, now, waiting):
            return []
        if not waking.greeted or silent >= LAST_CALL:
            return None
        instruction = self._own(node, waking)
        if instruction is None:
            return None
        waking.expected_until = now.steady + LONGEST_SILENCE
        return [instruction]

    def _own(self, node: str, waking: _Waking) -> Instruct | None:
        """Return what a node is told without a command: what it keeps, then now."""
        if waking.all_at_once and not waking.draining:
            waking.draining = True
            return about_image(node, "", Instruction.SEND_PENDING)
        if waking.names:
            name = waking.names.popleft()
            _remember(waking.asked, name)
            return about_image(node, name, Instruction.SEND)
        if waking.captures < CAPTURES_PER_WAKING and (
            not waking.pictured or waking.by_capture
        ):
            waking.by_capture -= 1 if waking.pictured else 0
            waking.pictured = True
            waking.captures += 1
            return about_image(node, "", Instruction.CAPTURE)
        return None

    def _current(self, node: str, now: Now) -> _Waking | None:
        """Return the waking of a node that was heard lately enough."""
        waking = self._wakings.get(node)
        if waking is None or now.steady >= waking.heard + self._awake_for:
            return None
        return waking

    def _is_sending(self, node: str, waking: _Waking, now: Now) -> bool:
        """Whether it sends, or is about to send, what it was told to."""
        until = waking.expected_until
        if until is not None and now.steady < until:
            return True
        return waking.draining or bool(self._images.under_way(node))

    def _ordered(self, node: str, name: str) -> bool:
        """Whether a command told a node to send this image."""
        return any(
            image_subject(name) in self._subjects_of(command, node)
            for command, _ in self._in_flight(node)
        )

    def _captures(self, command: Command, node: str) -> bool:
        return ANY_IMAGE in self._subjects_of(command, node)

    def _subjects_of(self, command: Command, node: str) -> frozenset[str]:
        return outcome_subjects(self._host.steps_of(command, node))

    def _count_captures(self, node: str, waking: _Waking) -> None:
        for command, delivery in self._in_flight(node):
            attempt = (command.id, delivery.attempts)
            if attempt not in waking.counted and self._captures(command, node):
                waking.counted.add(attempt)
                waking.captures += 1
                waking.pictured = True

    def _in_flight(self, node: str) -> list[tuple[Command, Delivery]]:
        return [
            (command, delivery)
            for command in self._host.open_at(node)
            if (delivery := command.delivery(node)) is not None
            and delivery.state.in_flight
        ]

    def _has_orders(self, node: str, now: Now, waiting: LookedAt) -> bool:
        """Whether a command is under way to a node, or soon will be."""
        if self._host.is_occupied(node):
            return True
        for command, reasons in waiting(now):
            if command.state is CommandState.QUEUED and node in command.nodes:
                return all(reason.why in _SOON for reason in reasons)
        return False


def _remember(names: dict[str, None], name: str) -> None:
    """Remember a name, and no more of them than `MOST_NAMES`."""
    names[name] = None
    if len(names) > MOST_NAMES:
        del names[next(iter(names))]
