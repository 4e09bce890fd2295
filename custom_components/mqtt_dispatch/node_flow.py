"""Add a node to a station, or give it another name."""

from __future__ import annotations

from typing import Any

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from .const import CONF_NODE
from .naming import async_usual_node_name, name_error, nodes_error
from .offers import async_withdraw_offers, offer_of_node
from .station import nodes_of, protocol_of

_ADD = vol.Schema(
    {
        vol.Required(CONF_NODE): TextSelector(),
        vol.Optional(CONF_NAME): TextSelector(),
    }
)
_RENAME = vol.Schema({vol.Required(CONF_NAME): TextSelector()})


class NodeFlow(ConfigSubentryFlow):
    """Makes and changes the nodes of a station."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for what a new node is called on the wire, and by people."""
        entry = self._get_entry()
        errors = {}
        if user_input is not None:
            node = user_input[CONF_NODE].strip()
            name = user_input.get(CONF_NAME, "").strip()
            if not name:
                name = await async_usual_node_name(self.hass, node)
            if error := _node_error(entry, node):
                errors[CONF_NODE] = error
            elif error := node_name_error(entry, name):
                errors[CONF_NAME] = error
            else:
                async_withdraw_offers(self.hass, unique_id=offer_of_node(entry, node))
                return self.async_create_entry(
                    title=name, data={CONF_NODE: node}, unique_id=node
                )
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(_ADD, user_input),
            errors=errors,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Give a node another name; on the wire it keeps its own."""
        entry = self._get_entry()
        subentry = self._get_reconfigure_subentry()
        errors = {}
        if user_input is not None:
            name = user_input[CONF_NAME].strip()
            if error := node_name_error(entry, name, but=subentry):
                errors[CONF_NAME] = error
            else:
                # The entry's listener reloads it.
                return self.async_update_and_abort(entry, subentry, title=name)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                _RENAME, user_input or {CONF_NAME: subentry.title}
            ),
            errors=errors,
            description_placeholders={"node": subentry.data[CONF_NODE]},
        )


def node_name_error(
    entry: ConfigEntry[Any], name: str, *, but: ConfigSubentry | None = None
) -> str | None:
    """Return why a node, already `but` if it is one, cannot have this name.

    A station says by name which node it waits for, so each has its own.
    """
    others = (node for node in entry.subentries.values() if node is not but)
    if any(node.title == name for node in others):
        return "name_used"
    return name_error(name)


def _node_error(entry: ConfigEntry[Any], node: str) -> str | None:
    if node in nodes_of(entry):
        return "node_used"
    return nodes_error(protocol_of(entry), [node])
