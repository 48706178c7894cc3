#!/usr/bin/env python3
"""Best known bounds and plans of the library: keeps bench/results.csv, writes bench/RESULTS.md.

Usage: python3 bench/results.py add CSV NAME PLAN [--verify-s S] [--command TEXT] [--by WHO]
       python3 bench/results.py tables CSV [--write FILE]

`add` reads a plan folder that `clearway verify` has accepted and keeps, figure by figure, what is better than the
best known (bench/FORMAT.md). `tables` prints the tables or writes them into FILE. Python 3.11 or later, standard
library only.
"""

import argparse
import csv
import json
import pathlib
import sys
import tomllib

COLUMNS = [
    "instance", "figure", "side", "routes_per_zone", "value", "arrived", "people", "links", "nodes", "zones", "sites",
    "release_s", "scenario", "wall_s", "verify_s", "peak_rss_bytes", "threads", "by", "command",
]
KEY = COLUMNS[:4]
FIGURES = ["person_hours", "clearance_s"]
LIBRARY = pathlib.Path(__file__).resolve().parent / "library.toml"


def read(path):
    """All rows by their key; none if the file is not there."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {tuple(row[column] for column in KEY): row for row in csv.DictReader(file)}


def save(path, rows):
    """In the order of the library, so that a change shows as few lines."""
    order = {name: at for at, name in enumerate(definitions())}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[key] for key in sorted(rows, key=lambda k: (order.get(k[0], len(order)), k)))


def definitions():
    """The instances of the library by name."""
    return {one["name"]: one for one in tomllib.loads(LIBRARY.read_text("utf-8"))["instance"]}


def number(text):
    """A figure; None where it is not reached by the horizon."""
    return None if text in ("", None) else float(text)


def is_better(new, old):
    """Whether a row takes the place of the best known of the same instance, figure and side."""
    if old is None or new["scenario"] != old["scenario"]:
        # Another digest is another scenario: what was known of the former says nothing about it.
        return True
    a, b = number(new["value"]), number(old["value"])
    if new["side"] == "bound":
        # A later bound says more; none means that nobody can reach it at all.
        return b is not None and (a is None or a > b)
    if int(new["arrived"]) != int(old["arrived"]):
        return int(new["arrived"]) > int(old["arrived"])
    return a is not None and (b is None or a < b)


def add(arguments):
    """Keeps what is better in a plan folder."""
    if arguments.name not in definitions():
        sys.exit(f"{arguments.name} is no instance of {LIBRARY.name}")
    summary = json.loads((arguments.plan / "summary.json").read_text("utf-8"))
    plan = json.loads((arguments.plan / "plan.json").read_text("utf-8"))
    with (arguments.plan / "scenario" / "mobilization.csv").open(encoding="utf-8", newline="") as file:
        release_s = max(int(row["time_ms"]) for row in csv.DictReader(file)) / 1000
    rows = read(arguments.csv)
    for figure in FIGURES:
        limited = summary.get("route_limited_bound") or {}
        claims = [("bound", "", summary[figure]["bound"]),
                  ("plan", plan["routes_per_zone"] or "unlimited", summary[figure]["plan"])]
        if limited:
            # What no plan with so few routes can beat.
            claims.append(("bound", limited["routes_per_zone"], limited[figure]))
        for side, routes, value in claims:
            row = {
                "instance": arguments.name, "figure": figure, "side": side, "routes_per_zone": str(routes),
                "value": "" if value is None else repr(value), "arrived": summary["people"]["arrived"],
                "people": summary["people"]["total"], "links": summary["network"]["links"],
                "nodes": summary["network"]["nodes"], "zones": summary["zones"], "sites": summary["sites"],
                "release_s": f"{release_s:g}", "scenario": summary["scenario"], "wall_s": f"{summary['wall_s']:.1f}",
                "verify_s": arguments.verify_s, "peak_rss_bytes": summary["peak_rss_bytes"],
                "threads": summary["threads"], "by": arguments.by, "command": arguments.command,
            }
            key = tuple(str(row[column]) for column in KEY)
            if is_better(row, rows.get(key)):
                rows[key] = row
                print(f"{arguments.name}: new best {side} of {figure} {routes}: {row['value'] or 'not reached'}")
    save(arguments.csv, rows)


def variant(one):
    """In words, as `instance list` has it."""
    words = []
    if "bridges" in one:
        words.append("one bridge" if one["bridges"] == 1 else f"{one['bridges']} bridges")
    if "front" in one:
        words.append("moving front")
    if "curfew" in one:
        words.append(f"curfew, {one['curfew']['open_h']} h open a day")
    if "capacity_ratio" in one:
        words.append(f"sites {one['capacity_ratio']:.1f} x people")
    return ", ".join(words) or "no closures"


def gap(plan, bound):
    """plan / bound - 1 in per cent."""
    return "-" if plan is None or not bound else f"{100 * (plan / bound - 1):.1f} %"


def route_limited_bound(rows, name, figure, routes):
    """What no plan with at most that many routes per zone can beat: the later of the bounds for all plans and for those."""
    found = [number(row["value"]) for row in (rows.get((name, figure, "bound", r)) for r in ("", routes)) if row]
    return None if None in found else max(found, default=None)


def all_arrived(rows, name, routes, seconds):
    """When all have arrived; whether any plan with so many routes could do it."""
    row = rows.get((name, "clearance_s", "bound", routes))
    return "not all; none can" if seconds is None and row and number(row["value"]) is None else hours(seconds)


def hours(seconds):
    """A time in hours."""
    return "not all" if seconds is None else f"{seconds / 3600:.2f} h"


def tables(rows):
    """Markdown."""
    known = definitions()
    lines = [
        "# Best known bounds and plans", "",
        "Written by `WRITE=bench/RESULTS.md bash bench/library.sh MAPS OUT`; the same as a table for programs is",
        "[results.csv](results.csv). What an instance is: [library.md](library.md). How to hand in a better figure:",
        "[FORMAT.md](FORMAT.md). Gaps are plan / best known bound - 1, the bound being that of plans with so many routes a",
        "zone where it is later than that of all (*none can*: no such plan brings everybody); a figure stands here only if `clearway verify`",
        "accepted its plan folder. Each figure is the best known: that in person-hours and the time of all arrived may be of two",
        "plans, and of earlier versions of the search. Command, seconds and memory are those of the run that gave the person-hours,",
        "on whatever machine it was and whatever ran beside it; those of the other figure are in results.csv.", "",
        "**These rows were made before semantics 2**, when a packet in the replay was a point in time. On fifteen instances that were run again by the old and the new program the bounds move by less than 1 in 100,000 and the gaps by up to 0.6 points",
        "either way, those of columbus from 2.7 to 1.2 % in clearance (`clearway plan NAME`, defaults). Rows are replaced as instances are run again.",
        "Their orders let queues take no space, as `--queues ignore-space` does today; the commands beside them now make metered orders, which are some percent later on paper.", "",
        "| instance | class, variant | people, zones, links | bound, all arrived | bound / mobilization | plan, routes per zone "
        "| arrived | all arrived | gap, all arrived | gap, person-hours | s | MiB | by | command |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    ratios = {}
    for name, one in known.items():
        bound = {figure: rows.get((name, figure, "bound", "")) for figure in FIGURES}
        row = bound["clearance_s"]
        if row is None:
            continue
        clearance = number(row["value"])
        release = float(row["release_s"])
        ratios[name] = float("inf") if clearance is None else clearance / release
        first = [
            name, f"{one['class']}, {variant(one)}",
            f"{int(row['people']):,}, {int(row['zones']):,}, {int(row['links']):,}",
            "never" if clearance is None else hours(clearance), f"{ratios[name]:.1f}",
        ]
        plans = sorted((key[3] for key in rows if key[:3] == (name, "person_hours", "plan")), key=lambda k: (len(k), k))
        for routes in reversed(plans):
            plan = {figure: rows[(name, figure, "plan", routes)] for figure in FIGURES}
            best = plan["person_hours"]
            value = {figure: number(plan[figure]["value"]) for figure in FIGURES}
            share = int(best["arrived"]) / max(int(best["people"]), 1)
            lines.append("| " + " | ".join(first + [
                routes, f"{100 * share:.1f} %", all_arrived(rows, name, routes, value["clearance_s"]), gap(value["clearance_s"], route_limited_bound(rows, name, "clearance_s", routes)),
                gap(value["person_hours"], route_limited_bound(rows, name, "person_hours", routes)), best["wall_s"],
                f"{int(best['peak_rss_bytes']) // 2**20}", best["by"], f"`{best['command']}`",
            ]) + " |")
            first = [""] * 5
    missing = [name for name in known if name not in ratios]
    share = sum(ratio > 3 for ratio in ratios.values())
    lines += ["", f"The bound is more than three times the release in {share} of {len(ratios)} instances with results."]
    if missing:
        lines += ["", "Without a result so far: " + ", ".join(missing) + "."]
    return "\n".join(lines) + "\n"


def main():
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="what", required=True)
    adding = commands.add_parser("add")
    adding.add_argument("csv", type=pathlib.Path)
    adding.add_argument("name")
    adding.add_argument("plan", type=pathlib.Path)
    adding.add_argument("--verify-s", default="")
    adding.add_argument("--command", default="")
    adding.add_argument("--by", default="")
    writing = commands.add_parser("tables")
    writing.add_argument("csv", type=pathlib.Path)
    writing.add_argument("--write", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.what == "add":
        add(arguments)
        return
    text = tables(read(arguments.csv))
    if arguments.write is None:
        print(text, end="")
    else:
        arguments.write.write_text(text, "utf-8")
        print(f"wrote {arguments.write}")


if __name__ == "__main__":
    main()
