"""Set up a station, by hand or because it or one of its nodes was heard."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, override

from homeassistant.components import mqtt
from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentry,
    ConfigSubentryData,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_NAME, CONF_PROTOCOL
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo
import voluptuous as vol

from .const import (
    CONF_FIELDS,
    CONF_NODE,
    CONF_NODES,
    CONF_PREFIX,
    DOMAIN,
    SUBENTRY_NODE,
)
from .flows.announcement import Announcement, read_announcement
from .flows.discovered import (
    async_keep_told,
    async_told,
    async_withdraw_offers,
    async_withdraw_offers_of,
    offer_of_node,
)
from .flows.naming import (
    async_usual_node_name,
    name_error,
    nodes_error,
    prefix_error,
    spelled,
)
from .flows.node_flow import NodeFlow, data_of_node, node_name_error, place_errors
from .flows.node_form import answers, questions, suggestions
from .flows.options_flow import StationOptionsFlow
from .protocols import PROTOCOLS
from .protocols.base import Protocol
from .station import nodes_of, prefix_of, protocol_of

MOST_OFFERS = 100
"""Whoever may publish on the broker may announce, but not without end."""

_NAME = {vol.Required(CONF_NAME): TextSelector()}
_USER = vol.Schema(
    {
        **_NAME,
        vol.Required(CONF_PROTOCOL): SelectSelector(
            SelectSelectorConfig(
                options=list(PROTOCOLS), translation_key="protocol", sort=True
            )
        ),
    }
)
_RECONFIGURE = vol.Schema({**_NAME, vol.Required(CONF_PREFIX): TextSelector()})


class DispatchConfigFlow(ConfigFlow, domain=DOMAIN):
    """Makes and changes stations."""

    _name: str
    _protocol: Protocol
    _announced: Announcement
    _entry: ConfigEntry[Any]
    """The station at which a node called in."""
    _node: str
    _usual_name: str

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry[Any]) -> OptionsFlow:
        """Change the numbers of a station."""
        return StationOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry[Any]
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Add and change the nodes of a station."""
        return {SUBENTRY_NODE: NodeFlow}

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the name of a new station and for its protocol."""
        if not await mqtt.async_wait_for_mqtt_client(self.hass):
            return self.async_abort(reason="mqtt_unavailable")
        errors = {}
        if user_input is not None:
            self._name = user_input[CONF_NAME].strip()
            if error := name_error(self._name):
                errors[CONF_NAME] = error
            else:
                self._protocol = PROTOCOLS[user_input[CONF_PROTOCOL]]
                return await self.async_step_station()
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(_USER, user_input),
            errors=errors,
        )

    async def async_step_station(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where the nodes of a new station speak, and what they are called."""
        errors = {}
        used_by: ConfigEntry[Any] | None = None
        if user_input is not None:
            prefix = user_input[CONF_PREFIX].strip()
            stripped = (node.strip() for node in user_input.get(CONF_NODES, ()))
            nodes = [node for node in stripped if node]
            used_by = self._station_at(prefix)
            if error := _prefix_error(prefix, used_by):
                errors[CONF_PREFIX] = error
            if error := nodes_error(self._protocol, nodes):
                errors[CONF_NODES] = error
            if not errors:
                await self.async_set_unique_id(prefix, raise_on_progress=False)
                return await self._create(
                    self._name, self._protocol, prefix, spelled(self._protocol, nodes)
                )
        schema = vol.Schema(
            {
                vol.Required(
                    CONF_PREFIX, default=self._protocol.default_prefix
                ): TextSelector(),
                (vol.Required if self._protocol.default_nodes else vol.Optional)(
                    CONF_NODES, default=list(self._protocol.default_nodes)
                ): TextSelector(TextSelectorConfig(multiple=True)),
            }
        )
        return self.async_show_form(
            step_id="station",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders={"station": used_by.title if used_by else ""},
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Give a station another name or another prefix."""
        entry = self._get_reconfigure_entry()
        errors = {}
        used_by: ConfigEntry[Any] | None = None
        if user_input is not None:
            name = user_input[CONF_NAME].strip()
            prefix = user_input[CONF_PREFIX].strip()
            used_by = self._station_at(prefix, but=entry)
            if error := name_error(name):
                errors[CONF_NAME] = error
            if error := _prefix_error(prefix, used_by):
                errors[CONF_PREFIX] = error
            if not errors:
                if prefix != prefix_of(entry):
                    await self._clear_way_to(entry, prefix)
                # The entry's listener reloads it, if anything has changed.
                self.hass.config_entries.async_update_entry(
                    entry,
                    title=name,
                    unique_id=prefix,
                    data={**entry.data, CONF_PREFIX: prefix},
                )
                return self.async_abort(reason="reconfigure_successful")
        present = {CONF_NAME: entry.title, CONF_PREFIX: prefix_of(entry)}
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                _RECONFIGURE, user_input or present
            ),
            errors=errors,
            description_placeholders={"station": used_by.title if used_by else ""},
        )

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
        if len(self._async_in_progress(include_uninitialized=True)) >= MOST_OFFERS:
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
        errors = {}
        if user_input is not None:
            name = user_input[CONF_NAME].strip()
            if error := name_error(name):
                errors[CONF_NAME] = error
            else:
                self._abort_if_unique_id_configured()
                return await self._create(
                    name,
                    announced.protocol,
                    announced.prefix,
                    spelled(announced.protocol, announced.nodes),
                )
        return self.async_show_form(
            step_id="announced",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema(_NAME), user_input or {CONF_NAME: announced.station}
            ),
            errors=errors,
            description_placeholders={
                "station": _as_code(announced.station),
                "prefix": _as_code(announced.prefix),
                "nodes": ", ".join(_as_code(node) for node in announced.nodes),
            },
        )

    async def async_step_integration_discovery(
        self, discovery_info: dict[str, Any]
    ) -> ConfigFlowResult:
        """Offer a node that called in at a station and is none of its nodes."""
        self._node = discovery_info[CONF_NODE]
        self._usual_name = await async_usual_node_name(self.hass, self._node)
        entry = self.hass.config_entries.async_get_entry(discovery_info["entry_id"])
        if entry is None:
            return self.async_abort(reason="station_removed")
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
        protocol = protocol_of(entry)
        errors: dict[str, str] = {}
        if user_input is not None:
            name = user_input[CONF_NAME].strip()
            fields, errors = answers(protocol, user_input)
            if error := node_name_error(entry, name):
                errors[CONF_NAME] = error
            errors |= place_errors(entry, fields)
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
                vol.Schema({**_NAME, **questions(protocol)}), user_input or usual
            ),
            errors=errors,
            description_placeholders={
                "station": _as_code(entry.title),
                "node": _as_code(node),
            },
        )

    async def _create(
        self, name: str, protocol: Protocol, prefix: str, nodes: Sequence[str]
    ) -> ConfigFlowResult:
        return self.async_create_entry(
            title=name,
            data={CONF_PROTOCOL: protocol.key, CONF_PREFIX: prefix},
            subentries=[
                ConfigSubentryData(
                    data=data_of_node(protocol, node, suggestions(protocol, {})),
                    subentry_type=SUBENTRY_NODE,
                    title=await async_usual_node_name(self.hass, node),
                    unique_id=node,
                )
                for node in nodes
            ],
        )

    def _places_of_nodes(self, entry: ConfigEntry[Any]) -> list[ConfigEntry[Any]]:
        """Return the stations that may have a node that called in at one of them."""
        if not protocol_of(entry).one_of_a_kind:
            return [entry]
        return [
            other
            for other in self._async_current_entries(include_ignore=False)
            if protocol_of(other) is protocol_of(entry)
        ]

    def _is_node_of_any(self, entry: ConfigEntry[Any], node: str) -> bool:
        """Whether a node that called in at a station belongs to one already."""
        return any(node in nodes_of(other) for other in self._places_of_nodes(entry))

    def _station_at(
        self, prefix: str, *, but: ConfigEntry[Any] | None = None
    ) -> ConfigEntry[Any] | None:
        """Return the station, another one than `but`, that has this prefix."""
        for entry in self._async_current_entries(include_ignore=False):
            if entry is not but and prefix_of(entry) == prefix:
                return entry
        return None

    async def _clear_way_to(self, entry: ConfigEntry[Any], prefix: str) -> None:
        """Drop what was offered at the old prefix and what stands at the new one."""
        async_withdraw_offers_of(self.hass, entry)
        async_withdraw_offers(self.hass, unique_id=prefix)
        entries = self.hass.config_entries
        ignored = entries.async_entry_for_domain_unique_id(DOMAIN, prefix)
        if ignored is not None:
            await entries.async_remove(ignored.entry_id)


def _prefix_error(prefix: str, used_by: ConfigEntry[Any] | None) -> str | None:
    return prefix_error(prefix) if used_by is None else "prefix_used"


def _as_code(text: str) -> str:
    """Return a text as Markdown that shows it as it is, whoever chose it."""
    return f"`{text.replace('`', "'")}`"
