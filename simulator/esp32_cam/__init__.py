"""Cameras that sleep."""
