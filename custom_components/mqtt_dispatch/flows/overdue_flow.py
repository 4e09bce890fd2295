"""The flow in which a person decides about a meal that did not happen in time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, override

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.events import Refused
from ..engine.model.meal import LateAnswer, OverdueMeal
from ..engine.model.policy import FEED
from ..engine.view import overdue_view
from ..ordering.doubts import async_answer_overdue
from ..texts.evidence import as_list
from ..texts.meal_summaries import meal_in_words
from ..texts.meals import expected_by, name_of, why_overdue
from ..texts.refusals import as_sentence, refusal_in_words
from ..texts.sentences import clock_time
from .decision import DecisionFlow

if TYPE_CHECKING:
    from homeassistant.components.repairs import RepairsFlowResult


_SETTLED = "not_overdue"


class MealOverdueFlow(DecisionFlow):
    """Asks a person what is to become of a meal that did not happen in time."""

    async def async_step_init(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Tell what is known, and offer what can be done."""
        if (coordinator := self._coordinator()) is None:
            return self.async_abort(reason="station_not_loaded")
        date = self._date(coordinator)
        if (
            date is None
            or (overdue := overdue_view(coordinator.engine, date, now())) is None
        ):
            return self.async_abort(reason="already_settled")
        async with self._in_words_of_reader():
            told = {
                "station": coordinator.name,
                "meal": name_of(coordinator, overdue.meal),
                "what": meal_in_words(
                    coordinator, overdue.meal.name, overdue.meal.kind, overdue.params
                ),
                "due": clock_time(self.hass, datetime.fromisoformat(date.nominal)),
                "by": expected_by(coordinator, overdue),
                "known": as_list(why_overdue(coordinator, overdue)),
            }
        return self.async_show_menu(
            step_id="init",
            menu_options=[
                "feed_now" if overdue.meal.kind == FEED else "do_now",
                "happened",
                "leave",
            ],
            description_placeholders=told,
        )

    async def async_step_feed_now(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Feed it, unless a limit refuses that."""
        return await self._async_answer(LateAnswer.FEED_NOW)

    async def async_step_do_now(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Do what was planned."""
        return await self._async_answer(LateAnswer.FEED_NOW)

    async def async_step_happened(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Count it as fed."""
        return await self._async_answer(LateAnswer.HAPPENED)

    async def async_step_leave(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask no more."""
        return await self._async_answer(LateAnswer.LEAVE)

    async def _async_answer(self, answer: LateAnswer) -> RepairsFlowResult:
        async def settle(coordinator: DispatchCoordinator, by: str) -> None:
            if (date := self._date(coordinator)) is None:
                raise Refused(_SETTLED)
            await async_answer_overdue(coordinator, date, answer, by)

        return await self._async_settle(settle)

    def _date(self, coordinator: DispatchCoordinator) -> OverdueMeal | None:
        """Return what is asked about; None: it is settled."""
        key = self._data["meal_id"], self._data["node"]
        date = coordinator.engine.ledger.overdue.get(key)
        if date is None or date.answer or date.nominal != self._data["nominal"]:
            return None
        return date

    @override
    async def _async_refused(self, refusal: Refused) -> RepairsFlowResult:
        if refusal.code == _SETTLED:
            return await super()._async_refused(refusal)
        async with self._in_words_of_reader():
            key, filled = refusal_in_words(
                self.hass, refusal.code, refusal.placeholders
            )
            words = as_sentence(self.hass, key, filled)
        return self.async_abort(
            reason="refused", description_placeholders={"refusal": words}
        )
