"""Reads what `clearway export` wrote with programs that are not ours, and prints what they find as JSON.

read.py FORMAT PATH [PROGRAMS]
"""

import csv
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def gpkg(path):
    import geopandas
    import pyogrio

    found = {}
    for name, geometry in pyogrio.list_layers(path):
        if name == "layer_styles":
            continue
        table = geopandas.read_file(path, layer=name)
        found[name] = of_table(table)
        found[name]["geometry"] = geometry
        if geometry is not None:
            assert table.crs.to_epsg() == 4326, table.crs
            assert table.geometry.dropna().is_valid.all(), name
            found[name]["bounds"] = [round(float(edge), 6) for edge in table.total_bounds]
            # through the spatial index: all that is in the box of everything
            west, south, east, north = table.total_bounds
            box = (west - 1e-4, south - 1e-4, east + 1e-4, north + 1e-4)
            found[name]["by_index"] = len(geopandas.read_file(path, layer=name, bbox=box))
    return found


def of_table(table):
    """Rows and the sums of columns of numbers."""
    numbers = table.select_dtypes("number")
    return {"rows": len(table), "sums": {name: float(numbers[name].sum()) for name in numbers}, "columns": list(table.columns)}


def xlsx(path):
    import openpyxl

    book = openpyxl.load_workbook(path)
    found = {}
    for sheet in book:
        rows = list(sheet.iter_rows(values_only=True))
        header, rows = rows[0], rows[1:]
        tags = []
        if rows and any(str(cell or "").startswith("#") for cell in rows[0]):
            tags, rows = [cell or "" for cell in rows[0]], rows[1:]
        sums = {}
        for at, name in enumerate(header):
            sums[name] = float(sum(row[at] for row in rows if isinstance(row[at], (int, float))))
        formulas = sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        found[sheet.title] = {"rows": len(rows), "sums": sums, "columns": list(header), "tags": tags, "formulas": formulas}
    return found


def schema(name):
    from lxml import etree

    return etree.XMLSchema(etree.parse(HERE / name))


def kml(path):
    from lxml import etree

    document = etree.parse(path)
    schema("kml.xsd").assertValid(document)
    space = {"k": "http://www.opengis.net/kml/2.2"}
    found = {}
    for folder in document.iterfind(".//k:Folder", space):
        marks = folder.findall("k:Placemark", space)
        sums = {}
        for mark in marks:
            for data in mark.iterfind(".//k:Data", space):
                try:
                    value = float(data.findtext("k:value", namespaces=space))
                except ValueError:
                    continue
                sums[data.get("name")] = sums.get(data.get("name"), 0) + value
        spans = [(mark.findtext("k:TimeSpan/k:begin", namespaces=space), mark.findtext("k:TimeSpan/k:end", namespaces=space)) for mark in marks]
        spans = [span for span in spans if span[0]]
        assert all(begin < end for begin, end in spans), spans
        found[folder.findtext("k:name", namespaces=space)] = {"rows": len(marks), "sums": sums, "spans": len(spans)}
    return found


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def gmns(folder):
    folder = pathlib.Path(folder)
    tables = {path.stem: rows(path) for path in folder.glob("*.csv")}
    nodes = {row["node_id"] for row in tables["node"]}
    links = {row["link_id"]: row for row in tables["link"]}
    assert len(nodes) == len(tables["node"]) and len(links) == len(tables["link"])
    for link in links.values():
        assert link["from_node_id"] in nodes and link["to_node_id"] in nodes, link
    zones = {row["zone_id"] for row in tables["zone"]}
    for demand in tables["demand"]:
        assert demand["o_zone_id"] in zones and demand["d_zone_id"] in zones, demand
    for route in tables["route"]:
        sequence = route["link_sequence"].split(";")
        passed = [links[sequence[0]]["from_node_id"]] + [links[link]["to_node_id"] for link in sequence]
        assert passed == route["node_sequence"].split(";"), route
        for one, next_one in zip(sequence, sequence[1:]):
            assert links[one]["to_node_id"] == links[next_one]["from_node_id"], route
    total = lambda table, column: sum(float(row[column] or 0) for row in tables[table])
    return {
        "links": sum(row["facility_type"] != "connector" for row in links.values()),
        "people": total("demand", "people"),
        "vehicles": total("demand", "volume"),
        "agents": len(tables["agent"]),
        "agent_people": total("agent", "people"),
        "route_people": total("route", "people"),
        "link_people": total("link", "people"),
        "zone_people": total("zone", "people"),
    }


def attributes(path, tag):
    from lxml import etree

    for _, element in etree.iterparse(path, tag=tag):
        yield dict(element.attrib)
        element.clear()


