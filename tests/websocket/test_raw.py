"""No secret is read in a message as it came, and what is none can be read."""

from __future__ import annotations

import json
from time import process_time

import pytest

from custom_components.mqtt_dispatch.broker.heard import LONGEST_KEPT, Raw
from custom_components.mqtt_dispatch.protocols.messages import Message
from custom_components.mqtt_dispatch.websocket.raw import readable


def _raw(payload: str, *, cut: bool = False) -> Raw:
    held = payload.encode()
    return Raw(Message("a/b", held, False, 0), len(held) + cut, "")


@pytest.mark.parametrize(
    "payload",
    [
        '{"pw":"hunter2"}',
        '{"wifi_pw": "hunter2"}',
        '{"PW1": "hunter2"}',
        "pwmqtt=hunter2",
        '{"password":\n        "hunter2"}',
        '{"password"\n        :"hunter2"}',
        '{"password":' + " " * 900 + '"hunter2"}',
        "password = my long hunter2",
        "password: 12, then hunter2",
        "password=12}hunter2",
        "Authorization: Basic hunter2",
        "Authorization: Bearer a, hunter2\r\nHost: here",
        r'{"password":"hunter2\"hunter2',
        '{"password":"hunter2\\',
        "{'password':'it\\'s hunter2'}",
        "{'password':'hunter2\\",
        '{"key":1234,"password":["hunter2"]}',
        'password = "my" hunter2',
        "password: 'my''s hunter2'",
        'password: "my", hunter2',
        '{"password":"my\nhunter2" too}',
        r'{"said":"{\"password\": \"my, hunter2\"}"}',
    ],
)
def test_what_is_called_a_secret_is_hidden_however_it_is_written(payload: str) -> None:
    assert "hunter2" not in readable(_raw(payload), [])


@pytest.mark.parametrize(
    "payload",
    [
        '{"auth":true,"rssi":-61}',
        '{"auth": false, "rssi":-61}',
        '{"password":"a","rssi":-61}',
        '[{"password":"a"}, {"rssi":-61}]',
        '{"net":{"token":1.5e3},"rssi":-61}',
        '{"token":null\n}',
        '{"pwm":255,"rssi":-61}',
        '{"pwm_pin":"D4","rssi":-61}',
        '{"pwr":"on","rssi":-61}',
        'the key\n"rssi":-61',
    ],
)
def test_what_stands_beside_can_be_read(payload: str) -> None:
    found = readable(_raw(payload), [])

    for word in ('"rssi":-61', '"D4"', "255", '"on"', "}"):
        assert (word in payload) == (word in found), found


def test_of_a_message_that_was_cut_no_part_of_a_secret_is_read() -> None:
    # Written as JSON it is the longer one.
    umlauts, longer = "ä" * 20, "x" * 30
    written = json.dumps(umlauts)[1:-1]

    found = readable(_raw("is " + written[:-1], cut=True), [longer, umlauts])

    assert "\\u00e4" not in found


def test_a_secret_that_is_part_of_another_gives_nothing_of_it_away() -> None:
    assert "beta" not in readable(_raw("is alphabeta"), ["alpha", "alphabeta"])


@pytest.mark.parametrize("secret", ['schön "so"', "tab\tand\nline", "back\\slash"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_secret_is_found_as_json_writes_it(secret: str, ascii_only: bool) -> None:
    written = json.dumps({"note": secret}, ensure_ascii=ascii_only)

    assert readable(_raw(written), [secret]) == '{"note": "…"}'


@pytest.mark.parametrize(
    "piece",
    [
        "key",
        "key ",
        'key"',
        "key:\n",
        "key\\",
        'key:"\\',
        "key:1}",
        "key:1,",
        "pw",
        "\n",
    ],
)
def test_no_message_takes_long_to_read(piece: str) -> None:
    payload = "key" + piece * (LONGEST_KEPT // len(piece))
    begun = process_time()

    readable(_raw(payload), [])

    assert process_time() - begun < 0.5
