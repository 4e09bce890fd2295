"""Whatever happens, no valve that was opened for a time stays open for ever."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any

from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState, Outcome
from custom_components.mqtt_dispatch.engine.model.events import Refused
from tests.protocols.played import Played

from .shipped import spoken

TAP = "tap"
SETTLES = 7200.0
"""Seconds in which all that is to end does: what waits, and the longest run."""
SAYS = {
    "neo_valve": ("status", "on_manual_app", "off"),
    "lidl_valve": ("state", "ON", "OFF"),
    "pushok_valve": ("status", "ON", "OFF"),
    "novato_valve": ("valve_state", "Open", "Closed"),
    "qoto_valve": ("valve_state", 100, 0),
    "frankever_valve": ("state", "ON", "OFF"),
    "shut_off_valve": ("state", "ON", "OFF"),
    "sinope_valve": ("state", "OPEN", "CLOSE"),
}
"""By model: what it says of itself, open and closed."""


OPENING = {"state": ("ON", "OPEN"), "valve_state_auto_shutdown": (100,)}
CLOSING = {"state": ("OFF", "CLOSE"), "valve_state": (0,)}
LOOKS_EVERY = 6
"""Seconds after which it answers what it was asked."""


def _says(told: Mapping[str, Any], words: Mapping[str, tuple[Any, ...]]) -> bool:
    return any(told.get(key) in known for key, known in words.items())


class Stubborn(Played):
    """A valve that never closes by itself, whatever it was told, at a bridge."""

    def __init__(self, model: str) -> None:
        self.is_open, self.reachable = False, True
        self._set: dict[str, Any] = {}
        self.key, *self.words = SAYS[model]
        super().__init__(spoken("zigbee2mqtt"), {TAP: {"model": model}})
        self.come_in()

    def come_in(self) -> None:
        self.hear("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
        self.tells()
        self.tells()

    def tells(self) -> None:
        """Say how it is, and do first what it was told meanwhile."""
        for topic, text in self.taken():
            if self.reachable and topic.startswith(f"zigbee2mqtt/{TAP}/set"):
                is_plain = topic.endswith("/state")
                self._obeys({"state": text} if is_plain else json.loads(text))
        self._says_how_it_is()

    def _obeys(self, told: Mapping[str, Any]) -> None:
        self._set |= {key: told[key] for key in told if key in ("timer", "state")}
        opens = "on_with_countdown" in told or _says(told, OPENING)
        self.is_open = opens or (self.is_open and not _says(told, CLOSING))

    def _says_how_it_is(self) -> None:
        if self.reachable:
            state = self.words[0 if self.is_open else 1]
            self.hear(f"zigbee2mqtt/{TAP}", {**self._set, self.key: state})

    def pass_time(self, seconds: float) -> None:
        """Let time pass, in which it speaks now and then."""
        for _ in range(max(1, round(seconds / 60))):
            for _ in range(60 // LOOKS_EVERY):
                self.advance(LOOKS_EVERY)
                if self.sent:
                    self.tells()
            self.tells()

    # What may happen

    def open(self, minutes: int) -> None:
        self.put("open_valve", TAP, duration=60 * minutes)
        while self.sent:
            self.tells()

    def close(self) -> None:
        self.put("close_valve", TAP)
        self.tells()

    def killed(self, minutes: int) -> None:
        # What leaves as it is killed arrives.
        self.tells()
        self.crash(away=60.0 * minutes)
        self.connect()
        self.come_in()

    def broker_away(self, minutes: int) -> None:
        self.disconnect()
        self.advance(60.0 * minutes)
        self.connect()
        self.come_in()

    def out_of_reach(self, minutes: int) -> None:
        self.reachable = False
        self.pass_time(60.0 * minutes)
        self.reachable = True
        self.tells()

    def asked(self, outcome: str) -> None:
        """Have a person settle what is in doubt, truly."""
        for command in tuple(self.engine.ledger.open.values()):
            if command.state is CommandState.UNCONFIRMED:
                try:
                    self.resolve(command.id, Outcome(outcome))
                except Refused:
                    continue
        self.tells()


MINUTES = st.sampled_from([1, 2, 5, 11, 25])
HAPPENS = st.one_of(
    st.tuples(st.just("open"), st.sampled_from([1, 10, 20])),
    st.tuples(st.just("close")),
    st.tuples(st.just("killed"), MINUTES),
    st.tuples(st.just("broker_away"), MINUTES),
    st.tuples(st.just("out_of_reach"), MINUTES),
    st.tuples(st.just("pass_time"), MINUTES.map(lambda each: 60.0 * each)),
    st.tuples(st.just("asked"), st.sampled_from(["succeeded", "resend"])),
)


SENT_ONCE_MORE = [
    ("open", 20),
    ("killed", 11),
    ("out_of_reach", 25),
    ("open", 1),
    ("killed", 1),
    ("broker_away", 2),
    ("asked", "resend"),
]
"""The older of two is sent after the newer one, whose end has come by then."""


@pytest.mark.parametrize("model", SAYS)
@settings(deadline=None, max_examples=25)
@example(happens=SENT_ONCE_MORE)
@given(happens=st.lists(HAPPENS, max_size=12))
def test_it_is_closed_in_the_end(model: str, happens: list[tuple[Any, ...]]) -> None:
    valve = Stubborn(model)
    for what, *how in happens:
        getattr(valve, what)(*how)
    valve.pass_time(SETTLES)

    assert not valve.is_open


@pytest.mark.parametrize("model", SAYS)
def test_it_stays_open_without_us(model: str) -> None:
    valve = Stubborn(model)
    valve.open(1)
    valve.disconnect()
    valve.advance(SETTLES)

    assert valve.is_open, "else nothing is shown here"
