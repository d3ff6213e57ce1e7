"""The prediction graph run as a plan that is made once, without dask.

For each of a turn's graph runs dask builds, orders and schedules a graph of some six nodes anew: 8 % of a turn. The
nodes run one after the other in either case.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

from bot.runtime.patches import Patch

Plan = list[tuple[str, GraphNode, tuple[str, ...]]]  # nodes in an order that respects their needs
PLANS = "_plans"


def run(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    wanted = tuple(targets or self._graph_schema.target_names)
    plans = self.__dict__.setdefault(PLANS, {})
    if wanted not in plans:
        plans[wanted] = _plan(self._graph_schema.minimal_graph_schema(list(wanted)), self._instantiated_nodes)
    results = dict(inputs or {})
    for name in results:
        if name in self._instantiated_nodes:
            raise GraphRunError(f"Input value '{name}' clashes with a node name.")
    for name, node, needs in plans[wanted]:
        # As under dask, a need that nothing provides is passed on as its name.
        given = [(need, results[need]) if need in results else need for need in needs]
        results[name] = node(*given)[1]
    return {target: results[target] for target in wanted}


def _plan(schema: GraphSchema, nodes: dict[str, GraphNode]) -> Plan:
    plan: Plan = []
    planned: set[str] = set()

    def add(name: str) -> None:
        if name in planned or name not in schema.nodes:
            return
        planned.add(name)
        needs = tuple(schema.nodes[name].needs.values())
        for need in needs:
            add(need)
        plan.append((name, nodes[name], needs))

    for name in schema.nodes:
        add(name)
    return plan


PATCH = Patch(
    name="graph_plan",
    owner=DaskGraphRunner,
    attribute="run",
    replacement=run,
    source_sha256="45f0f52f574f3aa9546a552bf671183e171092c18b66e97f5771a7fa295de37e",
)
