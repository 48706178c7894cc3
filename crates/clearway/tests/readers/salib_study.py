"""Computes the indices or effects of a study with SALib from its runs, and compares them with those in study.json.

Usage: salib_study.py FOLDER
"""

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from SALib.analyze import morris, sobol

folder = Path(sys.argv[1])
study = json.loads((folder / "study.json").read_text())
runs = parquet.read_table(folder / "runs.parquet").to_pydict()
lines = (folder / "runs.csv").read_text().splitlines()
assert lines[0].split(",") == list(runs) and len(lines) == study["runs"] + 1, lines[0]
names = [row["input"] for row in study["inputs"]]
problem = {"num_vars": len(names), "names": names, "bounds": [row["spread"]["range"] for row in study["inputs"]]}
checked = 0
for described in study["figures"]:
    figure = described["figure"]
    values = np.array(runs[figure], dtype=float)
    if study["design"] == "sobol":
        found = sobol.analyze(problem, values, calc_second_order=False, seed=1)
        told = {row["input"]: row for row in study["indices"] if row["figure"] == figure}
        for at, name in enumerate(names):
            row = told[name]
            assert abs(found["S1"][at] - row["first"]) < 1e-9, (figure, name, found["S1"][at], row)
            assert abs(found["ST"][at] - row["total"]) < 1e-9, (figure, name, found["ST"][at], row)
            # its interval is of another kind (normal around the estimate): about as wide
            for key, half in (("first", found["S1_conf"][at]), ("total", found["ST_conf"][at])):
                ours = (row[f"{key}_high"] - row[f"{key}_low"]) / 2
                assert 0.5 < ours / half < 2, (figure, name, key, ours, half)
            checked += 2
    else:
        points = np.array([runs[f"input.{name}"] for name in names], dtype=float).T
        found = morris.analyze(problem, points, values, num_levels=4, scaled=False, seed=1)
        told = {row["input"]: row for row in study["effects"] if row["figure"] == figure}
        for at, name in enumerate(names):
            row = told[name]
            for key, ours in (("mu", "mean"), ("mu_star", "mean_absolute"), ("sigma", "deviation")):
                assert abs(found[key][at] - row[ours]) < 1e-6 * max(1.0, abs(row["mean_absolute"])), (figure, name, key, found[key][at], row)
            checked += 3
assert checked
print(f"{checked} figures are the same")
