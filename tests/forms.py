"""Forms filled in as a person does; whatever they show must have words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
import json
from operator import getitem
from pathlib import Path
from string import Formatter
from typing import Any, Self

from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_MQTT,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo

from custom_components.mqtt_dispatch.const import CONF_FLOWS, DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchConfigEntry
from custom_components.mqtt_dispatch.flows.node_form import REMOVAL
from custom_components.mqtt_dispatch.flows.options_flow import FORMS
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.station import nodes_of

_TRANSLATIONS = {
    path.stem: json.loads(path.read_text())
    for path in (
        Path(__file__).parents[1] / "custom_components" / DOMAIN / "translations"
    ).glob("*.json")
}

_OF_PROTOCOLS = {
    *(name for each in PROTOCOLS.values() for name in each.node_fields),
    *(name for form in FORMS.values() for name in form),
    REMOVAL,
    CONF_FLOWS,
}
"""What a form asks or not, by the protocol and by what is known already."""


class Filled:
    """One flow, from its start to its end."""

    def __init__(self, manager: Any, *section: str) -> None:
        """Use a flow manager; the words stand in a section of the translations."""
        self._manager = manager
        self._section = section
        self.result: Any = None

    async def start(
        self, handler: Any, context: Mapping[str, Any] | None = None, data: Any = None
    ) -> Self:
        """Open the flow."""
        return self._take(
            await self._manager.async_init(handler, context=context, data=data)
        )

    def resume(self, flow: Mapping[str, Any]) -> Self:
        """Take up a flow that was found among those in progress."""
        self.result = {"flow_id": flow["flow_id"]}
        return self

    async def answer(self, **fields: Any) -> Self:
        """Fill in the form (or choose `next_step_id`), and wait for what follows."""
        flow_id = self.result["flow_id"]
        result = await self._manager.async_configure(flow_id, user_input=fields)
        await self._manager.hass.async_block_till_done()
        return self._take(result)

    async def speak_at(self, prefix: str, nodes: Iterable[str]) -> Self:
        """Fill in where the nodes of a new station speak, and which there are.

        What is wrong with the first is left to be mended.
        """
        await self.answer(prefix=prefix)
        if self.result["step_id"] == "station":
            return self
        return await self.answer(nodes=[*nodes])

    async def look(self) -> Self:
        """Open the form without an answer."""
        flow_id = self.result["flow_id"]
        return self._take(await self._manager.async_configure(flow_id))

    @property
    def errors(self) -> dict[str, str]:
        """The errors at the fields of the form that is shown."""
        assert self.result["type"] is FlowResultType.FORM
        errors: dict[str, str] = self.result["errors"]
        return errors

    @property
    def aborted(self) -> str | None:
        """Why it ended without an entry."""
        reason: str | None = self.result.get("reason")
        return reason

    @property
    def suggested(self) -> dict[str, Any]:
        """What stands in the fields of the form before it is filled in."""
        return {
            str(field): field.description["suggested_value"]
            if field.description
            else field.default()
            for field in self.result["data_schema"].schema
            if field.description or callable(field.default)
        }

    def _take(self, result: Any) -> Self:
        self.result = result
        for language, texts in _TRANSLATIONS.items():
            _assert_worded(language, reduce(getitem, self._section, texts), result)
        return self


def _assert_worded(language: str, texts: Mapping[str, Any], result: Any) -> None:
    shown: list[str] = []
    match result["type"]:
        case FlowResultType.ABORT:
            shown.append(texts["abort"][result["reason"]])
        case FlowResultType.MENU:
            step = texts["step"][result["step_id"]]
            shown += [step["title"], step["description"]]
            assert set(result["menu_options"]) <= set(step["menu_options"]), language
        case FlowResultType.FORM:
            step = texts["step"][result["step_id"]]
            fields = {str(field) for field in result["data_schema"].schema}
            assert fields <= set(step.get("data", {})), language
            assert fields <= set(step.get("data_description", {})), language
            of_others = set(step.get("data", {})) - fields
            assert of_others <= _OF_PROTOCOLS, language
            shown += [step["title"], step.get("description", "")]
            shown += [texts["error"][error] for error in result["errors"].values()]
    placeholders = set(result.get("description_placeholders") or ())
    for text in shown:
        asked = {name for _, name, _, _ in Formatter().parse(text) if name}
        assert asked <= placeholders, f"{language}: {text}"


async def new_station(hass: HomeAssistant) -> Filled:
    """Begin to add a station by hand."""
    flow = Filled(hass.config_entries.flow, "config")
    return await flow.start(DOMAIN, {"source": SOURCE_USER})


async def announced(hass: HomeAssistant, payload: str) -> Filled:
    """Have a station announce itself."""
    flow = Filled(hass.config_entries.flow, "config")
    topic = f"{DOMAIN}/kitchen/announce"
    return await flow.start(
        DOMAIN,
        {"source": SOURCE_MQTT},
        MqttServiceInfo(
            topic=topic,
            payload=payload,
            qos=1,
            retain=True,
            subscribed_topic=topic,
            timestamp=0.0,
        ),
    )


async def node_called_in(hass: HomeAssistant, entry_id: str, node: str) -> Filled:
    """Have a node call in that its station does not know."""
    flow = Filled(hass.config_entries.flow, "config")
    context = {"source": SOURCE_INTEGRATION_DISCOVERY}
    return await flow.start(DOMAIN, context, {"entry_id": entry_id, "node": node})


async def reconfigured(hass: HomeAssistant, entry: DispatchConfigEntry) -> Filled:
    """Begin to change a station."""
    flow = Filled(hass.config_entries.flow, "config")
    context = {"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    return await flow.start(DOMAIN, context)


async def options(hass: HomeAssistant, entry: DispatchConfigEntry, form: str) -> Filled:
    """Open one of the forms with the numbers of a station."""
    flow = Filled(hass.config_entries.options, "options")
    await flow.start(entry.entry_id)
    return await flow.answer(next_step_id=form)


async def new_node(hass: HomeAssistant, entry: DispatchConfigEntry) -> Filled:
    """Begin to add a node to a station."""
    flow = Filled(hass.config_entries.subentries, "config_subentries", "node")
    return await flow.start((entry.entry_id, "node"), {"source": SOURCE_USER})


async def renamed_node(
    hass: HomeAssistant, entry: DispatchConfigEntry, subentry_id: str
) -> Filled:
    """Begin to rename a node."""
    flow = Filled(hass.config_entries.subentries, "config_subentries", "node")
    context = {"source": SOURCE_RECONFIGURE, "subentry_id": subentry_id}
    return await flow.start((entry.entry_id, "node"), context)


async def changed_node(
    hass: HomeAssistant, entry: DispatchConfigEntry, node: str
) -> Filled:
    """Begin to say something else of a node."""
    return await renamed_node(hass, entry, nodes_of(entry)[node])


def offers(hass: HomeAssistant) -> list[Any]:
    """Return the discovered flows that a person is shown."""
    return [
        flow
        for flow in hass.config_entries.flow.async_progress()
        if flow["handler"] == DOMAIN
        and flow["context"]["source"] in (SOURCE_MQTT, SOURCE_INTEGRATION_DISCOVERY)
    ]


def only_offer(hass: HomeAssistant, offer: Any = None) -> Filled:
    """Return the one discovered flow that a person is shown, or this one of them."""
    if offer is None:
        (offer,) = offers(hass)
    return Filled(hass.config_entries.flow, "config").resume(offer)


async def ignore(hass: HomeAssistant) -> None:
    """Ignore the one discovered flow, as a person does."""
    (offer,) = offers(hass)
    await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": "ignore"},
        data={"unique_id": offer["context"]["unique_id"], "title": "Ignored"},
    )
    await hass.async_block_till_done()


def stations(hass: HomeAssistant) -> list[DispatchConfigEntry]:
    """Return the stations that are set up."""
    return hass.config_entries.async_entries(DOMAIN, include_ignore=False)


def nodes_in(entry: DispatchConfigEntry) -> list[tuple[Any, ...]]:
    """Return what is kept of the nodes of a station, in their order."""
    return [
        (node.subentry_type, dict(node.data), node.title, node.unique_id)
        for node in entry.subentries.values()
    ]
