"""Valves and curtains behind a serial hub."""
