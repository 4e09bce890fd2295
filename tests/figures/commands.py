"""Commands with a past that figures are made of."""

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

STATION = "01KITCHEN"
BEGAN = 1_790_000_000.0

type Step = tuple[float, DeliveryState, Cause]

SENT: Step = (2, DeliveryState.SENT, Cause.SENT)
TOOK: Step = (3, DeliveryState.ACCEPTED, Cause.NODE)
DONE: Step = (12, DeliveryState.DONE, Cause.NODE)
SILENT: Step = (14, DeliveryState.UNKNOWN, Cause.ACCEPT_TIMEOUT)
LATE: Step = (500, DeliveryState.DONE, Cause.LATE_ANSWER)
TOLD: Step = (12, DeliveryState.DONE, Cause.TOLD)
AGAIN: Step = (32, DeliveryState.SENT, Cause.SENT_AGAIN)
FAILED: Step = (40, DeliveryState.FAILED, Cause.NODE)
SETTLED: Step = (900, DeliveryState.DONE, Cause.PERSON)


def command(
    command_id: int,
    *steps: Step,
    state: CommandState = CommandState.SUCCEEDED,
    nodes: tuple[str, ...] = ("1",),
    kind: str = "feed",
    not_before: float | None = None,
    at: float | None = None,
) -> Command:
    """Return a command that went through the same steps at each of its nodes.

    It was ordered `at` a moment, or `command_id` seconds after BEGAN; steps are so many
    seconds later.
    """
    created_at = BEGAN + command_id if at is None else at
    timeline = [TimelineEntry(created_at, "queued", Cause.ACTION)]
    for after, name, cause in steps:
        timeline += [
            TimelineEntry(created_at + after, name, cause, node) for node in nodes
        ]
        if name is DeliveryState.UNKNOWN:
            timeline.append(TimelineEntry(created_at + after, "unconfirmed", cause))
    last = steps[-1][0] if steps else 0
    timeline.append(TimelineEntry(created_at + last, state, Cause.NODE))
    attempts = sum(name is DeliveryState.SENT for _, name, _ in steps)
    return Command(
        id=command_id,
        kind=kind,
        params={"portions": 1},
        command_class=CommandClass.ONCE,
        created_at=created_at,
        expires_at=None,
        state=state,
        not_before=not_before,
        deliveries=tuple(
            Delivery(
                node,
                steps[-1][1] if steps else DeliveryState.PENDING,
                attempts=attempts,
            )
            for node in nodes
        ),
        timeline=tuple(timeline),
    )
