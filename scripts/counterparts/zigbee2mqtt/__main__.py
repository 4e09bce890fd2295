"""Record the real Zigbee2MQTT: what it says, and what its definitions know."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
import json
from pathlib import Path
import tempfile

from .bridge import (
    NEWER_DEFINITIONS,
    ask_models,
    install,
    install_newer_definitions,
    installed_versions,
)
from .record import record
from .recorder import Row


def main() -> None:
    """Write what it says in each case, and what its definitions know."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording", type=Path, help="where the cases go")
    parser.add_argument("models", type=Path, help="where the models go")
    parser.add_argument(
        "--home", type=Path, help="where the bridge is installed, or shall be"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = arguments.home or Path(folder) / "home"
        asyncio.run(_write(arguments, home, Path(folder)))


async def _write(arguments: argparse.Namespace, home: Path, folder: Path) -> None:
    await install(home)
    await install_newer_definitions(home)
    program = installed_versions(home)
    newer = ", ".join(" ".join(each) for each in NEWER_DEFINITIONS.items())
    models = await ask_models(home)
    _save(arguments.models, f"{program}; newer: {newer}", models=models)
    recorder = await record(home, folder)
    _save(arguments.recording, program, rows=recorder.rows, radio=recorder.radio)


def _save(path: Path, program: str, **lists: Sequence[Row]) -> None:
    """Write a row a line, so that a difference shows what has changed."""
    parts = [f'"program": {json.dumps(program)}']
    for name, rows in lists.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        parts.append(f'"{name}": [\n{lines}\n]')
    path.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
