"""The disk loses, after a loss of power, what a real one may lose."""

from __future__ import annotations

from random import Random

import pytest

from simulation.disk import Disk, write_atomically

OLD, NEW = b"old " * 100, b"new " * 100


class Writing:
    """A disk with an old file, and how far the write of a new one has come."""

    def __init__(self, seed: int = 0) -> None:
        self.told: list[str] = []
        self.disk = Disk(Random(seed), self.told.append)
        self.disk.put("file", OLD)

    def go_on(self, until: str | None) -> None:
        """Write up to before a step; None: to the end."""
        for step in write_atomically(self.disk, "file", NEW):
            if step == until:
                return


@pytest.mark.parametrize("step", ["create", "write", "sync", "rename"])
def test_before_the_rename_the_old_file_is_there(step: str) -> None:
    writing = Writing()
    writing.go_on(until=step)
    writing.disk.lose_power()

    assert writing.disk.read("file") == OLD


def test_a_rename_that_is_not_synced_is_there_or_not() -> None:
    found = set()
    for seed in range(30):
        writing = Writing(seed)
        writing.go_on(until="sync_folder")
        assert writing.disk.read("file") == NEW
        assert writing.disk.durable("file") == OLD
        writing.disk.lose_power()
        found.add(writing.disk.read("file"))

    assert found == {OLD, NEW}


def test_what_was_written_to_the_end_survives() -> None:
    writing = Writing()
    writing.go_on(until=None)
    assert "file" in writing.told
    writing.disk.lose_power()

    assert writing.disk.read("file") == NEW


def test_a_file_that_is_not_synced_is_torn() -> None:
    found = set()
    for seed in range(30):
        disk = Disk(Random(seed), lambda _: None)
        name = disk.create()
        disk.write(name, NEW)
        disk.sync_folder()
        disk.lose_power()
        found.add(disk.read(name))

    assert len(found) > 2
    assert bytes(len(NEW)) in found


@pytest.mark.parametrize("step", ["create", "write", "sync", "rename", "sync_folder"])
def test_a_step_that_fails_leaves_a_whole_file(step: str) -> None:
    writing = Writing()
    writing.disk.fails_at = step
    with pytest.raises(OSError, match="Input/output"):
        writing.go_on(until=None)

    # The folder may hold the new name already when it cannot be synced.
    assert writing.disk.read("file") == (NEW if step == "sync_folder" else OLD)


@pytest.mark.parametrize("fault", ["full", "read_only"])
def test_a_disk_that_takes_nothing_comes_back(fault: str) -> None:
    writing = Writing()
    setattr(writing.disk, fault, True)
    with pytest.raises(OSError, match=r"space|Read-only"):
        writing.go_on(until=None)
    assert writing.disk.read("file") == OLD
    setattr(writing.disk, fault, False)
    writing.go_on(until=None)

    assert writing.disk.durable("file") == NEW
