"""Tests of the driver, in a world of fake ports; no Home Assistant."""
