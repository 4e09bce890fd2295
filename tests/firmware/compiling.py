"""The core, compiled: for this computer, and for the processor of an ESP8266."""

from __future__ import annotations

from pathlib import Path
import shutil
import subprocess

import pytest

FIRMWARE = Path(__file__).parents[2] / "firmware"
HERE = "g++"
ESP8266 = "xtensa-lx106-elf-g++"
PACKAGES = {HERE: "g++", ESP8266: "gcc-xtensa-lx106"}
"""Where Debian has them."""

_STRICT = (
    "-std=c++17",
    "-fno-exceptions",
    "-fno-rtti",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wshadow",
    "-Wconversion",
    "-Werror",
)
SMALL = ("-Os", "-fno-asynchronous-unwind-tables", "-c")
BARE = ("-ffreestanding", "-mlongcalls")
"""How the one for the ESP8266 comes: without a C library."""
SANITIZED = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def compiled(compiler: str, source: str | Path, target: Path, *options: str) -> Path:
    """Compile a source, one of `firmware/native` if it is a name, without one warning.

    Skips the test where the compiler is not installed.
    """
    found = shutil.which(compiler)
    if found is None:
        pytest.skip(f"no {compiler}: install {PACKAGES[compiler]}")
    done = subprocess.run(
        [found, *_STRICT, *options, str(FIRMWARE / "native" / source), "-o", target],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target
