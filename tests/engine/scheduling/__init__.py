"""Whose turn it is, and why the others wait."""
