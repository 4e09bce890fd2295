"""What a protocol says of what its nodes have nothing to do with."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from custom_components.mqtt_dispatch import protocols
from custom_components.mqtt_dispatch.engine.model.reports import Hello
from custom_components.mqtt_dispatch.protocols import PROTOCOLS, defaults


def test_a_node_of_which_nothing_is_told_is_anybody() -> None:
    assert defaults.nothing_told("1") == {}
    assert defaults.no_mac("1") is None
    assert defaults.nothing_usual(Hello(node="1")) == {}
    assert defaults.always_bound({})


def test_no_cron_expression_is_ever_due() -> None:
    assert defaults.no_next_time("0 7 * * *", 0.0) is None


def test_what_a_command_does_teaches_nothing_and_holds_no_longer() -> None:
    nobody: Any = None
    assert defaults.nothing_learned(nobody, nobody, "1") == {}
    assert defaults.word_of_the_waking(nobody, "1", 0.0) == 0.0


def test_a_node_is_told_nothing_but_commands() -> None:
    nobody: Any = None
    assert defaults.no_instruction(nobody, nobody) == ()
    assert defaults.no_time_answer(nobody, 0.0) == ()


def test_a_payload_is_read_as_it_came() -> None:
    assert list(defaults.nothing_unpacked(b"{}")) == []


def test_a_protocol_is_called_what_its_folder_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = SimpleNamespace(found=PROTOCOLS["petnet"])
    monkeypatch.setattr(protocols, "import_module", lambda _: module)

    with pytest.raises(ValueError, match="in other calls itself petnet"):
        protocols._protocol_in("other")
