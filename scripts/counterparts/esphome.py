"""The real ESPHome, in an environment of its own: what it needs is nobody else's.

`python -m scripts.counterparts.esphome` installs it where tests look for it.
"""

from __future__ import annotations

from pathlib import Path
import subprocess
import sys
import venv

VERSION = "2026.6.5"
HOME = Path(__file__).parents[2] / "build" / "esphome"
PROGRAM = HOME / "bin" / "esphome"
_INSTALLED = HOME / "installed"
"""Says which version is there whole."""


def is_installed() -> bool:
    return _INSTALLED.is_file() and _INSTALLED.read_text() == VERSION


def main() -> int:
    """Install it from the package index, unless it is there."""
    if is_installed():
        return 0
    venv.create(HOME, with_pip=True, clear=True)
    done = subprocess.run(
        [HOME / "bin" / "pip", "install", "--quiet", f"esphome=={VERSION}"], check=False
    )
    if done.returncode == 0:
        _INSTALLED.write_text(VERSION)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
