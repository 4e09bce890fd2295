"""The ledger and the flash are evidence: they say what happened, after a kill too."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
import sys

import pytest

from simulator.flash import Flash
from simulator.ledger import FILE_NAME, Ledger, executions, records
from simulator.memory import REMEMBERED_IDS, Memory
from simulator.node import Executed

REPOSITORY = Path(__file__).resolve().parents[2]
FEED = {"queue_id": 17, "patient_id": 0}

RECORD_AND_WAIT = """
import sys, pathlib
from simulator.ledger import Ledger
from simulator.node import Executed
ledger = Ledger(pathlib.Path(sys.argv[1]), "disp")
ledger.record(Executed("1", 17, "feed", {}), 5.0)
print("recorded", flush=True)
sys.stdin.read()
"""


def test_line_says_when_who_and_what(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "new" / "folder", "disp")
    ledger.record(Executed("1", 17, "feed", FEED), 1_800_000_000.25)
    ledger.close()
    text = (tmp_path / "new" / "folder" / FILE_NAME).read_text()
    assert text.endswith("\n")
    assert json.loads(text) == {
        "at": 1_800_000_000.25,
        "prefix": "disp",
        "node": "1",
        "id": 17,
        "kind": "feed",
        "payload": FEED,
    }


def test_executions_are_counted_by_prefix_node_and_id(tmp_path: Path) -> None:
    for prefix, node, command_id in [
        ("disp", "1", 17),
        ("disp", "2", 17),
        ("disp", "1", 17),
        ("barn", "1", 17),
        ("disp", "1", 18),
    ]:
        ledger = Ledger(tmp_path, prefix)
        ledger.record(Executed(node, command_id, "feed", {}), 0)
        ledger.close()
    assert executions(tmp_path) == {
        ("disp", "1", 17): 2,
        ("disp", "2", 17): 1,
        ("barn", "1", 17): 1,
        ("disp", "1", 18): 1,
    }


def test_no_ledger_yet_is_no_execution(tmp_path: Path) -> None:
    assert executions(tmp_path) == {}


def test_line_still_being_written_is_left_out(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "disp")
    ledger.record(Executed("1", 17, "feed", {}), 0)
    ledger.close()
    with (tmp_path / FILE_NAME).open("a") as file:
        file.write('{"at":1,"prefix":"di')
    assert [line["id"] for line in records(tmp_path)] == [17]


async def test_recorded_line_survives_a_kill(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", RECORD_AND_WAIT, str(tmp_path)),
        cwd=REPOSITORY,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"recorded\n"
    process.kill()
    await process.wait()
    assert executions(tmp_path) == {("disp", "1", 17): 1}


def test_flash_gives_back_what_was_saved_for_each_prefix_and_node(
    tmp_path: Path,
) -> None:
    Flash(tmp_path, "a/b").save("1", {"last_id": 1})
    Flash(tmp_path, "a").save("b", {"last_id": 2})
    Flash(tmp_path, "a").save("b", {"last_id": 3})
    assert Flash(tmp_path, "a/b").load("1") == {"last_id": 1}
    assert Flash(tmp_path, "a").load("b") == {"last_id": 3}
    assert Flash(tmp_path, "a").load("1") is None
    assert Flash(tmp_path, "a/b").load_all() == {"1": {"last_id": 1}}
    assert Flash(tmp_path, "a").load_all() == {"b": {"last_id": 3}}


def test_memory_keeps_the_latest_ids_and_the_highest() -> None:
    memory = Memory()
    for command_id in range(100, 0, -1):
        memory.begin(command_id)
        memory.end(command_id, "success")
    again = Memory(json.loads(json.dumps(memory.stored())))
    assert again.last_id == 100
    assert [each for each in range(1, 101) if each in again] == list(
        range(1, REMEMBERED_IDS + 1)
    )
    assert again.status(1) == "success"


def test_memory_counts_an_id_executed_again_as_its_latest() -> None:
    memory = Memory()
    for command_id in range(1, REMEMBERED_IDS + 1):
        memory.begin(command_id)
    memory.begin(1)
    memory.begin(REMEMBERED_IDS + 1)
    assert 1 in memory
    assert 2 not in memory


@pytest.mark.parametrize("stored", [{}, {"executed": 5, "last_id": 1}])
def test_memory_that_was_never_stored_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not what a node's flash holds"):
        Memory(stored)
