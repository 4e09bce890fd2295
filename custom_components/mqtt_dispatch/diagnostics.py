"""What a person sends along with a bug report."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .clock import now
from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.ledger.snapshot import command_as_json
from .engine.model.command import Cause, Command
from .engine.model.meal import Meal
from .engine.model.pause import Pause, PlanPause
from .engine.plan.meals import as_json
from .engine.view import view
from .entity import model_of
from .protocols.base import Protocol
from .protocols.params import HIDDEN

CLOSED_SHOWN = 20


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
) -> dict[str, Any]:
    """Return the station as it stands.

    What is the user's own is left out: idempotency keys, who decided something, and why
    he paused it. So is what may let somebody in: secrets of nodes, users and queries of
    addresses, the values of a configuration. The way to the broker is Home Assistant's.
    """
    about = {
        "data": dict(entry.data),
        "options": dict(entry.options),
        "state": entry.state.value,
        "reason": entry.error_reason_translation_key,
    }
    if entry.state is not ConfigEntryState.LOADED:
        return {"entry": about}
    coordinator = entry.runtime_data
    coordinator.driver.catch_up()
    engine = coordinator.engine
    seen = view(engine, now())
    closed = sorted(engine.ledger.closed.values(), key=lambda command: command.id)
    shown = [*engine.ledger.open.values(), *closed[-CLOSED_SHOWN:]]
    return {
        "entry": about,
        "connected": engine.conditions.connected,
        "storage_ok": engine.conditions.storage_ok,
        "status": seen.status.value,
        "ready": seen.ready,
        # The readings of a node that told none are a constant, which cannot be copied.
        "nodes": {
            node: {
                **asdict(replace(shown, readings=dict(shown.readings))),
                "model": _model(coordinator, node),
            }
            for node, shown in seen.nodes.items()
        },
        "waiting": {
            str(command.id): [asdict(reason) for reason in reasons]
            for command, reasons in engine.waiting(now())
        },
        "restored_at": seen.restored_at,
        "foreign": [asdict(sign) for sign in seen.foreign],
        "commands": [_impersonal(command, coordinator.protocol) for command in shown],
        "meals": [
            _public(meal, coordinator.protocol) for meal in engine.ledger.meals.values()
        ],
        "pause": _pause(engine.ledger.pause),
        "plan_pause": _pause(engine.ledger.plan_pause),
        "next_deadline": engine.next_deadline(now()),
        "not_credited": dict(engine.answers.uncredited),
        "not_understood": dict(coordinator.malformed.totals),
        "writes": coordinator.store.writes,
    }


def _model(coordinator: DispatchCoordinator, node: str) -> dict[str, Any] | None:
    model = model_of(coordinator, node)
    return None if model is None else asdict(model)


def _public(meal: Meal, protocol: Protocol) -> dict[str, Any]:
    data = as_json(meal)
    for planned in (data, *data["overrides"].values()):
        if planned["params"] is not None:
            planned["params"] = protocol.public(meal.kind, planned["params"])
    return data


def _pause(pause: Pause | PlanPause | None) -> dict[str, Any] | None:
    if pause is None:
        return None
    return {**asdict(pause), "reason": HIDDEN if pause.reason else ""}


def _impersonal(command: Command, protocol: Protocol) -> dict[str, Any]:
    data = command_as_json(command)
    data["params"] = protocol.public(command.kind, command.params)
    del data["idempotency_key"]
    for entry in data["timeline"]:
        if entry["cause"] == Cause.PERSON:
            entry["detail"] = ""
    return data
