"""Config entries, made through the same forms a person fills in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .api import Api
from .broker import Broker
from .process import PartError

DOMAIN = "mqtt_dispatch"
FLOWS = "/api/config/config_entries/flow"


async def add_entry(
    api: Api, handler: str, answers: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Walk a config flow, one answer a form, and return the flow's last result."""
    result = await api.post(FLOWS, {"handler": handler, "show_advanced_options": False})
    for answer in answers:
        if result["type"] != "form":
            break
        result = await api.post(f"{FLOWS}/{result['flow_id']}", dict(answer))
    return _created(handler, result)


async def add_mqtt(api: Api, broker: Broker) -> dict[str, Any]:
    """Connect Home Assistant's MQTT to a broker.

    Newer versions ask for more; what a form does not ask for is not answered.
    """
    result = await api.post(FLOWS, {"handler": "mqtt", "show_advanced_options": False})
    answers = {
        "broker": broker.host,
        "port": broker.port,
        "protocol": broker.protocol,
        "other_settings": {
            "set_client_cert": False,
            "set_ca_cert": "off",
            "transport": "tcp",
        },
    }
    asked = {field["name"] for field in result.get("data_schema", [])}
    answer = {name: value for name, value in answers.items() if name in asked}
    result = await api.post(f"{FLOWS}/{result['flow_id']}", answer)
    return _created("mqtt", result)


async def add_station(
    api: Api,
    name: str,
    *,
    protocol: str = "paired_dispenser",
    prefix: str = "disp",
    nodes: Sequence[str] = ("1", "2"),
) -> dict[str, Any]:
    """Add a station of this integration."""
    return await add_entry(
        api,
        DOMAIN,
        [
            {"name": name, "protocol": protocol},
            {"prefix": prefix, "nodes": list(nodes)},
        ],
    )


async def device_id(api: Api, name: str) -> str:
    """Return the id of the device of this integration that has this name."""
    devices = await api.ask("config/device_registry/list")
    for device in devices:
        ours = any(identifier[0] == DOMAIN for identifier in device["identifiers"])
        if ours and name in (device["name_by_user"], device["name"]):
            return str(device["id"])
    raise PartError(f"{DOMAIN} has no device called {name}")


def _created(handler: str, result: dict[str, Any]) -> dict[str, Any]:
    if result["type"] != "create_entry":
        raise PartError(f"The config flow of {handler} made no entry: {result}")
    return result
