"""What a person must know of the history: that some of it is lost, or none is added."""

from __future__ import annotations

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..engine.ledger.ledger import UNARCHIVED_LIMIT
from .database import Trouble, async_history


@callback
def async_watch_history(hass: HomeAssistant) -> None:
    """Keep the issues of the history in step with what is wrong with it."""
    history = async_history(hass)

    @callback
    def update() -> None:
        for trouble in Trouble:
            what = history.troubles.get(trouble)
            if what is None:
                ir.async_delete_issue(hass, DOMAIN, trouble)
                continue
            ir.async_create_issue(
                hass,
                DOMAIN,
                trouble,
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key=trouble,
                translation_placeholders={
                    "what": what,
                    "limit": str(UNARCHIVED_LIMIT),
                },
            )

    history.async_on_trouble(update)
    update()
