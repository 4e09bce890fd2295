"""Print, as a requirements file, what the parts of Home Assistant the demo runs want.

Home Assistant installs such packages when it first starts. Installing them with the
rest makes the first start quick, and lets it happen without a network.
"""

from __future__ import annotations

import json
from pathlib import Path

from homeassistant import bootstrap
from homeassistant.const import BASE_PLATFORMS

HOME_ASSISTANT = Path(bootstrap.__file__).parent
CONFIGURED = {"frontend", "history", "http", "logbook", "lovelace", "mqtt"}


def requirements(domains: set[str]) -> set[str]:
    """Return the requirements of these integrations and all they depend on."""
    found: set[str] = set()
    seen: set[str] = set()
    todo = set(domains)
    while todo:
        domain = todo.pop()
        seen.add(domain)
        manifest = HOME_ASSISTANT / "components" / domain / "manifest.json"
        if manifest.is_file():
            content = json.loads(manifest.read_text(encoding="utf-8"))
            found |= set(content.get("requirements", []))
            todo |= set(content.get("dependencies", [])) - seen
    return found


def main() -> None:
    started = {*bootstrap.CORE_INTEGRATIONS, *bootstrap.DEFAULT_INTEGRATIONS}
    wanted = requirements(started | set(BASE_PLATFORMS) | CONFIGURED)
    print("--constraint", HOME_ASSISTANT / "package_constraints.txt")
    print(*sorted(wanted), sep="\n")


if __name__ == "__main__":
    main()
