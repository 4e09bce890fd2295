"""What is said by nodes and whoever relays, brought to whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from .delivery.answers import Answers
from .delivery.deliveries import Deliveries
from .delivery.handovers import Handovers
from .ledger.restore import Past, is_credible
from .model.clock import Now
from .model.events import Discovered, Effect
from .model.policy import Settings, Station
from .model.reports import (
    Answer,
    Busy,
    Dispensed,
    Forgot,
    Heard,
    Hello,
    Needs,
    Rejected,
    Relay,
    Seen,
    SessionReport,
)
from .model.session import Session
from .plan.plan import Plan
from .scheduling.conditions import Conditions
from .scheduling.readiness import NodeStatus
from .scheduling.statuses import Statuses

_DISCOVERED_LIMIT = 100
_SAID = tuple(each.name for each in fields(Hello))


@dataclass(slots=True, kw_only=True)
class ReportRouter:
    """Hears all that is reported."""

    settings: Settings
    conditions: Conditions
    statuses: Statuses
    deliveries: Deliveries
    answers: Answers
    handovers: Handovers
    past: Past
    plan: Plan
    session: Session
    _discovered: dict[str, Hello] = field(default_factory=dict)

    def take(self, report: Heard, station: Station, now: Now) -> list[Effect]:
        """Take in what a node, or whoever relays, said."""
        match report:
            case Seen():
                return self._seen(report, now)
            case Hello():
                return self._hello(report, now)
            case Needs() | Dispensed():
                self._plan_told(report, station, now)
                return []
            case Relay():
                self.conditions.relay_heard(now)
            case Forgot(node):
                self.deliveries.forgotten(now, node)
            case SessionReport():
                pass
            case _ if not self._refuses_what_was_asked(report):
                self.answers.take(report, now)
                return []
        return self._to_session(report, now)

    def _refuses_what_was_asked(self, answer: Answer) -> bool:
        """Whether an answer is one to the session: nobody else is asked meanwhile."""
        refuses = isinstance(answer, Busy | Rejected) and answer.command_id is None
        return refuses and self.session.asked

    def _to_session(self, report: Heard, now: Now) -> list[Effect]:
        effects: list[Effect] = []
        for follows in self.session.take(report, now):
            match follows:
                case Hello():
                    effects += self._hello(follows, now)
                case Seen():
                    effects += self._seen(follows, now)
                case _:
                    effects.append(follows)
        return effects

    def _plan_told(self, report: Needs | Dispensed, station: Station, now: Now) -> None:
        if report.node in self.statuses:
            self.plan.told(report, station, now)

    def _seen(self, report: Seen, now: Now) -> list[Effect]:
        if not self.conditions.connected:
            report = replace(report, live=False)
        before = self.statuses.get(report.node)
        if not is_credible(report.last_id):
            report = replace(report, last_id=None)
        if before is None:
            self._settle(report, self.statuses.of(report.node), now)
            return self._discover(Hello(node=report.node), now) if report.live else []
        if report.last_id is not None:
            self.past.take_last_id(report.node, report.last_id, now, live=report.live)
        self._settle(report, before, now)
        if before.restarted(report, now):
            self.deliveries.repeats.node_started(report.node)
        return self._to_session(report, now) if report.live else []

    def _settle(self, report: Seen, before: NodeStatus, now: Now) -> None:
        """Draw from what a node says of itself what became of its commands."""
        self.statuses.put(before.seen(report, now, self.settings))
        self.answers.seen(report, before, now)
        self.handovers.heard(report, now)

    def _hello(self, hello: Hello, now: Now) -> list[Effect]:
        before = self.statuses.get(hello.node)
        if before is None:
            return self._discover(hello, now)
        if not self.conditions.connected:
            return []
        self.statuses.put(before.hello(now, self.settings))
        self.deliveries.repeats.node_started(hello.node)
        return self._to_session(hello, now)

    def _discover(self, hello: Hello, now: Now) -> list[Effect]:
        """Offer a node once, and once more when it has said more of itself."""
        known = self._discovered.get(hello.node)
        if known is not None:
            hello = _joined(known, hello)
        if known == hello:
            return []
        if known is None and len(self._discovered) >= _DISCOVERED_LIMIT:
            return []
        self._discovered[hello.node] = hello
        effects = [] if known is not None else self._to_session(hello, now)
        return [*effects, Discovered(hello.node, hello)]


def _joined(known: Hello, newer: Hello) -> Hello:
    """Return all that a node said of itself; what it did not say again still holds."""
    said = {name: value for name in _SAID if (value := getattr(newer, name))}
    return replace(known, **said)
