"""Tests of the wire; they need no Home Assistant."""
