"""A person says which nodes a new station has, of those that were heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
import voluptuous as vol

from ..const import CONF_NODES
from ..engine.model.reports import Hello
from ..protocols.base import NodeModel
from ..texts.markdown import as_code
from ..texts.profiles import unprovable_in_words
from .listening import as_counted
from .naming import nodes_elsewhere, nodes_error, spelled
from .station_making import StationMaking


class FirstNodesFlow(StationMaking):
    """Asks for the nodes of a new station."""

    async def async_step_heard(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say who spoke, and ask which nodes a new station has."""
        protocol = self._protocol
        errors: dict[str, str] = {}
        if user_input is not None:
            stripped = (node.strip() for node in user_input.get(CONF_NODES, ()))
            nodes = [node for node in stripped if node]
            elsewhere = nodes_elsewhere(self.hass, protocol)
            if error := nodes_error(protocol, nodes, elsewhere):
                errors[CONF_NODES] = error
            if result := await self._take(spelled(protocol, nodes), errors):
                return result
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

    async def async_step_described(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say who is described, and ask which nodes a new station has."""
        described = self._heard.described
        models = {
            node: model
            for node in sorted(described.nodes, key=as_counted)
            if (model := self._protocol.model(self._fields_of(node))) is not None
        }
        errors: dict[str, str] = {}
        if user_input is not None:
            nodes = user_input.get(CONF_NODES, ())
            if result := await self._take(nodes, errors):
                return result
        return self.async_show_form(
            step_id="described" if models else "unrecognised",
            data_schema=self.add_suggested_values_to_schema(
                _choice_of(models, described.nodes),
                {CONF_NODES: [*models]} if user_input is None else user_input,
            ),
            errors=errors,
            description_placeholders={
                "prefix": as_code(self._prefix),
                "others": str(len(described.others)),
                "not_provable": unprovable_in_words(self.hass, models.values()),
            },
        )

    async_step_unrecognised = async_step_described

    async def _ask_for_nodes(self) -> ConfigFlowResult:
        described = self._heard.described
        if described.nodes or described.others:
            return await self.async_step_described()
        return await self.async_step_heard()

    async def _take(
        self, nodes: tuple[str, ...] | list[str], errors: dict[str, str]
    ) -> ConfigFlowResult | None:
        """Make a station with these nodes; None: something is wrong, and is said."""
        if self._station_at(self._prefix) is not None:
            return await self.async_step_station({"prefix": self._prefix})
        if errors:
            return None
        if not await self._connected():
            errors["base"] = "mqtt_disconnected"
            return None
        await self.async_set_unique_id(self._prefix, raise_on_progress=False)
        self._nodes = {node: self._fields_of(node) for node in nodes}
        return await self._ask_or_create()

    def _offered(self) -> list[str]:
        """Return the nodes that a new station has, as far as can be guessed.

        Nodes that introduce themselves are none of them: what they say of themselves
        then is needed, and they say it when they are discovered.
        """
        usual, heard = self._protocol.default_nodes, self._heard.nodes
        return list(usual if set(heard) <= set(usual) or not usual else heard)


def _choice_of(
    models: Mapping[str, NodeModel], described: Mapping[str, Hello]
) -> vol.Schema:
    if not models:
        return vol.Schema({})
    options = [
        SelectOptionDict(
            value=node, label=f"{described[node].called or node}: {model.title}"
        )
        for node, model in models.items()
    ]
    selector = SelectSelector(
        SelectSelectorConfig(
            options=options, multiple=True, mode=SelectSelectorMode.LIST
        )
    )
    return vol.Schema({vol.Optional(CONF_NODES): selector})
