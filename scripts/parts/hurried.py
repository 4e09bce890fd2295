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
    from custom_components.mqtt_dispatch.protocols.base import Kind

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
    from custom_components.mqtt_dispatch.protocols import PROTOCOLS  # noqa: PLC0415

    def hurried(kind: Kind) -> Kind:
        enough = min(kind.policy.done_timeout, longest)
        return replace(kind, policy=replace(kind.policy, done_timeout=enough))

    vars(station)["PROTOCOLS"] = {
        key: replace(
            protocol,
            kinds={name: hurried(kind) for name, kind in protocol.kinds.items()},
        )
        for key, protocol in PROTOCOLS.items()
    }


if __name__ == "__main__":
    sys.exit(main())
