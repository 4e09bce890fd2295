"""Tests of what is counted of water."""
