"""What a person must decide or know, kept in step with the stations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .audience import OF_STATION
from .bundle import path_of_command
from .const import DOMAIN
from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.model.command import CommandClass, CommandState
from .engine.view import StationStatus
from .entities.node_sensors import Binding, binding_of
from .storage.store import StorageUnusable
from .texts.commands import describe_command
from .texts.evidence import (
    as_list,
    describe_deliveries,
    describe_failures,
    describe_foreign,
    describe_held,
    describe_orderers,
)
from .texts.meals import describe_question, expected_by, name_of
from .texts.sentences import node_title
from .unheld_plans import describe_deviations, describe_unheld, unheld_plans

BINDING_LAPSED = "binding_lapsed"
CLOCK_DOUBTED = "clock_doubted"
FOREIGN = "foreign"
KEEPS_FAILING = "keeps_failing"
MEAL_OVERDUE = "meal_overdue"
NOT_UNDERSTOOD = "not_understood"
NODE_HINDERED = "node_hindered"
PLAN_DEVIATES = "plan_deviates"
PLAN_NOT_HELD = "plan_not_held"
RESTORED = "restored"
RUNAWAY = "runaway"
STORAGE_FAILING = "storage_failing"
STORAGE_UNUSABLE = "storage_unusable"
STILL_NOT_DONE = "still_not_done"
UNCONFIRMED = "unconfirmed"

_REFUSED = (CommandState.FAILED, CommandState.REJECTED)

type _Issue = tuple[str, dict[str, Any]]


@callback
def async_watch_for_issues(coordinator: DispatchCoordinator) -> None:
    """Keep the issues of a station in step with it, as long as it is loaded."""
    hass, entry = coordinator.hass, coordinator.config_entry
    ir.async_delete_issue(hass, DOMAIN, _issue_id(STORAGE_UNUSABLE, entry))
    # What stood before Home Assistant started is only known by its id.
    shown: dict[str, dict[str, Any]] = {
        issue_id: {}
        for issue_id in _issues_of(hass, entry)
        if not _is_warning_set_aside(hass, issue_id)
    }

    @callback
    def update() -> None:
        wanted = dict(_wanted(coordinator))
        for issue_id in shown.keys() - wanted.keys():
            ir.async_delete_issue(hass, DOMAIN, issue_id)
        for issue_id, issue in wanted.items():
            if shown.get(issue_id) != issue:
                ir.async_create_issue(hass, DOMAIN, issue_id, **issue)
        shown.clear()
        shown.update(wanted)

    entry.async_on_unload(coordinator.async_add_listener(update, OF_STATION))
    update()


@callback
def async_report_unusable_storage(
    hass: HomeAssistant, entry: DispatchConfigEntry, unusable: StorageUnusable
) -> None:
    """Say that the files of a station were not touched, and why it does not start."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(STORAGE_UNUSABLE, entry),
        is_fixable=unusable.reason == "corrupt",
        severity=ir.IssueSeverity.CRITICAL,
        translation_key=f"storage_{unusable.reason}",
        translation_placeholders={"station": entry.title, "path": unusable.path},
        data={"entry_id": entry.entry_id, "path": unusable.path},
    )


@callback
def async_forget_issues(hass: HomeAssistant, entry: DispatchConfigEntry) -> None:
    """Delete all issues of a station."""
    for issue_id in _issues_of(hass, entry):
        ir.async_delete_issue(hass, DOMAIN, issue_id)


