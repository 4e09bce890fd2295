"""Queues to compare with: the same nodes, the same points, the same comparison.

The workers run in a virtual environment of their own, which has the queue and nothing
of Home Assistant.
"""
