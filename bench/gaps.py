#!/usr/bin/env python3
"""The table of gaps, out of the summary.json of plan folders.

Usage: python3 bench/gaps.py OUT [--write FILE] CASE...
Reads OUT/CASE/plan-5, plan-3 and plan-1 as bench/gaps.sh writes them, and prints a Markdown table.
With --write the table replaces what stands between the marks in FILE. Python 3.9 or later, standard library only.
"""

import json
import pathlib
import sys

BEGIN = "<!-- gaps: begin, written by bench/gaps.sh -->"
END = "<!-- gaps: end -->"
HEADER = [
    "| case | people, zones, links | plan | all arrived | gap, person-hours | gap, all arrived | gap, 90 % "
    "| to its class's bound, person-hours / all arrived | wait per person | s |",
    "|---|---|---|---|---|---|---|---|---|---|",
]


def gap(plan, bound):
    """plan / bound - 1 in per cent; a dash where one of them is not there."""
    if plan is None or not bound:
        return "-"
    return f"{100 * (plan / bound - 1):.1f} %"


def hours(seconds):
    """A time, or that it is not reached within the time looked at."""
    return "not all" if seconds is None else f"{seconds / 3600:.2f} h"


def rows(out, case):
    """The rows of one case: unrestricted-route optimum first, then 5, 3 and 1 routes per zone."""
    summaries = {k: json.loads((out / case / f"plan-{k}" / "summary.json").read_text("utf-8")) for k in (5, 3, 1)}
    first = summaries[5]
    what = f"{first['people']['total']:,}, {first['zones']}, {first['network']['links']:,}"
    evacuees = first["people"]["total"] - first["people"]["staying"]
    free = first["unrestricted_routes"]
    bounds = {figure: first[figure]["bound"] for figure in ("clearance_s", "t90_s", "person_hours")}
    yield [
        case, what, f"unrestricted-route optimum, {free['routes']:,} routes", hours(free["clearance_s"]),
        gap(free["person_hours"], bounds["person_hours"]), gap(free["clearance_s"], bounds["clearance_s"]),
        gap(free["t90_s"], bounds["t90_s"]), "", "", "",
    ]
    for routes, summary in summaries.items():
        own = summary["route_limited_bound"]
        plan = {figure: summary[figure]["plan"] for figure in bounds}
        yield [
            "", "", f"{routes} per zone", hours(plan["clearance_s"]),
            gap(plan["person_hours"], summary["person_hours"]["bound"]),
            gap(plan["clearance_s"], summary["clearance_s"]["bound"]),
            gap(plan["t90_s"], summary["t90_s"]["bound"]),
            f"{gap(plan['person_hours'], own['person_hours'])} / {gap(plan['clearance_s'], own['clearance_s'])}",
            f"{60 * summary['queue']['person_hours'] / max(evacuees, 1):,.1f} min", f"{summary['wall_s']:.0f}",
        ]


def main(arguments):
    target = None
    if "--write" in arguments:
        at = arguments.index("--write")
        target = pathlib.Path(arguments[at + 1])
        del arguments[at:at + 2]
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    out = pathlib.Path(arguments[0])
    lines = HEADER + ["| " + " | ".join(row) + " |" for case in arguments[1:] for row in rows(out, case)]
    if target is None:
        print("\n".join(lines))
        return 0
    text = target.read_text("utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    target.write_text(before + BEGIN + "\n\n" + "\n".join(lines) + "\n\n" + END + after, "utf-8")
    print(f"wrote the table into {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
