"""Which cuts there are: each write of a feed, at each node."""

from __future__ import annotations

from scripts.matrix.unpowered import CUT_NODES, STEPS, WRITES, cuts


def test_each_write_of_each_node_is_cut_at_each_moment_once() -> None:
    every = [*cuts()]
    assert len({str(cut) for cut in every}) == len(every)
    assert len(every) == len(CUT_NODES) * len(WRITES) * len(STEPS)
    assert str(every[0]) == "node 1: the write of what is to begin, before it erases"
    last = "node 1 and node 2: the write of how it ended, after the last byte"
    assert str(every[-1]) == last
