"""A person makes a profile of a device that describes itself on the broker."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
)
import voluptuous as vol

from ..broker.link import Message
from ..const import DOMAIN
from ..log import LOGGER
from ..owned_profiles import async_add_profile
from ..protocols import PROTOCOLS
from ..protocols.profiled.discovered import DISCOVERED_AT, Device, read_device
from ..protocols.profiled.proposal import proposed
from ..protocols.profiled.reading.located import ProfileError
from ..texts.markdown import as_code
from .first_nodes import FirstNodesFlow
from .listening import MOST_NODES, MOST_READ, as_counted, async_hear, content_of

PROPOSAL: Final = "proposed-profile"
"""Stands among the protocols for one that is to be made; no profile is called so."""
CONF_DEVICE: Final = "device"
CONF_PROFILE: Final = "profile"


class ProposalFlow(FirstNodesFlow):
    """Proposes a profile, has it checked, and goes on with it."""

    _devices: Mapping[str, Device]
    """Those that described themselves."""
    _text: str
    """The profile as it is proposed."""

    async def async_step_device(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask of which device a profile is to be proposed."""
        if user_input is not None:
            device = self._devices[user_input[CONF_DEVICE]]
            self._text = proposed(device, PROTOCOLS)
            return await self.async_step_profile()
        options = [
            SelectOptionDict(value=known_by, label=device.name)
            for known_by, device in self._devices.items()
        ]
        return self.async_show_form(
            step_id="device",
            data_schema=vol.Schema(
                {
                    vol.Required(CONF_DEVICE): SelectSelector(
                        SelectSelectorConfig(options=options)
                    )
                }
            ),
            errors={},
        )

    async def async_step_profile(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show a profile until it is right; then write it down and go on with it."""
        errors: dict[str, str] = {}
        line, reason = 0, ""
        if user_input is not None:
            self._text = user_input[CONF_PROFILE]
            try:
                key = await async_add_profile(self.hass, self._text)
            except ProfileError as error:
                errors[CONF_PROFILE] = "profile_wrong"
                line, reason = error.line, error.reason
            except FileExistsError:
                errors[CONF_PROFILE] = "profile_exists"
            except OSError as error:
                LOGGER.warning("A profile cannot be written: %s", error)
                errors["base"] = "profile_not_written"
            else:
                if key not in PROTOCOLS:
                    return self.async_abort(reason="too_many_profiles")
                self._protocol = PROTOCOLS[key]
                return await self._ask_where()
        selector = TextSelector(TextSelectorConfig(multiline=True))
        return self.async_show_form(
            step_id="profile",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema({vol.Required(CONF_PROFILE): selector}),
                {CONF_PROFILE: self._text},
            ),
            errors=errors,
            description_placeholders={
                "folder": f"{DOMAIN}/profiles",
                "line": str(line),
                "reason": as_code(reason),
            },
        )

    @abstractmethod
    async def _ask_where(self) -> ConfigFlowResult:
        """Ask where the nodes of a new station speak."""

    async def _hear_devices(self, errors: dict[str, str]) -> bool:
        """Take in which devices describe themselves; False: none, and why."""
        found: dict[str, Device] = {}
        read = 0

        @callback
        def came(message: Message) -> None:
            nonlocal read
            read += 1
            if read > MOST_READ:
                return
            described = read_device(message.topic, content_of(message))
            if described is None:
                return
            known_by, device = described
            if known_by in found:
                found[known_by].take(device)
            elif len(found) < MOST_NODES:
                found[known_by] = device

        if not await async_hear(self.hass, DISCOVERED_AT, came):
            errors["base"] = "mqtt_disconnected"
        elif not found:
            errors["base"] = "no_device"
        named = sorted(found.items(), key=lambda each: as_counted(each[1].name))
        self._devices = dict(named)
        return not errors
