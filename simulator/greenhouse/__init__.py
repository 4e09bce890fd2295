"""Nodes that introduce themselves and are given a place."""
