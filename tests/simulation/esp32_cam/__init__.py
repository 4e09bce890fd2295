"""The simulation with cameras that sleep."""
