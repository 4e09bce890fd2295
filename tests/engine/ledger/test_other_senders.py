"""Signs that somebody else sends to the nodes, and what follows from them."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.ledger.restore import Foreign
from custom_components.mqtt_dispatch.engine.model.command import Cause
from custom_components.mqtt_dispatch.engine.model.reason import Why
from tests.engine.driver import Driver


def test_an_answer_to_an_id_that_was_never_given_shows_another_sender(
    kitchen: Driver,
) -> None:
    kitchen.accept(77, "1")

    assert list(kitchen.engine.answers.past.foreign.values()) == [
        Foreign("1", 77, kitchen.now.wall)
    ]


def test_an_answer_of_a_node_that_was_not_asked_shows_another_sender(
    kitchen: Driver,
) -> None:
    operate = kitchen.order("operate", "1")
    kitchen.done(operate, "2")

    assert list(kitchen.engine.answers.past.foreign) == ["2"]


def test_ids_go_on_above_what_another_sender_gave(kitchen: Driver) -> None:
    kitchen.done(77, "1")

    assert kitchen.feed() == 78


def test_what_is_queued_under_an_id_that_another_sender_gave_gets_a_new_one(
    kitchen: Driver,
) -> None:
    kitchen.pause()
    before, feed = kitchen.feed(1), kitchen.feed(2)
    kitchen.accept(feed, "1")
    kitchen.go_on()

    assert kitchen.causes(feed)[-1] is Cause.RENUMBERED
    assert kitchen.causes(before)[-1] is Cause.RENUMBERED
    assert [
        twin.params["portions"] for twin in kitchen.engine.ledger.open.values()
    ] == [
        1,
        2,
    ]


def test_nothing_is_sent_into_what_a_node_does_for_another_sender(
    kitchen: Driver,
) -> None:
    kitchen.reporting = ()
    kitchen.accept(77, "1")
    feed = kitchen.feed()
    kitchen.advance(2.0)
    assert kitchen.published == []
    assert kitchen.whys(feed) == [Why.NOT_READY]

    kitchen.ready()
    kitchen.advance(0.5)
    assert kitchen.published == [(feed, "1"), (feed, "2")]


def test_another_sender_cannot_use_up_the_ids(kitchen: Driver) -> None:
    kitchen.done(2**31 - 1, "1")

    assert kitchen.feed() == 1


def test_a_last_id_that_rises_by_itself_shows_another_sender(kitchen: Driver) -> None:
    kitchen.heartbeat("1", drops_repeats=True, last_id=0)
    kitchen.advance(30.0)
    kitchen.heartbeat("1", last_id=12)
    feed = kitchen.feed()

    assert list(kitchen.engine.answers.past.foreign) == ["1"]
    assert kitchen.published == [(feed, "1"), (feed, "2")]


def test_only_the_first_sign_of_each_node_is_kept(kitchen: Driver) -> None:
    for command_id in range(100, 200):
        kitchen.done(command_id, "1")
        kitchen.done(1000 + command_id, "2", "stranger")

    assert {
        sign.node: sign.command_id
        for sign in kitchen.engine.answers.past.foreign.values()
    } == {"1": 100, "2": 1100}


def test_a_late_answer_is_no_sign_of_another_sender(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.done(feed)
    kitchen.done(feed)
    kitchen.accept(None, "1")

    assert kitchen.engine.answers.past.foreign == {}
