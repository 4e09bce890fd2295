"""Meals, and what nodes should hold."""
