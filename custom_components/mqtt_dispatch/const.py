"""Names of MQTT Dispatch."""

from __future__ import annotations

from typing import Final

from homeassistant.const import Platform

DOMAIN: Final = "mqtt_dispatch"

PLATFORMS: Final = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.COVER,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.LIGHT,
    Platform.NUMBER,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.UPDATE,
    Platform.VALVE,
)

ENTRY_VERSION: Final = 1
ENTRY_MINOR_VERSION: Final = 3
"""Since 2, what is set to a percentage is a light or a cover, and was a number."""

CONF_PREFIX: Final = "prefix"
CONF_NODE: Final = "node"
CONF_NODES: Final = "nodes"
CONF_FIELDS: Final = "fields"
CONF_KNOWN: Final = "known"
CONF_FLOWS: Final = "flows"
CONF_WELCOME: Final = "welcome"
SUBENTRY_NODE: Final = "node"

OPT_ACCEPT_TIMEOUT: Final = "accept_timeout"
OPT_DONE_TIMEOUT: Final = "done_timeout"
OPT_RETRY_DELAY: Final = "retry_delay"
OPT_ATTEMPTS: Final = "attempts"
OPT_MAX_OPEN: Final = "max_open"
OPT_FAILURES_IN_A_ROW: Final = "failures_in_a_row"
OPT_MAX_AGE: Final = "max_age"
OPT_DEBOUNCE: Final = "debounce"
OPT_HISTORY_DAYS: Final = "history_days"
OPT_HOLD: Final = "hold"
OPT_LATE: Final = "late"
OPT_FEED_EXPIRES_IN: Final = "feed_expires_in"
OPT_PORTIONS_PER_DAY: Final = "portions_per_day"
OPT_MINIMUM_GAP: Final = "minimum_gap"
OPT_FEEDS_WAITING: Final = "feeds_waiting"
OPT_FEEDS_PER_HOUR: Final = "feeds_per_hour"
OPT_PORTION_GRAMS: Final = "portion_grams"
OPT_FOOD: Final = "food"
OPT_PICTURES: Final = "pictures"
OPT_PANEL: Final = "panel"
OPT_CARD_RESOURCE: Final = "card_resource"
FOR_ALL_STATIONS: Final = (OPT_PANEL, OPT_CARD_RESOURCE)
"""What every station has alike: on, unless one of them says no."""
