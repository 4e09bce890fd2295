"""The flows in which a person settles an issue."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.repairs import RepairsFlow
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .engine.model.command import CommandState, Outcome
from .engine.orders.decisions import may_be_sent_again
from .flows.decision import DecisionFlow, Question
from .flows.overdue_flow import MealOverdueFlow
from .issues import (
    CLOCK_DOUBTED,
    MEAL_OVERDUE,
    PLAN_NOT_HELD,
    RESTORED,
    RUNAWAY,
    UNCONFIRMED,
)
from .ordering.commands import async_send_plan
from .ordering.doubts import async_confirm_restore, async_resolve, async_trust_clock
from .ordering.pauses import async_settle_refusals
from .storage.store import CommitError, StationStore
from .texts.commands import describe_command
from .texts.evidence import describe_held, describe_orderers
from .texts.meals import describe_question
from .texts.sentences import moment_in_words, node_title
from .unheld_plans import describe_unheld, is_unheld

if TYPE_CHECKING:
    from homeassistant.components.repairs import RepairsFlowResult


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, Any] | None,
) -> RepairsFlow:
    """Return the flow that settles an issue."""
    kind, _, _ = issue_id.partition("-")
    return _FLOWS.get(kind, UnusableStorageFlow)(data or {})


class UnconfirmedFlow(DecisionFlow):
    """Asks a person what became of a command."""

    async def async_step_init(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Tell what is known, and offer what can be said to it."""
        if (coordinator := self._coordinator()) is None:
            return self.async_abort(reason="station_not_loaded")
        command = coordinator.engine.ledger.find(self._data["command_id"])
        if command is None or command.state is not CommandState.UNCONFIRMED:
            return self.async_abort(reason="already_settled")
        async with self._in_words_of_reader():
            told = {
                "station": coordinator.name,
                "command": self._linked(
                    command.id, describe_command(coordinator, command)
                ),
                "known": describe_question(coordinator, command),
            }
        return self.async_show_menu(
            step_id="init",
            menu_options=[outcome.value for outcome in Outcome],
            description_placeholders=told,
        )

    async def async_step_succeeded(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Settle it: it happened."""
        return await self._async_resolve(Outcome.SUCCEEDED)

    async def async_step_failed(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Settle it: it did not happen."""
        return await self._async_resolve(Outcome.FAILED)

    async def async_step_resend(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Send it again, whatever happened, where a node is left to send it to."""
        if (coordinator := self._coordinator()) is not None:
            command = coordinator.engine.ledger.open.get(self._data["command_id"])
            station = coordinator.engine.station
            if command is not None and not may_be_sent_again(command, station):
                return self.async_abort(reason="node_removed")
        return await self._async_resolve(Outcome.RESEND)

    async def _async_resolve(self, outcome: Outcome) -> RepairsFlowResult:
        command_id = self._data["command_id"]
        return await self._async_settle(
            lambda coordinator, by: async_resolve(coordinator, command_id, outcome, by)
        )


class RestoredFlow(DecisionFlow):
    """Asks a person whether what an older state held waiting is still wanted."""

    async def async_step_init(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Tell why nothing is sent, and what waits."""
        if (coordinator := self._coordinator()) is None:
            return self.async_abort(reason="station_not_loaded")
        if coordinator.engine.ledger.restored_at is None:
            return self.async_abort(reason="already_settled")
        async with self._in_words_of_reader():
            told = {
                "station": coordinator.name,
                "waiting": describe_held(coordinator),
            }
        return self.async_show_menu(
            step_id="init",
            menu_options=["keep", "cancel"],
            description_placeholders=told,
        )

    async def async_step_keep(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Go on with what waits."""
        return await self._async_confirm(keep=True)

    async def async_step_cancel(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Go on without what waits."""
        return await self._async_confirm(keep=False)

    async def _async_confirm(self, *, keep: bool) -> RepairsFlowResult:
        return await self._async_settle(
            lambda coordinator, by: async_confirm_restore(coordinator, keep=keep, by=by)
        )


class RunawayFlow(DecisionFlow):
    """Asks a person what to do about who orders feeds all the time."""

    async def async_step_init(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Tell who orders, and offer to pause and to empty the queue."""
        if (coordinator := self._coordinator()) is None:
            return self.async_abort(reason="station_not_loaded")
        if (refusals := coordinator.engine.wishes.refusals.alarm) is None:
            return self.async_abort(reason="already_settled")
        async with self._in_words_of_reader():
            told = {
                "station": coordinator.name,
                "by": describe_orderers(self.hass, refusals),
                "waiting": str(len(coordinator.engine.ledger.open)),
            }
        return self.async_show_menu(
            step_id="init",
            menu_options=["pause_and_empty", "pause", "empty", "leave"],
            description_placeholders=told,
        )

    async def async_step_pause_and_empty(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Send nothing more, and withdraw what waits."""
        return await self._async_do(pause=True, empty=True)

    async def async_step_pause(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Send nothing more."""
        return await self._async_do(pause=True, empty=False)

    async def async_step_empty(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Withdraw what waits."""
        return await self._async_do(pause=False, empty=True)

    async def async_step_leave(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Leave all as it is."""
        return await self._async_do(pause=False, empty=False)

    async def _async_do(self, *, pause: bool, empty: bool) -> RepairsFlowResult:
        return await self._async_settle(
            lambda coordinator, by: async_settle_refusals(
                coordinator, by, pause=pause, empty=empty
            )
        )


class ClockFlow(Question, DecisionFlow):
    """Asks a person whether the clock of this machine is right."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Tell what the clock says and said before, and go by it from now on."""
        if (coordinator := self._coordinator()) is None:
            return self.async_abort(reason="station_not_loaded")
        if not coordinator.engine.clock.asks:
            return self.async_abort(reason="already_settled")
        if user_input is not None:
            return await self._async_settle(
                lambda station, _: async_trust_clock(station)
            )
        believed_at = coordinator.engine.ledger.believed_at
        async with self._in_words_of_reader():
            told = {
                "station": coordinator.name,
                "now": moment_in_words(self.hass, dt_util.utcnow()),
                "before": moment_in_words(
                    self.hass, dt_util.utc_from_timestamp(believed_at)
                ),
            }
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            description_placeholders=told,
        )


class PlanNotHeldFlow(Question, DecisionFlow):
    """Offers to send a plan that did not reach its node."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Tell what became of it, and send it once more."""
        if (coordinator := self._coordinator()) is None:
            return self.async_abort(reason="station_not_loaded")
        command = coordinator.engine.ledger.find(self._data["command_id"])
        if command is None or not is_unheld(coordinator, command.id):
            return self.async_abort(reason="already_settled")
        if user_input is not None:
            engine = coordinator.engine
            if len(engine.ledger.open) >= engine.station.settings.max_open:
                return self.async_abort(reason="queue_full")
            return await self._async_settle(
                lambda station, _: async_send_plan(station, command)
            )
        (node,) = command.nodes
        async with self._in_words_of_reader():
            told = {
                "station": coordinator.name,
                "node": node_title(coordinator, node),
                "known": self._linked(
                    command.id, describe_unheld(coordinator, command)
                ),
            }
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            description_placeholders=told,
        )


class UnusableStorageFlow(Question):
    """Lets a person start a station with an empty queue."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Remember which station is meant."""
        self._data = data

    @override
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


_FLOWS: Final[Mapping[str, type[DecisionFlow]]] = MappingProxyType(
    {
        CLOCK_DOUBTED: ClockFlow,
        MEAL_OVERDUE: MealOverdueFlow,
        PLAN_NOT_HELD: PlanNotHeldFlow,
        RESTORED: RestoredFlow,
        RUNAWAY: RunawayFlow,
        UNCONFIRMED: UnconfirmedFlow,
    }
)
