"""What is read from disk is read strictly: anything odd is no snapshot of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.ledger.snapshot import (
    Feed,
    Snapshot,
    UsedKey,
    snapshot_as_json,
    snapshot_from_json,
)
from custom_components.mqtt_dispatch.engine.model.command import (
    HIGHEST_ID,
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    TimelineEntry,
)

STORED = Snapshot(
    next_id=42,
    commands=(
        Command(
            id=41,
            kind="feed",
            params={"portions": 1},
            command_class=CommandClass.ONCE,
            created_at=1.0,
            expires_at=2.0,
            deliveries=(Delivery("1"), Delivery("2")),
            timeline=(TimelineEntry(1.0, CommandState.QUEUED, Cause.ACTION),),
        ),
    ),
    feeds=(Feed(41, 1.0, 1, certain=False),),
    keys=(UsedKey("breakfast", 41, 1.0),),
)


def test_what_was_written_is_read_as_it_was() -> None:
    assert snapshot_from_json(snapshot_as_json(STORED)) == STORED


def changed(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


@pytest.mark.parametrize(
    "damage",
    [
        changed("next_id", to=0),
        changed("next_id", to=HIGHEST_ID + 2),
        changed("next_id", to=True),
        changed("next_id", to="42"),
        changed("commands", 0, "id", to=-1),
        changed("commands", 0, "id", to=41.0),
        changed("commands", 0, "kind", to=None),
        changed("commands", 0, "state", to="perhaps"),
        changed("commands", 0, "idempotency_key", to=["a"]),
        changed("commands", 0, "params", "portions", to=[]),
        changed("commands", 0, "timeline", to=[]),
        changed("commands", 0, "timeline", 0, "node", to=1),
        changed("commands", 0, "timeline", 0, "cause", to="magic"),
        changed("commands", 0, "deliveries", 0, "attempts", to=-1),
        changed("commands", 0, "deliveries", 0, "node", to="2"),
        changed("commands", 0, "created_at", to=1e308),
        changed("commands", 0, "expires_at", to=float("nan")),
        changed("commands", 0, "timeline", 0, "at", to=-1.0),
        changed("feeds", 0, "at", to=float("inf")),
        changed("feeds", 0, "at", to="noon"),
        changed("keys", 0, "at", to=True),
        changed("restored_at", to=1e12),
        changed("feeds", 0, "portions", to=-1),
        changed("keys", 0, "command_id", to=0),
    ],
)
def test_damage_is_noticed(damage: Callable[[dict[str, Any]], None]) -> None:
    data = snapshot_as_json(STORED)
    damage(data)
    with pytest.raises((KeyError, TypeError, ValueError)):
        snapshot_from_json(data)


def test_an_id_that_stands_twice_is_noticed() -> None:
    data = snapshot_as_json(STORED)
    data["commands"] *= 2
    with pytest.raises(ValueError, match="twice"):
        snapshot_from_json(data)
