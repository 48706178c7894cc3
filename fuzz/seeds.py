"""Small files of every kind that Clearway reads, as seeds for fuzzing: python3 fuzz/seeds.py DIR makes DIR/TARGET/NAME. Standard library alone."""

import gzip
import io
import pathlib
import sqlite3
import struct
import sys
import tempfile
import zipfile
import zlib

OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="60.0" lon="10.0"/><node id="2" lat="60.0" lon="10.01"><tag k="highway" v="stop"/></node>
<node id="3" lat="60.01" lon="10.01"/><node id="4" lat="60.01" lon="10.0"/>
<way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/><tag k="maxspeed" v="30 mph"/><tag k="lanes" v="3"/>
<tag k="lanes:forward" v="2"/><tag k="oneway" v="-1"/><tag k="access" v="private"/><tag k="opening_hours" v="Mo-Fr 08:00-18:00"/></way>
<way id="8"><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="highway" v="residential"/></way>
<way id="9"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="building" v="yes"/><tag k="building:levels" v="4"/><tag k="amenity" v="school"/></way>
<relation id="5"><member type="way" ref="7" role="from"/><member type="node" ref="3" role="via"/><member type="way" ref="8" role="to"/>
<tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation></osm>"""


def varint(value):
    out = bytearray()
    while True:
        out.append((value & 127) | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


def zigzag(value):
    return varint((value << 1) ^ (value >> 63) if value < 0 else value << 1)


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def packed(number, values, signed=False):
    return field(number, b"".join((zigzag if signed else varint)(value) for value in values))


def pbf():
    def blob(kind, data):
        body = field(2, len(data)) + field(3, zlib.compress(data))
        head = field(1, kind) + field(3, len(body))
        return struct.pack(">I", len(head)) + head + body

    header = field(4, b"OsmSchema-V0.6") + field(4, b"DenseNodes")
    strings = b"".join(field(1, text) for text in (b"", b"highway", b"primary"))
    dense = packed(1, [1, 1, 1], True) + packed(8, [600000000, 0, 100000], True) + packed(9, [100000000, 100000, 0], True)
    way = field(1, 7) + packed(2, [1]) + packed(3, [2]) + packed(8, [1, 1, 1], True)
    block = field(1, strings) + field(2, field(2, dense)) + field(2, field(3, way))
    return blob(b"OSMHeader", header) + blob(b"OSMData", block)


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


RING = [(10.0, 60.0), (10.0, 60.1), (10.1, 60.1), (10.1, 60.0), (10.0, 60.0)]


def shapefile():
    points = b"".join(struct.pack("<2d", *point) for point in RING)
    shape = struct.pack("<i4d2i", 5, 10.0, 60.0, 10.1, 60.1, 1, len(RING)) + struct.pack("<i", 0) + points
    record = struct.pack(">2i", 1, len(shape) // 2) + shape

    def head(length):
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + length) // 2) + struct.pack("<2i8d", 1000, 5, 10.0, 60.0, 10.1, 60.1, 0, 0, 0, 0)

    index = head(8) + struct.pack(">2i", 50, len(shape) // 2)
    fields = b"people".ljust(11, b"\0") + b"N" + bytes(4) + bytes([6, 0]) + bytes(14)
    dbf = struct.pack("<4BIHH20x", 3, 124, 1, 1, 1, 32 + 32 + 1, 7) + fields + b"\r" + b"    12 "[:7] + b"\x1a"
    return zipped({"zones.shp": head(len(record)) + record, "zones.shx": index, "zones.dbf": dbf, "zones.prj": 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257]]]'})


def geopackage():
    wkb = struct.pack("<BII I", 1, 3, 1, len(RING)) + b"".join(struct.pack("<2d", *point) for point in RING)
    shape = b"GP\0\1" + struct.pack("<i", 4326) + wkb
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "map.gpkg"
        base = sqlite3.connect(path)
        base.executescript("""
            PRAGMA page_size = 512; PRAGMA application_id = 1196444487; PRAGMA user_version = 10200; VACUUM;
            CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
            CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT, last_change TEXT, min_x REAL, min_y REAL, max_x REAL, max_y REAL, srs_id INTEGER);
            CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);
            CREATE TABLE zones (fid INTEGER PRIMARY KEY, geom BLOB, people INTEGER);
            INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, '');
            INSERT INTO gpkg_contents VALUES ('zones', 'features', 'zones', '', '2026-01-01T00:00:00Z', 10, 60, 10.1, 60.1, 4326);
            INSERT INTO gpkg_geometry_columns VALUES ('zones', 'geom', 'POLYGON', 4326, 0, 0);""")
        base.execute("INSERT INTO zones VALUES (1, ?, 12)", (shape,))
        base.commit()
        base.close()
        return path.read_bytes()


def geotiff(compressed):
    cells = struct.pack("<4f", 1.0, 2.5, 0.0, -9999.0)
    data = zlib.compress(cells) if compressed else cells
    keys = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326]
    extra = [
        (33550, 12, struct.pack("<3d", 0.05, 0.05, 0.0)), (33922, 12, struct.pack("<6d", 0, 0, 0, 10.0, 60.1, 0)),
        (34735, 3, struct.pack(f"<{len(keys)}H", *keys)), (42113, 2, b"-9999\0"),
    ]
    tags = [(256, 3, 2), (257, 3, 2), (258, 3, 32), (259, 3, 8 if compressed else 1), (262, 3, 1), (273, 4, None), (277, 3, 1), (278, 3, 2),
            (279, 4, len(data)), (339, 3, 3)]
    at = 8 + 2 + 12 * (len(tags) + len(extra)) + 4
    entries, blocks = [], b""
    for tag, kind, value in tags:
        entries.append((tag, struct.pack("<HHII", tag, kind, 1, value if value is not None else 0)))
    for tag, kind, value in extra:
        size = {12: 8, 3: 2, 2: 1}[kind]
        entries.append((tag, struct.pack("<HHII", tag, kind, len(value) // size, at + len(blocks))))
        blocks += value
    entries = [struct.pack("<HHII", tag, 4, 1, at + len(blocks)) if tag == 273 else entry for tag, entry in sorted(entries)]
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4) + blocks + data


def workbook():
    return zipped({
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="zones" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>zone_id</t></is></c><c r="B1" t="inlineStr"><is><t>people</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="B2"><v>12</v></c></row></sheetData></worksheet>',
    })


def open_document():
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "content.xml": '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="zones"><table:table-row><table:table-cell office:value-type="string"><text:p>zone_id</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="12"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>',
    })


def feed():
    return zipped({
        "routes.txt": "route_id,route_type,route_short_name\nr,3,12\n",
        "trips.txt": "route_id,service_id,trip_id,block_id\nr,s,t,b\nr,s,u,b\n",
        "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\na,A,60.0,10.0\nb,B,60.1,10.1\n",
        "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt,08:00:00,08:00:00,a,1\nt,25:30:00,25:30:00,b,2\nu,09:00:00,09:00:00,b,1\n",
        "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\ns,1,1,1,1,1,0,0,20260101,20261231\n",
        "calendar_dates.txt": "service_id,date,exception_type\ns,20260501,2\n",
    })


KML = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>a</name><ExtendedData><Data name="people"><value>12</value>
</Data></ExtendedData><TimeSpan><begin>2026-01-01T00:00:00Z</begin><end>2026-01-02</end></TimeSpan><Polygon><outerBoundaryIs><LinearRing><coordinates>10,60 10,60.1 10.1,60.1
10,60</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"""
CAP = """<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>i</identifier><sender>s</sender><sent>2026-01-01T00:00:00+00:00</sent>
<status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><category>Met</category><event>Flood</event><urgency>Expected</urgency><severity>Severe</severity>
<certainty>Likely</certainty><onset>2026-01-01T02:00:00+00:00</onset><area><areaDesc>a</areaDesc><polygon>60,10 60.1,10 60.1,10.1 60,10</polygon><circle>60,10 5</circle></area></info></alert>"""
NWS = """{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[10,60],[10,60.1],[10.1,60.1],[10,60]]]},
"properties":{"@type":"wx:Alert","id":"urn:oid:1","event":"Flood Warning","status":"Actual","messageType":"Alert","onset":"2026-01-01T00:00:00-05:00","ends":null}}]}"""
FIRES = "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,confidence,version,bright_t31,frp,daynight\n60.0,10.0,330.1,1.0,1.0,2026-01-01,0130,N,nominal,2.0NRT,290.0,12.3,D\n"
TNTP = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 2\n<END OF METADATA>\n~\tinit\tterm\tcapacity\tlength\tfft\tb\tpower\tspeed\ttoll\ttype\t;\n1\t3\t1000\t2\t3\t0.15\t4\t0\t0\t1\t;\n3\t2\t900\t2\t3\t0.15\t4\t0\t0\t1\t;\n"
LINKS = "link_id,from_node_id,to_node_id,directed,length,lanes,free_speed,capacity,allowed_uses,geometry\n1,1,2,1,0.5,2,50,900,auto,\"LINESTRING (10 60, 10.1 60)\"\n"


