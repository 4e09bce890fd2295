"""When something was last fed, as far as it is certain."""

from __future__ import annotations

from collections.abc import Collection

from ..coordinator import DispatchCoordinator


def last_fed(
    coordinator: DispatchCoordinator, nodes: Collection[str] | None = None
) -> float | None:
    """Return when a station, or some of its nodes, last fed for certain.

    In unix seconds; None: never, as far as is known. What a node fed by itself counts;
    nodes that do not tell such a thing feed when their station does.
    """
    seen = coordinator.data
    planning = coordinator.protocol.planning
    tells = planning is not None and planning.told
    by_nodes = [
        seen.nodes[node].last_fed
        for node in (seen.nodes if nodes is None else nodes)
        if node in seen.nodes
    ]
    by_station = [] if tells and nodes is not None else [seen.last_fed]
    return max((at for at in (*by_nodes, *by_station) if at is not None), default=None)
