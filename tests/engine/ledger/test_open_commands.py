"""Whoever looks for some of the open commands finds just those."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, strategies as st

from custom_components.mqtt_dispatch.engine.ledger.open_commands import OpenCommands
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
)

OPEN = [state for state in CommandState if not state.final]

commands = st.builds(
    Command,
    id=st.integers(min_value=1, max_value=8),
    kind=st.sampled_from(["feed", "set_schedule"]),
    params=st.just({}),
    command_class=st.sampled_from(CommandClass),
    created_at=st.just(0.0),
    expires_at=st.none(),
    state=st.sampled_from(OPEN),
    deliveries=st.sampled_from(["1", "2", "12"]).flatmap(
        lambda nodes: st.tuples(
            *(
                st.builds(
                    Delivery,
                    node=st.just(node),
                    state=st.sampled_from(DeliveryState),
                    attempts=st.integers(min_value=0, max_value=2),
                )
                for node in nodes
            )
        )
    ),
    timeline=st.just((TimelineEntry(0.0, "queued", Cause.ACTION),)),
)
"""Whatever a file may hold: whether it makes sense is of no matter here."""


def ids(found: Iterable[Command]) -> list[int]:
    return [command.id for command in found]


def may_know(command: Command, node: str) -> bool:
    delivery = command.delivery(node)
    return delivery is not None and (
        delivery.state.in_flight
        or delivery.state is DeliveryState.UNKNOWN
        or (delivery.state is DeliveryState.PENDING and delivery.attempts > 0)
    )


@given(st.lists(commands, max_size=6), st.lists(commands | st.integers(1, 8)))
def test_each_index_is_what_going_through_all_of_them_finds(
    stored: list[Command], changes: list[Command | int]
) -> None:
    known = {command.id: command for command in stored}
    found = OpenCommands(known.values())
    for change in changes:
        if isinstance(change, Command):
            known[change.id] = change
            found.put(change)
        else:
            assert found.pop(change) == known.pop(change, None)

    everything = [known[command_id] for command_id in sorted(known)]
    assert dict(found) == known
    assert ids(found.in_flight()) == ids(
        command for command in everything if command.state.in_flight
    )
    for state in OPEN:
        those = [command for command in everything if command.state is state]
        assert [*found.by_state.of(state)] == those
        assert found.by_state.count(state) == len(those)
    for node in "12":
        assert found.at(node) == [each for each in everything if may_know(each, node)]
    for kind in ("feed", "set_schedule"):
        assert ids(found.never_sent.of(kind)) == ids(
            each for each in everything if each.kind == kind and not each.ever_sent
        )
    assert found.by_state.firsts() == {
        min(each.id for each in everything if each.state is state)
        for state in OPEN
        if any(each.state is state for each in everything)
    }
