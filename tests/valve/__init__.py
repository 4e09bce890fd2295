"""Valves: what their nodes report is what is shown, and closing goes first."""
