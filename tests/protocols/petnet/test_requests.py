"""What gateways ask and tell in requests, and how they are answered."""

from __future__ import annotations

from dataclasses import replace
import json

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Failed,
    Needs,
)
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import Malformed

from .site import DEVICE, GATEWAY, OK, OTHER, SITE, reports, request, requested

# What each id begins with, the mark of the feeder, id 17 and step 0, in base 26
LEAD = "mqttdispatch" + "nmssvby"
HID = LEAD + "aaaaaaar" + "aaaaa"
EVENT = f"/api/v1/core/events/{HID}"


# uri, body -> what it says beside the reply
EVENTS: list[tuple[str, object, object]] = [
    (f"{EVENT}/received", "{}", Accepted(DEVICE, 17, step=0)),
    (f"{EVENT}/succeeded", "{}", Done(DEVICE, 17, step=0)),
    (f"{EVENT}/failed", '{"error":"jammed"}', Failed(DEVICE, 17, "jammed", step=0)),
    (f"{EVENT}/failed", "{}", Failed(DEVICE, 17, "", step=0)),
    (f"{EVENT}/failed", "", Failed(DEVICE, 17, "", step=0)),
    (f"{EVENT}/failed", "jammed", Failed(DEVICE, 17, "jammed", step=0)),
    (f"{EVENT}/failed", '{"error":{}}', Failed(DEVICE, 17, "{…}", step=0)),
    (f"{EVENT}/failed", {"error": "jammed"}, Failed(DEVICE, 17, "jammed", step=0)),
    (f"{EVENT}/failed", None, Failed(DEVICE, 17, "", step=0)),
    (
        f"{EVENT}/failed",
        json.dumps({"error": "x" * 500}),
        Failed(DEVICE, 17, "x" * 99 + "…", step=0),
    ),
    (
        f"/api/v1/core/events/{HID[:-1]}d/received",
        "{}",
        Accepted(DEVICE, 17, step=3),
    ),
    # another path before it
    (f"/api/v1/kronos/events/{HID}/received", "{}", Accepted(DEVICE, 17, step=0)),
]


@pytest.mark.parametrize(("uri", "body", "said"), EVENTS)
def test_an_event_is_answered_and_speaks_of_a_step_of_a_command(
    uri: str, body: object, said: object
) -> None:
    assert requested(request(uri, body=body)) == (OK, said)


def test_a_check_in_is_answered_and_asks_for_the_schedules_of_its_gateway() -> None:
    third = "feeder-3"
    site = Site(prefix="krs", nodes={**SITE.nodes, third: {"gateway": GATEWAY}})
    check_in = request(f"/api/v1/kronos/gateways/{GATEWAY}/checkin")
    assert requested(check_in, site=site) == (
        OK,
        Needs(DEVICE, "set_schedule"),
        Needs(third, "set_schedule"),
    )


@pytest.mark.parametrize(
    ("last", "asked_for"), [(GATEWAY, (DEVICE, OTHER)), ("elsewhere", ())]
)
def test_a_check_in_is_for_the_feeders_that_were_last_heard_through_its_gateway(
    last: str, asked_for: tuple[str, ...]
) -> None:
    site = replace(SITE, told=lambda _node: {"gateway": last})
    check_in = request(f"/api/v1/kronos/gateways/{GATEWAY}/checkin")
    assert requested(check_in, site=site) == (
        OK,
        *(Needs(node, "set_schedule") for node in asked_for),
    )


@pytest.mark.parametrize(
    "content",
    [
        request("/api/v1/core/telemetries"),
        request(f"{EVENT}/received", method="GET"),
        request(f"/api/v1/kronos/gateways/{GATEWAY}/checkin", method="POST"),
        request(f"/api/v1/kronos/gateways/{GATEWAY}"),
        request(f"{EVENT}/started"),
    ],
)
def test_any_other_request_is_answered_and_says_nothing(content: object) -> None:
    assert requested(content) == (OK,)


