"""The component for ESPHome: what the real ESPHome makes of it, as a program."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
import os
from pathlib import Path
import shutil
import subprocess

import pytest

from scripts.counterparts.esphome import PROGRAM, is_installed

from .compiling import FIRMWARE, HERE, SANITIZED
from .sketch import STUBS

DEMANDED = "ESPHOME_TESTS"
"""The environment variable: "required" where no test of it may be skipped, "none" where
all of them are left out."""
COMPONENTS = FIRMWARE.parent / "esphome" / "components"
EXAMPLE = FIRMWARE.parent / "esphome" / "examples" / "feeder.yaml"
PLAYED = STUBS / "esphome"
SECRETS = (
    "wifi_ssid",
    "wifi_password",
    "ota_password",
    "mqtt_broker",
    "mqtt_username",
    "mqtt_password",
)
FROM_GITHUB = "source: github://mqtt-dispatch/mqtt_dispatch"
FROM_HERE = f"source: {{type: local, path: {COMPONENTS}}}"

_PLAYED_CLOCK = ("-Wl,--wrap=clock_gettime", "-Wl,--wrap=gettimeofday")
_OWN_WARNINGS = ("-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror")


def esphome_or_skip() -> None:
    """Skip, or fail where it is demanded, unless ESPHome and a compiler are here."""
    if os.environ.get(DEMANDED) == "none":
        pytest.skip(f"{DEMANDED} leaves them out")
    missing = None
    if not is_installed():
        missing = "ESPHome is not here: python -m scripts.counterparts.esphome"
    elif shutil.which(HERE) is None:
        missing = f"no {HERE}"
    if missing is not None and os.environ.get(DEMANDED) == "required":
        pytest.fail(missing)
    if missing is not None:
        pytest.skip(missing)


def written(folder: Path, text: str, replaced: Mapping[str, str]) -> Path:
    """Write a configuration with its secrets, and return it."""
    for old, new in replaced.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "secrets.yaml").write_text(
        "".join(f"{name}: long-enough\n" for name in SECRETS)
    )
    file = folder / "feeder.yaml"
    file.write_text(text)
    return file


def esphome(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *words],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )


def generated(file: Path) -> Path:
    """Have a configuration turned into sources, and return their folder."""
    done = esphome("compile", "--only-generate", file)
    assert done.returncode == 0, done.stdout + done.stderr
    return file.parent / ".esphome" / "build" / "feeder"


def program_of_component(folder: Path) -> Path:
    """Compile a feeder on ESPHome for here; its broker and its clock are played."""
    file = written(
        folder,
        (PLAYED / "feeder.yaml").read_text(),
        {"PLAYED": str(PLAYED), "COMPONENTS": str(COMPONENTS)},
    )
    sources = generated(file) / "src"
    objects = folder / "objects"
    objects.mkdir()

    def compiled(numbered: tuple[int, Path]) -> Path:
        number, source = numbered
        target = objects / f"{number}.o"
        is_own = "mqtt_dispatch_node" in source.parts
        done = subprocess.run(
            [
                *(HERE, "-std=gnu++20", "-fno-exceptions", "-DUSE_HOST"),
                *(*SANITIZED, *(_OWN_WARNINGS if is_own else ("-w",))),
                "-DESPHOME_LOG_LEVEL=ESPHOME_LOG_LEVEL_NONE",
                *(f"-I{sources}", "-c", source, "-o", target),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return target

    with ThreadPoolExecutor(os.cpu_count()) as compilers:
        made = list(compilers.map(compiled, enumerate(sorted(sources.rglob("*.cpp")))))
    target = folder / "feeder"
    linked = subprocess.run(
        [HERE, *SANITIZED, *_PLAYED_CLOCK, *made, "-o", target],
        capture_output=True,
        text=True,
        check=False,
    )
    assert linked.returncode == 0, linked.stderr
    return target
