"""What greenhouse nodes say of themselves."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import (
    Done,
    Hello,
    Needs,
    Seen,
)
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import (
    Happened,
    Learned,
    Malformed,
    Publication,
    Said,
)
from tests.nonempty import some

from .samples import FIELDS, HELLO, HOME, NODE, SAID, WIRE, a_site, reports

CONFIG_KEYS = '"node_id":"nd-ph-1","gh_uid":"gh-1","zone_uid":"zn-2"'
ACTUATORS = '"channels":[' + ",".join(
    f'{{"name":"{each["name"]}","type":"ACTUATOR"}}'
    for each in FIELDS["channels"]
    if each["type"] == "ACTUATOR"
)
HELD = f"{{{CONFIG_KEYS},{ACTUATORS}]}}"


def of_type[T](said: tuple[Said, ...], kind: type[T]) -> list[T]:
    """Return what of a message is of one kind."""
    return [each for each in said if isinstance(each, kind)]


class TestAHello:
    """It says that a node has started or connected anew, and makes us send nothing."""

    @pytest.mark.parametrize(
        "topic",
        [
            "hydro/node_hello",
            f"{HOME}/node_hello",
            f"hydro/gh-temp/zn-temp/{NODE}/node_hello",
            "hydro/gh-7/zn-7/nd-7/node_hello",
        ],
    )
    def test_of_a_node_with_a_place_gets_no_configuration(self, topic: str) -> None:
        said = reports(topic, HELLO)
        assert not of_type(said, Publication)
        assert not of_type(said, Needs)
        assert Done(NODE, subject="started") in said

    def test_tells_who_it_is(self) -> None:
        hello, *_ = reports("hydro/node_hello", HELLO)
        assert hello == Hello(
            node=NODE,
            hardware_id="esp32-A1B2c3d4e5f6",
            type="ph",
            firmware="5.2",
            capabilities=("ph", "temperature"),
        )

    def test_is_spelled_once_and_for_all(self) -> None:
        site = Site(prefix="hydro", nodes={NODE: SAID})
        (learned,) = of_type(reports("hydro/node_hello", HELLO, site=site), Learned)
        assert learned.facts["hardware_id"] == "esp32-A1B2c3d4e5f6"
        assert not of_type(reports("hydro/node_hello", HELLO), Learned)

    @pytest.mark.parametrize(
        ("version", "generation"), [("v5.1.2", "seed"), ("1.0.0", "head")]
    )
    def test_shows_its_generation(self, version: str, generation: str) -> None:
        site = a_site(generation=None)
        said = reports("hydro/node_hello", HELLO.replace("5.2", version), site=site)
        assert of_type(said, Learned) == [Learned(NODE, {"generation": generation})]


# topic, payload: what shows that a node is of the older generation
OLDER = [
    ("status", '{"status":"ONLINE","ts":17}'),
    ("ph_sensor/telemetry", '{"metric_type":"PH","value":5,"timestamp":17}'),
    ("ph_sensor/telemetry", '{"metric_type":"PH","value":5,"ts":17}'),
    ("config_response", '{"status":"ACK"}'),
]
NEWER = [
    ("status", '{"status":"ONLINE","ts":1737979200}'),
    ("heartbeat", '{"uptime":17,"fw_version":"1.0.0"}'),
    ("config_report", HELD),
]


@pytest.mark.parametrize(("suffix", "payload"), OLDER)
def test_a_node_of_the_older_generation_is_known_by_what_it_says(
    suffix: str, payload: str
) -> None:
    said = reports(f"{HOME}/{suffix}", payload)
    assert of_type(said, Learned) == [Learned(NODE, {"generation": "seed"})]


@pytest.mark.parametrize(("suffix", "payload"), NEWER)
def test_a_node_of_the_newer_generation_is_known_by_what_it_says(
    suffix: str, payload: str
) -> None:
    said = reports(f"{HOME}/{suffix}", payload, site=a_site(generation="seed"))
    (learned,) = of_type(said, Learned)
    assert learned.facts["generation"] == "head"


def test_an_old_node_counts_milliseconds_and_repeats_what_it_is_told_again() -> None:
    site = a_site(generation="seed")
    (seen,) = reports(f"{HOME}/heartbeat", '{"uptime":120000}', site=site)
    assert isinstance(seen, Seen)
    assert (seen.uptime, seen.drops_repeats) == (120, False)


class TestWhatANodeHolds:
    """`config_report`: it proves a binding, and names the channels."""

    def test_proves_that_it_took_its_place_and_its_configuration(self) -> None:
        said = reports(f"{HOME}/config_report", HELD, site=a_site(assigned=None))
        (learned,) = of_type(said, Learned)
        assert learned.facts["assigned"] is True
        assert Done(NODE, subject="config") in said

    @pytest.mark.parametrize("version", ["1", "3", "987654", '"x"', "null"])
    def test_proves_it_whatever_its_version(self, version: str) -> None:
        held = HELD.replace("{", f'{{"version":{version},', 1)
        assert Done(NODE, subject="config") in reports(f"{HOME}/config_report", held)

    @pytest.mark.parametrize(
        "held",
        [
            HELD.replace("nd-ph-1", "nd-ph-2"),
            HELD.replace("gh-1", "gh-9"),
            HELD.replace('"zn-2"', '["zn-2"]'),
            f'{{{CONFIG_KEYS},"channels":[]}}',
            f"{{{CONFIG_KEYS}}}",
        ],
    )
    def test_proves_nothing_if_it_is_another_ones_or_lacks_an_actuator(
        self, held: str
    ) -> None:
        said = reports(f"{HOME}/config_report", held)
        assert Done(NODE, subject="config") not in said

    def test_proves_nothing_at_a_temporary_address(self) -> None:
        topic = f"hydro/gh-temp/zn-temp/{NODE}/config_report"
        assert Done(NODE, subject="config") not in reports(topic, HELD)

    def test_need_not_have_what_it_was_not_sent(self) -> None:
        held = f'{{{CONFIG_KEYS},"type":"ph_node","channels":[]}}'
        said = reports(f"{HOME}/config_report", held, site=a_site(type="ph"))
        assert Done(NODE, subject="config") in said

    def test_takes_nothing_from_what_a_person_named_until_the_node_has_it(
        self,
    ) -> None:
        held = f'{{{CONFIG_KEYS},"type":"climate","channels":[]}}'
        for topic in (
            f"{HOME}/config_report",
            f"hydro/gh-temp/zn-temp/{NODE}/config_report",
        ):
            for learned in some(of_type(reports(topic, held), Learned)):
                assert "channels" not in learned.facts

    def test_names_its_type_and_its_channels_and_no_secret_is_kept(self) -> None:
        held = (
            f'{{{CONFIG_KEYS},"type":"storage_irrigation_node","node_secret":"s3cret",'
            '"wifi":{"ssid":"home","pass":"s3cret"},"mqtt":{"pass":"s3cret"},'
            '"channels":[{"name":"pump_main","type":"actuator","actuator_type":"PUMP"},'
            '{"name":"level","type":"SENSOR","metric":"X","precision":2,"pass":"s3cret",'
            '"gpio":9999},{"name":"pump main","type":"SENSOR"},"x",'
            '{"name":"LEVEL","type":"SENSOR"},'
            '{"name":"fan","type":"ACTUATOR","actuator_type":"Fan"}]}'
        )
        said = reports(f"{HOME}/config_report", held)
        (learned,) = of_type(said, Learned)
        assert learned.facts == {
            "type": "irrig",
            "channels": [
                {"name": "level", "type": "SENSOR", "metric": "X"},
                {"name": "fan", "type": "ACTUATOR", "actuator_type": "FAN"},
            ],
        }
        assert "s3cret" not in repr(said)


class TestANodeThatNobodyAdopted:
    """`telemetry` for a node that is not adopted is only counted."""

    @pytest.mark.parametrize(
        ("suffix", "payload"),
        [
            ("lwt", "offline"),
            ("ph_sensor/telemetry", '{"metric_type":"PH","value":5.9}'),
            ("system/command_response", '{"cmd_id":"md-1","status":"DONE"}'),
            ("system/event", '{"event_code":"x"}'),
            ("config_response", '{"status":"OK"}'),
            ("error", '{"level":"ERROR"}'),
        ],
    )
    @pytest.mark.parametrize("address", ["gh-7/zn-7/nd-7", "gh-temp/zn-temp/esp32-99"])
    def test_says_little(self, address: str, suffix: str, payload: str) -> None:
        said = reports(f"hydro/{address}/{suffix}", payload)
        assert said == (Malformed("not adopted"),)

    @pytest.mark.parametrize(
        ("suffix", "payload"),
        [("status", '{"status":"ONLINE"}'), ("heartbeat", '{"uptime":1}')],
    )
    def test_is_known_by_its_hardware_id_where_its_hello_was_lost(
        self, suffix: str, payload: str
    ) -> None:
        said = reports(f"hydro/gh-temp/zn-temp/ESP32-99/{suffix}", payload)
        assert of_type(said, Hello) == [Hello(node="esp32-99")]
        assert all(seen.node == "esp32-99" for seen in of_type(said, Seen))

    @pytest.mark.parametrize(
        ("suffix", "payload", "told_type"),
        [
            ("status", '{"status":"ONLINE"}', ""),
            ("heartbeat", '{"uptime":1}', ""),
            ("config_report", '{"type":"climate_node"}', "climate_node"),
        ],
    )
    def test_is_found_at_its_place_if_it_has_one(
        self, suffix: str, payload: str, told_type: str
    ) -> None:
        hello, *_ = reports(f"hydro/gh-7/zn-7/ND-7/{suffix}", payload)
        assert hello == Hello(node="nd-7", type=told_type, place="gh-7/zn-7/ND-7")
        assert isinstance(hello, Hello)
        assert WIRE.node_usually(hello) == {
            "type": "climate" if told_type else "unknown",
            "greenhouse": "gh-7",
            "zone": "zn-7",
            "uid": "ND-7",
        }

    def test_is_not_offered_under_the_name_of_another(self) -> None:
        said = reports(f"hydro/gh-7/zn-7/{NODE}/status", '{"status":"ONLINE"}')
        assert said == (Malformed("not adopted"),)

    def test_left_a_retained_status_that_says_nothing(self) -> None:
        topic = "hydro/gh-temp/zn-temp/esp32-99/status"
        said = reports(topic, '{"status":"ONLINE"}', retain=True)
        assert said == (Malformed("not adopted"),)


class TestANodeThatLostItsConfiguration:
    @pytest.mark.parametrize(
        ("suffix", "payload", "repeated"),
        [
            ("status", '{"status":"ONLINE"}', False),
            ("heartbeat", '{"uptime":1}', True),
        ],
    )
    def test_needs_it_where_it_speaks(
        self, suffix: str, payload: str, repeated: bool
    ) -> None:
        needs = Needs(NODE, "update_config", repeated=repeated)
        assert needs in reports(f"hydro/gh-temp/zn-temp/{NODE}/{suffix}", payload)
        assert needs not in reports(f"{HOME}/{suffix}", payload)

    def test_is_left_to_its_first_binding_if_it_never_had_one(self) -> None:
        topic = f"hydro/gh-temp/zn-temp/{NODE}/status"
        said = reports(topic, '{"status":"ONLINE"}', site=a_site(assigned=False))
        assert not of_type(said, Needs)

    def test_gets_none_if_it_would_lose_its_network_by_it(self) -> None:
        topic = f"hydro/gh-temp/zn-temp/{NODE}/heartbeat"
        said = reports(topic, '{"uptime":1}', site=a_site(generation="seed"))
        assert not of_type(said, Needs)


class TestANodeThatIsToMove:
    """A person gave it another zone; it does not know yet."""

    site = a_site(zone="zn-3")

    def test_is_heard_where_it_still_is(self) -> None:
        seen, needs = reports(f"{HOME}/heartbeat", '{"uptime":1}', site=self.site)
        assert isinstance(seen, Seen)
        assert needs == Needs(NODE, "update_config", repeated=True)

    def test_has_moved_once_it_speaks_there(self) -> None:
        topic = "hydro/gh-1/zn-3/nd-ph-1/heartbeat"
        _, learned = reports(topic, '{"uptime":1}', site=self.site)
        assert learned == Learned(NODE, {"lives_at": "gh-1/zn-3/nd-ph-1"})


class TestWhatHappens:
    def test_is_told_with_what_the_node_says_of_it(self) -> None:
        topic = f"{HOME}/storage_state/event"
        event = (
            '{"event_code":"Irrigation_Timeout","ts":1,"stage":"x\\u0000y","on":true,'
            '"list":["a","b",7],"nothing":null,"deep":{"a":1},"snapshot":{"inlet":1}}'
        )
        seen, happened = reports(topic, event)
        assert isinstance(seen, Seen)
        assert seen.readings["inlet/state"] == "open"
        assert happened == Happened(
            NODE,
            "irrigation_timeout",
            {
                "channel": "storage_state",
                "stage": "x�y",
                "on": True,
                "list": "a, b",
                "nothing": None,
            },
        )

    def test_is_a_problem_if_it_is_an_error(self) -> None:
        error = '{"level":"ERROR","component":"ph","message":"no answer"}'
        seen, happened = reports(f"{HOME}/error", error)
        assert isinstance(seen, Seen)
        assert seen.readings["problem"] == 1
        assert seen.readings["problem_reason"] == "ph: no answer"
        assert isinstance(happened, Happened)
        assert happened.code == "error"

    def test_is_none_if_it_is_a_warning(self) -> None:
        seen, happened = reports(f"{HOME}/error", '{"level":"WARNING","message":"x"}')
        assert isinstance(seen, Seen)
        assert "problem" not in seen.readings
        assert isinstance(happened, Happened)
        assert happened.code == "warning"

    def test_is_a_problem_as_long_as_a_node_is_in_safe_mode(self) -> None:
        status = '{"state":"safe_mode","reason":"overheated"}'
        for retain in (False, True):
            (seen,) = of_type(reports(f"{HOME}/status", status, retain=retain), Seen)
            assert seen.readings["problem_reason"] == "safe_mode: overheated"
        (seen,) = of_type(reports(f"{HOME}/status", '{"status":"ONLINE"}'), Seen)
        assert seen.readings["problem"] == 0


def test_what_nobody_knows_is_measured_in_the_unit_that_the_node_names() -> None:
    telemetry = '{"metric_type":"Glow-2","value":-3,"unit":"glims"}'
    (seen,) = reports(f"{HOME}/ph_sensor/telemetry", telemetry)
    assert isinstance(seen, Seen)
    assert seen.readings["ph_sensor/glow-2"] == -3
    assert seen.readings["ph_sensor/glow-2/unit"] == "glims"
