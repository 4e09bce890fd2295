"""What the stations of the demo are to do: at first, and day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .parts.flows import DOMAIN
from .parts.site import Site
from .parts.stations import KITCHEN, ORCHARD, PETS, YARD

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SOON = timedelta(minutes=3)

type Plan = Mapping[str, Sequence[Mapping[str, Any]]]
"""By the name of a device: its meals or runs."""


async def make_plans(site: Site) -> None:
    """Give the stations that have one their plan; nodes that keep it begin soon."""
    config = await site.home_assistant.api.get("/api/config")
    soon = datetime.now(ZoneInfo(config["time_zone"])) + SOON
    plans: Mapping[str, Plan] = {
        KITCHEN.protocol: {
            "Kitchen": [
                _line("Breakfast", "07:30", portions=2),
                _line("Dinner", "18:30", portions=2),
            ],
        },
        ORCHARD.protocol: {
            "Orchard Apples": [
                _line("Morning", "06:00", valve=0, duration=900),
                _line("Sprinkle", f"{soon:%H:%M}", valve=1, duration=60),
            ],
            "Orchard Pears": [_line("Evening", "20:30", valve=0, duration=600)],
        },
        PETS.protocol: {
            "Pets": [
                _line("Breakfast", "07:00", portions=4),
                _line("Dinner", "19:00", portions=4),
            ],
            "Pets Cat": [_line("Snack", f"{soon:%H:%M}", portions=1)],
        },
        YARD.protocol: {
            "Yard Feeder": [_line("Breakfast", "07:15", portions=2)],
            "Yard Valve": [
                _line("Morning", "05:30", "open_valve", duration=900),
                _line("Sprinkle", f"{soon:%H:%M}", "open_valve", duration=120),
            ],
        },
    }
    for station in site.stations:
        for device, lines in plans.get(station.protocol, {}).items():
            device_id = await site.device_id(device)
            for line in lines:
                await site.home_assistant.api.call(
                    DOMAIN, "schedule", {"device_id": device_id, **line}
                )


async def order_first(site: Site) -> None:
    """Order what has feeders tell what else they know of their hopper."""
    for station in site.stations:
        if station.protocol != PETS.protocol:
            continue
        for node in station.adopted:
            order = {"kind": station.trial.kind, "params": station.trial.params}
            device_id = await site.device_id(station.device_of(node))
            await site.home_assistant.api.call(
                DOMAIN, "send_command", {"device_id": device_id, **order}
            )


def _line(
    name: str, time: str, kind: str | None = None, **params: int
) -> dict[str, Any]:
    """Return a line of a plan; without a kind it is of what the station plans."""
    what = params if kind is None else {"kind": kind, "params": params}
    return {"name": name, "time": time, "weekdays": EVERY_DAY, **what}
