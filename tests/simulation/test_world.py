"""A run ends as it says: it comes to rest, also after Home Assistant started anew."""

from __future__ import annotations

import pytest

from simulation.cli import run_seed
from simulation.record import Ended, Healed, Holds, Loaded, Stopped


@pytest.mark.parametrize("seed", [7001, 7005, 7106])
def test_nodes_are_looked_at_before_and_after_a_new_start(seed: int) -> None:
    record = run_seed(seed, 1, 1.0, "petnet")[0]
    healed = next(n for n, entry in enumerate(record) if isinstance(entry, Healed))
    ending = (Stopped, Loaded, Holds, Ended)
    kinds = [type(entry) for entry in record[healed:] if isinstance(entry, ending)]

    both = [Holds, Holds]
    assert kinds == [*both, Stopped, Loaded, *both, Ended]
