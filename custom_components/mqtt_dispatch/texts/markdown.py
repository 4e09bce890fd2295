"""Texts of others in what Home Assistant shows as Markdown."""

from __future__ import annotations


def as_code(text: str) -> str:
    """Return a text as Markdown that shows it as it is, whoever chose it."""
    return f"`{text.replace('`', "'")}`"
