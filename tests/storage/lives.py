"""What stations go through before their files are kept: something of everything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.backup import async_pre_backup
from custom_components.mqtt_dispatch.engine.model.events import (
    ConfirmRestore,
    PausePlan,
)
from tests.calls import actions_of, use
from tests.conftest import SetUp
from tests.nodes import Nodes, pass_time, settled
from tests.others import (
    FEEDER,
    GATEWAY,
    GREENHOUSES,
    HARDWARE_ID,
    METERED_ORCHARD,
    PETS,
    STORE_ID,
    Feeder,
    Greenhouse,
    Hub,
    Station,
)

from .samples import ENTRY_ID, STATION_KEY

BEGIN = datetime(2026, 6, 2, 12, tzinfo=UTC)
"""A Tuesday."""
WRITTEN = Path(__file__).parent / "written"
"""A folder for each minor version, with one for each life that was lived with it."""
DOG = "d09"
KITCHEN: Station = {"protocol": "paired_dispenser"}
TWO_PETS: Station = PETS | {
    "nodes": {
        **PETS["nodes"],
        DOG: {"title": "Dog", "fields": {"gateway": GATEWAY, "firmware": "2.7.1"}},
    }
}


@dataclass
class Stage:
    """Where a station lives."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    mqtt: Any
    entry: MockConfigEntry

    async def order(
        self, kind: str, *nodes: str, key: str | None = None, **params: Any
    ) -> int:
        """Order a command of a node, or (no node) of the station; return its id."""
        act = actions_of(self.hass, self.entry, *nodes)
        fields = {} if key is None else {"idempotency_key": key}
        answer = await act("send_command", kind=kind, params=params, **fields)
        await self.settle()
        command_id: int = answer["command_id"]
        return command_id

    async def settle(self) -> None:
        """Wait until all is on disk, and what follows is sent."""
        await settled(self.hass, self.entry.runtime_data)

    async def archive(self) -> None:
        """Let what has ended be written to the history."""
        for _ in range(3):
            await self.wait(30)

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await pass_time(self.hass, self.freezer, seconds)
        await self.settle()


type Life = Callable[[Stage], Awaitable[None]]


async def dispensers(stage: Stage) -> None:
    """Feed, in doubt once; have something of each node; plan a meal."""
    nodes = Nodes(stage.hass, stage.mqtt)
    await use(stage.hass, "number.set_value", "number.kitchen_portions", value=4)
    await nodes.newer()
    await _ready(stage, nodes)
    fed = await stage.order("feed", key="breakfast", portions=2)
    await nodes.accept(fed)
    await nodes.done(fed)
    await stage.archive()
    await _ready(stage, nodes)
    await stage.order("feed", key="lunch", portions=1)
    await stage.wait(11)
    await stage.order("feed", key="supper", portions=3)
    cancelled = await stage.order("feed", portions=4)
    act = actions_of(stage.hass, stage.entry)
    await act("cancel_command", command_id=cancelled)
    await act("schedule", name="Supper", time="18:00", weekdays=["tue"], portions=3)
    await _ready(stage, nodes)
    moving = await stage.order("operate", "1", op="servo", id=2, on=True)
    await nodes.accept(moving, "1")
    await stage.order("reboot", "2")


async def dispensers_put_back(stage: Stage) -> None:
    """Learn from a node that the file is older than what the node did."""
    nodes = Nodes(stage.hass, stage.mqtt)
    first = await stage.order("feed", key="breakfast", portions=2)
    await stage.order("operate", "1", op="servo", id=1, on=True)
    await stage.hass.config_entries.async_reload(stage.entry.entry_id)
    await nodes.say("state", "1", {"online": 1, "last_id": first + 40})
    await stage.settle()


async def dispensers_in_backup(stage: Stage) -> None:
    """Be copied while a backup is made."""
    act = actions_of(stage.hass, stage.entry)
    await act("schedule", name="Snack", time="05:01", portions=1)
    await stage.wait(70)
    (snack,) = stage.entry.runtime_data.engine.ledger.open
    await act("cancel_command", command_id=snack)
    await stage.order("feed", key="breakfast", portions=2)
    await async_pre_backup(stage.hass)
    await stage.settle()


async def dispensers_paused(stage: Stage) -> None:
    """Pause, with a feed that waits and a meal that is overdue; then pause the plan."""
    await stage.order("feed", key="breakfast", portions=2)
    act = actions_of(stage.hass, stage.entry)
    await act("pause", **{"for": "03:00:00"}, reason="Cleaning the bowls")
    snack = {"time": "05:01", "deadline": 1, "portions": 1}
    await act("schedule", name="Snack", **snack)
    await stage.wait(150)
    stage.entry.runtime_data.handle(PausePlan(reason="On holiday"))
    await stage.settle()


