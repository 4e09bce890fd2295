"""What all ways to a new station have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from homeassistant.components import mqtt
from homeassistant.config_entries import (
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryData,
)
from homeassistant.const import CONF_PROTOCOL
import voluptuous as vol

from ..const import CONF_PREFIX, DOMAIN, SUBENTRY_NODE
from ..coordinator import DispatchConfigEntry
from ..protocols.base import Protocol
from ..station import prefix_of
from ..texts.markdown import as_code
from .listening import Heard, async_listen
from .naming import async_usual_node_name, nodes_elsewhere, prefix_error
from .node_flow import data_of_node
from .node_form import answers, applying, missing, questions, suggestions


class StationMaking(ConfigFlow):
    """Gathers what a station is made of, and makes it."""

    _name: str
    _protocol: Protocol
    _prefix: str
    _heard: Heard
    _nodes: dict[str, dict[str, Any]]
    """The nodes of a new station, each with what is known of it."""
    _asked: str
    """The node of which a person is asked."""

    @abstractmethod
    async def async_step_station(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where the nodes of a new station speak, and listen there."""

    async def async_step_about_node(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what must be known of a node that nobody describes."""
        protocol = self._protocol
        errors: dict[str, str] = {}
        if user_input is not None:
            fields, errors = answers(protocol, user_input)
            if not errors:
                known = suggestions(protocol, self._nodes[self._asked] | fields)
                self._nodes[self._asked] = applying(protocol, known)
                return await self._ask_or_create()
        asked = missing(protocol, self._nodes[self._asked])
        schema = {
            question: selector
            for question, selector in questions(protocol).items()
            if str(question) in asked
        }
        return self.async_show_form(
            step_id="about_node",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema(schema), user_input
            ),
            errors=errors,
            description_placeholders={"node": as_code(self._asked)},
        )

    async def _ask_or_create(self) -> ConfigFlowResult:
        """Ask what must be known of the nodes, and make the station once all is."""
        self._abort_if_unique_id_configured()
        for node, fields in self._nodes.items():
            if missing(self._protocol, fields):
                self._asked = node
                return await self.async_step_about_node()
        described = self._heard.described.nodes
        return self.async_create_entry(
            title=self._name,
            data={CONF_PROTOCOL: self._protocol.key, CONF_PREFIX: self._prefix},
            subentries=[
                ConfigSubentryData(
                    data=data_of_node(self._protocol, node, fields),
                    subentry_type=SUBENTRY_NODE,
                    title=(described[node].called or node)
                    if node in described
                    else await async_usual_node_name(self.hass, node),
                    unique_id=node,
                )
                for node, fields in self._nodes.items()
            ],
        )

    def _fields_of(self, node: str) -> dict[str, Any]:
        """Return what is known of a node before anybody is asked."""
        hello = self._heard.described.nodes.get(node)
        known = {} if hello is None else self._protocol.node_usually(hello)
        return applying(self._protocol, suggestions(self._protocol, known))

    async def _connected(self) -> bool:
        return await mqtt.async_wait_for_mqtt_client(self.hass) and mqtt.is_connected(
            self.hass
        )

    async def _listen(
        self,
        protocol: Protocol,
        entry: DispatchConfigEntry | None,
        errors: dict[str, str],
    ) -> bool:
        """Take in what is heard under the prefix; without a broker say so.

        What nodes of other stations than `entry` say is none of its business.
        """
        strangers = nodes_elsewhere(self.hass, protocol, but=entry)
        heard = await async_listen(self.hass, protocol, self._prefix, strangers)
        if heard is None:
            errors["base"] = "mqtt_disconnected"
            return False
        self._heard = heard
        return True

    def _heard_in_words(self) -> dict[str, str]:
        return {
            "prefix": as_code(self._prefix),
            "messages": str(self._heard.messages),
            "nodes": ", ".join(as_code(node) for node in self._heard.nodes),
        }

    def _station_at(
        self, prefix: str, *, but: DispatchConfigEntry | None = None
    ) -> DispatchConfigEntry | None:
        """Return the station, another one than `but`, that has this prefix."""
        for entry in self.hass.config_entries.async_entries(
            DOMAIN, include_ignore=False
        ):
            if entry is not but and prefix_of(entry) == prefix:
                return entry
        return None


def prefix_error_at(prefix: str, used_by: DispatchConfigEntry | None) -> str | None:
    """Return why a station cannot have a prefix, which another one may have."""
    return prefix_error(prefix) if used_by is None else "prefix_used"
