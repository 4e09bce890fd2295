"""Nodes that behave like the real ones, with faults to order.

The nodes are pure state machines (`node`, and one module a protocol). `runner`
plays them on an MQTT broker; `python -m simulator --help` says how.
"""
