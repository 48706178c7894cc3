"""Solves one time-expanded network with one solver: solve.py SOLVER DIR. Prints JSON; seconds are those of the solve alone.

maximum flow: ortools-maxflow, igraph-maxflow; earliest arrival (minimum cost): ortools-mincost, highs.
"""
import json
import pathlib
import sys
import time

import numpy as np

solver, folder = sys.argv[1], pathlib.Path(sys.argv[2])
header = json.loads((folder / "header.json").read_text())
read = {name: np.fromfile(folder / name, dtype=kind)
        for name, kind in (("tail", "<u4"), ("head", "<u4"), ("capacity", "<i8"), ("cost", "<i8"))}
tail, head = read["tail"].astype(np.int32), read["head"].astype(np.int32)
capacity, cost = read["capacity"], read["cost"]
source, sink, supply = header["source"], header["sink"], header["supply"]
result = {"solver": solver, "arcs": header["arcs"]}

if solver == "ortools-maxflow":
    from ortools.graph.python import max_flow
    problem = max_flow.SimpleMaxFlow()
    problem.add_arcs_with_capacity(tail[1:], head[1:], capacity[1:])  # without the way past everything
    start = time.perf_counter()
    assert problem.solve(source, sink) == problem.OPTIMAL
    result["solve_s"] = time.perf_counter() - start
    result["flow"] = problem.optimal_flow()
elif solver == "igraph-maxflow":
    import igraph
    graph = igraph.Graph(n=header["nodes"], edges=np.column_stack((tail[1:], head[1:])), directed=True)
    limits = capacity[1:].astype(float).tolist()
    start = time.perf_counter()
    result["flow"] = int(round(graph.maxflow_value(source, sink, capacity=limits)))
    result["solve_s"] = time.perf_counter() - start
elif solver == "ortools-mincost":
    from ortools.graph.python import min_cost_flow
    problem = min_cost_flow.SimpleMinCostFlow()
    problem.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    problem.set_node_supply(source, supply)
    problem.set_node_supply(sink, -supply)
    start = time.perf_counter()
    assert problem.solve() == problem.OPTIMAL
    result["solve_s"] = time.perf_counter() - start
    result["cost"] = int(problem.optimal_cost())
elif solver == "highs":
    import highspy
    model = highspy.HighsLp()
    nodes, arcs = header["nodes"], header["arcs"]
    model.num_col_, model.num_row_ = arcs, nodes
    model.col_cost_, model.col_lower_, model.col_upper_ = cost.astype(float), np.zeros(arcs), capacity.astype(float)
    balance = np.zeros(nodes)
    balance[source], balance[sink] = supply, -supply
    model.row_lower_ = model.row_upper_ = balance
    # column by column: +1 at the tail's row, -1 at the head's
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * arcs + 1, 2, dtype=np.int32)
    model.a_matrix_.index_ = np.column_stack((tail, head)).ravel()
    model.a_matrix_.value_ = np.tile([1.0, -1.0], arcs)
    problem = highspy.Highs()
    problem.setOptionValue("output_flag", False)
    problem.setOptionValue("threads", 1)
    problem.passModel(model)
    start = time.perf_counter()
    problem.run()
    result["solve_s"] = time.perf_counter() - start
    assert problem.getModelStatus() == highspy.HighsModelStatus.kOptimal
    result["cost"] = int(round(problem.getInfo().objective_function_value))
else:
    sys.exit(f"no such solver: {solver}")
print(json.dumps(result))
