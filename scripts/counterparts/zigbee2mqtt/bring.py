"""Install the real Zigbee2MQTT where tests and the demo look for it."""

from __future__ import annotations

import asyncio
import sys

from scripts.parts.process import PartError

from .bridge import install, installed_versions
from .played import USUAL_HOME


def main() -> int:
    """Install it, unless it is there."""
    try:
        asyncio.run(install(USUAL_HOME))
    except PartError as error:
        print(error, file=sys.stderr)
        return 1
    print(installed_versions(USUAL_HOME))
    return 0


if __name__ == "__main__":
    sys.exit(main())