def _wanted(coordinator: DispatchCoordinator) -> Iterable[_Issue]:
    entry, seen = coordinator.config_entry, coordinator.data
    if seen.status is StationStatus.STORAGE_ERROR:
        yield (
            _issue_id(STORAGE_FAILING, entry),
            {
                "is_fixable": False,
                "severity": ir.IssueSeverity.CRITICAL,
                "translation_key": STORAGE_FAILING,
                "translation_placeholders": {"station": entry.title},
            },
        )
    if seen.restored_at is not None:
        yield (
            _issue_id(RESTORED, entry),
            {
                "is_fixable": True,
                "severity": ir.IssueSeverity.ERROR,
                "translation_key": RESTORED,
                "translation_placeholders": {
                    "station": entry.title,
                    "waiting": describe_held(coordinator),
                },
                "data": {"entry_id": entry.entry_id},
            },
        )
    if seen.refusals is not None:
        yield (
            _issue_id(RUNAWAY, entry),
            {
                "is_fixable": True,
                "severity": ir.IssueSeverity.ERROR,
                "translation_key": RUNAWAY,
                "translation_placeholders": {
                    "station": entry.title,
                    "by": describe_orderers(coordinator.hass, seen.refusals),
                },
                "data": {"entry_id": entry.entry_id},
            },
        )
    if seen.clock_doubted:
        yield (
            _issue_id(CLOCK_DOUBTED, entry),
            {
                "is_fixable": True,
                "severity": ir.IssueSeverity.ERROR,
                "translation_key": CLOCK_DOUBTED,
                "translation_placeholders": {"station": entry.title},
                "data": {"entry_id": entry.entry_id},
            },
        )
    if seen.foreign:
        yield (
            _issue_id(FOREIGN, entry),
            {
                "is_fixable": False,
                "severity": ir.IssueSeverity.WARNING,
                "translation_key": FOREIGN,
                "translation_placeholders": {
                    "station": entry.title,
                    "prefix": coordinator.prefix,
                    "signs": describe_foreign(coordinator),
                },
            },
        )
    for node in seen.nodes if coordinator.protocol.binding else ():
        if binding_of(coordinator, node) is Binding.LAPSED:
            yield (
                f"{_issue_id(BINDING_LAPSED, entry)}-{node}",
                {
                    "is_fixable": False,
                    "severity": ir.IssueSeverity.WARNING,
                    "translation_key": BINDING_LAPSED,
                    "translation_placeholders": {
                        "station": entry.title,
                        "node": node_title(coordinator, node),
                    },
                },
            )
    yield from _of_settings(coordinator)
    for node in {each.node: None for each in seen.deviations}:
        yield (
            f"{_issue_id(PLAN_DEVIATES, entry)}-{node}",
            {
                "is_fixable": False,
                "severity": ir.IssueSeverity.ERROR,
                "translation_key": PLAN_DEVIATES,
                "translation_placeholders": {
                    "station": entry.title,
                    "node": node_title(coordinator, node),
                    "known": describe_deviations(coordinator, node),
                },
            },
        )
    for command in unheld_plans(coordinator):
        (node,) = command.nodes
        yield (
            _issue_id(PLAN_NOT_HELD, entry, command.id),
            {
                "is_fixable": True,
                "severity": ir.IssueSeverity.WARNING,
                "translation_key": PLAN_NOT_HELD,
                "translation_placeholders": {
                    "station": entry.title,
                    "node": node_title(coordinator, node),
                    "known": describe_unheld(coordinator, command),
                },
                "learn_more_url": _link_to(coordinator, command.id),
                "data": {"entry_id": entry.entry_id, "command_id": command.id},
            },
        )
    yield from _about_failing_nodes(coordinator)
    yield from _about_commands(coordinator)
    yield from _about_meals(coordinator)
    yield from _about_refusals(coordinator)


def _about_failing_nodes(coordinator: DispatchCoordinator) -> Iterable[_Issue]:
    entry = coordinator.config_entry
    for node, commands in coordinator.data.failing.items():
        yield (
            f"{_issue_id(KEEPS_FAILING, entry)}-{node}",
            {
                "is_fixable": False,
                "severity": ir.IssueSeverity.ERROR,
                "translation_key": KEEPS_FAILING,
                "translation_placeholders": {
                    "station": entry.title,
                    "node": node_title(coordinator, node),
                    "known": describe_failures(coordinator, node, commands),
                },
            },
        )


def _about_refusals(coordinator: DispatchCoordinator) -> Iterable[_Issue]:
    """Tell of what had to be done, and a node refused for good.

    Until it does the same for a later command, or a person ignores it.
    """
    entry, engine = coordinator.config_entry, coordinator.engine
    for kind, policy in engine.station.policies.items():
        if policy.command_class is not CommandClass.UNTIL_DONE:
            continue
        for node in engine.station.nodes:
            command = engine.ledger.known.newest(kind, node)
            if command is None or command.state not in _REFUSED:
                continue
            yield (
                _issue_id(NOT_UNDERSTOOD, entry, command.id),
                {
                    "is_fixable": False,
                    "severity": ir.IssueSeverity.ERROR,
                    "translation_key": NOT_UNDERSTOOD,
                    "translation_placeholders": {
                        "station": entry.title,
                        "command": describe_command(coordinator, command),
                        "known": describe_deliveries(coordinator, command),
                    },
                    "learn_more_url": _link_to(coordinator, command.id),
                },
            )


