"""What a camera is told of its images and its sleep."""

from __future__ import annotations

import json

import pytest

from custom_components.mqtt_dispatch.protocols.base import Instructing, Site
from custom_components.mqtt_dispatch.protocols.esp32_cam.instructions import (
    ImageInstruction,
    Instruction,
)
from custom_components.mqtt_dispatch.protocols.messages import Publication

from .writing import AT_FIVE, MAC, NODE, WIRE, site

CRON = "30 17 * * *"


SLEEP = ImageInstruction(Instruction.SLEEP)


class TestAnInstruction:
    """What a node is told of its images."""

    def told(
        self,
        instruction: Instruction,
        *,
        name: str = "image_1.jpg",
        missing: tuple[int, ...] = (),
        family: str = "own",
        at: Site | None = None,
        wall: float = AT_FIVE,
    ) -> tuple[Publication, ...]:
        instructing = Instructing(
            node=NODE,
            message=ImageInstruction(instruction, name, missing),
            readings={"family": family, "spelled": MAC},
            wall=wall,
        )
        return WIRE.instruct(at or site(cron=CRON), instructing)

    @pytest.mark.parametrize(
        ("instruction", "said"),
        [
            (Instruction.CAPTURE, '"capture_image":true'),
            (Instruction.SEND, '"send_image":"image_1.jpg"'),
            (Instruction.SEND_PENDING, '"send_all_pending":true'),
        ],
    )
    @pytest.mark.parametrize(
        ("family", "root"), [("own", "device"), ("shared", "ESP32CAM")]
    )
    def test_goes_down_as_a_command(
        self, instruction: Instruction, said: str, family: str, root: str
    ) -> None:
        payload = f'{{"device_id":"{MAC}",{said}}}'
        told = self.told(instruction, family=family)
        assert told == (Publication(f"{root}/{MAC}/cmd", payload),)

    def test_asks_for_parts_where_either_firmware_listens(self) -> None:
        payload = (
            f'{{"device_id":"{MAC}","image_name":"image_1.jpg","missing_chunks":[3,7]}}'
        )
        assert self.told(Instruction.SEND_PARTS, missing=(3, 7)) == (
            Publication(f"device/{MAC}/ack", payload),
            Publication(f"device/{MAC}/cmd", payload),
        )

    @pytest.mark.parametrize(
        ("family", "topic", "ok"),
        [("own", f"device/{MAC}/ack", "{}"), ("shared", f"ESP32CAM/{MAC}/ack", "true")],
    )
    def test_keeps_a_node_awake_that_has_more_to_do(
        self, family: str, topic: str, ok: str
    ) -> None:
        payload = f'{{"device_id":"{MAC}","image_name":"image_1.jpg","ACK_OK":{ok}}}'
        told = self.told(Instruction.KEEP_AWAKE, family=family)
        assert told == (Publication(topic, payload),)

    def test_sends_the_node_to_sleep_with_its_next_wake(self) -> None:
        assert self.told(Instruction.SLEEP) == (
            Publication(
                f"device/{MAC}/ack",
                f'{{"device_id":"{MAC}","image_name":"image_1.jpg",'
                '"ACK_OK":{"next_wake_time":"5:30PM"}}',
            ),
        )

    def test_sends_a_node_without_an_image_to_sleep_too(self) -> None:
        (said,) = self.told(Instruction.SLEEP, name="")
        assert json.loads(said.payload) == {
            "device_id": MAC,
            "ACK_OK": {"next_wake_time": "5:30PM"},
        }

    @pytest.mark.parametrize(
        ("at", "wall"),
        [
            (site(), AT_FIVE),
            (site(lambda *_: None, cron="0 0 30 2 *"), AT_FIVE),
            (site(cron=CRON), 60.0),
        ],
        ids=["no schedule", "never", "a clock that nobody set"],
    )
    def test_tells_no_wake_time_where_there_is_none(
        self, at: Site, wall: float
    ) -> None:
        (publication,) = self.told(Instruction.SLEEP, at=at, wall=wall)
        assert json.loads(publication.payload)["ACK_OK"] == {}

    def test_goes_out_in_both_families_to_a_node_that_never_said_hello(self) -> None:
        instructing = Instructing(
            node=NODE, message=SLEEP, readings={"device_id": NODE}, wall=AT_FIVE
        )
        told = WIRE.instruct(site(cron=CRON), instructing)
        assert [said.topic for said in told] == [
            f"device/{NODE}/ack",
            f"ESP32CAM/{NODE}/ack",
        ]

    def test_goes_out_once_where_the_families_are_one(self) -> None:
        at = Site(prefix="ESP32CAM", nodes={NODE: {}})
        instructing = Instructing(node=NODE, message=SLEEP, wall=AT_FIVE)
        told = WIRE.instruct(at, instructing)
        assert [said.topic for said in told] == [f"ESP32CAM/{MAC}/ack"]

    def test_asks_for_all_parts_of_the_largest_image(self) -> None:
        (said, _) = self.told(Instruction.SEND_PARTS, missing=tuple(range(4097)))
        assert len(json.loads(said.payload)["missing_chunks"]) == 4097
