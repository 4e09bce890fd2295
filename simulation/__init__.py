"""A world on one virtual clock in which the promises can be broken, and are judged.

Everything that may go wrong is drawn from a seed: the same seed always gives the same
run. `world` runs it and keeps a `record`; `checker` judges the record alone.
"""
