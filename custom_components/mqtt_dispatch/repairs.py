"""What a person must decide or know, and the flows that carry it out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from homeassistant.components.repairs import RepairsFlow
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import voluptuous as vol

from .const import DOMAIN
from .coordinator import DispatchConfigEntry, DispatchCoordinator, NotStoredError
from .engine.events import Refused
from .engine.model import CommandState, Outcome
from .engine.view import StationStatus
from .evidence import describe_command, describe_deliveries
from .settling import async_resolve
from .store import CommitError, StationStore, StorageUnusable

if TYPE_CHECKING:
    from homeassistant.components.repairs import RepairsFlowResult

STORAGE_FAILING = "storage_failing"
STORAGE_UNUSABLE = "storage_unusable"
STILL_NOT_DONE = "still_not_done"
UNCONFIRMED = "unconfirmed"


@callback
def async_watch_for_issues(coordinator: DispatchCoordinator) -> None:
    """Keep the issues of a station in step with it, as long as it is loaded."""
    hass, entry = coordinator.hass, coordinator.config_entry
    ir.async_delete_issue(hass, DOMAIN, _issue_id(STORAGE_UNUSABLE, entry))
    # What stood before Home Assistant started is only known by its id.
    shown: dict[str, dict[str, Any]] = {key: {} for key in _issues_of(hass, entry)}

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

    entry.async_on_unload(coordinator.async_add_listener(update))
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


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, Any] | None,
) -> RepairsFlow:
    """Return the flow that settles an issue."""
    known = data or {}
    if issue_id.startswith(UNCONFIRMED):
        return UnconfirmedFlow(known)
    return UnusableStorageFlow(known)


class UnconfirmedFlow(RepairsFlow):
    """Asks a person what became of a command."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Remember which command is meant."""
        self._data = data

    async def async_step_init(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Tell what is known, and offer what can be said to it."""
        if (coordinator := self._coordinator()) is None:
            return self.async_abort(reason="station_not_loaded")
        command = coordinator.engine.book.find(self._data["command_id"])
        if command is None or command.state is not CommandState.UNCONFIRMED:
            return self.async_abort(reason="already_settled")
        return self.async_show_menu(
            step_id="init",
            menu_options=[outcome.value for outcome in Outcome],
            description_placeholders={
                "station": coordinator.name,
                "command": describe_command(coordinator, command),
                "known": describe_deliveries(coordinator, command),
            },
        )

    async def async_step_succeeded(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Settle it: it happened."""
        return await self._async_settle(Outcome.SUCCEEDED)

    async def async_step_failed(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Settle it: it did not happen."""
        return await self._async_settle(Outcome.FAILED)

    async def async_step_resend(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Send it again, whatever happened."""
        return await self._async_settle(Outcome.RESEND)

    async def _async_settle(self, outcome: Outcome) -> RepairsFlowResult:
        if (coordinator := self._coordinator()) is None:
            return self.async_abort(reason="station_not_loaded")
        try:
            await async_resolve(coordinator, self._data["command_id"], outcome)
        except Refused:
            return self.async_abort(reason="already_settled")
        except NotStoredError:
            return self.async_abort(reason="not_stored")
        return self.async_create_entry(data={})

    def _coordinator(self) -> DispatchCoordinator | None:
        entry = self.hass.config_entries.async_get_entry(self._data["entry_id"])
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return None
        coordinator: DispatchCoordinator = entry.runtime_data
        return coordinator


class UnusableStorageFlow(RepairsFlow):
    """Lets a person start a station with an empty queue."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Remember which station is meant."""
        self._data = data

    async def async_step_init(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Go on to the question; what comes here is no answer to it."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Keep the unusable files under another name, and start anew."""
        entry_id = self._data["entry_id"]
        entry = self.hass.config_entries.async_get_entry(entry_id)
        if entry is None:
            return self.async_abort(reason="already_settled")
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema({}),
                description_placeholders={
                    "station": entry.title,
                    "path": self._data["path"],
                },
            )
        try:
            await StationStore(self.hass, entry_id).async_set_aside()
        except (CommitError, HomeAssistantError):
            return self.async_abort(reason="not_stored")
        self.hass.config_entries.async_schedule_reload(entry_id)
        return self.async_create_entry(data={})


def _wanted(coordinator: DispatchCoordinator) -> Iterable[tuple[str, dict[str, Any]]]:
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
    for kind, command_ids in (
        (UNCONFIRMED, seen.unconfirmed),
        (STILL_NOT_DONE, seen.alarms),
    ):
        for command_id in command_ids:
            command = coordinator.engine.book.open[command_id]
            yield (
                _issue_id(kind, entry, command_id),
                {
                    "is_fixable": kind == UNCONFIRMED,
                    "severity": ir.IssueSeverity.ERROR,
                    "translation_key": kind,
                    "translation_placeholders": {
                        "station": entry.title,
                        "command": describe_command(coordinator, command),
                        "known": describe_deliveries(coordinator, command),
                    },
                    "data": {"entry_id": entry.entry_id, "command_id": command_id},
                },
            )


def _issues_of(hass: HomeAssistant, entry: DispatchConfigEntry) -> set[str]:
    return {
        issue_id
        for domain, issue_id in ir.async_get(hass).issues
        if domain == DOMAIN and entry.entry_id in issue_id.split("-")
    }


def _issue_id(
    kind: str, entry: DispatchConfigEntry, command_id: int | None = None
) -> str:
    parts = [kind, entry.entry_id, *([] if command_id is None else [str(command_id)])]
    return "-".join(parts)
