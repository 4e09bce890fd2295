"""Home Assistant is killed with SIGKILL in each phase of a command, and starts again.

The ledger of the nodes shows each id at most once a node (the `run` fixture looks), and
every command ends or stands as unconfirmed.
"""

from __future__ import annotations

from .conftest import Run
from .kitchen import Kitchen


def test_killed_after_a_command_was_stored(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        await kitchen.order("1", busy="now")
        await kitchen.until_state("binary_sensor.kitchen_ready", "off")
        command_id = await kitchen.feed()
        await kitchen.crash_and_restart()
        assert (await kitchen.command(command_id))["state"] == "queued"

        await kitchen.order("1", clear="busy")
        assert (await kitchen.settled(command_id))["state"] == "succeeded"
        assert kitchen.executed(command_id) == (1, 1)

    run(story())


def test_killed_after_a_command_was_published(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        await kitchen.order("all", silent="works", count=1)
        command_id = await kitchen.feed()
        await kitchen.until(command_id, "sent")
        await kitchen.until_executed(command_id)
        await kitchen.crash_and_restart()
        assert (await kitchen.settled(command_id))["state"] == "unconfirmed"
        assert kitchen.executed(command_id) == (1, 1)

        following = await kitchen.feed()
        assert (await kitchen.settled(following))["state"] == "succeeded"
        assert following > command_id

    run(story())


def test_killed_after_a_command_was_accepted(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        await kitchen.order("all", evt="drop", count=1)
        command_id = await kitchen.feed()
        await kitchen.until(command_id, "accepted")
        await kitchen.crash_and_restart()
        assert (await kitchen.settled(command_id))["state"] == "unconfirmed"
        assert kitchen.executed(command_id) == (1, 1)

    run(story())


def test_killed_after_published_to_nodes_that_drop_repeats(
    kitchen: Kitchen, run: Run
) -> None:
    async def story() -> None:
        await kitchen.drop_repeats()
        await kitchen.order("all", silent="works", count=1)
        await kitchen.until_state("binary_sensor.kitchen_ready", "on")
        command_id = await kitchen.feed()
        await kitchen.until(command_id, "sent")
        await kitchen.until_executed(command_id)
        await kitchen.crash_and_restart()
        assert (await kitchen.settled(command_id))["state"] == "succeeded"
        assert kitchen.executed(command_id) == (1, 1)

    run(story())


def test_killed_with_five_in_the_queue(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        ids = [await kitchen.feed() for _ in range(5)]
        await kitchen.until(ids[0], "accepted")
        await kitchen.crash_and_restart()
        for command_id in ids:
            state = (await kitchen.settled(command_id))["state"]
            assert state == "succeeded" or command_id == ids[0], (command_id, state)
        assert kitchen.executed_ids("1")[-5:] == ids

    run(story())


def test_the_same_key_after_a_crash_adds_nothing(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        first = await kitchen.feed(idempotency_key="breakfast")
        await kitchen.crash_and_restart()
        assert await kitchen.feed(idempotency_key="breakfast") == first
        await kitchen.settled(first)

    run(story())
