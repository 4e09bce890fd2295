"""The firmware of a node, as a program on this computer."""
