"""The table of transitions in the engine's README is the one in the code."""

from __future__ import annotations

from pathlib import Path
import re

import pytest

from custom_components.mqtt_dispatch import engine
from custom_components.mqtt_dispatch.engine.delivery.transitions import (
    TRANSITIONS,
    deliver,
)
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    Delivery,
    DeliveryState,
)

README = Path(str(engine.__file__)).with_name("README.md")
BEGIN, END = "<!-- transitions: from delivery/transitions.py -->", "<!-- end of tran"


def table() -> str:
    """Return the table as the README shows it."""
    rows = ["| from | by | to |", "| --- | --- | --- |"]
    for before, causes in TRANSITIONS.items():
        for cause, after in causes.items():
            states = ", ".join(f"`{state}`" for state in sorted(after))
            rows.append(f"| `{before}` | `{cause}` | {states} |")
        if not causes:
            rows.append(f"| `{before}` | for good | |")
    return "\n".join(rows)


def test_the_table_in_the_readme_is_that_of_the_code() -> None:
    text = README.read_text(encoding="utf-8")
    _, _, rest = text.partition(f"{BEGIN}\n")
    shown, _, _ = rest.partition(f"\n{END}")
    assert shown == table(), f"put this into {README.name}:\n{table()}"


def test_the_rooms_and_modules_that_the_readme_names_are_there() -> None:
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+/(?:[a-z_/]+\.py)?|[a-z_]+\.py)`", text))
    assert {room for room in named if room.endswith("/")} == {
        f"{path.parent.name}/" for path in README.parent.glob("*/__init__.py")
    }
    for name in named:
        assert (README.parent / name).exists(), name


@pytest.mark.parametrize("state", DeliveryState)
def test_each_state_has_its_moves(state: DeliveryState) -> None:
    ends = not TRANSITIONS[state]
    good = {DeliveryState.DONE, DeliveryState.FAILED, DeliveryState.REJECTED}
    assert ends is (state in good)


def test_a_move_that_is_none_is_refused() -> None:
    command = Command(
        id=1,
        kind="feed",
        params={},
        command_class=CommandClass.ONCE,
        created_at=0.0,
        expires_at=None,
        deliveries=(Delivery("1", DeliveryState.DONE),),
    )
    with pytest.raises(ValueError, match="done does not become sent by sent_again"):
        deliver(command, "1", DeliveryState.SENT, 1.0, Cause.SENT_AGAIN)
