"""Protocols that are made of profiles."""
