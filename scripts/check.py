"""What `scripts/demo --check` does: order, restart Home Assistant, order, count.

And it looks whether what the dashboard shows is there.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
import time
from typing import Any

from homeassistant.util.yaml import load_yaml_dict

from .parts.api import wait_for_state
from .parts.flows import DOMAIN
from .parts.process import PartError
from .parts.site import Site
from .parts.stations import Staged

READY_PATIENCE = 60
CARD = "custom:mqtt-dispatch-card"
TOLD_PATIENCE = 120
"""Seconds within which sleepers tell all that they measure, on two wakings."""


async def check(site: Site, dashboard: Path) -> None:
    """Order twice with a restart between; raises PartError with what went wrong.

    Orders go to all stations at the same time. `dashboard`: the file of what is shown.
    """
    await until_ready(site)
    await _order_everywhere(site, times=1)
    await site.home_assistant.restart()
    _step("Home Assistant was stopped and started again")
    await until_ready(site)
    await _order_everywhere(site, times=2)
    await _look_at_dashboard(site, dashboard)
    _read_log(site)


async def until_ready(site: Site) -> None:
    """Wait until each station's trial may be ordered.

    Raises PartError if it takes too long.
    """
    for station in site.stations:
        if station.ready is None:
            continue
        entity, states = station.ready
        try:
            async with asyncio.timeout(READY_PATIENCE):
                await wait_for_state(
                    site.home_assistant.api, entity, states.__contains__
                )
        except TimeoutError:
            raise PartError(
                f"{entity} was none of {states} after {READY_PATIENCE} s\n"
                f"{await _states(site, station)}"
            ) from None
        _step(f"{station.name}: its nodes are ready")


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


async def _look_at_dashboard(site: Site, dashboard: Path) -> None:
    shown = set(_entities_of(load_yaml_dict(str(dashboard))))
    missing = set(shown)
    try:
        async with asyncio.timeout(TOLD_PATIENCE):
            for entity in sorted(shown):
                await wait_for_state(site.home_assistant.api, entity, bool)
                missing.discard(entity)
    except TimeoutError:
        raise PartError(
            f"The dashboard shows what is not there: {sorted(missing)}"
        ) from None
    _step(f"all {len(shown)} entities of the dashboard are there")
    for card in _cards_of(load_yaml_dict(str(dashboard))):
        await _look_at_card(site, card)


async def _look_at_card(site: Site, entity_id: str) -> None:
    """Look whether a card is told of its station, and what it names is there.

    Raises PartError.
    """
    api = site.home_assistant.api
    entity = await api.ask("config/entity_registry/get", entity_id=entity_id)
    async with api.websocket() as socket:
        told = await anext(
            socket.events("mqtt_dispatch/subscribe", device_id=entity["device_id"])
        )
    (picture,) = told["pictures"]
    if not picture["station"]["loaded"]:
        raise PartError(f"The card of {entity_id} is told of no station: {picture}")
    named = {
        *picture["station"]["entities"].values(),
        *(each for node in picture["nodes"] for each in node["entities"].values()),
        *(valve["valve"] for valve in picture["valves"]),
        *(camera["image"] for camera in picture["cameras"]),
    }
    states = {state["entity_id"] for state in await api.get("/api/states")}
    if missing := named - states:
        raise PartError(f"A card is told of what is not there: {sorted(missing)}")
    title = picture["station"]["title"]
    _step(f"{title}: its card is told of {len(named)} entities, and all are there")


def _cards_of(part: Mapping[str, Any] | Sequence[Any]) -> Iterator[str]:
    """Find what the cards of ours in a part of a dashboard are about."""
    if isinstance(part, Mapping) and part.get("type") == CARD:
        yield part["entity"]
    for one in part.values() if isinstance(part, Mapping) else part:
        if isinstance(one, dict | list):
            yield from _cards_of(one)


def _entities_of(part: Mapping[str, Any] | Sequence[Any]) -> Iterator[str]:
    """Find all that is called an entity, or entities, in a part of a dashboard."""
    if isinstance(part, Mapping):
        if isinstance(entity := part.get("entity"), str):
            yield entity
        for entity in part.get("entities", ()):
            yield entity if isinstance(entity, str) else entity["entity"]
    inner = part.values() if isinstance(part, Mapping) else part
    for one in inner:
        if isinstance(one, dict | list):
            yield from _entities_of(one)


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
