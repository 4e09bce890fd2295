"""Home Assistant whose stations wait no longer than a test: run as a module.

What a kind has of its own, the half hour of a valve behind a hub, no option of a
station changes. The environment variable LONGEST_WAIT says how many seconds are enough.
"""

from __future__ import annotations

from dataclasses import replace
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custom_components.mqtt_dispatch.engine.model.policy import Policy
    from custom_components.mqtt_dispatch.protocols.base import Protocol

LONGEST_WAIT = "LONGEST_WAIT"


def main() -> int:
    """Run Home Assistant."""
    hurry()
    from homeassistant.__main__ import main as run  # noqa: PLC0415

    return run()


def hurry() -> None:
    """Have no node take longer to be done than is enough."""
    longest = float(os.environ[LONGEST_WAIT])
    configuration = sys.argv[sys.argv.index("--config") + 1]
    sys.path.insert(0, configuration)
    from custom_components.mqtt_dispatch import station  # noqa: PLC0415

    usual_policy = station.usual_policy

    def hurried(kind: str, protocol: Protocol) -> Policy:
        policy = usual_policy(kind, protocol)
        return replace(policy, done_timeout=min(policy.done_timeout, longest))

    station.usual_policy = hurried


if __name__ == "__main__":
    sys.exit(main())
