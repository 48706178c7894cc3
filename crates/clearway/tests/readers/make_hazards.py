"""Makes hazards with programs that are not ours, for `clearway new --hazards` to read: arrival times and active fires.

make_hazards.py FOLDER
"""

import pathlib
import sys
import zipfile

import geopandas
from shapely.geometry import Point, box

out = pathlib.Path(sys.argv[1])


def shapefile(name, table):
    """A shapefile in a ZIP archive; its table cuts names after ten letters."""
    inside = out / f"{name}-parts"
    inside.mkdir()
    table.to_file(inside / "layer.shp", engine="pyogrio")
    with zipfile.ZipFile(out / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(inside.iterdir()):
            archive.write(path, path.name)


areas = [box(29.9995, 9.9995, 30.004, 10.0005), box(29.9995, 9.9995, 30.009, 10.0005)]
arrival = geopandas.GeoDataFrame({"arrival_min": [30.0, 90.0]}, geometry=areas, crs=4326)
shapefile("arrival", arrival.to_crs(32636))

fires = geopandas.GeoDataFrame(
    {
        "LATITUDE": [10.0],
        "LONGITUDE": [30.005],
        "SCAN": [0.4],
        "TRACK": [0.3],
        "ACQ_DATE": ["2026-06-01"],
        "ACQ_TIME": ["0324"],
        "SATELLITE": ["N20"],
        "CONFIDENCE": ["n"],
    },
    geometry=[Point(30.005, 10.0)],
    crs=4326,
)
shapefile("fires", fires)
fires.to_file(out / "fires.geojson", driver="GeoJSON")
fires.drop(columns="geometry").to_csv(out / "fires.csv", index=False)
