"""The client keeps and sends again what paho does, and nothing else."""

from __future__ import annotations

from random import Random

import pytest

from simulation.air import Air, Weather
from simulation.broker import Broker, Session
from simulation.client import Client, NoConnection
from simulation.clock import Agenda, Clock
from simulation.process import Process
from simulator.node import Message


class Line:
    """A client, a broker, and somebody who listens there."""

    def __init__(self) -> None:
        self.clock = Clock(0.0)
        self.agenda = Agenda(self.clock)
        self.broker = Broker(self.agenda, Air(Random(0)))
        self.arrived: list[bytes] = []
        self.left: list[tuple[bytes, bool]] = []
        listener = Session(
            lambda _, payload, __: self.arrived.append(payload), is_node=True
        )
        self.broker.connect(listener)
        self.broker.subscribe(listener, ("t",))
        process = Process(1, self.clock, self.agenda, Random(0))
        self.client = Client(
            process,
            self.broker,
            receive=lambda *_: None,
            changed=lambda _: None,
            subscribed=lambda: None,
            left=lambda _, message, again: self.left.append((message.payload, again)),
        )
        self.client.connect()

    def publish(self, payload: bytes, qos: int, *, is_command: bool = True) -> None:
        message = Message("t", payload, qos)
        self.client.publish("s1", message, is_command=is_command)

    def wait(self, seconds: float) -> None:
        until = self.clock.time + seconds
        while (at := self.agenda.next_at()) is not None and at <= until:
            action = self.agenda.take(1)
            if action is not None:
                action()
        self.clock.time = until


@pytest.mark.parametrize("qos", [0, 1])
def test_a_message_arrives_once(qos: int) -> None:
    line = Line()
    line.publish(b"a", qos)
    line.wait(60)
    line.client.lose(noticed_after=0, believed_after=0)
    line.wait(60)

    assert line.arrived == [b"a"]


@pytest.mark.parametrize(("qos", "arrived"), [(0, []), (1, [b"a"])])
def test_a_publish_that_raised_is_sent_later_with_qos_1_only(
    qos: int, arrived: list[bytes]
) -> None:
    line = Line()
    line.client.breaks = "before"
    with pytest.raises(NoConnection):
        line.publish(b"a", qos)
    assert line.client.connected, "Home Assistant must not know it yet"
    line.wait(60)

    assert line.arrived == arrived


@pytest.mark.parametrize(("qos", "times"), [(0, 1), (1, 2)])
def test_what_was_not_acknowledged_is_sent_again_with_qos_1_only(
    qos: int, times: int
) -> None:
    line = Line()
    line.publish(b"a", qos)
    line.wait(0.015)
    line.client.lose(noticed_after=0, believed_after=0)
    line.wait(60)

    assert line.arrived == [b"a"] * times
    assert [again for _, again in line.left] == [False, True][:times]


def test_what_goes_into_a_dead_connection_is_lost_with_qos_0() -> None:
    line = Line()
    line.client.lose(noticed_after=30, believed_after=0)
    line.publish(b"a", 0)
    line.publish(b"b", 1)
    line.wait(120)

    assert line.arrived == [b"b"]


def test_the_connection_breaks_at_a_command_and_at_nothing_else() -> None:
    line = Line()
    line.client.breaks = "before"
    line.publish(b"question", 0, is_command=False)
    line.wait(1)
    assert line.arrived == [b"question"]

    with pytest.raises(NoConnection):
        line.publish(b"command", 0)


@pytest.mark.parametrize(("in_order", "kept"), [(True, True), (False, False)])
def test_what_is_late_is_overtaken_but_where_all_comes_in_order(
    in_order: bool, kept: bool
) -> None:
    clock = Clock(0.0)
    agenda, air = Agenda(clock), Air(Random(0))
    air.weather = Weather(delays=0.5, late=60.0)
    broker = Broker(agenda, air, in_order=in_order)
    arrived: list[bytes] = []
    listener = Session(lambda _, payload, __: arrived.append(payload), is_node=True)
    broker.connect(listener)
    broker.subscribe(listener, ("t",))
    said = [bytes([number]) for number in range(20)]
    for payload in said:
        broker.publish(Message("t", payload))
    while agenda.next_at() is not None:
        action = agenda.take(1)
        assert action is not None
        action()

    assert sorted(arrived) == said
    assert (arrived == said) is kept
