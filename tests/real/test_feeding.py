"""What a person does every day, and what nodes do to it."""

from __future__ import annotations

from .conftest import Run
from .kitchen import Kitchen


def test_a_feed_goes_to_both_nodes_once(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        answer = await kitchen.call("feed", portions=2, wait=True)
        assert answer["state"] == "succeeded", answer
        assert kitchen.executed(answer["command_id"]) == (1, 1)

    run(story())


def test_a_feed_waits_while_a_node_is_not_ready(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        await kitchen.order("2", busy="now")
        await kitchen.until_state("binary_sensor.kitchen_ready", "off")
        command_id = await kitchen.feed()
        command = await kitchen.command(command_id)
        assert command["state"] == "queued"
        assert [reason["node"] for reason in command["waiting_for"]] == ["2"]
        waiting_for = await kitchen.api.state("sensor.kitchen_waiting_for")
        assert "Node 2" in waiting_for["attributes"]["text"]

        await kitchen.order("2", clear="busy")
        command = await kitchen.settled(command_id)
        assert command["state"] == "succeeded"
        assert kitchen.executed(command_id) == (1, 1)

    run(story())


def test_five_feeds_are_done_one_after_the_other_in_their_order(
    kitchen: Kitchen, run: Run
) -> None:
    async def story() -> None:
        ids = [await kitchen.feed() for _ in range(5)]
        for command_id in ids:
            assert (await kitchen.settled(command_id))["state"] == "succeeded"
        for node in ("1", "2"):
            assert kitchen.executed_ids(node)[-5:] == ids

    run(story())


def test_a_silent_node_leaves_a_doubt_and_does_not_stop_the_next_feed(
    kitchen: Kitchen, run: Run
) -> None:
    async def story() -> None:
        await kitchen.order("2", silent="works", count=1)
        doubted = await kitchen.feed()
        following = await kitchen.feed()
        command = await kitchen.settled(doubted)
        assert command["state"] == "unconfirmed"
        assert command["nodes"]["1"]["state"] == "done"
        assert command["nodes"]["2"]["state"] == "unknown"
        assert (await kitchen.settled(following))["state"] == "succeeded"
        assert (await kitchen.command(doubted))["state"] == "unconfirmed"

        answer = await kitchen.call(
            "resolve_command", command_id=doubted, outcome="succeeded"
        )
        assert answer["state"] == "succeeded"

    run(story())


def test_a_refusal_ends_as_rejected(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        await kitchen.order("all", refuse="on", count=1)
        command_id = await kitchen.feed()
        assert (await kitchen.settled(command_id))["state"] == "rejected"
        assert kitchen.executed(command_id) == (0, 0)

    run(story())


def test_a_failure_ends_as_failed_with_the_reason_of_the_node(
    kitchen: Kitchen, run: Run
) -> None:
    async def story() -> None:
        await kitchen.order("1", fail="vision_mismatch", count=1)
        command_id = await kitchen.feed()
        command = await kitchen.settled(command_id)
        assert command["state"] == "failed"
        assert command["nodes"]["1"]["reason"] == "vision_mismatch"

    run(story())


def test_a_node_that_drops_repeats_gets_a_resend(kitchen: Kitchen, run: Run) -> None:
    async def story() -> None:
        await kitchen.drop_repeats()
        await kitchen.order("all", silent="works", count=1)
        command_id = await kitchen.feed()
        command = await kitchen.settled(command_id)
        assert command["state"] == "succeeded"
        assert kitchen.executed(command_id) == (1, 1)

    run(story())
