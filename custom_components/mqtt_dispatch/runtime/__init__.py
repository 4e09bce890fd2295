"""The driver: events in, effects out, through ports. No Home Assistant, no clock."""
