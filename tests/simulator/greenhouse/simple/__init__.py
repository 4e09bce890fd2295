"""Nodes as we once took them to be."""
