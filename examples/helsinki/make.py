#!/usr/bin/env python3
"""Make this example's tables anew from the map.

Gets the map with fetch.py, has `clearway new` make a scenario of it and of the
files in inputs/, puts in what the exercise assumes, and copies the tables here.
The same map and the same program give the same bytes.

Usage: python3 examples/helsinki/make.py [CLEARWAY]
CLEARWAY defaults to target/release/clearway in the project's root folder.
Needs Python 3.9 or later with pip, nothing else.
"""

import csv
import io
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MAP = ROOT / ".cache" / "Helsinki.osm.pbf"

TABLES = ["scenario.toml", "node.csv", "link.csv", "movement.csv", "zones.csv", "mobilization.csv", "sites.csv",
          "connectors.csv", "closures.csv", "sources.csv", "assumptions.csv", "zones.geojson", "sites.geojson",
          "hazards.geojson"]

PEOPLE = 10_000
PER_CAR = 1.5
DESCRIPTION = ("Exercise, no real find: a bomb of 1944 lies on a building site on Aleksanterinkatu in Helsinki. The 10,000 "
               "people with cars within 330 m drive to Kallio or to Töölö before work on it begins at noon. Everybody else walks "
               "and is not looked at.")
# Minutes after the order, share of people who are ready.
READY = [(0, 0), (15, 0.2), (30, 0.5), (45, 0.8), (60, 1)]
ASSUMED = {
    ("zones", "people"): f"{PEOPLE} people in cars, a round number: no count was read; spread over the length of the streets",
    ("scenario", "class.people_per_vehicle"): f"{PER_CAR}: about that of commuters; not measured here",
    ("mobilization", "share"): "an hour from the order: a fifth ready after 15 min, half after 30, four fifths after 45, all after 60",
    ("sites", "capacity_people"): "no limit is meant: all would fit at either",
}
SOURCE = "assumed for this exercise"


def make(clearway, folder):
    """A scenario of the map, by the program alone."""
    subprocess.run(
        [clearway, "new", folder, "--roads", MAP, "--area", HERE / "inputs" / "cordon.geojson",
         "--sites", HERE / "inputs" / "sites.geojson", "--hazards", HERE / "inputs" / "hazards.geojson",
         "--people", str(PEOPLE), "--people-per-vehicle", str(PER_CAR), "--zone-count", "5", "--context", "exercise",
         "--name", "Helsinki, a bomb on Aleksanterinkatu (exercise)", "--start", "2026-05-12T09:00:00+03:00",
         "--time-zone", "Europe/Helsinki", "--horizon", "12h"],
        check=True,
    )


def assume(folder):
    """What the exercise assumes and no option says: when people are ready, and that figures are assumptions."""
    lines = "".join(f"one-hour,{minute * 60_000},{share}\n" for minute, share in READY)
    (folder / "mobilization.csv").write_text("mobilization_id,time_ms,share\n" + lines, encoding="utf-8")
    for name, old, new in [("zones.csv", ",fast", ",one-hour"), ("zones.geojson", '"fast"', '"one-hour"')]:
        file = folder / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    settings = folder / "scenario.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("\ncontext =", f'\ndescription = "{DESCRIPTION}"\ncontext =', 1), encoding="utf-8")
    file = folder / "sources.csv"
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    for row in rows:
        note = ASSUMED.get((row["table"], row["field"]))
        if note:
            row.update({key: "" for key in ("url", "as_of") if key in row}, status="assumed", source=SOURCE, note=note)
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(out.getvalue(), encoding="utf-8")
    missing = set(ASSUMED) - {(row["table"], row["field"]) for row in rows}
    if missing:
        raise SystemExit(f"sources.csv has no row for {sorted(missing)}")


def main(arguments):
    clearway = arguments[0] if arguments else ROOT / "target" / "release" / "clearway"
    subprocess.run([sys.executable, HERE / "fetch.py", MAP], check=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / "helsinki"
        make(clearway, folder)
        assume(folder)
        subprocess.run([clearway, "check", folder], check=True)
        for name in TABLES:
            shutil.copy(folder / name, HERE / name)
    print(f"wrote {len(TABLES)} files into {HERE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
