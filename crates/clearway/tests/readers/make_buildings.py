"""Makes GeoParquet files of buildings with geopandas: the houses of `propose_people.rs`.

make_buildings.py FOLDER
"""

import pathlib
import sys

import geopandas
import pandas
from shapely.geometry import MultiPolygon, Point, box

out = pathlib.Path(sys.argv[1])


def house(east, side):
    return box(east, 10.0, east + side * 1e-4, 10.0 + side * 1e-4)


shapes = [house(30.0, 2), house(30.002, 1), MultiPolygon([house(30.004, 2)]), house(30.006, 9), house(30.5, 2)]
table = geopandas.GeoDataFrame(
    {"id": list("abcde"), "subtype": ["residential"] * 5, "class": ["house", "apartments", None, "warehouse", "house"], "num_floors": pandas.array([1, 8, None, None, None], dtype="Int32")},
    geometry=shapes,
    crs=4326,
)
table.to_parquet(out / "buildings.parquet", compression="zstd")
whole = (out / "buildings.parquet").read_bytes()
(out / "bad-cut.parquet").write_bytes(whole[: len(whole) // 2])
geopandas.GeoDataFrame({"id": ["a"]}, geometry=[Point(30, 10)], crs=4326).to_parquet(out / "bad-points.parquet")
pandas.DataFrame({"id": ["a"]}).to_parquet(out / "bad-columns.parquet")
