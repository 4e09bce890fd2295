"""What `scripts/demo --check` does: order, restart Home Assistant, order, count."""

from __future__ import annotations

import asyncio
from collections import Counter
import time

from .parts.api import wait_for_state
from .parts.flows import DOMAIN
from .parts.process import PartError
from .parts.site import Site
from .parts.stations import KITCHEN, Staged

READY = f"binary_sensor.{KITCHEN.slug}_ready"
READY_PATIENCE = 60


async def check(site: Site) -> None:
    """Order twice with a restart between; raises PartError with what went wrong.

    Orders go to all stations at the same time.
    """
    await until_ready(site)
    await _order_everywhere(site, times=1)
    await site.home_assistant.restart()
    _step("Home Assistant was stopped and started again")
    await until_ready(site)
    await _order_everywhere(site, times=2)
    _read_log(site)


async def until_ready(site: Site) -> None:
    """Wait until both nodes of the kitchen are ready, if it is there.

    Other nodes sleep, or are ready whenever they are heard: their commands wait. Raises
    PartError if it takes too long.
    """
    if KITCHEN.protocol not in site.simulators:
        return
    try:
        async with asyncio.timeout(READY_PATIENCE):
            await wait_for_state(site.home_assistant.api, READY, "on".__eq__)
    except TimeoutError:
        raise PartError(
            f"{READY} was not on after {READY_PATIENCE} s\n"
            f"{await _states(site, KITCHEN)}"
        ) from None
    _step("both nodes are ready")


async def _order_everywhere(site: Site, times: int) -> None:
    """Order each station's trial, which then was executed `times` times."""
    await asyncio.gather(*(_order(site, station, times) for station in site.stations))


async def _order(site: Site, station: Staged, times: int) -> None:
    started = time.monotonic()
    trial = station.trial
    answer = await site.home_assistant.api.call(
        DOMAIN,
        "send_command",
        {
            "device_id": await site.device_id(station.trial_device),
            "kind": trial.kind,
            "params": trial.params,
            "wait": True,
        },
    )
    if answer["state"] != "succeeded":
        raise PartError(
            f"{station.name}: the command did not succeed: {answer}\n"
            f"{await _states(site, station)}"
        )
    taken = time.monotonic() - started
    _step(
        f"{station.name}: {trial.kind} #{answer['command_id']} succeeded after"
        f" {taken:.1f} s"
    )
    _compare_with_ledger(site, station, times)


def _compare_with_ledger(site: Site, station: Staged, times: int) -> None:
    executed = Counter(
        row["node"]
        for row in site.simulators[station.protocol].ledger()
        if row["kind"] == station.trial.kind
    )
    wanted = dict.fromkeys(station.trial_nodes, times)
    if executed != wanted:
        raise PartError(
            f"{station.name}: its nodes executed {executed}, and should have {wanted}"
        )
    _step(f"{station.name}: each node executed it once, says its ledger")


def _read_log(site: Site) -> None:
    if complaints := site.home_assistant.complaints():
        raise PartError("Home Assistant's log complains:\n" + "\n".join(complaints))
    _step("Home Assistant's log has no warning and no error of ours")


async def _states(site: Site, station: Staged) -> str:
    states = await site.home_assistant.api.get("/api/states")
    return "\n".join(
        f"  {state['entity_id']}: {state['state']}"
        for state in states
        if station.slug in state["entity_id"]
    )


def _step(what: str) -> None:
    print(f"ok  {what}", flush=True)
