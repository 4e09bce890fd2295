"""What figures say of commands whose past is known to the second."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandState
from custom_components.mqtt_dispatch.figures.computing import (
    Spread,
    StationFigures,
    figures_at_node,
    figures_of_station,
)
from custom_components.mqtt_dispatch.figures.parts import parts_of

from .commands import (
    AGAIN,
    BEGAN,
    DONE,
    FAILED,
    LATE,
    SENT,
    SETTLED,
    SILENT,
    TOLD,
    TOOK,
    Step,
    command,
)


def figures(*commands: Command) -> StationFigures:
    """Return the figures of commands."""
    return figures_of_station(chain.from_iterable(map(parts_of, commands)))


def test_a_station_counts_commands_and_a_node_its_part_of_them() -> None:
    both = command(1, SENT, TOOK, DONE, nodes=("1", "2"))
    one = command(2, SENT, FAILED, state=CommandState.FAILED, nodes=("2",))

    found = figures(both, one)

    station = found.station.total
    assert (station.ordered, station.succeeded, station.failed) == (2, 1, 1)
    assert station.success_rate == 50.0
    first, second = found.nodes["1"].total, found.nodes["2"].total
    assert (first.ordered, first.succeeded, first.failed) == (1, 1, 0)
    assert (second.ordered, second.succeeded, second.failed) == (2, 1, 1)


def test_a_node_that_did_its_part_of_what_failed_succeeded() -> None:
    did, did_not = command(1, SENT, DONE), command(1, SENT, FAILED, nodes=("2",))
    half = Command(
        **{
            **{name: getattr(did, name) for name in did.__slots__},
            "state": CommandState.FAILED,
            "deliveries": did.deliveries + did_not.deliveries,
            "timeline": did.timeline + did_not.timeline[1:],
        }
    )

    found = figures(half)

    assert found.station.total.failed == 1
    assert found.nodes["1"].total.succeeded == 1
    assert found.nodes["2"].total.failed == 1


def test_each_kind_has_figures_of_its_own() -> None:
    found = figures(
        command(1, SENT, DONE),
        command(2, SENT, FAILED, state=CommandState.REJECTED, kind="reboot"),
    )

    for scope in (found.station, found.nodes["1"]):
        assert list(scope.kinds) == ["feed", "reboot"]
        assert scope.kinds["feed"].success_rate == 100.0
        assert scope.kinds["reboot"].success_rate == 0.0
        assert scope.total.success_rate == 50.0


def test_times_are_from_the_order_and_from_the_first_sending() -> None:
    found = figures(command(1, SENT, AGAIN, (40, DONE[1], DONE[2]))).station.total

    assert found.sent_again == 1
    assert found.waited == Spread(2.0, 2.0)
    assert found.accepted_after == Spread(None, None)
    assert found.done_after == Spread(38.0, 38.0)


def test_the_median_and_the_95th_of_100_are_told() -> None:
    commands = [
        command(number, (number, SENT[1], SENT[2]), state=CommandState.FAILED)
        for number in range(1, 102)
    ]

    assert figures(*commands).station.total.waited == Spread(51.0, 96.0)


@pytest.mark.parametrize(
    ("steps", "succeeded", "unconfirmed", "done_after"),
    [
        ((SENT, TOOK, DONE), 1, 0, 10.0),
        ((SENT, SILENT, LATE), 1, 1, None),
        ((SENT, SILENT, SETTLED), 1, 1, None),
        ((SENT, TOLD), 1, 0, None),
    ],
    ids=["its word", "heard late", "a person's word", "only told"],
)
def test_only_what_the_node_said_in_time_tells_how_long_it_took(
    steps: tuple[Step, ...], succeeded: int, unconfirmed: int, done_after: float | None
) -> None:
    found = figures(command(1, *steps)).nodes["1"].total

    assert (found.succeeded, found.unconfirmed) == (succeeded, unconfirmed)
    assert found.done_after.median == done_after


def test_what_was_ordered_for_later_waits_from_then_on() -> None:
    later = command(1, (3605, SENT[1], SENT[2]), not_before=BEGAN + 1 + 3600)

    assert figures(later).station.total.waited.median == 5.0


def test_a_clock_that_was_set_back_makes_no_time_negative() -> None:
    found = figures(command(1, (-60, SENT[1], SENT[2]), DONE)).station.total

    assert found.waited.median == 0.0


def test_what_expired_or_was_cancelled_neither_succeeded_nor_failed() -> None:
    found = figures(
        command(1, state=CommandState.EXPIRED),
        command(2, state=CommandState.CANCELLED),
    )

    for scope in (found.station.total, found.nodes["1"].total):
        assert (scope.ordered, scope.expired) == (2, 1)
        assert (scope.succeeded, scope.failed, scope.sent_again) == (0, 0, 0)
        assert scope.success_rate is None
        assert scope.waited == Spread(None, None)


def test_a_node_alone_has_the_figures_that_it_has_at_its_station() -> None:
    commands: Iterable[Command] = [
        command(1, SENT, TOOK, DONE),
        command(2, SENT, SILENT, LATE),
        command(3, SENT, AGAIN, FAILED, state=CommandState.FAILED),
    ]
    parts = [part for each in commands for part in parts_of(each)]

    assert figures_at_node(parts) == figures_of_station(parts).nodes["1"].total


def test_of_nothing_there_are_no_figures() -> None:
    found = figures()

    assert found.station.total.ordered == 0
    assert found.nodes == {}
