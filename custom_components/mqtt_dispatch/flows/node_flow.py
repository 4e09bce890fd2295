"""Add a node to a station, or give it another name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
import secrets
from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import TextSelector
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from ..clock import now
from ..const import CONF_FIELDS, CONF_FLOWS, CONF_KNOWN, CONF_NODE, CONF_WELCOME
from ..coordinator import DispatchConfigEntry
from ..planning.node_plans import PLAN_TOO_LONG, check_node_plan
from ..protocols.base import Protocol
from ..protocols.params import InvalidCommand
from ..station import is_known, nodes_of, protocol_of, site_of
from ..texts.profiles import unprovable_in_words
from .discovered import async_withdraw_offers, offer_of_node
from .naming import async_usual_node_name, name_error, nodes_elsewhere, nodes_error
from .node_form import REMOVAL, answers, question_of_removal, questions, suggestions
from .water_form import flows_in, question_of_flows

_ADD: VolDictType = {
    vol.Required(CONF_NODE): TextSelector(),
    vol.Optional(CONF_NAME): TextSelector(),
}
_RENAME: VolDictType = {vol.Required(CONF_NAME): TextSelector()}


class NodeFlow(ConfigSubentryFlow):
    """Makes and changes the nodes of a station."""

    _name: str
    _node: str
    _data: dict[str, Any]
    """What is kept of a new node."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for what a new node is called on the wire, and by people."""
        entry = self._get_entry()
        if not is_known(entry):
            return self.async_abort(reason="profile_missing")
        protocol = protocol_of(entry)
        errors: dict[str, str] = {}
        if user_input is not None:
            node = protocol.node_name(user_input[CONF_NODE].strip()) or ""
            name = user_input.get(CONF_NAME, "").strip()
            if not name:
                name = await async_usual_node_name(self.hass, node)
            fields, errors = answers(protocol, user_input)
            if error := self._node_error(entry, node):
                errors[CONF_NODE] = error
            elif error := node_name_error(entry, name):
                errors[CONF_NAME] = error
            errors |= place_errors(entry, fields)
            errors |= plan_errors(entry, node, fields)
            flows, invalid = flows_in(protocol, user_input)
            errors |= invalid
            if not errors:
                self._name, self._node = name, node
                self._data = data_of_node(protocol, node, fields) | flows
                if unprovable_of(self.hass, protocol, fields):
                    return await self.async_step_not_provable()
                return self._create(entry)
        schema = vol.Schema(
            {**_ADD, **questions(protocol), **question_of_flows(protocol)}
        )
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(
                schema, user_input or suggestions(protocol, {})
            ),
            errors=errors,
        )

    async def async_step_not_provable(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say what a new node cannot prove, before it is added."""
        entry = self._get_entry()
        if not is_known(entry):
            return self.async_abort(reason="profile_missing")
        if user_input is not None:
            if self._node_error(entry, self._node):
                return self.async_abort(reason="already_configured")
            return self._create(entry)
        return self.async_show_form(
            step_id="not_provable",
            errors={},
            data_schema=vol.Schema({}),
            description_placeholders={
                "not_provable": unprovable_of(
                    self.hass, protocol_of(entry), self._data[CONF_FIELDS]
                )
            },
        )

    def _create(self, entry: DispatchConfigEntry) -> SubentryFlowResult:
        offer = offer_of_node(entry, self._node)
        async_withdraw_offers(self.hass, unique_id=offer)
        return self.async_create_entry(
            title=self._name, data=self._data, unique_id=self._node
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say something else of a node; on the wire it keeps its name."""
        entry = self._get_entry()
        if not is_known(entry):
            return self.async_abort(reason="profile_missing")
        protocol = protocol_of(entry)
        subentry = self._get_reconfigure_subentry()
        hidden = _secrets_of(protocol, subentry)
        errors: dict[str, str] = {}
        if user_input is not None:
            name = user_input[CONF_NAME].strip()
            fields, errors = answers(protocol, user_input)
            if not user_input.get(REMOVAL):
                fields = {**hidden, **fields}
            elif fields.keys() & hidden.keys():
                errors[REMOVAL] = "new_and_removed"
            if error := node_name_error(entry, name, but=subentry):
                errors[CONF_NAME] = error
            errors |= place_errors(entry, fields, but=subentry)
            errors |= plan_errors(entry, subentry.data[CONF_NODE], fields)
            flows, invalid = flows_in(protocol, user_input)
            errors |= invalid
            if not errors:
                # The entry's listener reloads it.
                return self.async_update_and_abort(
                    entry,
                    subentry,
                    title=name,
                    data=_changed(protocol, subentry, fields) | flows,
                )
        present = {
            CONF_NAME: subentry.title,
            **{
                name: value
                for name, value in _said_of(subentry).items()
                if name not in hidden
            },
        }
        if CONF_FLOWS in subentry.data:
            present[CONF_FLOWS] = subentry.data[CONF_FLOWS]
        schema = vol.Schema(
            {
                **_RENAME,
                **questions(protocol),
                **question_of_flows(protocol),
                **question_of_removal(hidden),
            }
        )
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                schema, user_input or present
            ),
            errors=errors,
            description_placeholders={
                "node": subentry.data[CONF_NODE],
                "not_provable": unprovable_of(self.hass, protocol, _said_of(subentry)),
            },
        )

    def _node_error(self, entry: DispatchConfigEntry, node: str) -> str | None:
        if node in nodes_of(entry):
            return "node_used"
        protocol = protocol_of(entry)
        elsewhere = nodes_elsewhere(self.hass, protocol, but=entry)
        return nodes_error(protocol, [node], elsewhere)


