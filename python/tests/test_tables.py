"""Tables go out to and come in from other libraries by the Arrow PyCapsule interface."""

from __future__ import annotations

import io

import geopandas
import pandas
import polars
import pyarrow
import pytest
from conftest import EXAMPLES

import clearway


def test_tables_are_read_by_all_with_unit_and_meaning(helsinki: clearway.Plan) -> None:
    zones = helsinki.tables["zones"]
    assert zones.columns["people"] == ("people", "people there at the start")
    table = zones.to_pyarrow()
    assert table.schema.field("people").metadata[b"unit"] == b"people"
    assert table.column_names[:3] == ["zone_id", "name", "pcode"]
    assert sum(table["people"].to_pylist()) == 10_000
    assert zones.to_pandas()["people"].sum() == 10_000
    assert zones.to_polars()["people"].sum() == 10_000
    assert len(zones) == table.num_rows == len(list(table["zone_id"]))
    assert set(helsinki.tables) >= {"zones", "sites", "links", "link_flow_by_hour", "routes", "orders", "curve", "sources"}


def test_sums_are_those_of_the_summary(helsinki: clearway.Plan) -> None:
    people = helsinki.summary["people"]
    assert helsinki.tables["orders"].to_pandas()["people"].sum() == people["arrived"]
    assert helsinki.tables["zones"].to_pandas()["arrived"].sum() == people["arrived"]
    assert helsinki.tables["curve"].to_pandas()["arrived"].max() == people["arrived"]


def test_shapes_are_geometry_in_wgs_84(helsinki: clearway.Plan) -> None:
    roads = helsinki.tables["links"].to_geopandas()
    assert isinstance(roads, geopandas.GeoDataFrame)
    assert roads.crs is not None and roads.crs.to_authority() == ("OGC", "CRS84")
    west, south, east, north = roads.total_bounds
    assert 24.5 < west < east < 25.5 and 60.0 < south < north < 60.5
    assert set(roads.geom_type) == {"LineString"}
    # against a reader that knows nothing of ours: the same shapes in the file that is handed on
    exported = clearway.export(helsinki, "geoparquet").read("links.parquet")
    theirs = geopandas.read_parquet(io.BytesIO(exported))  # pyright: ignore[reportArgumentType] reads what is open, too
    assert roads.geometry.geom_equals(theirs.geometry.set_crs(roads.crs, allow_override=True)).all()
    assert (roads["link_id"] == theirs["link_id"]).all()


def test_moments_have_their_zone(helsinki: clearway.Plan) -> None:
    column = helsinki.tables["orders"].to_pyarrow().schema.field("depart_from").type
    assert column == pyarrow.timestamp("ms", tz="UTC")


def test_what_is_not_known_is_missing(one_road: clearway.Plan) -> None:
    zones = one_road.tables["zones"].to_pyarrow()
    assert zones["pcode"].null_count == zones.num_rows


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow", "categories", "text"])
def test_tables_of_others_are_tables_of_a_scenario(library: str) -> None:
    files = clearway.load(EXAMPLES / "one-road").files()
    frame = pandas.read_csv(io.BytesIO(files["zones.csv"]), dtype={"zone_id": str})
    frame["people"] = 6000
    given: object = {
        "pandas": frame,
        "polars": polars.DataFrame(frame),
        "pyarrow": pyarrow.Table.from_pandas(frame),
        "categories": frame.astype({"zone_id": "category"}),
        "text": frame.to_csv(index=False),
    }[library]
    half = clearway.load(files | {"zones.csv": given})  # type: ignore[arg-type]
    # 6,000 people, 3,000 people/h, 10 min
    assert clearway.bound(half).clearance_s.bound == 7_799.999


def test_shapes_of_others_are_an_area() -> None:
    square = geopandas.GeoDataFrame(geometry=geopandas.GeoSeries.from_wkt(["POLYGON((-0.001 -0.001, 0.007 -0.001, 0.007 0.001, -0.001 0.001, -0.001 -0.001))"]), crs=4326)
    roads = {
        "node.csv": "node_id,x_coord,y_coord\nA,0.000,0.0\nB,0.005,0.0\nC,0.030,0.0\n",
        "link.csv": "link_id,name,from_node_id,to_node_id,directed,facility_type,length,lanes,free_speed\n"
        "1,Long Street,A,B,0,residential,556,1,30\n2,Way Out,B,C,1,primary,2783,1,60\n",
    }
    # metres on a plane become degrees again
    made = clearway.compose(roads, area=square.to_crs(32631), people=500, zone_count=1)
    assert clearway.load(made).people == 500


def test_a_table_that_cannot_be_one_is_refused_by_its_column() -> None:
    lists = pyarrow.table({"zone_id": [["a"]]})
    with pytest.raises(clearway.InvalidRequest, match="column 'zone_id'"):
        clearway.load({"zones.csv": lists})


def test_a_plan_shows_itself_in_a_notebook(helsinki: clearway.Plan, one_road: clearway.Plan) -> None:
    shown = helsinki._repr_html_()
    assert shown.count("<svg") == 2 and "<script" not in shown
    assert "OpenStreetMap" in shown and "10,000" in shown
    assert "<pre>" in clearway.simulate(one_road)._repr_html_()
