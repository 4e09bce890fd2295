"""What the flows of the repairs have in common: a person decides something."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.repairs import RepairsFlow
from homeassistant.config_entries import ConfigEntryState

from ..bundle import path_of_command
from ..coordinator import DispatchCoordinator
from ..engine.model.events import Refused
from ..ordering.permissions import (
    async_name_of,
    context_of_request,
    languages_of_request,
)
from ..storage.disk import NotStoredError
from ..texts.reader import in_language_of_reader

if TYPE_CHECKING:
    from homeassistant.components.repairs import RepairsFlowResult


_NO_LINK: Final = str.maketrans({"[": r"\[", "]": r"\]"})
"""What is called so and so by a person ends no link."""


class Question(RepairsFlow):
    """A flow that is one question, which is answered by confirming it."""

    async def async_step_init(
        self, _: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Go on to the question; what comes here is no answer to it."""
        return await self.async_step_confirm()

    @abstractmethod
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, and do what was confirmed."""


class DecisionFlow(RepairsFlow):
    """Has a person decide something for a station that is loaded."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Remember what is meant."""
        self._data = data

    def _linked(self, command_id: int, words: str) -> str:
        """Return words about a command, leading to it where there is a panel."""
        path = path_of_command(self.hass, self._data["entry_id"], command_id)
        if path is None:
            return words
        plain = words.translate(_NO_LINK)
        return f"[{plain}]({path})"

    async def _async_settle(
        self,
        settle: Callable[[DispatchCoordinator, str], Coroutine[Any, Any, None]],
    ) -> RepairsFlowResult:
        """Have `settle(station, by)` carry out what the person who asks wants."""
        if (coordinator := self._coordinator()) is None:
            return self.async_abort(reason="station_not_loaded")
        try:
            await settle(
                coordinator, await async_name_of(self.hass, context_of_request())
            )
        except Refused as refusal:
            return await self._async_refused(refusal)
        except NotStoredError:
            return self.async_abort(reason="not_stored")
        return self.async_create_entry(data={})

    async def _async_refused(self, _: Refused) -> RepairsFlowResult:
        """Say why that is not done."""
        return self.async_abort(reason="already_settled")

    def _in_words_of_reader(self) -> AbstractAsyncContextManager[None]:
        """Have all be told in the language of who asks, as the rest of the dialog."""
        context = context_of_request()
        return in_language_of_reader(
            self.hass,
            None if context is None else context.user_id,
            languages_of_request(),
        )

    def _coordinator(self) -> DispatchCoordinator | None:
        entry = self.hass.config_entries.async_get_entry(self._data["entry_id"])
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return None
        coordinator: DispatchCoordinator = entry.runtime_data
        return coordinator
