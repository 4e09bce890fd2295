"""What became of the meals that nodes feed by themselves, for people to read."""

from __future__ import annotations

from typing import Final

from homeassistant.core import HomeAssistant

from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command, CommandState
from ..texts.sentences import (
    answer_in_words,
    counted_portions,
    node_title,
    sentence,
)

_WORDS: Final = {
    CommandState.SUCCEEDED: "meal_dispensed",
    CommandState.FAILED: "meal_failed",
    CommandState.EXPIRED: "meal_missed",
}


def told_in_words(
    hass: HomeAssistant, coordinator: DispatchCoordinator, command: Command
) -> str:
    """Return what became of a planned meal, and at which node."""
    (node,) = command.nodes
    said = command.timeline[-1].detail
    return sentence(
        hass,
        _WORDS[command.state],
        # What they weighed is the node's to tell.
        portions=counted_portions(hass, command.params.get("portions", 1)),
        node=node_title(coordinator, node),
        reason=answer_in_words(hass, said) or said,
    )
