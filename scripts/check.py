"""What `scripts/demo --check` does: feed, restart Home Assistant, feed, count."""

from __future__ import annotations

import asyncio
import time

from .parts.api import wait_for_state
from .parts.flows import DOMAIN
from .parts.process import PartError
from .parts.site import STATION, Site

READY = f"binary_sensor.{STATION.lower()}_ready"
READY_PATIENCE = 60


async def check(site: Site) -> None:
    """Feed twice with a restart between; raises PartError with what went wrong."""
    await until_ready(site)
    ids = [await _feed(site)]
    await site.home_assistant.restart()
    _step("Home Assistant was stopped and started again")
    await until_ready(site)
    ids.append(await _feed(site))
    _compare_with_ledger(site, ids)
    _read_log(site)


async def until_ready(site: Site) -> None:
    """Wait until both nodes are ready; raises PartError if they take too long."""
    try:
        async with asyncio.timeout(READY_PATIENCE):
            await wait_for_state(site.home_assistant.api, READY, "on".__eq__)
    except TimeoutError:
        raise PartError(
            f"{READY} was not on after {READY_PATIENCE} s\n{await _states(site)}"
        ) from None
    _step("both nodes are ready")


async def _feed(site: Site) -> int:
    started = time.monotonic()
    answer = await site.home_assistant.api.call(
        DOMAIN,
        "feed",
        {"device_id": await site.device_id(), "portions": 1, "wait": True},
    )
    if answer["state"] != "succeeded":
        raise PartError(f"The command did not succeed: {answer}\n{await _states(site)}")
    taken = time.monotonic() - started
    _step(f"command #{answer['command_id']} succeeded after {taken:.1f} s")
    return int(answer["command_id"])


def _compare_with_ledger(site: Site, ids: list[int]) -> None:
    wanted = {(node, command_id): 1 for node in ("1", "2") for command_id in ids}
    executed = dict(site.simulator.executions())
    if executed != wanted:
        raise PartError(f"The nodes executed {executed}, and should have {wanted}")
    _step(f"each node executed #{ids[0]} and #{ids[1]} once, says its ledger")


def _read_log(site: Site) -> None:
    if complaints := site.home_assistant.complaints():
        raise PartError("Home Assistant's log complains:\n" + "\n".join(complaints))
    _step("Home Assistant's log has no warning and no error of ours")


async def _states(site: Site) -> str:
    states = await site.home_assistant.api.get("/api/states")
    return "\n".join(
        f"  {state['entity_id']}: {state['state']}"
        for state in states
        if STATION.lower() in state["entity_id"]
    )


def _step(what: str) -> None:
    print(f"ok  {what}", flush=True)
