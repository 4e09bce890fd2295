"""One run: python -m scripts.fuzzing.fuzzer TARGET FOLDER [options of libFuzzer].

An input that breaks the target ends the run, and is left in FOLDER as TARGET.broken.
"""

from __future__ import annotations

import gc
import json
import os
from pathlib import Path
import sys

import atheris

INSTRUMENTED = (
    "custom_components.mqtt_dispatch.protocols",
    "custom_components.mqtt_dispatch.engine",
    "custom_components.mqtt_dispatch.storage.migrations",
    "custom_components.mqtt_dispatch.storage.store",
)

with atheris.instrument_imports(include=list(INSTRUMENTED)):
    from .targets import TARGETS, Execute

CHECKPOINT = "checkpoint"
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Checked:
    """Runs a target, and now and then says how much memory is taken."""

    def __init__(self, target: Execute, every: int, broken: Path) -> None:
        self._target = target
        self._every = every
        self._broken = broken
        self._executions = 0

    def __call__(self, data: bytes) -> None:
        self._executions += 1
        try:
            self._target(data)
        except BaseException:
            self._say()
            self._broken.write_bytes(data)
            raise
        if self._executions % self._every == 0:
            self._say()

    def _say(self) -> None:
        gc.collect()
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
        found = {
            "executions": self._executions,
            # Of Python alone: the fuzzer itself keeps what it found.
            "blocks": sys.getallocatedblocks(),
            "resident": resident,
        }
        print(CHECKPOINT, json.dumps(found), flush=True)


def main() -> None:
    """Fuzz; ends as libFuzzer does."""
    name, folder, *options = sys.argv[1:]
    target = TARGETS[name]

    def mutator(data: bytes, most: int, seed: int) -> bytes:
        return target.mutate(data, most, seed, atheris.Mutate)

    broken = Path(folder, f"{name}.broken")
    checked = Checked(target.begin(Path(folder)), target.every, broken)
    atheris.Setup([sys.argv[0], *options], checked, custom_mutator=mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
