"""The broker stops in the middle of each phase of a command, and comes back."""

from __future__ import annotations

from .conftest import Run
from .kitchen import Kitchen


async def lose_broker(kitchen: Kitchen) -> None:
    """Kill the broker, see that it was noticed, and start it again."""
    await kitchen.site.broker.kill()
    await kitchen.until_state("sensor.kitchen_status", "offline")
    await kitchen.site.broker.start()


def test_lost_while_a_command_waits(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        await kitchen.order("1", busy="now")
        await kitchen.until_state("binary_sensor.kitchen_ready", "off")
        command_id = await kitchen.feed()
        await lose_broker(kitchen)
        await kitchen.until_state("binary_sensor.kitchen_node_2_ready", "on")
        assert (await kitchen.command(command_id))["state"] == "queued"

        await kitchen.order("1", clear="busy")
        assert (await kitchen.settled(command_id))["state"] == "succeeded"
        assert kitchen.executed(command_id) == (1, 1)

    run(story())


def test_lost_while_a_command_was_sent_and_not_accepted(
    kitchen: Kitchen, run: Run
) -> None:
    async def story() -> None:
        await kitchen.order("all", silent="works", count=1)
        command_id = await kitchen.feed()
        await kitchen.until(command_id, "sent")
        await kitchen.until_executed(command_id)
        await lose_broker(kitchen)
        await kitchen.until_state("binary_sensor.kitchen_ready", "on")
        assert (await kitchen.settled(command_id))["state"] == "unconfirmed"
        assert kitchen.executed(command_id) == (1, 1)

    run(story())


def test_lost_while_nodes_work(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        await kitchen.order("all", evt="drop", count=1)
        command_id = await kitchen.feed()
        await kitchen.until(command_id, "accepted")
        await lose_broker(kitchen)
        await kitchen.until_state("binary_sensor.kitchen_ready", "on")
        assert (await kitchen.settled(command_id))["state"] == "unconfirmed"
        assert kitchen.executed(command_id) == (1, 1)

    run(story())


def test_an_order_while_the_broker_is_away_is_stored_and_sent_later(
    kitchen: Kitchen, run: Run
) -> None:
    async def story() -> None:
        await kitchen.site.broker.kill()
        await kitchen.until_state("sensor.kitchen_status", "offline")
        command_id = await kitchen.feed()
        assert (await kitchen.command(command_id))["state"] == "queued"
        await kitchen.site.broker.start()
        assert (await kitchen.settled(command_id))["state"] == "succeeded"
        assert kitchen.executed(command_id) == (1, 1)

    run(story())
