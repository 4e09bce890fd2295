"""What the tests store, and a Home Assistant with files of its own to store it in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date
import json
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import get_internal_store_manager

from custom_components.mqtt_dispatch.engine.ledger.snapshot import (
    Feed,
    Snapshot,
    UsedKey,
)
from custom_components.mqtt_dispatch.engine.model.choice import Chosen
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
)
from custom_components.mqtt_dispatch.engine.model.meal import (
    IfMissed,
    LateAnswer,
    Meal,
    MealDate,
    OverdueMeal,
    Override,
    Rule,
    Settled,
    Sun,
    TakenOff,
)
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.engine.model.pause import Pause, PlanPause
from custom_components.mqtt_dispatch.engine.model.reports import Dispensed
from custom_components.mqtt_dispatch.engine.model.water import Meter
from custom_components.mqtt_dispatch.storage.migrations import HISTORY

ENTRY_ID = "01JABCDEFGHJKMNPQRSTVWXYZ0"
STATION_KEY = f"mqtt_dispatch.{ENTRY_ID}"
HISTORY_KEY = f"{STATION_KEY}.history"
"""What earlier versions called the file of the history."""
DATABASE = "mqtt_dispatch.history.db"


@asynccontextmanager
async def home_assistant(config_dir: Path) -> AsyncIterator[HomeAssistant]:
    """Run the core as after a start, when it has listed the storage folder."""
    hass = HomeAssistant(str(config_dir))
    await get_internal_store_manager(hass).async_initialize()
    await ir.async_load(hass, read_only=True)
    try:
        yield hass
    finally:
        await hass.async_stop(force=True)


def files(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds, but for the database of all stations."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if not path.name.startswith(DATABASE)
    }


def command(command_id: int, state: CommandState = CommandState.QUEUED) -> Command:
    """Return a command with two deliveries and a timeline."""
    return Command(
        id=command_id,
        kind="feed",
        params={"portions": 3, "bowl": None, "note": "Frühstück \u2014 \U0001f408"},
        command_class=CommandClass.ONCE,
        created_at=1_790_000_000.123456,
        expires_at=1_790_003_600.0,
        state=state,
        idempotency_key=f"key-{command_id}",
        deliveries=(
            Delivery(
                "1",
                DeliveryState.REJECTED,
                attempts=2,
                repeatable=True,
                reason="hopper_empty",
            ),
            Delivery("2"),
        ),
        timeline=(
            TimelineEntry(1_790_000_000.5, "queued", Cause.ACTION),
            TimelineEntry(
                1_790_000_001.25, "rejected", Cause.NODE, "1", "hopper_empty"
            ),
        ),
    )


def closed(count: int) -> list[Command]:
    """Return commands that succeeded."""
    return [command(number, CommandState.SUCCEEDED) for number in range(1, count + 1)]


def past(count: int) -> Past:
    """Return what the history gets of commands that succeeded."""
    return Past(commands=tuple(closed(count)))


def put_earlier_history(storage: Path, commands: Iterable[Command]) -> bytes:
    """Write the file that earlier versions had, and return what is in it."""
    envelope = {
        "version": 1,
        "minor_version": HISTORY.minor_version,
        "key": HISTORY_KEY,
        "data": HISTORY.as_json(tuple(commands)),
    }
    content = json.dumps(envelope).encode()
    (storage / HISTORY_KEY).write_bytes(content)
    return content


FULL = Snapshot(
    next_id=43,
    pause=Pause(until=1_790_090_000.0, reason="Zu Besuch bei Oma \u2014 \U0001f408"),
    commands=(
        command(41, CommandState.SUCCEEDED),
        command(42, CommandState.UNCONFIRMED),
        Command(
            id=40,
            kind="reboot",
            params={},
            command_class=CommandClass.ONCE,
            created_at=1.0,
            expires_at=None,
            finishes=39,
            deliveries=(Delivery("2"),),
            timeline=(TimelineEntry(1.0, "queued", Cause.BUTTON),),
        ),
        Command(
            id=38,
            kind="open_valve",
            params={"valve": 1, "duration": 90},
            command_class=CommandClass.ONCE,
            created_at=1.0,
            expires_at=None,
            not_before=1_790_080_000.0,
            taken_off=TakenOff("breakfast", "2026-09-23T07:30", 2),
            key="1",
            meal=MealDate("lawn", "2026-09-22T06:09"),
            deliveries=(
                Delivery(
                    "2",
                    steps=3,
                    step=1,
                    ended=(0, 2),
                    remembered={"count": 4.0, "valve": "closed"},
                ),
            ),
            timeline=(TimelineEntry(1.0, "queued", Cause.MEAL),),
        ),
    ),
    meals=(
        Meal(
            "breakfast",
            "Breakfast",
            Rule("07:30", frozenset({"mon", "sun"})),
            {"portions": 2},
            enabled=False,
            begins=1_774_762_200.0,
        ),
        Meal(
            "lawn",
            "Rasen",
            Rule(
                sun=Sun.SUNRISE,
                offset=-45,
                every=3,
                first=date(2026, 6, 1),
                until=date(2026, 9, 30),
            ),
            {"valve": 1, "duration": 90},
            kind="open_valve",
            nodes=("2",),
            if_missed=IfMissed.ASK,
            deadline=900.0,
            skipped_until=date(2026, 7, 7),
            overrides={
                "2026-08-06": Override(skipped=True),
                "2026-08-09": Override(time="05:15", params={"duration": 60}),
            },
        ),
    ),
    occurrences=(
        Settled("breakfast", "2026-03-29T07:30", 41),
        Settled("breakfast", "2026-03-29T07:30", None, "2"),
    ),
    overdue=(
        OverdueMeal("breakfast", "2026-03-29T07:30", 1_774_762_200.0),
        OverdueMeal(
            "lawn", "2026-09-22T06:09", 1_790_050_140.0, "2", LateAnswer.FEED_NOW
        ),
    ),
    plan_pause=PlanPause(1_790_000_000.0, 1_790_090_000.0, "Ferien \u2014 \U0001f408"),
    feeds=(Feed(41, 1_790_000_100.0, 3, certain=True),),
    keys=(UsedKey("key-41", 41, 1_790_000_000.0),),
    dispensed=(
        Dispensed(
            node="2",
            started_at=1_790_000_050.0,
            planned=True,
            grams=12.5,
            reason="jammed",
        ),
    ),
    chosen=(Chosen(None, "portions", 3.0), Chosen("1", "dose", 2.5)),
    water=(
        Meter(
            node="1",
            what="valve_0",
            litres=12.5,
            running=True,
            began_at=1_790_000_000.0,
            lasts=600.0,
        ),
        Meter(node="2", what="tap", running=True, began_at=1_790_000_000.0),
    ),
    in_backup=True,
    restored_at=1_790_000_200.0,
    unsure_below=42,
    believed_at=1_790_000_300.0,
)
"""Has something in every field, which a test looks for."""

OLD = Snapshot(next_id=7, commands=(command(6),))
NEW = Snapshot(next_id=8, commands=(command(6), command(7)))
