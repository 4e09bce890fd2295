"""A station of Petnet feeders, and what its tests say to the wire."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.reports import Readings, Seen
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import Message, Publication

from ..commands import command_for

WIRE = PROTOCOLS["petnet"]
DEVICE = "c3d89400068631f8138a57286982bea94370693d"
OTHER = "d4e80511179742a9249b68397a93cfb05481704e"
GATEWAY = "4f2baa88fc0a7c9b"
OLD: Readings = {"gateway": GATEWAY}
NEW: Readings = {"gateway": GATEWAY, "fw": "2.7.1"}
SITE = Site(
    prefix="krs",
    nodes={DEVICE: {"gateway": GATEWAY}, OTHER: {"gateway": "elsewhere"}},
    zone=ZoneInfo("Europe/Berlin"),
)


def reports(
    topic: str,
    payload: object,
    *,
    retain: bool = False,
    site: Site = SITE,
) -> tuple[Any, ...]:
    """Return what bytes, or anything that becomes JSON, say on a topic."""
    if not isinstance(payload, bytes):
        payload = json.dumps(payload).encode()
    return WIRE.report(site, Message(topic, payload, retain, 0.0))


def telemetry(
    content: Mapping[str, Any],
    *,
    device: str = DEVICE,
    gateway: str = GATEWAY,
    site: Site = SITE,
) -> tuple[Any, ...]:
    return reports(
        f"krs.tel.gts.{gateway}", {"_|deviceHid": device, **content}, site=site
    )


def heard(device: str = DEVICE, gateway: str = GATEWAY, **readings: Any) -> Seen:
    return Seen(
        node=device, live=True, online=True, readings={"gateway": gateway, **readings}
    )


def request(
    uri: str, *, method: str = "PUT", body: object = "{}", **more: Any
) -> dict[str, Any]:
    return {
        "requestId": "r-1",
        "eventName": "GatewayToServer_ApiRequest",
        "encrypted": False,
        "parameters": {"uri": uri, "method": method, "apiKey": "k", "body": body},
        **more,
    }


def requested(content: object, *, site: Site = SITE) -> tuple[Any, ...]:
    return reports(f"krs.api.gts.{GATEWAY}", content, site=site)


OK = Publication(
    f"krs/api/stg/{GATEWAY}",
    '{"requestId":"r-1","eventName":"GatewayToServer_ApiRequest",'
    '"encrypted":false,"parameters":{"status":"OK"}}',
)


def a_command(
    kind: str, params: Mapping[str, Any], *, command_id: int = 17, node: str = DEVICE
) -> Command:
    return command_for([node], kind, params, command_id=command_id)


def published(
    command: Command,
    *,
    step: int = 0,
    readings: Readings = OLD,
    node: str = DEVICE,
    site: Site = SITE,
) -> tuple[Publication, ...]:
    return WIRE.publications(
        site,
        Sending(command=command, node=node, wall=0.0, step=step, readings=readings),
    )


def told(
    kind: str,
    params: Mapping[str, Any],
    *,
    step: int = 0,
    readings: Readings = OLD,
    site: Site = SITE,
) -> tuple[str, Any]:
    """Return the wire's name and payload of a step of a command."""
    (publication,) = published(
        a_command(kind, params), step=step, readings=readings, site=site
    )
    parameters = json.loads(publication.payload)["parameters"]
    return parameters["command"], json.loads(parameters["payload"])
