"""A person sets up a station by hand, or gives it another name or prefix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, override

from homeassistant.components import mqtt
from homeassistant.config_entries import (
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryData,
)
from homeassistant.const import CONF_NAME, CONF_PROTOCOL
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
)
import voluptuous as vol

from ..const import CONF_NODES, CONF_PREFIX, DOMAIN, SUBENTRY_NODE
from ..coordinator import DispatchConfigEntry
from ..owned_profiles import async_read_profiles
from ..protocols import PROTOCOLS
from ..protocols.base import Protocol
from ..station import is_known, prefix_of, protocol_of
from ..texts.profiles import refused_in_words
from .discovered import async_withdraw_offers, async_withdraw_offers_of
from .listening import Heard, async_listen
from .naming import (
    async_usual_node_name,
    name_error,
    nodes_elsewhere,
    nodes_error,
    prefix_error,
    spelled,
)
from .node_flow import data_of_node
from .node_form import suggestions

NAME = {vol.Required(CONF_NAME): TextSelector()}
_STATION = vol.Schema({vol.Required(CONF_PREFIX): TextSelector()})
_RECONFIGURE = vol.Schema({**NAME, **_STATION.schema})


class StationFlow(ConfigFlow):
    """Makes and changes stations."""

    _name: str
    _protocol: Protocol
    _prefix: str
    _heard: Heard

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the name of a new station and for its protocol."""
        if not await self._connected():
            return self.async_abort(reason="mqtt_unavailable")
        refused = await async_read_profiles(self.hass)
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
            data_schema=self.add_suggested_values_to_schema(_user_form(), user_input),
            errors=errors,
            description_placeholders={"refused": refused_in_words(self.hass, refused)},
        )

    async def async_step_station(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where the nodes of a new station speak, and listen there."""
        errors: dict[str, str] = {}
        used_by: DispatchConfigEntry | None = None
        if user_input is not None:
            self._prefix = user_input[CONF_PREFIX].strip()
            used_by = self._station_at(self._prefix)
            if error := _prefix_error(self._prefix, used_by):
                errors[CONF_PREFIX] = error
            elif await self._listen(self._protocol, None, errors):
                return await self.async_step_heard()
        usual = {CONF_PREFIX: self._protocol.default_prefix}
        return self.async_show_form(
            step_id="station",
            data_schema=self.add_suggested_values_to_schema(
                _STATION, user_input or usual
            ),
            errors=errors,
            description_placeholders={"station": used_by.title if used_by else ""},
        )

    async def async_step_heard(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what was heard, and ask which nodes a new station has."""
        protocol = self._protocol
        errors: dict[str, str] = {}
        if user_input is not None:
            stripped = (node.strip() for node in user_input.get(CONF_NODES, ()))
            nodes = [node for node in stripped if node]
            if self._station_at(self._prefix) is not None:
                return await self.async_step_station({CONF_PREFIX: self._prefix})
            elsewhere = nodes_elsewhere(self.hass, protocol)
            if error := nodes_error(protocol, nodes, elsewhere):
                errors[CONF_NODES] = error
            elif not await self._connected():
                errors["base"] = "mqtt_disconnected"
            else:
                await self.async_set_unique_id(self._prefix, raise_on_progress=False)
                return await self._create(
                    self._name, protocol, self._prefix, spelled(protocol, nodes)
                )
        asked = vol.Required if protocol.default_nodes else vol.Optional
        schema = vol.Schema(
            {asked(CONF_NODES): TextSelector(TextSelectorConfig(multiple=True))}
        )
        return self.async_show_form(
            step_id="heard" if self._heard.nodes else "silent",
            data_schema=self.add_suggested_values_to_schema(
                schema,
                {CONF_NODES: self._offered()} if user_input is None else user_input,
            ),
            errors=errors,
            description_placeholders=self._heard_in_words(),
        )

    async_step_silent = async_step_heard

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Give a station another name or another prefix, and listen there."""
        entry = self._get_reconfigure_entry()
        if not is_known(entry):
            return self.async_abort(reason="profile_missing")
        errors: dict[str, str] = {}
        used_by: DispatchConfigEntry | None = None
        if user_input is not None:
            self._name = user_input[CONF_NAME].strip()
            self._prefix = user_input[CONF_PREFIX].strip()
            used_by = self._station_at(self._prefix, but=entry)
            if error := name_error(self._name):
                errors[CONF_NAME] = error
            if error := _prefix_error(self._prefix, used_by):
                errors[CONF_PREFIX] = error
            if not errors:
                if self._prefix == prefix_of(entry):
                    return self._change(entry)
                if await self._listen(protocol_of(entry), entry, errors):
                    return await self.async_step_moved()
        present = {CONF_NAME: entry.title, CONF_PREFIX: prefix_of(entry)}
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                _RECONFIGURE, user_input or present
            ),
            errors=errors,
            description_placeholders={"station": used_by.title if used_by else ""},
        )

    async def async_step_moved(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what was heard under the new prefix, and change the station."""
        entry = self._get_reconfigure_entry()
        errors = {}
        if user_input is not None:
            if self._station_at(self._prefix, but=entry) is not None:
                return self.async_abort(reason="already_configured")
            if await self._connected():
                await self._clear_way_to(entry, self._prefix)
                return self._change(entry)
            errors["base"] = "mqtt_disconnected"
        return self.async_show_form(
            step_id="moved" if self._heard.nodes else "moved_silent",
            data_schema=vol.Schema({}),
            errors=errors,
            description_placeholders=self._heard_in_words(),
        )

    async_step_moved_silent = async_step_moved

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

    def _offered(self) -> list[str]:
        """Return the nodes that a new station has, as far as can be guessed.

        Nodes that introduce themselves are none of them: what they say of themselves
        then is needed, and they say it when they are discovered.
        """
        usual, heard = self._protocol.default_nodes, self._heard.nodes
        return list(usual if set(heard) <= set(usual) or not usual else heard)

    def _heard_in_words(self) -> dict[str, str]:
        return {
            "prefix": as_code(self._prefix),
            "messages": str(self._heard.messages),
            "nodes": ", ".join(as_code(node) for node in self._heard.nodes),
        }

    @callback
    def _change(self, entry: DispatchConfigEntry) -> ConfigFlowResult:
        # The entry's listener reloads it, if anything has changed.
        self.hass.config_entries.async_update_entry(
            entry,
            title=self._name,
            unique_id=self._prefix,
            data={**entry.data, CONF_PREFIX: self._prefix},
        )
        return self.async_abort(reason="reconfigure_successful")

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

    async def _clear_way_to(self, entry: DispatchConfigEntry, prefix: str) -> None:
        """Drop what was offered at the old prefix and what stands at the new one."""
        async_withdraw_offers_of(self.hass, entry)
        async_withdraw_offers(self.hass, unique_id=prefix)
        entries = self.hass.config_entries
        ignored = entries.async_entry_for_domain_unique_id(DOMAIN, prefix)
        if ignored is not None:
            await entries.async_remove(ignored.entry_id)


def _user_form() -> vol.Schema:
    """Ask for a name and one of the protocols that are known by now.

    What the owner described himself has no words in the translations.
    """
    protocols = [
        SelectOptionDict(value=key, label=protocol.maker)
        for key, protocol in PROTOCOLS.items()
    ]
    return vol.Schema(
        {
            **NAME,
            vol.Required(CONF_PROTOCOL): SelectSelector(
                SelectSelectorConfig(
                    options=protocols, translation_key="protocol", sort=True
                )
            ),
        }
    )


def _prefix_error(prefix: str, used_by: DispatchConfigEntry | None) -> str | None:
    return prefix_error(prefix) if used_by is None else "prefix_used"


def as_code(text: str) -> str:
    """Return a text as Markdown that shows it as it is, whoever chose it."""
    return f"`{text.replace('`', "'")}`"
