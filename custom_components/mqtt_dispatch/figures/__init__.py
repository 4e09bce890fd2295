"""Figures: how much was ordered, what became of it, and how long that took."""
