"""Set up a station, by hand or because it or one of its nodes was heard."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, override

from homeassistant.config_entries import (
    ConfigFlowResult,
    ConfigSubentry,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo
import voluptuous as vol

from .const import (
    CONF_FIELDS,
    CONF_NODE,
    DOMAIN,
    ENTRY_MINOR_VERSION,
    ENTRY_VERSION,
    SUBENTRY_NODE,
)
from .coordinator import DispatchConfigEntry
from .flows.announcement import Announcement, read_announcement
from .flows.discovered import (
    async_keep_told,
    async_told,
    async_withdraw_offers,
    offer_of_node,
)
from .flows.listening import UNHEARD
from .flows.naming import (
    async_usual_node_name,
    name_error,
    nodes_elsewhere,
    nodes_error,
    spelled,
)
from .flows.node_flow import (
    NodeFlow,
    data_of_node,
    node_name_error,
    place_errors,
    plan_errors,
    unprovable_of,
)
from .flows.node_form import answers, questions, suggestions
from .flows.options_flow import StationOptionsFlow
from .flows.station_flow import NAME, StationFlow
from .station import is_known, nodes_of, protocol_of, speaks
from .texts.markdown import as_code

MOST_OFFERS = 100
"""Whoever may publish on the broker may announce, but not without end."""


class DispatchConfigFlow(StationFlow, domain=DOMAIN):
    """Makes and changes stations, and takes up what was discovered."""

    VERSION = ENTRY_VERSION
    MINOR_VERSION = ENTRY_MINOR_VERSION

    _announced: Announcement
    _entry: DispatchConfigEntry
    """The station at which a node called in."""
    _node: str
    _usual_name: str

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: DispatchConfigEntry) -> OptionsFlow:
        """Change the numbers of a station."""
        return StationOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: DispatchConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Add and change the nodes of a station."""
        return {SUBENTRY_NODE: NodeFlow}

    @override
    async def async_step_mqtt(
        self, discovery_info: MqttServiceInfo
    ) -> ConfigFlowResult:
        """Take up what a station, or anybody, announced."""
        if (key := self.context.get("discovery_key")) is not None:
            # What came last on a topic holds, be it that nothing is announced.
            async_withdraw_offers(self.hass, discovery_key=key)
        announced = read_announcement(discovery_info.payload)
        if announced is None:
            return self.async_abort(reason="invalid_discovery_info")
        offers = self.hass.config_entries.flow.async_progress_by_handler(
            DOMAIN, include_uninitialized=True
        )
        # This one is among them.
        if len(offers) > MOST_OFFERS:
            return self.async_abort(reason="too_many_offers")
        await self.async_set_unique_id(announced.prefix)
        self._abort_if_unique_id_configured()
        self._announced = announced
        self.context["title_placeholders"] = {CONF_NAME: announced.station}
        return await self.async_step_announced()

    async def async_step_announced(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let a person name an announced station and say yes."""
        announced = self._announced
        protocol = announced.protocol
        errors = {}
        if user_input is not None:
            name = user_input[CONF_NAME].strip()
            elsewhere = nodes_elsewhere(self.hass, protocol)
            if error := name_error(name):
                errors[CONF_NAME] = error
            elif error := nodes_error(protocol, announced.nodes, elsewhere):
                errors["base"] = error
            elif not await self._connected():
                errors["base"] = "mqtt_disconnected"
            else:
                self._name, self._protocol = name, protocol
                self._prefix, self._heard = announced.prefix, UNHEARD
                nodes = spelled(protocol, announced.nodes)
                self._nodes = {node: self._fields_of(node) for node in nodes}
                return await self._ask_or_create()
        return self.async_show_form(
            step_id="announced",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema(NAME), user_input or {CONF_NAME: announced.station}
            ),
            errors=errors,
            description_placeholders={
                "station": as_code(announced.station),
                "prefix": as_code(announced.prefix),
                "nodes": ", ".join(as_code(node) for node in announced.nodes),
            },
        )

    @override
    async def async_step_integration_discovery(
        self, discovery_info: dict[str, Any]
    ) -> ConfigFlowResult:
        """Offer a node that called in at a station and is none of its nodes."""
        self._node = discovery_info[CONF_NODE]
        self._usual_name = await async_usual_node_name(self.hass, self._node)
        entry = self.hass.config_entries.async_get_entry(discovery_info["entry_id"])
        if entry is None:
            return self.async_abort(reason="station_removed")
        if not is_known(entry):
            return self.async_abort(reason="profile_missing")
        if self._is_node_of_any(entry, self._node):
            return self.async_abort(reason="already_configured")
        offer = offer_of_node(entry, self._node)
        async_keep_told(self.hass, offer, discovery_info.get(CONF_FIELDS, {}))
        await self.async_set_unique_id(offer)
        self._abort_if_unique_id_configured()
        self._entry = entry
        self.context["entry_id"] = entry.entry_id
        self.context["title_placeholders"] = {
            CONF_NAME: f"{entry.title}: {self._usual_name}"
        }
        return await self.async_step_node()

    async def async_step_node(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let a person name a node that called in and say yes."""
        entry, node = self._entry, self._node
        if not is_known(entry):
            return self.async_abort(reason="profile_missing")
        protocol = protocol_of(entry)
        errors: dict[str, str] = {}
        if user_input is not None:
            name = user_input[CONF_NAME].strip()
            fields, errors = answers(protocol, user_input)
            if error := node_name_error(entry, name):
                errors[CONF_NAME] = error
            errors |= place_errors(entry, fields)
            errors |= plan_errors(entry, node, fields)
            if self._is_node_of_any(entry, node):
                return self.async_abort(reason="already_configured")
            if not errors:
                for other in self._places_of_nodes(entry):
                    if other is not entry:
                        offer = offer_of_node(other, node)
                        async_withdraw_offers(self.hass, unique_id=offer)
                self.hass.config_entries.async_add_subentry(
                    entry,
                    ConfigSubentry(
                        data=MappingProxyType(data_of_node(protocol, node, fields)),
                        subentry_type=SUBENTRY_NODE,
                        title=name,
                        unique_id=node,
                    ),
                )
                return self.async_abort(reason="node_added")
        told = async_told(self.hass, offer_of_node(entry, node))
        usual = {CONF_NAME: self._usual_name, **suggestions(protocol, told)}
        return self.async_show_form(
            step_id="node",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema({**NAME, **questions(protocol)}), user_input or usual
            ),
            errors=errors,
            description_placeholders={
                "station": as_code(entry.title),
                "node": as_code(node),
                "not_provable": unprovable_of(self.hass, protocol, told),
            },
        )

    def _places_of_nodes(self, entry: DispatchConfigEntry) -> list[DispatchConfigEntry]:
        """Return the stations that may have a node that called in at one of them."""
        if not protocol_of(entry).one_of_a_kind:
            return [entry]
        return [
            other
            for other in self.hass.config_entries.async_entries(
                DOMAIN, include_ignore=False
            )
            if speaks(other, protocol_of(entry))
        ]

    def _is_node_of_any(self, entry: DispatchConfigEntry, node: str) -> bool:
        """Whether a node that called in at a station belongs to one already."""
        return any(node in nodes_of(other) for other in self._places_of_nodes(entry))
