"""Scenarios for bench/peers/traffic.sh that need no map: one road, a diverge, a merge, and a grid."""

import csv
import pathlib
import sys

SETTINGS = """schema = "clearway-scenario/2"
name = "{name}"
description = "Made by bench/peers/traffic_cases.py to compare simulators."
context = "exercise"
start = "2026-01-01T07:00:00+00:00"
time_zone = "UTC"
horizon_ms = 86400000
attribution = ["Synthetic places"]

[[class]]
id = "car"
mode = "vehicle"
people_per_vehicle = 2.0
"""


def write(folder, name, nodes, links, zones, sites):
    """Writes a scenario. nodes: (id, x, y); links: (id, from, to, lanes, length m, pcu/h, s); zones: (id, people, node); sites: (id, node)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.toml").write_text(SETTINGS.format(name=name))
    place = {node: (x, y) for node, x, y in nodes}

    def table(file, header, rows):
        with open(folder / file, "w", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)

    table("node.csv", ["node_id", "x_coord", "y_coord"], nodes)
    table(
        "link.csv",
        ["link_id", "from_node_id", "to_node_id", "directed", "facility_type", "lanes", "length_m", "capacity_pcu_h", "reserved_pcu_h", "time_ms"],
        [(i, a, b, "true", "secondary", lanes, metres, pcu, 0, round(seconds * 1000)) for i, a, b, lanes, metres, pcu, seconds in links],
    )
    table("zones.csv", ["zone_id", "name", "people", "x_coord", "y_coord"], [(i, i, people, *place[n]) for i, people, n in zones])
    table("sites.csv", ["site_id", "name", "x_coord", "y_coord"], [(i, i, *place[n]) for i, n in sites])
    table(
        "connectors.csv",
        ["connector_id", "place", "place_id", "node_id", "time_ms"],
        [(f"zone:{i}", "zone", i, n, 0) for i, _, n in zones] + [(f"site:{i}", "site", i, n, 0) for i, n in sites],
    )


def one_road(out):
    """A road of 1,500 vehicles per hour and then one of 900: two links in a row."""
    nodes = [("1", 10.0, 50.0), ("2", 10.02, 50.0), ("3", 10.04, 50.0)]
    links = [("a", "1", "2", 1, 1500, 1500, 108), ("b", "2", "3", 1, 1500, 900, 108)]
    write(out / "one-road", "one-road", nodes, links, [("Z", 2000, "1")], [("S", "3")])


def diverge(out):
    """One road that divides into one of 300 vehicles per hour and one of 1,200, to two towns."""
    nodes = [("1", 10.0, 50.0), ("2", 10.02, 50.0), ("3", 10.04, 50.001), ("4", 10.04, 49.999)]
    links = [
        ("a", "1", "2", 1, 1500, 1500, 108),
        ("b", "2", "3", 1, 1500, 300, 108),
        ("c", "2", "4", 1, 1500, 1200, 108),
    ]
    write(out / "diverge", "diverge", nodes, links, [("Z", 2000, "1")], [("S", "3"), ("T", "4")])


def merge(out):
    """Two roads of 1,800 and 600 vehicles per hour into one of 1,200; as many people come by either."""
    nodes = [("1", 10.0, 50.001), ("2", 10.0, 49.999), ("3", 10.02, 50.0), ("4", 10.04, 50.0)]
    links = [
        ("a", "1", "3", 1, 1500, 1800, 108),
        ("b", "2", "3", 1, 1500, 600, 108),
        ("c", "3", "4", 1, 1500, 1200, 108),
    ]
    write(out / "merge", "merge", nodes, links, [("Y", 2000, "1"), ("Z", 2000, "2")], [("S", "4")])


def grid(out, side=12):
    """side x side junctions, 500 m apart, 50 km/h, 1,500 vehicles per hour; 20,000 people inside, eight ways out at the rim."""
    name = lambda x, y: f"{x}-{y}"
    nodes = [(name(x, y), 10 + x * 0.007, 50 + y * 0.0045) for x in range(side) for y in range(side)]
    links = []
    for x in range(side):
        for y in range(side):
            for u, v in ((x + 1, y), (x, y + 1), (x - 1, y), (x, y - 1)):
                if 0 <= u < side and 0 <= v < side:
                    links.append((f"{name(x, y)}:{name(u, v)}", name(x, y), name(u, v), 1, 500, 1500, 36))
    inner = range(2, side - 2, 2)
    zones = [(f"Z{x}-{y}", 20000 // len(inner) ** 2, name(x, y)) for x in inner for y in inner]
    rim, middle = side - 1, side // 2
    ends = [(0, 0), (0, rim), (rim, 0), (rim, rim), (0, middle), (rim, middle), (middle, 0), (middle, rim)]
    write(out / "grid", "grid", nodes, links, zones, [(f"S{x}-{y}", name(x, y)) for x, y in ends])


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    one_road(target)
    diverge(target)
    merge(target)
    grid(target)
