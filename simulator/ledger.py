"""What nodes executed, as evidence: one line of JSON an execution, append-only."""

from __future__ import annotations

from collections import Counter
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.node import Executed

FILE_NAME = "ledger.jsonl"


class Ledger:
    """Appends to `ledger.jsonl` in `directory`, which is made where it is missing.

    A line is handed to the operating system whole, before `record` returns, so it
    survives a kill. Several processes may append to one ledger. Raises OSError.
    """

    def __init__(self, directory: Path, prefix: str) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._prefix = prefix
        self._file = os.open(
            directory / FILE_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644
        )

    def record(self, executed: Executed, at: float) -> None:
        line = json.dumps(
            {
                "at": at,
                "prefix": self._prefix,
                "node": executed.node,
                "id": executed.id,
                "kind": executed.kind,
                "payload": executed.payload,
            },
            separators=(",", ":"),
        )
        data = f"{line}\n".encode()
        if os.write(self._file, data) != len(data):
            raise OSError(f"{FILE_NAME}: a line was cut short")

    def close(self) -> None:
        os.close(self._file)


def records(directory: Path) -> list[dict[str, Any]]:
    """Return the ledger's lines, oldest first; none where there is no ledger yet."""
    try:
        text = (directory / FILE_NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    whole_lines = text.split("\n")[:-1]
    return [json.loads(line) for line in whole_lines]


def executions(directory: Path) -> dict[tuple[str, str, int | str], int]:
    """Return how often each (prefix, node, id) was executed."""
    return dict(
        Counter(
            (line["prefix"], line["node"], line["id"]) for line in records(directory)
        )
    )
