"""What Home Assistant believes of feeds of a node whose power goes."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Delivery,
    DeliveryState,
)
from custom_components.mqtt_dispatch.protocols.paired_dispenser.together import LEAD
from tests.engine.driver import HOUR
from tests.protocols.played import Played

from .native import Came, NativeNode

LONGER_THAN_A_FEED_HAS = 2 * HOUR


class House(Played):
    """The core is the first node of a pair; its second does all that it is told."""

    def __init__(self, node: NativeNode) -> None:
        super().__init__("paired_dispenser", {"1": {}, "2": {}})
        self.node = node
        self.are_there()
        self.passes(1.0)

    def hears(self, came: Came) -> Came:
        for topic, content in came.said:
            self.hear(f"disp/{topic}/1", content)
        return came

    def are_there(self) -> None:
        """Have both say how they are."""
        self.node.do(f"clock {self.now.wall:.3f}")
        self.hears(self.node.do("connect"))
        self.second_is_there()

    def second_is_there(self) -> None:
        state = {"online": 1, "ready": 1, "fw": "2.1.0", "dedupes": 1}
        self.hear("disp/state/2", state | {"clock": round(self.now.wall, 3)})

    def passes(self, seconds: float) -> Came:
        self.advance(seconds)
        return self.hears(self.node.wait(seconds))

    def begins_a_feed(self) -> int:
        """Have a feed begin at its moment, and the second node do it."""
        feed = self.feed()
        told = dict(self.taken())["disp/cmd/1"]
        assert self.hears(self.node.tell(told.encode())).moved == []
        self.accept(feed, "2")
        assert len(self.passes(LEAD + 1.0).moved) == 1
        self.done(feed, "2")
        return feed

    def first_of(self, feed: int) -> Delivery:
        return self.delivery(feed, "1")


@pytest.fixture
def house(node: NativeNode) -> House:
    return House(node)


def test_what_fell_is_not_taken_for_not_executed(house: House) -> None:
    """The power of all goes, and its nodes are back before Home Assistant hears."""
    feed = house.begins_a_feed()
    house.node.do("cut 0")
    assert house.node.end_work().cut
    house.node.power()
    house.crash(away=LONGER_THAN_A_FEED_HAS)
    house.connect()
    while house.first_of(feed).state.in_flight:
        house.are_there()
        house.passes(10.0)
    house.are_there()
    assert house.first_of(feed).state is DeliveryState.DONE
    assert house.taken() == []


def test_what_was_broken_off_is_not_taken_for_done_while_its_node_is_away(
    house: House,
) -> None:
    feed = house.begins_a_feed()
    house.passes(5.0)
    house.hear("disp/state/1", {"online": 0})
    house.advance(LONGER_THAN_A_FEED_HAS)
    assert house.first_of(feed).state is DeliveryState.UNKNOWN
    house.hears(house.node.power())
    delivery = house.first_of(feed)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, "interrupted")
