"""Protocols that are described in data; README.md says what was decided."""