async def valves(stage: Stage) -> None:
    """Water, in doubt once; have a plan half way to its node."""
    hub = Hub(stage.hass, stage.mqtt)
    await hub.list_nodes()
    await stage.order("open_valve", "1", key="morning", valve=0, duration=60)
    await hub.say("QUEUED ACTUATOR 1 1 1", "EVENT_LOG 1 901 0 117 0 0")
    await hub.say("EVENT_LOG 1 901 0 116 0 0")
    await stage.archive()
    await hub.list_nodes()
    act = actions_of(stage.hass, stage.entry, "1")
    await act("schedule", name="Lawn", time="05:30", valve=0, duration=90)
    await hub.holds_nothing()
    for taken in ("REMOVE_SCHEDULE 1 1", "REMOVE_SCHEDULE 1 0", "SET_SCHEDULE 1 0"):
        await stage.settle()
        await hub.say(f"QUEUED {taken}")
        await stage.wait(1)
    await hub.say("EVENT_LOG 1 901 0 113 0 1")
    await stage.order("open_valve", "1", key="noon", valve=1, duration=60)
    await stage.wait(11)
    await stage.order("open_valve", "1", key="evening", valve=0, duration=30)
    cancelled = await stage.order("open_valve", "1", valve=1, duration=20)
    await act("cancel_command", command_id=cancelled)
    await stage.order("reboot", "2")


async def greenhouse(stage: Stage) -> None:
    """Dose, in doubt once, and have a pump run."""
    node = Greenhouse(stage.hass, stage.mqtt)
    await node.hello()
    await node.say("heartbeat", {"uptime": 120})
    dosed = await stage.order("dose", HARDWARE_ID, key="am", channel="acid", ml=2.5)
    await node.answer("acid", dosed, "DONE")
    await stage.archive()
    await node.say("heartbeat", {"uptime": 190})
    await stage.order("dose", HARDWARE_ID, key="noon", channel="acid", ml=1)
    for uptime in range(200, 310, 15):
        await stage.wait(15)
        await node.say("heartbeat", {"uptime": uptime})
    await stage.order("dose", HARDWARE_ID, key="pm", channel="acid", ml=3)
    cancelled = await stage.order("toggle", HARDWARE_ID, channel="heater")
    act = actions_of(stage.hass, stage.entry)
    await act("cancel_command", command_id=cancelled)
    store = "hydro/gh-1/zn-2/nd-irrig-1"
    await node.publish(f"{store}/heartbeat", {"uptime": 120})
    running = await stage.order(
        "run_pump", STORE_ID, channel="main", duration_ms=60_000
    )
    taken = {"cmd_id": f"md-{running}", "status": "ACK"}
    await node.publish(f"{store}/main/command_response", taken)
    await stage.settle()


async def pets(stage: Stage) -> None:
    """Feed, in doubt once; be told of meals that feeders gave by themselves."""
    feeder = Feeder(stage.hass, stage.mqtt)
    for device in (FEEDER, DOG):
        await feeder.say("sensor", device, f__voltage=5010)
    await stage.order("feed", FEEDER, key="breakfast", portions=2)
    await feeder.obey(stage.entry.runtime_data)
    await stage.archive()
    await feeder.fed(stage.freezer.time_to_freeze.timestamp() - 3600)
    await stage.order("feed", FEEDER, key="lunch", portions=1)
    await stage.wait(91)
    for device in (FEEDER, DOG):
        await feeder.say("sensor", device, f__voltage=5010)
    await stage.order("feed", FEEDER, key="supper", portions=3)
    cancelled = await stage.order("feed", FEEDER, portions=4)
    await actions_of(stage.hass, stage.entry)("cancel_command", command_id=cancelled)
    await stage.settle()
    await stage.order("reboot", DOG)


async def pets_put_back(stage: Stage) -> None:
    """Have an older state confirmed while there is no room to order the plan anew."""
    feeder = Feeder(stage.hass, stage.mqtt)
    await feeder.say("sensor", f__voltage=5010)
    act = actions_of(stage.hass, stage.entry, FEEDER)
    await act("schedule", name="Supper", time="18:00", portions=3)
    await feeder.obey(stage.entry.runtime_data)
    await stage.archive()
    await stage.order("feed", FEEDER, key="breakfast", portions=2)
    await async_pre_backup(stage.hass)
    file = Path(stage.hass.config.path(STORAGE_DIR, STATION_KEY))
    in_backup = file.read_bytes()
    entries = stage.hass.config_entries
    await entries.async_unload(stage.entry.entry_id)
    file.write_bytes(in_backup)
    entries.async_update_entry(stage.entry, options={"max_open": 1})
    await entries.async_setup(stage.entry.entry_id)
    stage.entry.runtime_data.handle(ConfirmRestore(keep=True))
    await stage.settle()


LIVES: dict[str, tuple[Station, Life]] = {
    "paired_dispenser": (KITCHEN, dispensers),
    "paired_dispenser_put_back": (KITCHEN, dispensers_put_back),
    "paired_dispenser_in_backup": (KITCHEN, dispensers_in_backup),
    "paired_dispenser_paused": (KITCHEN, dispensers_paused),
    "valve_hub": (METERED_ORCHARD, valves),
    "greenhouse": (GREENHOUSES, greenhouse),
    "petnet": (TWO_PETS, pets),
    "petnet_put_back": (PETS, pets_put_back),
}


async def live(
    name: str,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt: Any,
) -> Stage:
    """Have a station live, up to where its files are kept."""
    freezer.move_to(BEGIN)
    station, life = LIVES[name]
    stage = Stage(hass, freezer, mqtt, await set_up(entry_id=ENTRY_ID, **station))
    await life(stage)
    return stage


async def _ready(stage: Stage, nodes: Nodes) -> None:
    await nodes.ready()
    await stage.wait(1)
