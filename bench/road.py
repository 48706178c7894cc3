"""What becomes of default plans on roads on which queues take space: the table of ROAD.md.

    python3 bench/road.py PROGRAMS MAPS OUT [NAME...]

PROGRAMS is the folder of the built programs `clearway` and `instance`, MAPS a folder with the maps that bench/library.md names (an instance
whose map is not there is left out), OUT gets scenarios, plans and simulations. Every plan is made by `clearway plan NAME` without options,
verified and simulated with the baseline beside it. Rows that are there already (OUT/road.csv) are kept; without NAME all instances.
WRITE=bench/ROAD.md writes the tables there; else they are printed.
"""

import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import time

COLUMNS = [
    "instance", "people", "zones", "links", "closures", "bound_t90_s", "bound_t100_s", "plan_t90_s", "plan_t100_s",
    "simulated_t90_s", "simulated_t100_s", "not_moved", "not_arrived", "waiting_min", "spill_free", "overflow_vehicle_min",
    "overflow_links", "baseline_t90_s", "baseline_t100_s", "baseline_arrived", "evacuees", "plan_s", "verify_s", "simulate_s",
    "before_t90_s", "before_t100_s", "before_waiting_min", "spared_share", "spared_links", "rounds",
]


def timed(*command):
    begin = time.monotonic()
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return time.monotonic() - begin


