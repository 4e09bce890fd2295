"""The wire of sleeping cameras: what they say of images and measurements."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import Accepted, Seen
from custom_components.mqtt_dispatch.protocols.esp32_cam.image_reports import (
    ImageInfo,
    ImagePart,
    NoImage,
    ReadingsAlone,
)
from custom_components.mqtt_dispatch.protocols.messages import Malformed, Said

from .site import MAC, NODE, WALL, live, reports

ID: dict[str, str | float] = {"device_id": MAC}
DATA = f"ESP32CAM/{MAC}/data"
NOON = 1_748_779_200.0
"""2025-06-01 12:00:00 UTC."""

DESCRIPTION: dict[str, Any] = {
    "device_id": MAC,
    "image_name": "image_1.jpg",
    "image_id": 17,
    "image_size": 40_000,
    "max_chunk_size": 4096,
    "total_chunks_count": 10,
    "capture_timestamp": "2025-06-01T12:00:00Z",
    "location": "garden",
    "error": 0,
    "temperature": 21.5,
    "humidity": 48.2,
    "pressure": 1013.2,
    "gas_resistance": 52.1,
}
MEASURED: dict[str, str | float] = {
    "temperature": 21.5,
    "humidity": 48.2,
    "pressure": 1013.2,
    "gas": 52.1,
}
TAKEN = (
    Accepted(NODE, subject="image"),
    Accepted(NODE, subject="image:image_1.jpg"),
)


def info(**more: Any) -> ImageInfo:
    said = {"parts": 10, "size": 40_000, "taken_at": NOON, **more}
    return ImageInfo(node=NODE, name="image_1.jpg", **said)


def described(**changed: Any) -> tuple[Said, ...]:
    """Return what the description says with these fields; None leaves one out."""
    content = {**DESCRIPTION, **changed}
    return reports(
        DATA, {key: value for key, value in content.items() if value is not None}
    )


class TestADescription:
    """Image metadata on `ESP32CAM/{mac}/data`."""

    def test_tells_the_image_and_what_was_measured(self) -> None:
        assert described() == (live(ID | MEASURED), info(), *TAKEN)

    def test_shows_that_the_node_took_what_made_it_send(self) -> None:
        assert described()[2:] == TAKEN

    def test_does_not_tell_the_topic_family(self) -> None:
        (seen, *_) = described()
        assert isinstance(seen, Seen)
        assert not seen.readings.keys() & {"family", "spelled"}

    def test_may_count_its_chunks_under_another_name(self) -> None:
        said = described(total_chunks_count=None, total_chunk_count=10)
        assert said == (live(ID | MEASURED), info(), *TAKEN)

    def test_may_spell_the_chunk_size_otherwise(self) -> None:
        said = described(max_chunk_size=None, max_chunks_size=4096)
        assert said == (live(ID | MEASURED), info(), *TAKEN)

    def test_may_hold_its_readings_inside(self) -> None:
        inner = {
            name: DESCRIPTION[name]
            for name in ("temperature", "humidity", "pressure", "gas_resistance")
        }
        said = described(**dict.fromkeys(inner), sensor_data=inner)
        assert said == (live(ID | MEASURED), info(), *TAKEN)

    @pytest.mark.parametrize(
        ("changed", "taken_at"),
        [
            ({"capture_timestamp": NOON}, NOON),
            ({"capture_timestamp": NOON + 0.5}, NOON + 0.5),
            ({"capture_timestamp": NOON * 1000 + 500}, NOON + 0.5),
            ({"capture_timestamp": str(int(NOON))}, NOON),
            ({"capture_timestamp": str(int(NOON * 1000))}, NOON),
            ({"capture_timestamp": "2025-06-01T12:00:00Z"}, NOON),
            ({"capture_timestamp": "2025-06-01T12:00:00"}, NOON),
            ({"capture_timestamp": "2025-06-01 12:00:00"}, NOON),
            ({"capture_timestamp": "2025-06-01T14:00:00.5+02:00"}, NOON + 0.5),
            ({"capture_timestamp": None, "timestamp": NOON}, NOON),
            ({"capture_timestamp": NOON, "timestamp": NOON + 9}, NOON + 9),
            ({"capture_timestamp": None, "capture_timeStamp": NOON}, NOON),
            ({"capture_timestamp": "2025-6-1 12:0:0"}, NOON),
            ({"capture_timestamp": "2025-6-1T12:0:0Z"}, NOON),
            # a clock that nobody set: the time of arrival
            ({"capture_timestamp": None}, WALL),
            ({"capture_timestamp": 0}, WALL),
            ({"capture_timestamp": 1_577_836_799}, WALL),
            ({"capture_timestamp": 4_102_444_801}, WALL),
            ({"capture_timestamp": "1970-01-01T00:00:09Z"}, WALL),
            ({"capture_timestamp": "2019-12-31T23:59:59Z"}, WALL),
            ({"capture_timestamp": "2100-01-01T00:00:01Z"}, WALL),
            ({"capture_timestamp": "0001-01-01T00:00:00+23:59"}, WALL),
            ({"capture_timestamp": "9999-12-31T23:59:59-23:59"}, WALL),
            ({"capture_timestamp": 10**400}, WALL),
            ({"capture_timestamp": "9" * 400}, WALL),
            ({"capture_timestamp": "nan"}, WALL),
            ({"capture_timestamp": "soon"}, WALL),
            ({"capture_timestamp": ""}, WALL),
            ({"capture_timestamp": True}, WALL),
            ({"capture_timestamp": [NOON]}, WALL),
        ],
    )
    def test_tells_when_it_was_taken(
        self, changed: dict[str, Any], taken_at: float
    ) -> None:
        assert described(**changed)[1] == info(taken_at=taken_at)

    @pytest.mark.parametrize(
        ("fields", "told", "celsius"),
        [
            ({}, 21.5, 21.5),
            ({"fahrenheit": False}, -40, -40),
            ({"fahrenheit": True}, 70.7, 21.5),
            ({"fahrenheit": True}, 32, 0),
            ({"fahrenheit": True}, -40, -40),
            ({"fahrenheit": True}, 100, 37.78),
        ],
    )
    def test_is_warm_in_celsius_whatever_the_node_counts_in(
        self, fields: dict[str, Any], told: float, celsius: float
    ) -> None:
        (seen, *_) = reports(DATA, {"temperature": told}, **fields)
        assert seen == live({"temperature": celsius})

    def test_may_be_missing_beside_readings(self) -> None:
        said = reports(f"device/{MAC}/data", {"humidity": 40, "battery_voltage": 3.7})
        readings = {"humidity": 40, "battery_voltage": 3.7}
        assert said == (live(readings), ReadingsAlone(NODE))

    def test_tells_battery_and_signal_too(self) -> None:
        (seen, *_) = described(battery_voltage=3.7, wifi_rssi=-55)
        assert seen == live(ID | MEASURED | {"battery_voltage": 3.7, "rssi": -55})

    @pytest.mark.parametrize(
        ("name", "key", "least", "most"),
        [
            ("temperature", "temperature", -60, 125),
            ("humidity", "humidity", 0, 100),
            ("pressure", "pressure", 100, 1200),
            ("gas_resistance", "gas", 0, 1_000_000),
        ],
    )
    def test_leaves_out_what_no_sensor_can_measure(
        self, name: str, key: str, least: float, most: float
    ) -> None:
        told = [least - 0.1, most + 0.1, "21.5", None, True, [1], least, most]
        said = [described(**{name: value})[0] for value in told]
        readings = [seen.readings.get(key) for seen in said if isinstance(seen, Seen)]
        assert readings == [None] * 6 + [least, most]

    @pytest.mark.parametrize("size", [None, 0, -1, "40000", 40_000.5, 2**31])
    def test_may_leave_the_size_open(self, size: Any) -> None:
        assert described(image_size=size)[1] == info(size=None)

    def test_beyond_all_limits_is_told_as_it_came(self) -> None:
        said = described(total_chunks_count=100_000, image_size=2**31 - 1)
        assert said[1] == info(parts=100_000, size=2**31 - 1)

    @pytest.mark.parametrize(
        "changed",
        [
            {"image_name": None},
            {"image_name": ""},
            {"image_name": 7},
            {"image_name": "x" * 129},
            {"image_name": "a\nb"},
            {"total_chunks_count": -1},
            {"total_chunks_count": "10"},
            {"total_chunks_count": 2.5},
        ],
    )
    def test_without_an_image_tells_what_was_measured(
        self, changed: dict[str, Any]
    ) -> None:
        assert described(**changed) == (live(ID | MEASURED),)

    def test_of_no_chunks_says_that_there_is_no_image(self) -> None:
        assert described(total_chunks_count=0) == (
            live(ID | MEASURED),
            NoImage(NODE, "image_1.jpg", "0 chunks"),
        )

    @pytest.mark.parametrize("count", [0, 10])
    def test_of_an_error_did_not_measure_what_is_exactly_0(self, count: int) -> None:
        zeros = dict.fromkeys(("temperature", "pressure", "gas_resistance"), 0)
        (seen, *_) = described(error=1, total_chunks_count=count, **zeros)
        assert seen == live(ID | {"humidity": 48.2})

    @pytest.mark.parametrize("content", [{}, {"error": 0}, {"image_name": "a.jpg"}])
    def test_that_tells_nothing_is_malformed(self, content: dict[str, Any]) -> None:
        assert reports(DATA, content) == (Malformed("no known field"),)

    @pytest.mark.parametrize(
        ("error", "reason"),
        [("camera init failed", "camera init failed"), (3, "3"), (True, "true")],
    )
    def test_of_an_error_without_chunks_says_that_there_is_no_image(
        self, error: Any, reason: str
    ) -> None:
        content = {"image_name": "a.jpg", "total_chunks_count": 0, "error": error}
        assert reports(DATA, content) == (live({}), NoImage(NODE, "a.jpg", reason))

    def test_of_an_error_may_name_no_image(self) -> None:
        said = reports(DATA, {"error": "no camera"})
        assert said == (live({}), NoImage(NODE, None, "no camera"))

    def test_of_an_error_with_chunks_brings_an_image_that_says_so(self) -> None:
        said = described(error="blurred")
        assert said == (live(ID | MEASURED), info(problem="blurred"), *TAKEN)


CONTENT = bytes(range(256))
NO_PAYLOAD: tuple[Any, ...] = (None, "", [], {}, 7)
NOT_BYTES: tuple[Any, ...] = ([256], [-1], [1.0], [True], ["1"], [[1]], [None])


def chunk(**changed: Any) -> tuple[Said, ...]:
    content = {
        "device_id": MAC,
        "image_name": "image_1.jpg",
        "chunk_id": 3,
        "max_chunk_size": 4096,
        "payload": b64encode(CONTENT).decode(),
        **changed,
    }
    return reports(
        DATA, {key: value for key, value in content.items() if value is not None}
    )


class TestAChunk:
    """A part of an image on `ESP32CAM/{mac}/data`."""

    @pytest.mark.parametrize(
        "payload", [b64encode(CONTENT).decode(), list(CONTENT)], ids=["base64", "bytes"]
    )
    def test_brings_its_content(self, payload: Any) -> None:
        assert chunk(payload=payload) == (
            live(ID),
            ImagePart(NODE, "image_1.jpg", 3, CONTENT),
        )

    def test_may_name_its_content_otherwise(self) -> None:
        said = chunk(payload=None, payload_b64=b64encode(CONTENT).decode())
        assert said[1] == ImagePart(NODE, "image_1.jpg", 3, CONTENT)

    @pytest.mark.parametrize("index", [0, 1, 4096])
    def test_bears_the_number_that_the_node_gave_it(self, index: int) -> None:
        assert chunk(chunk_id=index)[1] == ImagePart(
            NODE, "image_1.jpg", index, CONTENT
        )

    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            *(({"image_name": name}, "no image_name") for name in (None, "", 5, "\n")),
            *(({"chunk_id": index}, "no chunk_id") for index in (-1, 4097, "3", 1.5)),
            *(({"payload": load}, "no payload") for load in NO_PAYLOAD),
            *(
                ({"payload": text}, "not base64")
                for text in ("A", "AAA", "AA A", "AA==AA==A", "ä", "\ud800", "-_-_")
            ),
            *(({"payload": load}, "not bytes") for load in NOT_BYTES),
        ],
    )
    def test_that_brings_nothing_is_malformed(
        self, changed: dict[str, Any], reason: str
    ) -> None:
        assert chunk(**changed) == (Malformed(reason),)

    def test_of_100_kib_as_bytes_is_read(self) -> None:
        content = bytes([255]) * (100 * 1024)
        assert chunk(payload=list(content))[1] == ImagePart(
            NODE, "image_1.jpg", 3, content
        )

    def test_that_is_retained_proves_nothing(self) -> None:
        content = {"image_name": "a", "chunk_id": 0, "payload": [1]}
        assert reports(DATA, content, retain=True) == (Malformed("retained"),)