FOREIGN = [
    "abcdefghijklmnopqrstuvwxyzabcdef",
    "",
    HID.upper(),
    HID[:-1],
    HID + "a",
    LEAD + "aaaaaaaa" + "aaaaa",  # there is no command 0
    LEAD + "zzzzzzzz" + "aaaaa",  # beyond every id
    LEAD + "aaaaaaa1" + "aaaaa",
    "mqttdispatch" + "aaaaaaa" + "aaaaaaar" + "aaaaa",  # no feeder of ours
]


@pytest.mark.parametrize("hid", FOREIGN)
def test_an_event_of_somebody_elses_command_is_answered_and_credited_to_none(
    hid: str,
) -> None:
    found = requested(request(f"/api/v1/core/events/{hid}/received"))
    assert found == (OK, Accepted(None, 0, step=0))


def test_what_refused_a_list_of_entries_tells_that_it_takes_them_one_by_one() -> None:
    uri = f"/api/v1/core/events/{LEAD}aaaaaaarbaaac/failed"
    found = requested(request(uri, body='{"error":"bad_list"}'))
    told = Failed(DEVICE, 17, "bad_list", step=2, readings={"entry_by_entry": 1})
    assert found == (OK, told)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"requestId": "r-1"}, "no parameters"),
        (request("x", parameters=[]), "no parameters"),
        (request("x", parameters={}), "no uri"),
        (request("x", parameters={"uri": 5, "method": "PUT"}), "no uri"),
        (request("x", encrypted=True, parameters="c2VjcmV0"), "no parameters"),
    ],
)
def test_a_request_that_makes_no_sense_is_answered_all_the_same(
    content: object, reason: str
) -> None:
    assert requested(content) == (OK, Malformed(reason))


def test_a_request_with_bytes_that_are_no_utf_8_is_answered_all_the_same() -> None:
    payload = json.dumps(request(f"{EVENT}/failed", body='{"error":"JAM"}'))
    found = requested(payload.encode().replace(b"JAM", b"\xff"))
    assert found == (OK, Failed(DEVICE, 17, "�", step=0))


@pytest.mark.parametrize(
    "request_id", ["", "é", "a\nb", 'say "r-1"', "x" * 254, 5, -7, 2**53, 1.5], ids=repr
)
def test_a_request_is_answered_with_its_own_id_whatever_that_is(
    request_id: object,
) -> None:
    (reply,) = requested(request("x", requestId=request_id))
    assert json.loads(reply.payload)["requestId"] == request_id


@pytest.mark.parametrize(
    "request_id", [None, True, ["r"], {}, "x" * 255, 10**19, 10**400], ids=repr
)
def test_what_has_no_readable_request_id_cannot_be_answered(
    request_id: object,
) -> None:
    found = requested(request("x", requestId=request_id))
    assert found == (Malformed("no requestId"),)


WHOLE = json.dumps(request(f"{EVENT}/received")).encode()


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (WHOLE[:-1], "not JSON"),
        (WHOLE[:60], "not JSON"),
        (WHOLE + b"\x00", "not JSON"),
        (b'{"x":NaN,"requestId" : "r-1"}', "not JSON"),
        (WHOLE[:-1] + b',"encrypted":false}', "a key twice"),
        (WHOLE + b" " * 32_768, "too long"),
    ],
)
def test_a_request_that_is_broken_is_answered_all_the_same(
    payload: bytes, reason: str
) -> None:
    found = reports(f"krs.api.gts.{GATEWAY}", payload)
    assert found == (OK, Malformed(reason))


@pytest.mark.parametrize(
    "payload", [b"{", b"[]", b'{"requestId":"r-', b'{"requestId":"\\x"', b"requestId"]
)
def test_what_is_broken_before_its_id_cannot_be_answered(payload: bytes) -> None:
    (said,) = reports(f"krs.api.gts.{GATEWAY}", payload)
    assert isinstance(said, Malformed)


def test_the_reply_goes_to_the_gateway_that_asked_in_its_own_spelling() -> None:
    (reply,) = reports("krs.api.gts.4F-b_X", request("x"))
    assert reply.topic == "krs/api/stg/4F-b_X"
