"""A person sets up a station by hand, or gives it another name or prefix."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, override

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_NAME, CONF_PROTOCOL
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)
import voluptuous as vol

from ..const import CONF_PREFIX, DOMAIN
from ..coordinator import DispatchConfigEntry
from ..owned_profiles import async_read_profiles
from ..protocols import PROTOCOLS
from ..station import is_known, prefix_of, protocol_of
from ..texts.profiles import refused_in_words
from ..texts.reader import async_words_at_hand
from ..texts.sentences import sentence
from .discovered import async_withdraw_offers, async_withdraw_offers_of
from .listening import Acquaintances, Heard, async_find
from .naming import name_error, prefix_error
from .proposal_flow import PROPOSAL, ProposalFlow
from .station_making import prefix_error_at

NAME = {vol.Required(CONF_NAME): TextSelector()}
_STATION = vol.Schema({vol.Required(CONF_PREFIX): TextSelector()})
_RECONFIGURE = vol.Schema({**NAME, **_STATION.schema})


class StationFlow(ProposalFlow):
    """Makes and changes stations."""

    _found: Mapping[str, Acquaintances] = MappingProxyType({})
    """Where nodes are described that no station has yet."""

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the name of a new station and for its protocol."""
        if not await self._connected():
            return self.async_abort(reason="mqtt_unavailable")
        await async_words_at_hand(self.hass)
        refused = await async_read_profiles(self.hass)
        errors = {}
        if user_input is not None:
            self._name = user_input[CONF_NAME].strip()
            if error := name_error(self._name):
                errors[CONF_NAME] = error
            elif user_input[CONF_PROTOCOL] == PROPOSAL:
                if await self._hear_devices(errors):
                    return await self.async_step_device()
            elif (protocol := PROTOCOLS.get(user_input[CONF_PROTOCOL])) is None:
                errors[CONF_PROTOCOL] = "profile_gone"
            else:
                self._protocol = protocol
                if await self._find(errors):
                    return await self._ask_where()
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(_user_form(), user_input),
            errors=errors,
            description_placeholders={"refused": refused_in_words(self.hass, refused)},
        )

    async def async_step_bridges(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of those that were found a new station is at."""
        errors: dict[str, str] = {}
        used_by: DispatchConfigEntry | None = None
        if user_input is not None:
            self._prefix = user_input[CONF_PREFIX].strip()
            described = self._found.get(self._prefix)
            used_by = self._station_at(self._prefix)
            if error := prefix_error_at(self._prefix, used_by):
                errors[CONF_PREFIX] = error
            elif described is not None:
                self._heard = Heard(0, (), described)
                return await self.async_step_described()
            elif await self._listen(self._protocol, None, errors):
                return await self._ask_for_nodes()
        options = [
            SelectOptionDict(
                value=prefix,
                label=sentence(
                    self.hass, "bridge_found", prefix=prefix, nodes=len(found.nodes)
                ),
            )
            for prefix, found in self._found.items()
        ]
        selector = SelectSelector(
            SelectSelectorConfig(options=options, custom_value=True)
        )
        return self.async_show_form(
            step_id="bridges",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema({vol.Required(CONF_PREFIX): selector}),
                user_input or {CONF_PREFIX: next(iter(self._found))},
            ),
            errors=errors,
            description_placeholders={"station": used_by.title if used_by else ""},
        )

    @override
    async def async_step_station(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where the nodes of a new station speak, and listen there."""
        errors: dict[str, str] = {}
        used_by: DispatchConfigEntry | None = None
        if user_input is not None:
            self._prefix = user_input[CONF_PREFIX].strip()
            used_by = self._station_at(self._prefix)
            if error := prefix_error_at(self._prefix, used_by):
                errors[CONF_PREFIX] = error
            elif await self._listen(self._protocol, None, errors):
                return await self._ask_for_nodes()
        usual = {CONF_PREFIX: self._protocol.default_prefix}
        return self.async_show_form(
            step_id="station",
            data_schema=self.add_suggested_values_to_schema(
                _STATION, user_input or usual
            ),
            errors=errors,
            description_placeholders={"station": used_by.title if used_by else ""},
        )

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
            if error := prefix_error_at(self._prefix, used_by):
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

    async def _find(self, errors: dict[str, str]) -> bool:
        """Look where nodes are described that no station has; without a broker say so.

        Where nobody describes any, nothing is to be found.
        """
        self._found = {}
        if not self._protocol.described_at:
            return True
        found = await async_find(self.hass, self._protocol)
        if found is None:
            errors["base"] = "mqtt_disconnected"
            return False
        self._found = {
            prefix: described
            for prefix, described in found.items()
            if self._station_at(prefix) is None and prefix_error(prefix) is None
        }
        return True

    @override
    async def _ask_where(self) -> ConfigFlowResult:
        if self._found:
            return await self.async_step_bridges()
        return await self.async_step_station()

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
    protocols.append(SelectOptionDict(value=PROPOSAL, label=PROPOSAL))
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
