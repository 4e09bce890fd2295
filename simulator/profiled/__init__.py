"""Nodes that a profile describes, played from the same file."""
