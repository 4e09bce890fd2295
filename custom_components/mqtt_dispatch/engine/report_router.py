"""What is said by nodes and whoever relays, brought to whom it concerns."""

from __future__ import annotations

from dataclasses import fields, replace

from .deadlines import Due
from .delivery.answers import Answers
from .delivery.deliveries import Deliveries
from .facts import Facts
from .ledger.restore import is_credible
from .model.clock import Now
from .model.effects import Discovered, Effect
from .model.reports import (
    Answer,
    AsksTime,
    Busy,
    Dispensed,
    Forgot,
    Heard,
    Hello,
    Needs,
    Rejected,
    Relay,
    Reply,
    Report,
    Seen,
    SessionReport,
)
from .plan.plan import Plan
from .replies import Replies
from .scheduling.readiness import NodeStatus
from .session_host import SessionHost
from .water.metering import Metering

_DISCOVERED_LIMIT = 100
_SAID = tuple(each.name for each in fields(Hello))


class ReportRouter:
    """Hears all that is reported."""

    def __init__(
        self, facts: Facts, deliveries: Deliveries, plan: Plan, now: Now
    ) -> None:
        """Begin with nothing heard."""
        self._facts = facts
        self._deliveries = deliveries
        self._plan = plan
        self.replies = Replies(facts, now)
        self.answers = Answers(facts, deliveries, now)
        self.metering = Metering(facts)
        self.session = facts.station.session(
            SessionHost(facts, deliveries, self.answers)
        )
        deliveries.attempts.when_stopped(self.session.stopped)
        deliveries.attempts.remember_by(self.session.remembers)
        facts.deadlines.when(Due.SESSION, self.session.due)
        self._discovered: dict[str, Hello] = {}

    def take(self, report: Report, now: Now) -> list[Effect]:
        """Take in what a node, or whoever relays, said."""
        match report:
            case Seen():
                return self._seen(report, now)
            case Hello():
                return self._hello(report, now)
            case AsksTime() | Reply():
                return self.replies.take(report, now)
            case Needs() | Dispensed():
                if report.node in self._facts.statuses:
                    self._plan.told(report, now)
                return []
            case Relay():
                self._facts.conditions.relay_heard(now)
            case Forgot(node):
                self._deliveries.forgotten(now, node)
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

    def _seen(self, report: Seen, now: Now) -> list[Effect]:
        if not self._facts.conditions.connected:
            report = replace(report, live=False)
        statuses = self._facts.statuses
        before = statuses.known(report.node)
        if report.last_id is not None and not is_credible(report.last_id):
            report = replace(report, last_id=None)
        if before is None:
            self._settle(report, statuses.of(report.node), now)
            return self._discover(Hello(node=report.node), now) if report.live else []
        self._settle(report, before, now)
        return self._to_session(report, now) if report.live else []

    def _settle(self, report: Seen, before: NodeStatus, now: Now) -> None:
        """Draw from what a node says of itself what became of its commands."""
        status = before.seen(report, now, self._facts.station.settings)
        if report.live and report.online is False:
            status = status.may_have_started_anew(now)
        self._facts.statuses.put(status)
        self.metering.heard(report, before, now)
        self.answers.seen(report, before, now)

    def _hello(self, hello: Hello, now: Now) -> list[Effect]:
        before = self._facts.statuses.get(hello.node)
        if before is None:
            return self._discover(hello, now)
        if not self._facts.conditions.connected:
            return []
        self._facts.statuses.put(before.hello(now, self._facts.station.settings))
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
