"""The crash matrix: everything that may befall a command, at every point of its life.

A hook in the process under test counts the points: before and after each write, fsync
and rename of the files of the station, each publish to a command topic, each answer of
a node. One run after the other lets something happen at point 1, 2, ... until a run
passes all of them. Nodes, broker and Home Assistant are real processes; what the nodes
say that they executed is the truth with which all else is compared.
"""