def lines(path):
    if not path.is_file():
        return 0
    with open(path, newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def measured(programs, maps, out, name):
    folder = out / name
    scenario, plan, simulation = folder / "scenario", folder / "plan", folder / "simulation"
    if not scenario.is_dir():
        timed(programs / "instance", "make", name, "--maps", maps, "--out", scenario)
    plan_s = timed(programs / "clearway", "plan", scenario, "--out", plan, "--replace")
    verify_s = timed(programs / "clearway", "verify", plan)
    simulate_s = timed(programs / "clearway", "simulate", plan, "--out", simulation, "--replace")
    summary = json.loads((plan / "summary.json").read_text())
    simulated = json.loads((simulation / "simulation.json").read_text())
    zones = scenario / "zones.csv"
    with open(zones, newline="") as file:
        people = sum(int(row["people"]) for row in csv.DictReader(file))
    baseline = simulated["baseline"] or {}
    on_road = summary.get("on_road") or {}
    before = on_road.get("before") or {}
    return {
        "instance": name, "people": people, "zones": lines(zones), "links": lines(scenario / "link.csv"),
        "closures": lines(scenario / "closures.csv"),
        "bound_t90_s": summary["t90_s"]["bound"], "bound_t100_s": summary["clearance_s"]["bound"],
        "plan_t90_s": summary["t90_s"]["plan"], "plan_t100_s": summary["clearance_s"]["plan"],
        "simulated_t90_s": simulated["t90_s"], "simulated_t100_s": simulated["t100_s"],
        "not_moved": simulated["evacuees"] - simulated["arrived"] - simulated["not_arrived"],
        "not_arrived": simulated["not_arrived"], "waiting_min": simulated["waiting"]["mean_min"],
        "spill_free": summary["spill_free"], "overflow_vehicle_min": summary["overflow"]["vehicle_min"],
        "overflow_links": summary["overflow"]["links"], "baseline_t90_s": baseline.get("t90_s"),
        "baseline_t100_s": baseline.get("t100_s"), "baseline_arrived": baseline.get("arrived"),
        "evacuees": simulated["evacuees"], "plan_s": plan_s, "verify_s": verify_s, "simulate_s": simulate_s,
        "before_t90_s": before.get("t90_s"), "before_t100_s": before.get("t100_s"),
        "before_waiting_min": before.get("waiting_min"), "spared_share": on_road.get("spared_share"),
        "spared_links": on_road.get("spared_links"), "rounds": on_road.get("rounds"),
    }


def ratio(row, kind, at):
    time_s, bound_s = row[f"{kind}_{at}"], row[f"bound_{at}"]
    return f"{float(time_s) / float(bound_s):.3f}" if time_s and bound_s else "never"


def searched(rows):
    """Markdown: what the search under the simulation has changed, and where it found nothing."""
    text = [
        "| instance | simulated before, 90 % / all | waiting, min | after, 90 % / all | waiting, min | spared: of all capacity, links | rounds |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if row["before_waiting_min"]:
            text.append(
                f"| {row['instance']} | {ratio(row, 'before', 't90_s')} / {ratio(row, 'before', 't100_s')} | {float(row['before_waiting_min']):.1f} "
                f"| {ratio(row, 'simulated', 't90_s')} / {ratio(row, 'simulated', 't100_s')} | {float(row['waiting_min']):.1f} "
                f"| {float(row['spared_share']) * 100:.1f} %, {row['spared_links']} | {row['rounds']} |")
    in_vain = [row["instance"] for row in rows if not row["before_waiting_min"] and int(row["rounds"] or 0)]
    text.append(f"\nTried and nothing better found: {', '.join(in_vain) if in_vain else 'none'}. The others had nothing to gain.")
    return "\n".join(text)


def table(rows):
    """Markdown; ratios to the proven bound."""
    text = [
        "| instance | people, zones, links | plan, 90 % / all | simulated, 90 % / all | waiting, min | not there | spill-free "
        "| everybody the shortest way at once, 90 % / all | plan, verify, simulate, s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        spill = "yes" if row["spill_free"] == "True" else (
            f"no: {float(row['overflow_vehicle_min']):,.0f} vehicle-min, {row['overflow_links']} links")
        missing = int(row["not_arrived"]) + int(row["not_moved"])
        baseline = f"{ratio(row, 'baseline', 't90_s')} / {ratio(row, 'baseline', 't100_s')}"
        if "never" in baseline:
            baseline += f" ({int(row['baseline_arrived']):,} arrive)"
        text.append(
            f"| {row['instance']}{' (closures)' if int(row['closures']) else ''} | {int(row['people']):,}, {row['zones']}, {int(row['links']):,} "
            f"| {ratio(row, 'plan', 't90_s')} / {ratio(row, 'plan', 't100_s')} "
            f"| {ratio(row, 'simulated', 't90_s')} / {ratio(row, 'simulated', 't100_s')} | {float(row['waiting_min']):.1f} "
            f"| {missing:,} | {spill} | {baseline} "
            f"| {float(row['plan_s']):.1f}, {float(row['verify_s']):.1f}, {float(row['simulate_s']):.1f} |")
    return "\n".join(text)


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    programs, maps, out = (pathlib.Path(part) for part in sys.argv[1:4])
    listed = subprocess.run([programs / "instance", "list"], capture_output=True, text=True, check=True).stdout
    listed = [line.split("\t") for line in listed.splitlines()]
    needed = {line[0]: line[2] for line in listed}
    kept = out / "road.csv"
    out.mkdir(parents=True, exist_ok=True)
    rows = {}
    if kept.is_file():
        with open(kept, newline="") as file:
            rows = {row["instance"]: row for row in csv.DictReader(file)}
    for name in sys.argv[4:] or needed:
        if name in rows:
            continue
        if needed[name] not in ("", "made up") and not list(maps.rglob(needed[name])):
            print(f"left out: {name}, there is no {needed[name]} in {maps}", file=sys.stderr)
            continue
        print(name, file=sys.stderr, flush=True)
        rows[name] = {key: "" if value is None else str(value) for key, value in measured(programs, maps, out, name).items()}
        with open(kept.with_suffix(".part"), "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows.values())
        kept.with_suffix(".part").replace(kept)
    listed = [rows[name] for name in needed if name in rows]
    tables = {"road": table(listed), "searched": searched(listed)}
    if os.environ.get("WRITE"):
        page = pathlib.Path(os.environ["WRITE"])
        written = page.read_text()
        for name, text in tables.items():
            written = re.sub(
                rf"(<!-- {name}: begin[^\n]*-->\n).*?(<!-- {name}: end -->)",
                lambda found: found.group(1) + "\n" + text + "\n\n" + found.group(2), written, flags=re.S)
        page.write_text(written)
    else:
        print("\n\n".join(tables.values()))


main()
