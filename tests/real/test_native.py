"""Nodes that are the library of `firmware/`: they prove what they did, come what may.

Nothing is left to a person, and no node moves twice for one command (the `run` fixture
looks).
"""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from .conftest import Run
from .kitchen import Kitchen

pytestmark = pytest.mark.skipif(
    not (shutil.which("g++") or shutil.which("clang++")),
    reason="no C++ compiler: install g++",
)

PLAYED = ("--work-seconds", "3", "--firmware", "native")
BROKEN_OFF = "interrupted"


def ends(command: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    """Return how each node ended its part, and the reason that it gave."""
    return {
        node: (part["state"], part.get("reason") or None)
        for node, part in command["nodes"].items()
    }


async def doubts(kitchen: Kitchen) -> list[Any]:
    answer = await kitchen.call("get_commands", state="unconfirmed", limit=1000)
    return list(answer["commands"])


def test_home_assistant_is_killed_in_the_middle_of_a_feed(
    kitchen: Kitchen, run: Run
) -> None:
    async def story() -> None:
        command_id = await kitchen.feed()
        await kitchen.until(command_id, "accepted")
        await kitchen.crash_and_restart()
        assert (await kitchen.settled(command_id))["state"] == "succeeded"
        assert kitchen.executed(command_id) == (1, 1)
        assert await doubts(kitchen) == []

    run(story())


def test_a_node_loses_its_power_in_the_middle_of_a_feed(
    kitchen: Kitchen, run: Run
) -> None:
    async def story() -> None:
        command_id = await kitchen.feed()
        await kitchen.until_executed(command_id)
        await kitchen.order("1", die="now", seconds=1)
        command = await kitchen.settled(command_id)
        assert command["state"] == "failed"
        assert ends(command) == {"1": ("failed", BROKEN_OFF), "2": ("done", None)}
        assert kitchen.executed(command_id) == (1, 1)
        assert await doubts(kitchen) == []

        following = await kitchen.feed()
        assert (await kitchen.settled(following))["state"] == "succeeded"

    run(story())


def test_a_node_loses_its_power_before_the_moment_at_which_both_begin(
    kitchen: Kitchen, run: Run
) -> None:
    async def story() -> None:
        command_id = await kitchen.feed()
        await kitchen.until(command_id, "accepted")
        await kitchen.order("1", die="now", seconds=1)
        command = await kitchen.settled(command_id)
        assert ends(command) == {"1": ("failed", BROKEN_OFF), "2": ("done", None)}
        assert kitchen.executed(command_id) == (0, 1)
        assert await doubts(kitchen) == []

    run(story())


def test_the_power_goes_before_a_command_is_remembered(
    kitchen: Kitchen, run: Run
) -> None:
    async def story() -> None:
        await kitchen.order("2", cut="1-40")
        command_id = await kitchen.feed()
        assert (await kitchen.settled(command_id))["state"] == "succeeded"
        assert kitchen.executed(command_id) == (1, 1)
        assert await doubts(kitchen) == []

    run(story())


def test_both_sides_are_killed_in_one_feed(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        # It writes that it takes it and that it begins, and never how it ended.
        await kitchen.order("2", cut="3-40")
        command_id = await kitchen.feed()
        await kitchen.until(command_id, "accepted")
        await kitchen.crash_and_restart()
        command = await kitchen.settled(command_id)
        assert command["state"] == "failed"
        assert ends(command) == {"1": ("done", None), "2": ("failed", BROKEN_OFF)}
        assert kitchen.executed(command_id) == (1, 1)
        assert await doubts(kitchen) == []

    run(story())
