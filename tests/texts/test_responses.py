"""What actions respond."""

from __future__ import annotations

from custom_components.mqtt_dispatch.texts.responses import results_as_response


def test_a_command_that_is_known_no_more_has_no_results() -> None:
    assert results_as_response(None) == {}
