"""Load and flood: a real Home Assistant, a real broker, hundreds of simulated nodes.

`scripts/load` measures, judges by the limits in `limits`, and prints.
"""
