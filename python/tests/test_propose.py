"""Proposals are the tables of the command line, and the next verb takes them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import EXAMPLES

import clearway

Program = Callable[..., str]
CORNERS = [(0.01, 0.0), (0.0108983, 0.0), (0.0108983, 0.0009044), (0.01, 0.0009044)]
# a sports hall of 100 m x 100 m with 2 floors, a street, and an area beside the hall
MAP = (
    '<osm version="0.6">'
    + "".join(f'<node id="{number}" lon="{lon}" lat="{lat}"/>' for number, (lon, lat) in enumerate(CORNERS, 1))
    + '<node id="5" lon="-0.009" lat="0"/><node id="6" lon="0.0095" lat="0"/><node id="7" lon="0.03" lat="0"/>'
    + '<way id="8"><nd ref="5"/><nd ref="6"/><nd ref="7"/><tag k="highway" v="residential"/></way>'
    + '<way id="9"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>'
    + '<tag k="leisure" v="sports_hall"/><tag k="name" v="Hall"/></way></osm>'
)
HOUSES = MAP.replace('<tag k="leisure" v="sports_hall"/>', '<tag k="building" v="apartments"/><tag k="building:levels" v="2"/>')


def box(west: float, south: float, east: float, north: float) -> str:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return f'{{"type": "Polygon", "coordinates": [{ring}]}}'


@pytest.fixture
def area(tmp_path: Path) -> Path:
    (tmp_path / "map.osm").write_text(MAP)
    (tmp_path / "houses.osm").write_text(HOUSES)
    (tmp_path / "area.geojson").write_text(box(-0.01, -0.01, 0.001, 0.01))
    (tmp_path / "around.geojson").write_text(box(-0.01, -0.01, 0.02, 0.01))
    return tmp_path


def test_sites_are_proposed_and_count_once_somebody_accepts_them(program: Program, area: Path) -> None:
    found = clearway.propose_sites(area / "map.osm", area / "area.geojson")
    said = program("propose", "sites", "--roads", area / "map.osm", "--area", area / "area.geojson", "--out", area / "sites.csv")
    assert (area / "sites.csv").read_text() == found.csv and str(found).splitlines()[0] in said
    (row,) = found.rows
    # 10,000 m2 at 3.5 m2 per person
    assert (row["name"], row["capacity_people"], row["use"]) == ("Hall", "2857", "no")
    accepted = io.StringIO()
    writer = csv.DictWriter(accepted, row)
    writer.writeheader()
    writer.writerow(row | {"use": "yes"})
    made = clearway.compose(
        {"map.osm": MAP},
        map="map.osm",
        area=("area.geojson", box(-0.01, -0.01, 0.001, 0.01)),
        people=100,
        sites=("sites.csv", accepted.getvalue()),
    )
    assert "Hall" in made.read("sites.csv").decode()
    with pytest.raises(clearway.InvalidInput, match="places farther away = '1'"):
        clearway.propose_sites(area / "map.osm", ("far.geojson", box(5.0, 5.0, 5.1, 5.1)), within_m=1000.0)
    found.save(area / "again.csv")
    with pytest.raises(clearway.Unwritten):
        found.save(area / "again.csv")


def test_people_are_shared_out_over_buildings(program: Program, area: Path) -> None:
    found = clearway.propose_people(area / "houses.osm", area / "around.geojson", 250)
    program(
        "propose", "people", "--buildings", area / "houses.osm", "--area", area / "around.geojson", "--people", 250, "--out", area / "p.csv"
    )
    assert (area / "p.csv").read_text() == found.csv
    assert [int(row["people"]) for row in found.rows] == [250]


def test_a_fleet_of_a_timetable(program: Program, tmp_path: Path) -> None:
    scenario = clearway.load(EXAMPLES / "helsinki")
    node = next(csv.DictReader(io.StringIO(scenario.read("node.csv").decode())))
    lon, lat = float(node["x_coord"]), float(node["y_coord"])
    feed = {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,Buses,https://example.org,Europe/Helsinki\n",
        "routes.txt": "route_id,agency_id,route_short_name,route_type\nR,A,1,3\n",
        "stops.txt": f"stop_id,stop_name,stop_lat,stop_lon\nS1,Square,{lat},{lon}\nS2,Market,{lat + 0.001},{lon}\n",
        "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "W,1,1,1,1,1,1,1,20260301,20260331\n",
        "trips.txt": "route_id,service_id,trip_id\nR,W,T1\nR,W,T2\n",
        "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "T1,08:00:00,08:00:00,S1,1\nT1,08:30:00,08:30:00,S2,2\nT2,08:10:00,08:10:00,S1,1\nT2,08:40:00,08:40:00,S2,2\n",
    }
    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as archive:
        for name, text in feed.items():
            archive.writestr(name, text)
    found = clearway.propose_fleet(scenario, tmp_path / "feed.zip", date="2026-03-04")
    program(
        "propose", "fleet", EXAMPLES / "helsinki", "--gtfs", tmp_path / "feed.zip", "--date", "2026-03-04", "--out", tmp_path / "fleet.csv"
    )
    assert (tmp_path / "fleet.csv").read_text() == found.csv
    # two trips at the same time are two buses
    assert sum(int(row["count"]) for row in found.rows) == 2


def test_fires_are_hazards_with_a_circle_around_each() -> None:
    fires = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence\n0.005,-0.005,330,0.4,0.4,2026-03-04,0600,N,nominal\n"
    given = {"area": ("area.geojson", box(-0.01, -0.01, 0.001, 0.01)), "people": 100, "start": "2026-03-04T06:00:00Z"}
    made = clearway.compose({"map.osm": MAP}, map="map.osm", hazards=("fires.csv", fires), fire_buffer_m=600.0, **given)  # type: ignore[arg-type]
    assert "hazards.geojson" in made.names()
