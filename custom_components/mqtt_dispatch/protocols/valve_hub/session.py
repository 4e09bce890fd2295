"""What is kept of a hub beside commands: what it is asked, and may hold for nodes."""

from __future__ import annotations

from collections.abc import Hashable
from typing import override

from ...engine.model.clock import Now
from ...engine.model.command import Command
from ...engine.model.effects import Effect
from ...engine.model.reason import Reason, Why
from ...engine.model.reports import (
    Busy,
    Forgot,
    Heard,
    Hello,
    Rejected,
    Relay,
    Seen,
)
from ...engine.model.session import Host, Session
from .held_reports import HeldItem, Holds, Listed, Listing
from .inquiries import ANSWER, Inquiries
from .stale_steps import StaleSteps


class HubSession(Session):
    """Asks the hub which nodes there are, and what it holds for them."""

    def __init__(self, host: Host) -> None:
        """Begin with nothing asked."""
        self._host = host
        self._stale_steps = StaleSteps(host)
        self._inquiries = Inquiries(host, self._stale_steps)

    @property
    @override
    def asked(self) -> bool:
        """See `Session`."""
        return self._inquiries.under_way

    @override
    def connection(self, now: Now, *, up: bool) -> None:
        """Ask a hub that has come which nodes there are."""
        if up:
            self._inquiries.ask_for_nodes(now)
        else:
            self._inquiries.stop()

    @override
    def take(self, report: Heard, now: Now) -> list[Effect | Seen | Hello]:
        """See `Session`."""
        match report:
            case Seen(node=node):
                self._inquiries.heard(node, now)
            case Hello() if self._says_nothing_of_a_stranger(report):
                # The hub may know more of it.
                self._inquiries.ask_for_nodes(now)
            case Relay():
                self._inquiries.relay_heard(now)
            case Forgot(None):
                self._inquiries.stop()
                self._inquiries.ask_for_nodes(now)
            case Busy() | Rejected():
                self._inquiries.refused()
            case Holds() | HeldItem():
                self._inquiries.take(report, now)
            case Listing() | Listed():
                return self._listed(report)
        return []

    @override
    def due(self, what: Hashable, now: Now) -> list[Effect]:
        """See `Session`."""
        if what == ANSWER:
            self._inquiries.give_up()
        return []

    @override
    def in_the_way(self, command: Command, node: str, now: Now) -> Reason | None:
        """See `Session`."""
        if self._stale_steps.may_be_held(command, node):
            return Reason(Why.STILL_HELD, node)
        return None

    @override
    def keeps_waiting(self, command: Command, reason: Reason, now: Now) -> None:
        """Ask, now and then, what is held, while a command waits for that."""
        node = reason.node
        if node is None:
            return
        if reason.why is Why.STILL_HELD:
            is_news = self._stale_steps.keep_back(command, node)
            self._inquiries.look(node, now, at_once=is_news)
        elif reason.why is Why.FULL and self._host.held_beside(node):
            self._inquiries.look(node, now)

    @override
    def stopped(self, command_id: int, node: str) -> None:
        """See `Session`."""
        self._stale_steps.stopped(command_id, node)

    @override
    def ask(self, now: Now, *, missed: bool) -> list[Effect]:
        """See `Session`."""
        if missed:
            self._inquiries.call()
        inquiry = self._inquiries.next(now)
        return [] if inquiry is None else [inquiry]

    def _says_nothing_of_a_stranger(self, hello: Hello) -> bool:
        """Whether a node that is none of the station told no more than its name."""
        is_bare = hello == Hello(node=hello.node)
        return is_bare and hello.node not in self._host.station.nodes

    def _listed(self, report: Listing | Listed) -> list[Effect | Seen | Hello]:
        said: list[Effect | Seen | Hello] = []
        for listed in self._inquiries.take_listed(report):
            if listed.hello is not None:
                said.append(listed.hello)
            said.append(listed.seen)
        return said
