"""What is said by nodes and whoever relays, brought to whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from .delivery.answers import Answers
from .delivery.deliveries import Deliveries
from .delivery.handovers import Handovers
from .images import Images
from .ledger.restore import Past, is_credible
from .model.clock import Now
from .model.events import Discovered, Effect, ImageCame, ImageEffect, ImageIncomplete
from .model.policy import Settings, Station
from .model.reports import (
    Accepted,
    Busy,
    Dispensed,
    Done,
    Failed,
    Forgot,
    Heard,
    HeldItem,
    Hello,
    Holds,
    ImageInfo,
    ImagePart,
    Listed,
    Listing,
    Needs,
    NoImage,
    PendingImages,
    ReadingsAlone,
    Rejected,
    Relay,
    Seen,
)
from .plan.plan import Plan
from .scheduling.conditions import Conditions
from .scheduling.inquiries import Inquiries
from .scheduling.readiness import NodeStatus
from .scheduling.statuses import Statuses
from .scheduling.wakings import Wakings

INCOMPLETE = "incomplete"
"""The reason of a failure: parts of an image never came."""
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
    images: Images
    wakings: Wakings
    plan: Plan
    inquiries: Inquiries
    _discovered: dict[str, Hello] = field(default_factory=dict)

    def take(self, report: Heard, station: Station, now: Now) -> list[Effect]:
        """Take in what a node, or whoever relays, said."""
        match report:
            case Seen():
                return self._seen(report, now)
            case Hello():
                return self._hello(report, now)
            case Relay():
                self.conditions.relay_heard(now)
                self.inquiries.relay_heard(now)
            case Forgot(node):
                self._forgot(node, now)
            case Listing() | Listed():
                return self._listed(report, now)
            case Holds() | HeldItem():
                self.inquiries.take(report, now)
            case Busy() | Rejected() if self._refuses_inquiry(report):
                self.inquiries.refused()
            case Needs() | Dispensed():
                self._plan_told(report, station, now)
            case Accepted() | Rejected() | Busy() | Done() | Failed():
                self.answers.take(report, now)
            case _:
                return self._image_told(report, now)
        return []

    def _forgot(self, node: str | None, now: Now) -> None:
        self.deliveries.forgotten(now, node)
        if node is None:
            self.inquiries.stop()
            self.inquiries.ask_for_nodes(now)

    def _listed(self, report: Listing | Listed, now: Now) -> list[Effect]:
        effects: list[Effect] = []
        for listed in self.inquiries.take_listed(report):
            if listed.hello is not None:
                effects += self._hello(listed.hello, now)
            effects += self._seen(listed.seen, now)
        return effects

    def _refuses_inquiry(self, answer: Busy | Rejected) -> bool:
        """Whether an answer is one to an inquiry: nobody else is asked meanwhile."""
        return answer.command_id is None and self.inquiries.under_way

    def _plan_told(self, report: Needs | Dispensed, station: Station, now: Now) -> None:
        if report.node in self.statuses:
            self.plan.told(report, station, now)

    def _image_told(
        self,
        report: ImageInfo | ImagePart | NoImage | ReadingsAlone | PendingImages,
        now: Now,
    ) -> list[Effect]:
        if report.node not in self.statuses:
            return []
        match report:
            case ImageInfo() | ImagePart():
                return self._image_came(report, now)
            case NoImage(node, name, reason):
                self.answers.take_image(node, name, now, reason=reason)
                self.wakings.failed(report)
            case ReadingsAlone(node):
                self.wakings.measured_alone(node, now)
            case PendingImages():
                self.wakings.told_pending(report)
        return []

    def _image_came(self, report: ImageInfo | ImagePart, now: Now) -> list[Effect]:
        node, name = report.node, report.name
        if self.images.has_all(report, now) and self.statuses[node].is_awake(now):
            # It is back, so it has not heard that its image is complete.
            self.wakings.complete(node, name, now)
        effects = self._pictured(self.images.take(report, now), now)
        if isinstance(report, ImageInfo) and name in self.images.under_way(node):
            self.wakings.described(report, now)
        return effects

    def _pictured(self, effects: list[ImageEffect], now: Now) -> list[Effect]:
        """Draw from what became of images what it tells of commands."""
        for effect in effects:
            match effect:
                case ImageCame(node, name):
                    self.answers.take_image(node, name, now)
                    self.wakings.complete(node, name, now)
                case ImageIncomplete(node, name):
                    self.answers.take_image(node, name, now, reason=INCOMPLETE)
                    self.wakings.incomplete(node)
        return [*effects]

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
        if report.live:
            self.inquiries.heard(report.node, now)
            self.wakings.heard(report.node, now)
        return []

    def _settle(self, report: Seen, before: NodeStatus, now: Now) -> None:
        """Draw from what a node says of itself what became of its commands."""
        self.statuses.put(before.seen(report, now, self.settings))
        self.answers.seen(report, before, now)
        self.handovers.heard(report, now)

    def _hello(self, hello: Hello, now: Now) -> list[Effect]:
        before = self.statuses.get(hello.node)
        if before is None:
            return self._discover(hello, now)
        if self.conditions.connected:
            self.statuses.put(before.hello(now, self.settings))
            self.wakings.hello(hello.node, now)
            self.deliveries.repeats.node_started(hello.node)
        return []

    def _discover(self, hello: Hello, now: Now) -> list[Effect]:
        """Offer a node once, and once more when it has said more of itself."""
        known = self._discovered.get(hello.node)
        if known is not None:
            hello = _joined(known, hello)
        if known == hello:
            return []
        if known is None and len(self._discovered) >= _DISCOVERED_LIMIT:
            return []
        if known is None and hello == Hello(node=hello.node):
            # Whoever relays may know more of it.
            self.inquiries.ask_for_nodes(now)
        self._discovered[hello.node] = hello
        return [Discovered(hello.node, hello)]

    def follow_up_image(self, node: str, name: str, now: Now) -> list[Effect]:
        """Ask for what is missing of an image, or give it up."""
        return self._pictured(self.images.follow_up(node, name, now), now)


def _joined(known: Hello, newer: Hello) -> Hello:
    """Return all that a node said of itself; what it did not say again still holds."""
    said = {name: value for name in _SAID if (value := getattr(newer, name))}
    return replace(known, **said)
