"""Commands that have ended, as the history gets them."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
)

KITCHEN, GARDEN = "01KITCHEN", "02GARDEN"
BEGAN = 1_790_000_000.0


def ended(
    command_id: int,
    *,
    kind: str = "feed",
    state: CommandState = CommandState.SUCCEEDED,
    nodes: tuple[str, ...] = ("1", "2"),
    at: float | None = None,
) -> Command:
    """Return a command that ended 90 s after it was ordered.

    It was sent after 10 s, accepted after 20 s, in doubt after 60 s.
    """
    created_at = BEGAN + command_id if at is None else at
    timeline = [TimelineEntry(created_at, "queued", Cause.ACTION)]
    for after, name in ((10, "sent"), (20, "accepted"), (60, "unknown"), (90, "done")):
        timeline += [
            TimelineEntry(created_at + after, name, Cause.NODE, node, "Frühstück 🐈")
            for node in nodes
        ]
        if name == "unknown":
            timeline.append(
                TimelineEntry(created_at + after, "unconfirmed", Cause.DONE_TIMEOUT)
            )
    timeline.append(TimelineEntry(created_at + 90, state, Cause.NODE))
    return Command(
        id=command_id,
        kind=kind,
        params={"portions": 2},
        command_class=CommandClass.ONCE,
        created_at=created_at,
        expires_at=None,
        state=state,
        deliveries=tuple(
            Delivery(node, DeliveryState.DONE, attempts=2) for node in nodes
        ),
        timeline=tuple(timeline),
    )