def main():
    out = pathlib.Path(sys.argv[1])
    seeds = {
        "roads": [b"\0" + OSM.encode(), b"\0" + gzip.compress(OSM.encode(), mtime=0), b"\0" + pbf(), b"\1" + LINKS.encode(), b"\3" + TNTP.encode()],
        "shapes": [bytes([role]) + seed for role, seed in enumerate([KML.encode(), shapefile(), geopackage(), zipped({"doc.kml": KML}), CAP.encode(), NWS.encode()])]
        + [b"\4" + CAP.encode(), b"\4" + NWS.encode(), b"\4" + FIRES.encode()],
        "rasters": [geotiff(False), geotiff(True)],
        "sheets": [b"\0" + workbook(), b"\1" + open_document()],
        "feeds": [feed()],
        "counts": [b"place,id,state,people,low,high,counted_at_s,source\nzone,a,waiting,100,90,120,3600,tally\n", b"kind,id,at_s\nroad_lost,l1,3600\n"],
        "tables": [bytes([at]) + b"\0\0\0" for at in range(6)] + [bytes([6]) + b"link_id,from_s,until_s\nl,0,3600\n"],
        "plans": [bytes([at]) + b"\0\0\0" for at in range(24)],
    }
    for target, files in seeds.items():
        folder = out / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(files):
            (folder / f"seed-{number}").write_bytes(data)


main()
