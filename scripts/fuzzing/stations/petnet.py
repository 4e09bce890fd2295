"""Two pet feeders behind gateways: what they say, and what was ordered of them."""

from __future__ import annotations

from custom_components.mqtt_dispatch.protocols.petnet.commands import hid_of
from scripts.fuzzing.fuzzed import Fuzzed, Order, Said

_CAT, _DOG = "5d1a7c3e90b24f68a1c7d2e8f4b60935c8a7e1d2", "7e2b9f014ac35d86b0d8e3f905"
_GATEWAY = "gateway-1"


def _request(uri: str, body: str = "{}") -> Said:
    return (
        f"krs.api.gts.{_GATEWAY}",
        {
            "requestId": "r-1",
            "eventName": "GatewayToServer_ApiRequest",
            "encrypted": False,
            "parameters": {"uri": uri, "method": "PUT", "apiKey": "k", "body": body},
        },
    )


def _event(command_id: int, what: str, body: str = "{}", step: int = 0) -> Said:
    """Return what a gateway says of a step of a command."""
    hid = hid_of(_CAT, command_id, step)
    return _request(f"/api/v1/core/events/{hid}/{what}", body)


def _telemetry(kind: str, **said: object) -> Said:
    content = {"_|deviceHid": _CAT, "s|msg_type": kind}
    return (
        f"krs.tel.gts.{_GATEWAY}",
        content | {key.replace("__", "|"): value for key, value in said.items()},
    )


PETS = Fuzzed(
    key="petnet",
    nodes={
        _CAT: {"gateway": _GATEWAY, "firmware": "2.7.1"},
        _DOG: {"gateway": "gateway-2"},
    },
    orders=(
        Order(kind="feed", params={"portions": 2}, node=_CAT),
        Order(
            kind="set_schedule",
            params={
                "entries": [
                    {"id": "1", "time": "08:00", "portions": 4, "active": True},
                    {"id": "2", "time": "18:00", "portions": 4, "active": False},
                ]
            },
            node=_CAT,
        ),
        Order(kind="reboot", params={}, node=_DOG),
    ),
    line={"portions": 1},
    said=(
        _request(f"/api/v1/kronos/gateways/{_GATEWAY}/checkin"),
        _telemetry("hb"),
        _telemetry("sensor", f__voltage=5012.0, i__usb=1, i__chg=0, i__ir=9),
        _event(1, "received"),
        _event(1, "succeeded"),
        _event(2, "received"),
        _event(2, "succeeded"),
        _event(2, "received", step=1),
        _event(2, "failed", '{"error":"out_of_order"}', step=1),
        *(
            _event(command_id, what)
            for command_id in (5, 6, 7)
            for what in ("received", "succeeded")
        ),
        _telemetry(
            "feed_result",
            i__stime=1_790_000_000,
            i__etime=1_790_000_004,
            i__pour=1,
            i__full=0,
            f__e_g=12.0,
            f__a_g=11.5,
            f__h_s=900.0,
            f__h_e=888.5,
            i__src=6,
            b__fail=False,
            b__trip=False,
            s__rid="x",
            s__err="",
        ),
        _telemetry("hash", s__local_md5=""),
        _telemetry("hash", s__local_md5="d41d8cd98f00b204e9800998ecf8427e"),
        _telemetry("trace", s__trace="booted"),
    ),
)
