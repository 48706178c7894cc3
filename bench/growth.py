#!/usr/bin/env python3
"""How time and memory grow: reads bench/results.csv, writes a table with exponents and a plot.

Usage: python3 bench/growth.py CSV OUT.md OUT.svg

Exponents are slopes of least squares in logarithms. Rows of 5 routes are taken: with the bound, orders, replay and files. Beside CSV the
rows of `bound-growth.csv` (by bound-growth.sh) are the bound alone, with a plot beside OUT.svg, `growth-bound.svg`.
Python 3.11 or later, standard library only.
"""

import csv
import math
import pathlib
import sys

LINKS = ["growth-10k", "growth-25k", "growth-50k", "growth-100k", "growth-200k"]
HORIZONS = ["horizon-24h", "horizon-48h", "horizon-96h", "horizon-240h"]
ZONES = ["columbus-metropolis-200", "columbus-metropolis-1000", "columbus-metropolis-3000"]


def read(path):
    """Rows of plans with 5 routes per zone by instance."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["side"] == "plan" and r["figure"] == "person_hours"]
    return {row["instance"]: row for row in rows if row["routes_per_zone"] == "5"}


def exponent(points):
    """Slope of log y over log x."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)


def table(rows, names, column, word):
    """Markdown for one series; what the exponents are."""
    found = [rows[name] for name in names if name in rows]
    lines = [f"| instance | {word} | people | zones | s | MiB | verify, s |", "|---|---|---|---|---|---|---|"]
    for row in found:
        mib = int(row["peak_rss_bytes"]) / 2**20
        cells = [row["instance"], f"{int(row[column]):,}", f"{int(row['people']):,}", row["zones"], row["wall_s"]]
        lines.append("| " + " | ".join([*cells, f"{mib:.0f}", row["verify_s"]]) + " |")
    if len(found) > 2:
        time = exponent([(int(r[column]), float(r["wall_s"])) for r in found])
        memory = exponent([(int(r[column]), int(r["peak_rss_bytes"])) for r in found])
        lines += ["", f"Time grows as {word}^{time:.2f}, peak memory as {word}^{memory:.2f}."]
    return lines, found


def bound_alone(path, picture):
    """Markdown for the bound alone, and its plot; nothing where it was not measured."""
    if not path.exists():
        return []
    best = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["instance"], row["threads"])
            if key not in best or float(row["user_s"]) < float(best[key]["user_s"]):
                best[key] = row
    rows = sorted(best.values(), key=lambda row: int(row["links"]))
    lines = ["| instance | links | people | threads | s | user s | user s per 10,000 links | MiB |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        links, user = int(row["links"]), float(row["user_s"])
        cells = [row["instance"], f"{links:,}", f"{int(row['people']):,}", row["threads"], row["wall_s"], row["user_s"]]
        cells += [f"{user / links * 1e4:.2f}", f"{int(row['peak_rss_bytes']) / 2**20:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    if len(rows) > 2:
        points = [(int(row["links"]), float(row["user_s"])) for row in rows]
        memory = exponent([(int(row["links"]), int(row["peak_rss_bytes"])) for row in rows])
        lines += ["", f"User seconds grow as links^{exponent(points):.2f}, peak memory as links^{memory:.2f}."]
        plot([{**row, "wall_s": row["user_s"]} for row in rows], picture, "user s")
        lines += ["", f"![User seconds and peak memory in MiB of the bound against links, both axes logarithmic]({picture.name})"]
    return ["", "## The bound alone", "", "`bash bench/bound-growth.sh OUT`: `clearway plan --bound-only`, user seconds of all threads together, as these depend little on what else runs.", "", *lines]


def plot(found, path, unit="s"):
    """Time and memory against links, both axes logarithmic."""
    width, height, left, top, right, bottom = 640, 380, 60, 20, 60, 50
    xs = [int(r["links"]) for r in found]
    series = [
        (unit, "#0072b2", [float(r["wall_s"]) for r in found]),
        ("MiB", "#d55e00", [int(r["peak_rss_bytes"]) / 2**20 for r in found]),
    ]
    low_x, high_x = math.log10(min(xs)) - 0.05, math.log10(max(xs)) + 0.05
    every = [y for _, _, ys in series for y in ys]
    low_y, high_y = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)))
    at_x = lambda x: left + (math.log10(x) - low_x) / (high_x - low_x) * (width - left - right)
    at_y = lambda y: height - bottom - (math.log10(y) - low_y) / (high_y - low_y) * (height - top - bottom)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">']
    out.append(f'<rect width="{width}" height="{height}" fill="#fff"/>')
    for power in range(low_y, high_y + 1):
        y = at_y(10**power)
        out.append(f'<line x1="{left}" x2="{width - right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d5dae0"/>')
        out.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#1b1f24">{10**power:,}</text>')
    for x in xs:
        out.append(f'<text x="{at_x(x):.1f}" y="{height - bottom + 20}" text-anchor="middle" fill="#1b1f24">{x:,}</text>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 8}" text-anchor="middle" fill="#59626d">links</text>')
    for name, colour, ys in series:
        points = " ".join(f"{at_x(x):.1f},{at_y(y):.1f}" for x, y in zip(xs, ys))
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{at_x(x):.1f}" cy="{at_y(y):.1f}" r="4" fill="{colour}"/>' for x, y in zip(xs, ys)]
        out.append(f'<text x="{at_x(xs[-1]) + 8:.1f}" y="{at_y(ys[-1]) + 4:.1f}" fill="{colour}">{name}</text>')
    out.append("</svg>")
    pathlib.Path(path).write_text("\n".join(out) + "\n", encoding="utf-8")


def main():
    """Writes both files."""
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    rows = read(sys.argv[1])
    links, found = table(rows, LINKS, "links", "links")
    zones, _ = table(rows, ZONES, "zones", "zones")
    for name in HORIZONS:
        if name in rows:
            rows[name]["hours"] = name.removeprefix("horizon-").removesuffix("h")
    hours, _ = table(rows, HORIZONS, "hours", "hours")
    plot(found, sys.argv[3])
    picture = pathlib.Path(sys.argv[3]).name
    text = [
        "# Growth of time and memory",
        "",
        "Written by `python3 bench/growth.py bench/results.csv bench/GROWTH.md bench/growth.svg` from the [best known results](RESULTS.md): plans with 5 routes per zone, bound, orders,",
        "exact replay and files, 2 threads. Seconds are those of the run that gave the figure, on whatever machine it was and whatever ran beside it, some with more rounds (`--effort` in the command). MiB: before the files are written.",
        "",
        "## Links",
        "",
        *links,
        "",
        f"![Time in seconds and peak memory in MiB against links, both axes logarithmic]({picture})",
        "",
        "The number of rounds of the search falls with the size of a replay (no clock decides), which is why time grows more slowly than links; what that costs is in the gaps of [RESULTS.md](RESULTS.md).",
        *bound_alone(pathlib.Path(sys.argv[1]).with_name("bound-growth.csv"), pathlib.Path(sys.argv[3]).with_name("growth-bound.svg")),
        "",
        "## Zones (Columbus, 51,891 links, 1.2 million people)",
        "",
        *zones,
        "",
        "## Horizon (10,334 links, 196 zones; as many people as fill about the same part of it)",
        "",
        *hours,
        "",
        "The bound's cuts are spread over the movement and the orders' packets are a fixed number, so that neither time nor memory grows with its length.",
        "",
    ]
    pathlib.Path(sys.argv[2]).write_text("\n".join(text), encoding="utf-8")


main()
