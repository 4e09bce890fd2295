"""Real parts, as processes on 127.0.0.1: broker, simulated nodes, Home Assistant.

The demo and the tests on real parts both build on these. Each part takes its own
folder and port, so several sets can run side by side.
"""
