"""Fuzzing with atheris: what nodes say, and what stands in the files of a station.

`scripts/fuzz` runs each target of `targets` for a while and judges what came of it.
"""
