"""Home Assistant with the hook: python -m scripts.matrix.hooks.home_assistant ..."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from scripts.parts.hurried import hurry

from . import files
from .points import Points, from_environment

ACTIONS = {
    ("mqtt_dispatch", action)
    for action in ("feed", "send_command", "schedule", "cancel_all")
}
HISTORY_DELAY = 0.5
COMMIT_RETRY = 3.0
RECONNECT_INTERVAL_SECONDS = 1


def main() -> int:
    """Run Home Assistant."""
    points = from_environment()
    files.install(points)
    _watch_actions(points)
    # The files must be watched before these are imported.
    from . import history, wire  # noqa: PLC0415

    wire.install(points)
    history.install(points)
    _prepare_the_integration(points)
    from homeassistant.__main__ import main as run  # noqa: PLC0415

    points.begin_at_start()
    return run()


def _watch_actions(points: Points) -> None:
    """Count from the moment in which something is ordered."""
    from homeassistant.core import ServiceRegistry  # noqa: PLC0415

    call = ServiceRegistry.async_call

    async def async_call(
        self: ServiceRegistry,
        domain: str,
        service: str,
        *args: Any,
        **options: Any,
    ) -> Any:  # noqa: ANN401
        if (domain, service) not in ACTIONS:
            return await call(self, domain, service, *args, **options)
        points.begin()
        points.reach("the action is called")
        response = await call(self, domain, service, *args, **options)
        points.reach("the action has its response, the caller not yet")
        return response

    ServiceRegistry.async_call = async_call  # type: ignore[method-assign]


def _prepare_the_integration(points: Points) -> None:
    """Give it a clock that can be set, and shorten what it waits only to spare others.

    To spare the disk, that is, and for Home Assistant's MQTT to spare the broker.
    """
    hurry()
    for module, name, value in replaced(points):
        if not hasattr(module, name):
            raise RuntimeError(f"{module.__name__} has no {name} any more")
        setattr(module, name, value)


def replaced(points: Points) -> tuple[tuple[ModuleType, str, object], ...]:
    """Return which names of which modules are to mean what."""
    from homeassistant.components.mqtt import client  # noqa: PLC0415

    from custom_components.mqtt_dispatch import clock  # noqa: PLC0415
    from custom_components.mqtt_dispatch.engine.ledger import (  # noqa: PLC0415
        commit_requests,
    )
    from custom_components.mqtt_dispatch.runtime import archive  # noqa: PLC0415

    return (
        (clock, "time", points.clock),
        (archive, "HISTORY_DELAY", HISTORY_DELAY),
        (commit_requests, "COMMIT_RETRY", COMMIT_RETRY),
        (client, "RECONNECT_INTERVAL_SECONDS", RECONNECT_INTERVAL_SECONDS),
    )


if __name__ == "__main__":
    sys.exit(main())
