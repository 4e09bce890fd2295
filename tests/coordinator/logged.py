"""What was logged."""

from __future__ import annotations

import logging

import pytest

from custom_components.mqtt_dispatch.const import DOMAIN

LOGGER_NAME = f"custom_components.{DOMAIN}"


def lines(caplog: pytest.LogCaptureFixture, level: int = logging.WARNING) -> list[str]:
    """Return what we logged, of a level and above."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= level and record.name.startswith(LOGGER_NAME)
    ]


def faults(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return everybody's errors and all tracebacks."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.ERROR or record.exc_info
    ]