def sumo(folder):
    folder = pathlib.Path(folder)
    programs = pathlib.Path(sys.executable).parent
    for command in (["netconvert", "-c", "plan.netccfg"], ["sumo", "-c", "plan.sumocfg"]):
        done = subprocess.run([programs / command[0], *command[1:]], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}: {done.stdout} {done.stderr}"
    people = {row["vehicle"]: int(row["people"]) for row in rows(folder / "plan.csv")}
    arrivals = sorted((float(trip["arrival"]), people[trip["id"]]) for trip in attributes(folder / "tripinfo.xml", "tripinfo"))
    arrivals = [arrival for arrival in arrivals if arrival[0] >= 0]
    arrived = sum(arrival[1] for arrival in arrivals)
    so_far, t90 = 0, None
    for time, count in arrivals:
        so_far += count
        if t90 is None and so_far >= 0.9 * sum(people.values()):
            t90 = time
    return {
        "vehicles": len(people),
        "people": sum(people.values()),
        "edges": sum(1 for _ in attributes(folder / "plan.edg.xml", "edge")),
        "arrived": arrived,
        "t90_s": t90,
        "last_s": arrivals[-1][0] if arrivals else None,
    }


def matsim(folder):
    """Structure of the files as their document types have it; the route of every agent leads from link to link."""
    from lxml import etree

    folder = pathlib.Path(folder)
    for name in ("network", "plans"):
        document = etree.parse(folder / f"{name}.xml")
        assert etree.DTD(HERE / f"matsim-{name}.dtd").validate(document), name
    ends = {link["id"]: (link["from"], link["to"]) for link in attributes(folder / "network.xml", "link")}
    nodes = {node["id"] for node in attributes(folder / "network.xml", "node")}
    assert all(end in nodes for pair in ends.values() for end in pair)
    people, persons = 0, {}
    for _, person in etree.iterparse(folder / "plans.xml", tag="person"):
        count = int(person.findtext("attributes/attribute[@name='people']"))
        route = person.find("plan/leg/route")
        links = route.text.split(" ")
        assert links[0] == route.get("start_link") and links[-1] == route.get("end_link")
        for one, next_one in zip(links, links[1:]):
            assert ends[one][1] == ends[next_one][0], (one, next_one)
        people += count
        persons[person.get("id")] = count
        person.clear()
    found = {"links": len(ends), "agents": len(persons), "people": people}
    if (folder / "events.xml").exists():
        last, before, arrived = 0.0, 0.0, 0
        place = {}
        for event in attributes(folder / "events.xml", "event"):
            time = float(event["time"])
            assert time >= before, event
            before = time
            if event["type"] == "left link":
                assert place[event["vehicle"]] == event["link"], event
            if event["type"] in ("entered link", "vehicle enters traffic"):
                place[event["vehicle"]] = event["link"]
            if event["type"] == "arrival":
                arrived += persons[event["person"]]
                last = time
        found |= {"arrived": arrived, "last_s": last}
    return found


def geoparquet(folder):
    import geopandas
    import pandas
    import pyarrow.parquet

    found = {}
    for path in sorted(pathlib.Path(folder).glob("*.parquet")):
        metadata = pyarrow.parquet.read_schema(path).metadata
        if b"geo" in metadata:
            table = geopandas.read_parquet(path)
            assert table.crs.to_epsg() in (4326, None) and table.geometry.dropna().is_valid.all()
        else:
            table = pandas.read_parquet(path)
        found[path.stem] = of_table(table)
        found[path.stem]["described"] = len(json.loads(metadata[b"clearway"])["columns"])
    return found


def cap(folder):
    from lxml import etree

    folder = pathlib.Path(folder)
    xsd = schema("cap.xsd")
    space = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
    people, identifiers, statuses, closed = 0, set(), set(), 0
    drafts = sorted(folder.glob("*.xml"))
    for path in drafts:
        document = etree.parse(path)
        xsd.assertValid(document)
        alert = document.getroot()
        identifiers.add(alert.findtext("c:identifier", namespaces=space))
        statuses.add(alert.findtext("c:status", namespaces=space))
        assert alert.find(".//c:instruction", space) is None and alert.find(".//c:responseType", space) is None
        for parameter in alert.iterfind(".//c:parameter", space):
            if parameter.findtext("c:valueName", namespaces=space) == "clearway:people":
                people += int(parameter.findtext("c:value", namespaces=space))
        for polygon in alert.iterfind(".//c:polygon", space):
            pairs = [tuple(map(float, pair.split(","))) for pair in polygon.text.split(" ")]
            assert pairs[0] == pairs[-1] and len(pairs) >= 4
            closed += 1
            found_lat = [pair[0] for pair in pairs]
            assert all(-90 <= lat <= 90 for lat in found_lat)
    assert len(identifiers) == len(drafts)
    listed = rows(folder / "drafts.csv")
    first = etree.parse(drafts[0]).find(".//{*}polygon") if drafts else None
    return {
        "drafts": len(drafts),
        "listed": len(listed),
        "people": people,
        "listed_people": sum(int(row["people"]) for row in listed),
        "statuses": sorted(statuses),
        "polygons": closed,
        "first": None if first is None else first.text.split(" ")[0],
    }


if __name__ == "__main__":
    kind, path = sys.argv[1:3]
    print(json.dumps(globals()[kind](path)))
