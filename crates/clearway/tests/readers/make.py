"""Makes maps, tables and rasters with programs that are not ours, for `clearway new` to read: two zones of 300 and 200 people.

make.py FOLDER
"""

import pathlib
import sys
import zipfile

import geopandas
import numpy
import openpyxl
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import Point, box

out = pathlib.Path(sys.argv[1])
# east and north of nothing: far from where longitude and latitude are alike
X, Y = 30.0, 10.0
west, east = box(X - 0.001, Y - 0.001, X + 0.003, Y + 0.001), box(X + 0.003, Y - 0.001, X + 0.007, Y + 0.001)
# a hole in which nobody lives, so that rings are told apart
west = west.difference(box(X + 0.0018, Y + 0.0003, X + 0.0024, Y + 0.0006))
zones = geopandas.GeoDataFrame(
    {"name": ["Süd", "Öst & Co"], "pcode": ["007", "CH02"], "people": [300, 200]}, geometry=[west, east], crs=4326
)
sites = geopandas.GeoDataFrame({"name": ["Halle"], "capacity": [900]}, geometry=[Point(X + 0.0295, Y)], crs=4326)


def shapefile(name, table, folder="", keep=lambda path: True, **options):
    """A shapefile in a ZIP archive."""
    inside = out / f"{name}-parts"
    inside.mkdir()
    table.to_file(inside / "layer.shp", engine="pyogrio", **options)
    with zipfile.ZipFile(out / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(inside.iterdir()):
            if keep(path):
                archive.write(path, folder + path.name)


zones.to_file(out / "zones.geojson", driver="GeoJSON")
zones.to_file(out / "zones.gpkg", layer="zones", driver="GPKG")
sites.to_file(out / "zones.gpkg", layer="other", driver="GPKG")
zones.to_crs(32636).to_file(out / "zones-utm.gpkg", layer="whatever", driver="GPKG")
zones.to_crs("ESRI:54009").to_file(out / "zones-mollweide.gpkg", layer="whatever", driver="GPKG")
shapefile("zones-shapefile", zones)
shapefile("zones-shapefile-utm", zones.to_crs(32636), folder="in/")
shapefile("zones-shapefile-latin", zones, encoding="ISO-8859-1")
zones.to_file(out / "zones.kml", driver="KML", engine="pyogrio")
with zipfile.ZipFile(out / "zones.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.write(out / "zones.kml", "doc.kml")
sites.to_file(out / "sites.gpkg", layer="sites", driver="GPKG")
shapefile("sites-shapefile", sites)


def workbook(name, header, rows):
    book = openpyxl.Workbook()
    book.active.append(header)
    for row in rows:
        book.active.append(row)
    book.save(out / name)


workbook("zones.xlsx", ["name", "pcode", "people", "geometry"], [[r.name_, r.pcode, r.people, r.geometry.wkt] for r in zones.rename(columns={"name": "name_"}).itertuples()])
workbook("people.xlsx", ["lon", "lat", "people"], [[X, Y, 300], [X + 0.005, Y, 200]])
workbook("sites.xlsx", ["name", "lon", "lat", "capacity"], [["Halle", X + 0.0295, Y, 900]])


def raster(name, crs, transform, values):
    values = numpy.asarray(values, dtype="float64")
    options = dict(height=values.shape[0], width=values.shape[1], count=1, dtype="float64", crs=crs, transform=transform)
    with rasterio.open(out / name, "w", driver="GTiff", **options) as file:
        file.write(values, 1)


# GHS-POP comes in cells of 100 m in Mollweide; these are 20 m, 300 people left and 200 right of the middle of the area
def cells(crs, name):
    from pyproj import Transformer

    x0, y0 = Transformer.from_crs(4326, crs, always_xy=True).transform(X - 0.0015, Y + 0.0015)
    x1, y1 = Transformer.from_crs(4326, crs, always_xy=True).transform(X + 0.0075, Y - 0.0015)
    columns, rows = round((x1 - x0) / 20), round((y0 - y1) / 20)
    values = numpy.zeros((rows, columns))
    values[rows // 2, columns // 4] = 300
    values[rows // 2, columns * 3 // 4] = 200
    raster(name, crs, from_origin(x0, y0, 20, 20), values)


cells("ESRI:54009", "people-mollweide.tif")
cells("EPSG:32636", "people-utm.tif")



(out / "alert.xml").write_text(
    """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A1</identifier><sender>x</sender>
<sent>2026-05-12T08:00:00+00:00</sent><status>Exercise</status><msgType>Alert</msgType><scope>Public</scope>
<info><category>Met</category><event>Flood Warning</event><urgency>Immediate</urgency><severity>Severe</severity>
<certainty>Likely</certainty><onset>2026-05-12T10:00:00+00:00</onset><expires>2026-05-12T20:00:00+00:00</expires>
<area><areaDesc>Long Street</areaDesc>
<polygon>9.9995,30.001 9.9995,30.004 10.0005,30.004 10.0005,30.001 9.9995,30.001</polygon></area></info></alert>
"""
)

# broken ones
shape = (out / "zones-shapefile-parts" / "layer.shp").read_bytes()


def archive(name, files):
    with zipfile.ZipFile(out / name, "w") as made:
        for inner, content in files.items():
            made.writestr(inner, content)


parts = {path.name: path.read_bytes() for path in sorted((out / "zones-shapefile-parts").iterdir())}
archive("bad-cut.zip", parts | {"layer.shp": shape[:-40]})
archive("bad-no-prj.zip", {name: content for name, content in parts.items() if not name.endswith(".prj")})
archive("bad-two.zip", parts | {"other" + name[5:]: content for name, content in parts.items()})
archive("bad-rows.zip", parts | {"layer.dbf": parts["layer.dbf"][:-60]})
shapefile("bad-lambert", zones.to_crs(3035))
package = (out / "zones.gpkg").read_bytes()
(out / "bad-cut.gpkg").write_bytes(package[: len(package) // 3])
zones.to_file(out / "bad-layers.gpkg", layer="north", driver="GPKG")
zones.to_file(out / "bad-layers.gpkg", layer="south", driver="GPKG")
zones.to_crs(3035).to_file(out / "bad-lambert.gpkg", layer="zones", driver="GPKG")
kml = (out / "zones.kml").read_text()
(out / "bad-cut.kml").write_text(kml[: len(kml) * 2 // 3])
(out / "bad-coordinates.kml").write_text(kml.replace("30.003,", "30.003;", 1))
(out / "bad-link.kml").write_text('<kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink><Link><href>http://x/</href></Link></NetworkLink></kml>')
(out / "bad-empty.xlsx").write_bytes(b"PK\x03\x04")
book = (out / "zones.xlsx").read_bytes()
(out / "bad-cut.xlsx").write_bytes(book[: len(book) // 2])
workbook("bad-nothing.xlsx", [], [])
alert = (out / "alert.xml").read_text()
(out / "bad-code.xml").write_text(alert.split("<polygon>")[0] + "<geocode><valueName>FIPS</valueName><value>1</value></geocode></area></info></alert>")
(out / "bad-polygon.xml").write_text(alert.replace("9.9995,30.004", "9.9995;30.004", 1))
(out / "bad-cut.xml").write_text(alert[:-60])