def _about_commands(coordinator: DispatchCoordinator) -> Iterable[_Issue]:
    entry, seen = coordinator.config_entry, coordinator.data
    for kind, command_ids, describe in (
        (UNCONFIRMED, seen.unconfirmed, describe_question),
        (STILL_NOT_DONE, seen.alarms, describe_deliveries),
    ):
        for command_id in command_ids:
            command = coordinator.engine.ledger.open[command_id]
            yield (
                _issue_id(kind, entry, command_id),
                {
                    "is_fixable": kind == UNCONFIRMED,
                    "severity": ir.IssueSeverity.ERROR,
                    "translation_key": kind,
                    "translation_placeholders": {
                        "station": entry.title,
                        "command": describe_command(coordinator, command),
                        "known": describe(coordinator, command),
                    },
                    "learn_more_url": _link_to(coordinator, command_id),
                    "data": {"entry_id": entry.entry_id, "command_id": command_id},
                },
            )


def _about_meals(coordinator: DispatchCoordinator) -> Iterable[_Issue]:
    """Ask what is to become of meals that did not happen in time.

    Not of those of whose command something is asked or said already, and not while
    what is to become of one shows in a moment.
    """
    entry, seen = coordinator.config_entry, coordinator.data
    for overdue in seen.overdue:
        date, command = overdue.date, overdue.command
        if date.answer is not None:
            continue
        if command is not None and (
            command.state.in_flight
            or command.id in seen.unconfirmed
            or command.id in seen.alarms
        ):
            continue
        told_apart = (date.meal_id, date.nominal, *([date.node] if date.node else []))
        yield (
            "-".join((_issue_id(MEAL_OVERDUE, entry), *told_apart)),
            {
                "is_fixable": True,
                "severity": ir.IssueSeverity.ERROR,
                "translation_key": MEAL_OVERDUE,
                "translation_placeholders": {
                    "station": entry.title,
                    "meal": name_of(coordinator, overdue.meal),
                    "by": expected_by(coordinator, overdue),
                },
                "data": {
                    "entry_id": entry.entry_id,
                    "meal_id": date.meal_id,
                    "nominal": date.nominal,
                    "node": date.node,
                },
            },
        )


def _link_to(coordinator: DispatchCoordinator, command_id: int) -> str | None:
    """Return what leads to a command in the panel, as issues have it."""
    entry_id = coordinator.config_entry.entry_id
    path = path_of_command(coordinator.hass, entry_id, command_id)
    return None if path is None else f"homeassistant:/{path}"


def _is_warning_set_aside(hass: HomeAssistant, issue_id: str) -> bool:
    """Whether a person has ignored that somebody else sends to the nodes.

    Each run must notice that anew, and it is not to be told anew because of that.
    """
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    return (
        issue_id.startswith(f"{FOREIGN}-")
        and issue is not None
        and issue.dismissed_version is not None
    )


def _issues_of(hass: HomeAssistant, entry: DispatchConfigEntry) -> set[str]:
    return {
        issue_id
        for domain, issue_id in ir.async_get(hass).issues
        if domain == DOMAIN and entry.entry_id in issue_id.split("-")
    }


def _of_settings(coordinator: DispatchCoordinator) -> Iterable[_Issue]:
    """Yield what is set so that it keeps from us what nodes say."""
    entry = coordinator.config_entry
    for node, fields in coordinator.driver.site.nodes.items():
        if hindrances := coordinator.protocol.hindrances(fields):
            yield (
                f"{_issue_id(NODE_HINDERED, entry)}-{node}",
                {
                    "is_fixable": False,
                    "severity": ir.IssueSeverity.WARNING,
                    "translation_key": NODE_HINDERED,
                    "translation_placeholders": {
                        "station": entry.title,
                        "node": node_title(coordinator, node),
                        "known": as_list(hindrances),
                    },
                },
            )


def _issue_id(
    kind: str, entry: DispatchConfigEntry, command_id: int | None = None
) -> str:
    parts = [kind, entry.entry_id, *([] if command_id is None else [str(command_id)])]
    return "-".join(parts)