def node_name_error(
    entry: DispatchConfigEntry, name: str, *, but: ConfigSubentry | None = None
) -> str | None:
    """Return why a node, already `but` if it is one, cannot have this name.

    A station says by name which node it waits for, so each has its own.
    """
    others = (node for node in entry.subentries.values() if node is not but)
    if any(node.title == name for node in others):
        return "name_used"
    return name_error(name)


def place_errors(
    entry: DispatchConfigEntry,
    fields: Mapping[str, Any],
    *,
    but: ConfigSubentry | None = None,
) -> dict[str, str]:
    """Return the error if a node, already `but` if it is one, is where another is."""
    names = protocol_of(entry).place
    place = [fields[name] for name in names if name in fields]
    if not names or len(place) < len(names):
        return {}
    taken = (
        [_said_of(node).get(name) for name in names]
        for node in entry.subentries.values()
        if node is not but
    )
    return {names[-1]: "place_taken"} if place in taken else {}


def plan_errors(
    entry: DispatchConfigEntry, node: str, fields: Mapping[str, Any]
) -> dict[str, str]:
    """Return the error if a node of which this is said cannot keep its plan.

    None of the station's nodes would get theirs then.
    """
    protocol = protocol_of(entry)
    planning = protocol.planning
    if planning is None or entry.state is not ConfigEntryState.LOADED:
        return {}
    engine, site = entry.runtime_data.engine, site_of(entry)
    told = site.nodes.get(node, {})
    learned = {name: told[name] for name in told.keys() - protocol.node_fields.keys()}
    site = replace(site, nodes={**site.nodes, node: {**learned, **fields}})
    station = replace(engine.station, nodes=tuple(site.nodes))
    meals = engine.ledger.meals.values()
    try:
        check_node_plan(planning, site, station, meals, now().wall, changed=())
    except InvalidCommand as invalid:
        if invalid.code == PLAN_TOO_LONG:
            return {"base": PLAN_TOO_LONG}
    return {}


def unprovable_of(
    hass: HomeAssistant, protocol: Protocol, fields: Mapping[str, Any]
) -> str:
    """Return what a node of which this is said cannot prove; empty: nothing known."""
    model = protocol.model(fields)
    return "" if model is None else unprovable_in_words(hass, (model,))


def data_of_node(
    protocol: Protocol, node: str, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what is kept of a node that is adopted; it is still to be welcomed."""
    data: dict[str, Any] = {CONF_NODE: node}
    if protocol.node_fields:
        data |= {CONF_FIELDS: dict(fields), CONF_WELCOME: _a_welcome()}
    return data


def _a_welcome() -> str:
    """Return what no other welcome is called."""
    return secrets.token_hex(8)


def _secrets_of(protocol: Protocol, subentry: ConfigSubentry) -> dict[str, Any]:
    """Return what is never shown again, and stays as it is where it is left empty."""
    return {
        name: value
        for name, value in _said_of(subentry).items()
        if name in protocol.node_fields and protocol.node_fields[name].secret
    }


def _said_of(subentry: ConfigSubentry) -> dict[str, Any]:
    return {
        **subentry.data.get(CONF_FIELDS, {}),
        **subentry.data.get(CONF_KNOWN, {}),
    }


def _changed(
    protocol: Protocol, subentry: ConfigSubentry, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what is kept of a node of which a person now says `fields`, but flows.

    What was learned of it meanwhile does not outweigh what was just said. A node of
    which something else is said is to be told so, like one that was just adopted.
    """
    others = {
        name: value for name, value in subentry.data.items() if name != CONF_FLOWS
    }
    if not protocol.node_fields:
        return others
    known = subentry.data.get(CONF_KNOWN, {})
    said = {
        name: value
        for name, value in _said_of(subentry).items()
        if name in protocol.node_fields
    }
    return {
        **others,
        CONF_FIELDS: dict(fields),
        CONF_KNOWN: {
            name: value
            for name, value in known.items()
            if name not in protocol.node_fields
        },
        CONF_WELCOME: subentry.data.get(CONF_WELCOME)
        if fields == said
        else _a_welcome(),
    }
