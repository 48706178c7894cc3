"""Makes a GeoParquet file of Overture segments with pyarrow, and the same roads as a map of OpenStreetMap: a grid of streets.

make_overture.py FOLDER
"""

import pathlib
import random
import struct
import sys

import pyarrow
import pyarrow.parquet

out = pathlib.Path(sys.argv[1])
chance = random.Random(7)
SIDE, STEP = 6, 0.004
X, Y = 24.9, 60.2

between = pyarrow.list_(pyarrow.float64())
when = pyarrow.struct(
    [("during", pyarrow.string()), ("heading", pyarrow.string()), ("using", pyarrow.list_(pyarrow.string())), ("recognized", pyarrow.list_(pyarrow.string())), ("mode", pyarrow.list_(pyarrow.string()))]
)
schema = pyarrow.schema(
    [
        ("id", pyarrow.string()),
        ("geometry", pyarrow.binary()),
        ("subtype", pyarrow.string()),
        ("class", pyarrow.string()),
        ("subclass", pyarrow.string()),
        ("names", pyarrow.struct([("primary", pyarrow.string()), ("common", pyarrow.map_(pyarrow.string(), pyarrow.string()))])),
        ("connectors", pyarrow.list_(pyarrow.struct([("connector_id", pyarrow.string()), ("at", pyarrow.float64())]))),
        ("access_restrictions", pyarrow.list_(pyarrow.struct([("access_type", pyarrow.string()), ("when", when), ("between", between)]))),
        ("speed_limits", pyarrow.list_(pyarrow.struct([("max_speed", pyarrow.struct([("value", pyarrow.int32()), ("unit", pyarrow.string())])), ("when", when), ("between", between)]))),
        ("road_flags", pyarrow.list_(pyarrow.struct([("values", pyarrow.list_(pyarrow.string())), ("between", between)]))),
        ("prohibited_transitions", pyarrow.list_(pyarrow.struct([("sequence", pyarrow.list_(pyarrow.struct([("connector_id", pyarrow.string()), ("segment_id", pyarrow.string())]))), ("when", when)]))),
    ]
)


def line(places):
    """WKB, little endian."""
    return struct.pack("<BII", 1, 2, len(places)) + b"".join(struct.pack("<dd", *place) for place in places)


rows, ways = [], []
nodes = {(x, y): (X + x * STEP, Y + y * STEP / 2) for x in range(SIDE) for y in range(SIDE)}
number = {at: n for n, at in enumerate(nodes, 1)}
middle = SIDE * SIDE


def road(ends, kind):
    """One road of three corners, the middle one no junction."""
    global middle
    (a, b), (ax, ay), (bx, by) = ends, nodes[ends[0]], nodes[ends[1]]
    corner = ((ax + bx) / 2 + 0.0001, (ay + by) / 2 + 0.0001)
    middle += 1
    name, oneway = f"Street {middle}", chance.choice([None, None, "forward", "backward"])
    limit = chance.choice([None, 30, 50, 80])
    kind, tags = chance.choice(["residential", "primary", "service", "unclassified"]), {}
    private = chance.random() < 0.1
    bridge = chance.random() < 0.1
    access = []
    if oneway:
        access.append({"access_type": "denied", "when": {"heading": "backward" if oneway == "forward" else "forward"}})
        tags["oneway"] = "yes" if oneway == "forward" else "-1"
    if private:
        access.append({"access_type": "allowed", "when": {"recognized": ["as_private"]}})
        tags["access"] = "private"
    if limit:
        tags["maxspeed"] = str(limit)
    if bridge:
        tags["bridge"] = "yes"
    rows.append(
        {
            "id": f"s{middle:04d}",
            "geometry": line([(ax, ay), corner, (bx, by)]),
            "subtype": "road",
            "class": kind,
            "names": {"primary": name, "common": None},
            "connectors": [{"connector_id": f"c{number[a]:04d}", "at": 0.0}, {"connector_id": f"c{number[b]:04d}", "at": 1.0}],
            "access_restrictions": access or None,
            "speed_limits": [{"max_speed": {"value": limit, "unit": "km/h"}}] if limit else None,
            "road_flags": [{"values": ["is_bridge"]}] if bridge else None,
        }
    )
    ways.append((middle, [number[a], 1000 + middle, number[b]], {"highway": kind, "name": name} | tags))
    nodes_of_middle[1000 + middle] = corner


nodes_of_middle = {}
for x in range(SIDE):
    for y in range(SIDE):
        for to in ((x + 1, y), (x, y + 1)):
            if to in nodes:
                road(((x, y), to), "")
# rails are no roads
rows.append(rows[0] | {"id": "t1", "subtype": "rail", "class": "tram"})
table = pyarrow.Table.from_pylist(rows, schema=schema)
pyarrow.parquet.write_table(table, out / "segments.parquet", compression="zstd")
pyarrow.parquet.write_table(table, out / "segments-snappy.parquet", compression="snappy")

text = ['<osm version="0.6">']
for n, (lon, lat) in [(number[at], place) for at, place in nodes.items()] + list(nodes_of_middle.items()):
    text.append(f'<node id="{n}" lon="{lon!r}" lat="{lat!r}"/>')
for n, refs, tags in ways:
    text.append(f'<way id="{n}">' + "".join(f'<nd ref="{ref}"/>' for ref in refs) + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()) + "</way>")
(out / "same.osm").write_text("\n".join(text + ["</osm>"]))

# one road with rules on parts of it, and a turn that is forbidden
a, b, c, d = (24.9, 60.2), (24.91, 60.2), (24.92, 60.2), (24.91, 60.21)
parts = [
    {
        "id": "main",
        "geometry": line([a, b, c]),
        "subtype": "road",
        "class": "primary",
        "connectors": [{"connector_id": "A", "at": 0.0}, {"connector_id": "B", "at": 0.5}, {"connector_id": "C", "at": 1.0}],
        "speed_limits": [{"max_speed": {"value": 80, "unit": "km/h"}, "between": [0.0, 0.25]}, {"max_speed": {"value": 50, "unit": "km/h"}, "between": [0.25, 1.0]}],
        "prohibited_transitions": [{"sequence": [{"connector_id": "B", "segment_id": "side"}]}],
    },
    {
        "id": "side",
        "geometry": line([b, d]),
        "subtype": "road",
        "class": "residential",
        "connectors": [{"connector_id": "B", "at": 0.0}, {"connector_id": "D", "at": 1.0}],
        "access_restrictions": [{"access_type": "denied", "when": {"heading": "backward"}}],
    },
]
pyarrow.parquet.write_table(pyarrow.Table.from_pylist(parts, schema=schema), out / "parts.parquet", compression="zstd")

# broken ones
whole = (out / "segments.parquet").read_bytes()
(out / "bad-cut.parquet").write_bytes(whole[: len(whole) // 2])
pyarrow.parquet.write_table(table.drop_columns(["connectors"]), out / "bad-columns.parquet")
polygon = rows[0] | {"geometry": struct.pack("<BIII", 1, 3, 1, 0)}
pyarrow.parquet.write_table(pyarrow.Table.from_pylist([polygon], schema=schema), out / "bad-shape.parquet")
alone = rows[0] | {"connectors": rows[0]["connectors"][:1]}
pyarrow.parquet.write_table(pyarrow.Table.from_pylist([alone], schema=schema), out / "bad-connectors.parquet")
