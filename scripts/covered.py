"""Say which modules the tests have not gone through enough, from what coverage kept."""

from __future__ import annotations

import json
from pathlib import Path
import sys
from tempfile import TemporaryDirectory

from coverage import Coverage

LEAST = 95.0
"""Per cent of the lines and branches of each module."""
FLOWS = ("config_flow.py", "flows/")
"""What people are led through is gone through as a whole."""
PACKAGE = Path("custom_components/mqtt_dispatch")


def too_little(covered: dict[str, float]) -> list[str]:
    """Return a line for each module below what it must reach.

    `covered` has the modules by their path within the package, in per cent.
    """
    lines = []
    for module, percent in sorted(covered.items()):
        least = 100.0 if module.startswith(FLOWS) else LEAST
        if percent < least:
            lines.append(f"{module}: {percent:.1f} % instead of at least {least:.0f} %")
    return lines


def measured() -> dict[str, float]:
    """Return what the tests went through that ran last, of every module."""
    coverage = Coverage()
    coverage.load()
    with TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(report))
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    return {
        Path(path).relative_to(PACKAGE).as_posix(): found["summary"]["percent_covered"]
        for path, found in files.items()
    }


def main() -> int:
    covered = measured()
    lines = too_little(covered)
    print("\n".join(lines) or f"{len(covered)} modules are covered as they must be.")
    return 1 if lines or not covered else 0


if __name__ == "__main__":
    sys.exit(main())
