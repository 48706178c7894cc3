"""Runs ours and the peers in turn on the same instances, checks that they agree, prints the table: run.py PROGRAM OUT LIMIT."""
import json
import pathlib
import resource
import subprocess
import sys
import time

program, out, limit = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
here = pathlib.Path(__file__).parent
# name, side of the grid, steps, people
CASES = [("small", 12, 40, 4000), ("grid", 40, 70, 20000), ("large", 40, 200, 60000)]
PEERS = ["ortools-maxflow", "igraph-maxflow", "ortools-mincost", "highs"]


def run(command):
    """What a command prints as JSON, with whole-process seconds; a text if it did not finish."""
    start = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return f"not finished within {limit:.0f} s"
    if done.returncode != 0:
        return "failed: " + (done.stderr.strip().splitlines() or ["no message"])[-1]
    return {**json.loads(done.stdout), "process_s": time.perf_counter() - start}


agree = True
print("| instance | solver | finds | solve, s | ratio to ours |\n|---|---|---|---|---|")
for name, side, steps, people in CASES:
    folder = out / name
    runs = [run([program, str(side), str(steps), str(people), str(folder)]) for _ in range(3)]
    if isinstance(runs[0], str):
        sys.exit(f"ours: {runs[0]}")
    ours = min(runs, key=lambda r: r["solve_s"])
    print(f"| {name}, {ours['arcs']:,} arcs | Clearway's engine | every maximum flow and the earliest arrival | "
          f"{ours['solve_s']:.3f} | 1 |", flush=True)
    for peer in PEERS:
        result = run([sys.executable, str(here / "solve.py"), peer, str(folder)])
        finds = "one maximum flow" if "maxflow" in peer else "the earliest arrival"
        if isinstance(result, str):
            print(f"| | {peer} | {finds} | {result} | |", flush=True)
            agree &= not result.startswith("failed")
            continue
        figure = "flow" if "flow" in result else "cost"
        if result[figure] != ours[figure]:
            agree = False
            print(f"{name}: {peer} finds {figure} {result[figure]}, ours {ours[figure]}", file=sys.stderr)
        ratio = result["solve_s"] / ours["solve_s"]
        print(f"| | {peer} | {finds} | {result['solve_s']:.3f} | {ratio:.2g} |", flush=True)
print(f"\npeak of the largest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB", file=sys.stderr)
sys.exit(0 if agree else 1)
