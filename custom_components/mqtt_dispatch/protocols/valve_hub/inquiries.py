"""What is asked of the hub, which holds commands for nodes that sleep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
import math

from ...engine.model.clock import Now
from ...engine.model.command import Cause, Command, Delivery, DeliveryState
from ...engine.model.effects import Instruct
from ...engine.model.session import Host
from ...engine.model.step import is_taken_with
from .held_reports import HeldItem, Holds, Listed, Listing
from .stale_steps import ASKED_IN_VAIN, StaleSteps


class Inquiry(StrEnum):
    """What the hub is asked, beside commands."""

    NODES = "nodes"
    """Which nodes there are."""
    HELD = "held"
    """Which commands it holds for the node."""


_ANSWERED_IN = 5.0
"""Seconds in which an inquiry is answered, or is given up."""
_LISTED_IN = 2.0
"""Seconds in which the whole list of nodes has come, or is asked for again."""
_LIST_TIMES = 3
"""How often that list is asked for until it comes whole."""
_LIST_AGAIN = 300.0
"""Seconds after which the list is asked for anew: nodes join and are updated."""
_ASK_AGAIN = 5.0
"""Seconds after which a node that was just heard may have taken what is held."""
_ASK_TIMES = 3
"""How often that is asked after a node was heard."""
ANSWER = "answer"
"""What an inquiry waits for."""
_CALL_AGAIN = 60.0
"""Seconds after which what nobody answered, or not as hoped, is asked once more."""


class Inquiries:
    """Learns what is held, and what nodes have done of which they do not tell.

    A command of a kind that is done by absence is done once nobody holds it for its
    node any more, after that node was heard.
    """

    def __init__(self, host: Host, stale_steps: StaleSteps) -> None:
        """Begin with nothing asked. What it waits for are an answer and nodes."""
        self._host = host
        self._stale_steps = stale_steps
        self._due: dict[str | None, tuple[float, int]] = {}
        self._asked_at: dict[str | None, float] = {}
        self._asked: str | None = None
        self._held: list[str] = []
        self._heard_since: set[str] = set()
        """The nodes that were heard since it was last asked what is held for them."""
        self._in_vain: Counter[str] = Counter()
        """How often nobody said what is held for a node, one after the other."""
        self._expected: int | None = None
        self._listed: list[Listed] = []
        self._to_come = 0
        """Lines of the list that are still missing."""
        self._heard_at: dict[str, float] = {}
        """When nodes were last heard, in unix seconds."""
        self._known: frozenset[str] = frozenset()
        """The nodes of the last whole list."""

    @property
    def under_way(self) -> bool:
        """Whether an answer is waited for."""
        return self._host.waits_for(ANSWER)

    def ask_for_nodes(self, now: Now) -> None:
        """Ask which nodes there are."""
        self._plan(None, now.steady, _LIST_TIMES, at_latest=True)

    def call(self) -> None:
        """Ask a hub that is not heard which nodes there are, now and then."""
        if None in self._asked_at:
            self._ask_again(None)

    def relay_heard(self, now: Now) -> None:
        """Ask a hub that is there which nodes there are, every few minutes."""
        asked = self._asked_at.get(None)
        if asked is not None and asked + _LIST_AGAIN <= now.steady:
            self.ask_for_nodes(now)

    def heard(self, node: str, now: Now) -> None:
        """Ask what is held for a node that is awake now, if that tells anything.

        Of one that no list named yet the hub may know more now.
        """
        self._heard_at[node] = now.wall
        self._heard_since.add(node)
        if self._is_awaited(node):
            self._plan_at_once(node, now)
        if node not in self._known:
            asked = self._asked_at.get(None)
            if asked is None or asked + _CALL_AGAIN <= now.steady:
                self.ask_for_nodes(now)

    def look(self, node: str, now: Now, *, at_once: bool = False) -> None:
        """Ask, now and then, what is held for a node: a command waits for that."""
        if at_once or node in self._heard_since or node not in self._asked_at:
            self._plan_at_once(node, now)
        else:
            self._ask_again(node)

    def next(self, now: Now) -> Instruct | None:
        """Return what is to be asked now, nobody else being asked."""
        if self.under_way:
            return None
        for node, (at, times) in self._due.items():
            if at <= now.steady:
                del self._due[node]
                if times > 1:
                    # Asked for a list, it is not asked again once that has come.
                    again = _LISTED_IN if node is None else _ASK_AGAIN
                    self._plan(node, now.steady + again, times - 1)
                self._asked_at[node] = now.steady
                self._heard_since.discard(node or "")
                wait = _LISTED_IN if node is None else _ANSWERED_IN
                self._host.wait(ANSWER, now.steady + wait)
                self._asked, self._held, self._expected = node, [], None
                inquiry = Inquiry.NODES if node is None else Inquiry.HELD
                return Instruct(node, inquiry)
        return None

    def take(self, answer: Holds | HeldItem, now: Now) -> None:
        """Take in what is held."""
        if not self.under_way or self._asked is None:
            return
        match answer:
            case Holds(node, count):
                if node != self._asked:
                    return
                self._expected = count
            case HeldItem(subject):
                self._held.append(subject)
        if self._expected is not None and len(self._held) >= self._expected:
            self._finish(self._asked, now)

    def take_listed(self, answer: Listing | Listed) -> tuple[Listed, ...]:
        """Take in a line of the list of nodes; return the list once it is whole.

        A line that came cut may look whole. One that got lost shows that this happens.
        """
        match answer:
            case Listing(count):
                self._listed, self._to_come = [], count
            case Listed() if self._to_come:
                self._listed.append(answer)
                self._to_come -= 1
            case Listed():
                return ()
        if self._to_come:
            return ()
        listed, self._listed = tuple(self._listed), []
        self._known = frozenset(each.seen.node for each in listed)
        self._due.pop(None, None)
        if self._asked is None:
            self._host.wait(ANSWER, None)
        return listed

    def refused(self) -> None:
        """Give up an inquiry that is answered with a refusal."""
        if self._asked is None:
            self._due.pop(None, None)
        self.give_up()

    def stop(self) -> None:
        """Forget everything: whoever was asked is gone."""
        self._due.clear()
        self._asked_at.clear()
        self._host.wait(ANSWER, None)
        self._to_come = 0

    def _ask_again(self, node: str | None) -> None:
        self._plan(node, self._asked_at[node] + _CALL_AGAIN, 1, at_latest=True)

    def _plan(
        self, node: str | None, at: float, times: int, *, at_latest: bool = False
    ) -> None:
        """Ask at a steady second; `at_latest`: unless that is planned already."""
        if not (at_latest and node in self._due):
            self._due[node] = (at, times)
            self._host.wait(("inquiry", node), at)

    def _plan_at_once(self, node: str, now: Now) -> None:
        """Ask as soon as nobody else is asked."""
        planned, _ = self._due.get(node, (math.inf, 0))
        if planned > now.steady:
            self._plan(node, now.steady, _ASK_TIMES)
        else:
            # It is due, and whoever keeps it from being asked has it looked at.
            self._due[node] = (planned, _ASK_TIMES)

    def give_up(self) -> None:
        """Wait no more for the answer."""
        self._host.wait(ANSWER, None)
        if (node := self._asked) is None:
            return
        self._stale_steps.unanswered(node)
        self._in_vain[node] += 1
        if self._in_vain[node] >= ASKED_IN_VAIN:
            # It cannot say it: then it must be tried.
            self._host.holds(node, 0)

    def _finish(self, node: str, now: Now) -> None:
        self._host.wait(ANSWER, None)
        held = frozenset(self._held)
        self._in_vain.pop(node, None)
        self._host.holds(node, len(self._held))
        self._stale_steps.listed(node, held)
        heard_at = self._heard_at.get(node, 0.0)
        for command, delivery in tuple(self._awaiting(node)):
            is_held = is_taken_with(self._host.steps_of(command, node), held)
            if not is_held and command.was_sent_before(node, heard_at):
                self._host.done(command, delivery, Cause.NO_LONGER_HELD, now)
        if not self._is_awaited(node):
            self._due.pop(node, None)

    def _is_awaited(self, node: str) -> bool:
        """Whether anything depends on what is held for a node."""
        return self._stale_steps.keeps_back(node) or any(
            True for _ in self._awaiting(node)
        )

    def _awaiting(self, node: str) -> Iterator[tuple[Command, Delivery]]:
        for command in self._host.open_at(node):
            delivery = command.delivery(node)
            if (
                delivery is not None
                and delivery.state is DeliveryState.ACCEPTED
                and self._host.station.policy(command).done_by_absence
            ):
                yield command, delivery
