"""Config entries, made through the same forms a person fills in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from .api import Api, RefusedError
from .broker import Broker
from .process import LOOK_AGAIN_SECONDS, PartError

DOMAIN = "mqtt_dispatch"
FLOWS = "/api/config/config_entries/flow"
OPTIONS_FLOWS = "/api/config/config_entries/options/flow"
PROBE = "probe/subscribed"
PROBE_PATIENCE = 5


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
            {"prefix": prefix},
            {"nodes": list(nodes)},
        ],
    )


async def adopt(
    api: Api, prefix: str, node: str, answers: Mapping[str, Any], patience: float = 60
) -> None:
    """Say yes to a node once it is offered, and leave what is suggested.

    Raises PartError if it is not offered within `patience` seconds.
    """
    flow_id = await _offer(api, f"{prefix}/+/{node}", patience)
    form = await api.get(f"{FLOWS}/{flow_id}")
    result = await api.post(f"{FLOWS}/{flow_id}", {**_suggested(form), **answers})
    if result.get("reason") != "node_added":
        raise PartError(f"{node} was not added: {result}")


async def set_options(
    api: Api, title: str, form: str, answers: Mapping[str, Any]
) -> None:
    """Change numbers of a station on one of its forms, and leave the others."""
    handler = await entry_id_of(api, title)
    shown = await api.post(OPTIONS_FLOWS, {"handler": handler})
    flow = f"{OPTIONS_FLOWS}/{shown['flow_id']}"
    if shown["type"] == "menu":
        shown = await api.post(flow, {"next_step_id": form})
    _created(DOMAIN, await api.post(flow, {**_suggested(shown), **answers}))


async def entry_id_of(api: Api, title: str) -> str:
    """Return the id of the station that has this name."""
    entries = await api.ask("config_entries/get", domain=DOMAIN)
    return next(str(entry["entry_id"]) for entry in entries if entry["title"] == title)


async def hears(api: Api, name: str) -> bool:
    """Whether a station hears its nodes.

    Home Assistant subscribes a moment after it has connected, and tells when only
    since 2025.12. It subscribes in the order in which it was asked to: when a retained
    message comes that was asked for last, all asked for before is subscribed too.
    """
    if not await _is_connected(api, name):
        return False
    probe = {"topic": PROBE, "payload": "subscribed", "retain": True, "qos": 1}
    await api.do("mqtt", "publish", probe)
    try:
        async with asyncio.timeout(PROBE_PATIENCE), api.websocket() as socket:
            await anext(socket.events("mqtt/subscribe", topic=PROBE, qos=1))
    except TimeoutError:
        return False
    return True


async def _is_connected(api: Api, name: str) -> bool:
    path = f"/api/diagnostics/config_entry/{await entry_id_of(api, name)}"
    try:
        diagnostics = await api.get(path)
    except RefusedError:
        # Home Assistant takes up the diagnostics of an integration a moment later.
        return False
    return bool(diagnostics["data"].get("connected"))


async def device_id(api: Api, name: str) -> str:
    """Return the id of the device of this integration that has this name."""
    devices = await _devices(api)
    if name not in devices:
        raise PartError(f"{DOMAIN} has no device called {name}")
    return devices[name]


async def has_device(api: Api, name: str) -> bool:
    return name in await _devices(api)


async def _devices(api: Api) -> dict[str, str]:
    """Return the ids of the devices of this integration by name."""
    return {
        device["name_by_user"] or device["name"]: str(device["id"])
        for device in await api.ask("config/device_registry/list")
        if any(identifier[0] == DOMAIN for identifier in device["identifiers"])
    }


async def _offer(api: Api, unique_id: str, patience: float) -> str:
    """Return the flow with this unique id, once it has begun by itself."""
    try:
        async with asyncio.timeout(patience), api.websocket() as socket:
            while True:
                for flow in await socket.ask("config_entries/flow/progress"):
                    if flow["context"].get("unique_id") == unique_id:
                        return str(flow["flow_id"])
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
    except TimeoutError:
        raise PartError(f"{unique_id} was not offered in {patience:.0f} s") from None


def _suggested(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form answers if nobody types anything."""
    return {
        field["name"]: field["description"]["suggested_value"]
        for field in form["data_schema"]
        if "suggested_value" in field.get("description", {})
    }


def _created(handler: str, result: dict[str, Any]) -> dict[str, Any]:
    if result["type"] != "create_entry":
        raise PartError(f"The config flow of {handler} made no entry: {result}")
    return result
