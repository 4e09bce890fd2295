"""What a person decides at a stand."""

from __future__ import annotations

from scripts.parts.flows import DOMAIN

from .ear import nodes_at_rest
from .stand import NODES, PATIENCE, Stand

FIXES = "/api/repairs/issues/fix"


async def settle(stand: Stand) -> None:
    """Answer all doubts with the truth, and return when nothing is left to do."""
    for command in await stand.commands():
        if command["state"] == "unconfirmed":
            tag = stand.tag_of(command)
            times = {} if tag is None else stand.executions(tag)
            await stand.call(
                "resolve_command",
                command_id=command["command_id"],
                outcome="succeeded" if times and all(times.values()) else "failed",
            )
    await stand.until("all commands are in the history", stand.stored.archived)


async def decide_on_restore(stand: Stand) -> None:
    """Do what a person does whom Home Assistant asks about an older file.

    That person knows that what waits in it was long done, and takes it back.
    """
    await stand.until_state("binary_sensor.kitchen_ready", "on")
    await nodes_at_rest(stand.broker, NODES, PATIENCE)
    api = stand.home_assistant.api
    listed = await api.ask("repairs/list_issues")
    for issue in listed["issues"]:
        if issue["domain"] == DOMAIN and issue["issue_id"].startswith("restored"):
            question = {"handler": DOMAIN, "issue_id": issue["issue_id"]}
            flow = await api.post(FIXES, question)
            decision = {"next_step_id": "cancel"}
            await api.post(f"{FIXES}/{flow['flow_id']}", decision)
