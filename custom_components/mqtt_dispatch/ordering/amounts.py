"""How a person chooses beforehand how much is given: stored, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from ..coordinator import DispatchCoordinator
from ..engine.model.choice import Chosen
from ..engine.model.events import Choose
from ..engine.model.policy import FEED
from ..protocols.actuator import Actuator, Amount
from ..protocols.fields import Decimal, Multiple, Whole
from ..protocols.params import Field, InvalidCommand
from .commands import refusals_in_words


@dataclass(frozen=True, slots=True)
class Choice:
    """An amount that a person chooses, of a node or (None) of the whole station."""

    coordinator: DispatchCoordinator
    limits: Amount
    what: str
    node: str | None = None

    @property
    def amount(self) -> float:
        """What was chosen, if the protocol still allows it, or what is usual."""
        if self._chosen is None or not self.allows(self._chosen.amount):
            return self.limits.usual
        amount = self._chosen.amount
        return int(amount) if amount == int(amount) else amount

    @property
    def was_made(self) -> bool:
        """Whether anything was ever chosen, which the protocol may not allow now."""
        return self._chosen is not None

    @property
    def _chosen(self) -> Chosen | None:
        return self.coordinator.engine.ledger.chosen.held.get((self.node, self.what))

    def allows(self, amount: float) -> bool:
        """Whether so much can be chosen."""
        try:
            self._field.check(self.limits.param, amount)
        except InvalidCommand:
            return False
        return True

    @property
    def params(self) -> dict[str, float]:
        """The param of an order of so much."""
        return {self.limits.param: self.amount}

    def choose(self, amount: float) -> None:
        """Give this much once it is on disk."""
        self.coordinator.handle(Choose(Chosen(self.node, self.what, amount)))

    async def async_choose(self, amount: float) -> None:
        """Give this much from now on.

        It is on disk then. Raises ServiceValidationError for what cannot be given, and
        NotStoredError; nothing has changed then.
        """
        with refusals_in_words():
            allowed = self._field.check(self.limits.param, amount)
        self.choose(allowed)
        await self.coordinator.async_stored()

    @property
    def _field(self) -> Field:
        limits = self.limits
        if isinstance(limits.step, int):
            return Multiple(int(limits.minimum), int(limits.maximum), of=limits.every)
        return Decimal(limits.minimum, limits.maximum)


def amount_of(
    coordinator: DispatchCoordinator, actuator: Actuator, node: str
) -> Choice | None:
    """Return how much of what a node moves is chosen; None: there is nothing to."""
    if actuator.amount is None:
        return None
    return Choice(coordinator, actuator.amount, actuator.key, node)


def portions_of(coordinator: DispatchCoordinator) -> Choice | None:
    """Return what the feed button of a station gives, where it has one."""
    feed = coordinator.protocol.kinds.get(FEED)
    limits = feed.fields.get("portions") if feed and feed.whole_station else None
    if not isinstance(limits, Whole):
        return None
    amount = Amount(
        param="portions",
        minimum=limits.minimum,
        maximum=limits.maximum,
        usual=1,
        unit="",
    )
    return Choice(coordinator, amount, amount.param)


def portions_to_feed(coordinator: DispatchCoordinator) -> dict[str, float]:
    """Return the params of a feed by the button."""
    choice = portions_of(coordinator)
    return {} if choice is None else choice.params
