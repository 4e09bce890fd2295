"""What a camera says as it wakes."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import Done, Hello, Seen
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.esp32_cam.image_reports import (
    PendingImages,
)
from custom_components.mqtt_dispatch.protocols.messages import Malformed, Message

from .site import MAC, NODE, WALL, WIRE, live, reports

STRANGER = "112233445566"
OWN: dict[str, str | float] = {"family": "own", "spelled": MAC}
SHARED: dict[str, str | float] = {"family": "shared", "spelled": MAC}
ID: dict[str, str | float] = {"device_id": MAC}


def hello(firmware: str = "", *, node: str = NODE) -> Hello:
    return Hello(node=node, hardware_id=node, firmware=firmware)


WOKE = Done(NODE, subject="hello")

# what stands in the message beside device_id and status, readings
HELLOS: list[tuple[dict[str, Any], dict[str, str | float]]] = [
    ({"pendingImg": 2}, {"pending_images": 2}),
    ({"pendingImg": 0}, {"pending_images": 0}),
    ({}, {}),
    ({"battery_voltage": 3.91}, {"battery_voltage": 3.91}),
    ({"wifi_rssi": -61}, {"rssi": -61}),
    (
        {"pendingImg": 2, "pending_list": ["image_1.jpg", "image_2.jpg"]},
        {"pending_images": 2, "pending_list": "image_1.jpg, image_2.jpg"},
    ),
    (
        {"pending_list": ["image_1.jpg"]},
        {"pending_images": 1, "pending_list": "image_1.jpg"},
    ),
    ({"pending_list": []}, {"pending_images": 0, "pending_list": ""}),
    # a bad field is left out
    ({"pendingImg": -1}, {}),
    ({"pendingImg": "2"}, {}),
    ({"pendingImg": True}, {}),
    ({"battery_voltage": -0.1}, {}),
    ({"battery_voltage": 31}, {}),
    ({"battery_voltage": "3.9"}, {}),
    ({"wifi_rssi": 1}, {}),
    ({"wifi_rssi": -129}, {}),
    ({"firmware_version": ""}, {}),
    ({"firmware_version": 1.2}, {}),
    ({"firmware_version": "x" * 65}, {}),
    ({"pending_list": "image_1.jpg"}, {}),
]


class TestAHello:
    """`{p}/{mac}/status` and, from newer firmware, `ESP32CAM/{mac}/status`."""

    @pytest.mark.parametrize(("said", "readings"), HELLOS)
    def test_says_that_the_node_is_awake_and_what_it_measured(
        self, said: dict[str, Any], readings: dict[str, str | float]
    ) -> None:
        content = {"device_id": MAC, "status": "alive", **said}
        (seen, *rest) = reports(f"device/{MAC}/status", content)
        assert seen == live(ID | OWN | readings)
        told = [each for each in rest if not isinstance(each, PendingImages)]
        assert told == [WOKE, hello()]

    @pytest.mark.parametrize(
        ("said", "count", "names"),
        [
            ({"pendingImg": 2}, 2, ()),
            ({"pending_count": 5}, 5, ()),
            ({"pendingImg": 3, "pending_list": ["a.jpg", 7]}, 3, ("a.jpg",)),
            ({"pending_list": ["a.jpg", "b.jpg"]}, 2, ("a.jpg", "b.jpg")),
        ],
    )
    @pytest.mark.parametrize("family", ["device", "ESP32CAM"])
    def test_tells_what_images_are_kept(
        self, said: dict[str, Any], count: int, names: tuple[str, ...], family: str
    ) -> None:
        told = reports(f"{family}/{MAC}/status", {"status": "alive", **said})
        assert told[-2:] == (
            PendingImages(
                node=NODE,
                count=count,
                names=names,
                all_at_once=family == "ESP32CAM",
            ),
            hello(),
        )

    def test_of_newer_firmware_says_it_all(self) -> None:
        content = {
            "device_id": MAC,
            "status": "alive",
            "pendingImg": 1,
            "pending_list": ["a.jpg"],
            "firmware_version": "2.1.0",
            "battery_voltage": 3.7,
            "wifi_rssi": -70,
        }
        assert reports(f"ESP32CAM/{MAC}/status", content) == (
            live(
                ID
                | SHARED
                | {
                    "pending_images": 1,
                    "battery_voltage": 3.7,
                    "rssi": -70,
                    "fw": "2.1.0",
                }
                | {"pending_list": "a.jpg"}
            ),
            WOKE,
            Done(NODE, subject="firmware 2.1.0"),
            PendingImages(node=NODE, count=1, names=("a.jpg",), all_at_once=True),
            hello("2.1.0"),
        )

    @pytest.mark.parametrize(
        "spelled",
        [
            *(MAC, MAC.lower(), NODE, NODE.lower()),
            *("aA:Bb:cC:dD:eE:fF", "aaBBccDDeeFF", "AA-BB-CC-DD-EE-FF"),
        ],
    )
    def test_is_of_the_same_node_in_any_spelling(self, spelled: str) -> None:
        content = {"device_id": spelled, "status": "alive"}
        assert reports(f"device/{spelled}/status", content) == (
            live({"device_id": spelled, "family": "own", "spelled": spelled}),
            WOKE,
            hello(),
        )

    def test_may_spell_its_topic_and_its_message_differently(self) -> None:
        said = reports(f"device/{NODE}/status", {"device_id": MAC, "status": "alive"})
        assert said[0] == live({"device_id": MAC, "family": "own", "spelled": NODE})

    @pytest.mark.parametrize("cron", [{}, {"cron": "0 * * * *"}])
    def test_asks_for_no_wake_time_for_each_image_brings_it(
        self, cron: dict[str, Any]
    ) -> None:
        said = reports(f"device/{MAC}/status", {"status": "alive"}, **cron)
        assert said == (live(OWN), WOKE, hello())

    def test_may_bear_a_name_that_is_no_mac(self) -> None:
        name = "TEST-ESP32-001"
        content = {"device_id": name, "status": "alive"}
        said = reports(f"device/{name}/status", content)
        readings = {"device_id": name, "family": "own", "spelled": name}
        assert said == (hello(node=name), live(readings, node=name))

    def test_with_a_mac_beside_a_name_is_of_that_mac_and_at_that_address(self) -> None:
        content = {"device_id": "cam-1", "device_mac": MAC, "status": "alive"}
        said = reports("device/cam-1/status", content)
        assert said == (
            live({"device_id": "cam-1", "family": "own", "spelled": "cam-1"}),
            WOKE,
            hello(),
        )

    def test_without_its_mac_is_known_by_its_address(self) -> None:
        site = Site(
            prefix="device",
            nodes={NODE: {}},
            told=lambda _: {"spelled": "cam-1", "family": "own"},
        )
        came = Message("ESP32CAM/cam-1/data", b'{"humidity":40}', False, WALL)
        assert WIRE.report(site, came)[0] == live({"humidity": 40})

    def test_of_a_stranger_ends_nothing_and_asks_for_nothing(self) -> None:
        topic = f"device/{STRANGER}/status"
        said = reports(topic, {"status": "alive"}, cron="0 * * * *")
        assert said == (
            hello(node=STRANGER),
            live({"family": "own", "spelled": STRANGER}, node=STRANGER),
        )

    def test_that_is_retained_tells_what_was_and_wakes_nobody(self) -> None:
        content = {"device_id": MAC, "status": "alive", "pendingImg": 2}
        topic = f"device/{MAC}/status"
        said = reports(topic, content, retain=True, cron="0 * * * *")
        readings = ID | OWN | {"pending_images": 2}
        assert said == (Seen(node=NODE, live=False, readings=readings),)

    @pytest.mark.parametrize("status", ["alive", "ALIVE", "Alive"])
    def test_says_alive(self, status: str) -> None:
        said = reports(f"device/{MAC}/status", {"status": status})
        assert hello() in said

    def test_may_say_so_with_true(self) -> None:
        assert hello() in reports(f"device/{MAC}/status", {"alive": True})

    def test_with_typographic_quotes_is_read(self) -> None:
        said = "{ “device_id”: “AA:BB:CC:DD:EE:FF”, “status”: “alive” }"
        assert hello() in reports(f"device/{MAC}/status", said.encode())

    def test_keeps_typographic_quotes_that_do_no_harm(self) -> None:
        said = '{"status":"alive","pending_list":["“a”.jpg"]}'
        (seen, *_) = reports(f"device/{MAC}/status", said.encode())
        assert isinstance(seen, Seen)
        assert seen.readings["pending_list"] == "“a”.jpg"

    @pytest.mark.parametrize("status", ["offline", "sleeping", "", None, 1, True, []])
    def test_that_says_anything_else_is_none(self, status: Any) -> None:
        said = reports(f"device/{MAC}/status", {"status": status, "pendingImg": 1})
        assert said == (Malformed("no hello"),)

    @pytest.mark.parametrize("alive", [False, None, 0, "true"])
    def test_that_is_not_alive_is_none(self, alive: Any) -> None:
        said = reports(f"device/{MAC}/status", {"alive": alive, "status": "alive"})
        assert said == (Malformed("no hello"),)

    def test_ends_what_it_proves_before_it_wakes_the_node(self) -> None:
        """What it ends must not be sent once more to the node that it wakes."""
        topic = f"device/{MAC}/status"
        said = reports(topic, {"status": "alive", "firmware_version": "2"})
        kinds = [type(report) for report in said]
        assert kinds == [Seen, Done, Done, Hello]

    def test_names_as_many_images_as_fit(self) -> None:
        names = [f"image_{number}.jpg" for number in range(500)]
        topic = f"device/{MAC}/status"
        (seen, *_) = reports(topic, {"status": "alive", "pending_list": names})
        assert isinstance(seen, Seen)
        shown = str(seen.readings["pending_list"])
        assert seen.readings["pending_images"] == 500
        assert len(shown) <= 255
        assert shown.split(", ") == names[: shown.count(",") + 1]
