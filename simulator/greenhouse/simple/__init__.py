"""Nodes as we once took them to be; they go when the real kind is the default."""
