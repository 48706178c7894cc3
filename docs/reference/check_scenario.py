"""Reading a scenario: tables, settings, and what a case makes of them (scenario.md; semantics.md, Cases and Elements).

Part of check.py. A scenario that breaks its own rules (an id twice, a link to nowhere, a share that falls) is unreadable:
nothing can be said about a plan for it.
"""
import csv
import hashlib
import io
import json
import math
import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import Counter
from decimal import Decimal

from check_space import length_m

csv.field_size_limit(1 << 30)
FOREVER = 1 << 50
MOST = 10**12
# how much is taken on (semantics.md, How much a checker takes on)
OCCURRENCES_OF_ROW, OCCURRENCES, LOOKED_AT, TURNS = 100_000, 1_000_000, 10_000_000, 20_000_000
RAW = ("scenario.toml node.csv link.csv movement.csv zones.csv zones.geojson mobilization.csv sites.csv sites.geojson "
       "connectors.csv closures.csv windows.csv junctions.csv").split()


class Unreadable(Exception):
    """Nothing can be said: a file is missing or is not what the reference describes."""


# ---- reading ----------------------------------------------------------------------------------------------------------

def within(name, what, found, most):
    if found > most:
        raise Unreadable(f"{name}: {found} {what}; at most {most} are checked")


def decode(name, data):
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{name}: not UTF-8: {error}") from error


DEEPEST = 127  # levels of lists and objects within each other


def whole_of(digits):
    """A whole number of JSON; `-0` is a number with a sign and no whole one, and beyond 64 bits it is one with a fraction."""
    if digits == "-0" or len(digits) > 20:
        return finite(digits)
    return int(digits) if -2**63 <= int(digits) < 2**64 else finite(digits)


def finite(digits):
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:40]} is beyond the range of numbers")
    return value


def read_toml(name, data):
    """TOML 1.0; later versions of Python read no other."""
    words = decode(name, data)
    try:
        settings = tomllib.loads(words)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise Unreadable(f"{name}: {error}") from error
    if any(0xd800 <= ord(c) < 0xe000 for text in texts_of(settings) for c in text):
        raise Unreadable(f"{name}: half of a character")
    return settings


def texts_of(value):
    """All texts in a value, keys as well."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += value.keys()
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def read_json(name, data):
    """Strict: what a lenient reader could take in one of two ways is refused (plan.md, JSON)."""
    def pairs(items):
        if len(dict(items)) < len(items):
            raise ValueError("a key stands twice")
        return dict(items)

    def constant(word):
        raise ValueError(f"{word} is no JSON")
    words = decode(name, data)
    try:
        depth = 0
        for mark in re.finditer(r'"(?:[^"\\]|\\.)*"|[][{}]', words, re.DOTALL):
            depth += (mark[0] in "[{") - (mark[0] in "]}")
            if depth > DEEPEST:
                raise ValueError(f"lists and objects within each other, more than {DEEPEST} deep")
        value = json.loads(words, object_pairs_hook=pairs, parse_constant=constant, parse_int=whole_of, parse_float=finite)
        if "\\u" in words and any(0xd800 <= ord(c) < 0xe000 for text in texts_of(value) for c in text):
            raise ValueError("half of a character")
        return value
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{name}: {error}") from error


class Row:
    """One row of a table."""

    def __init__(self, table, place, cells):
        self.table, self.place, self.cells = table, place, cells

    def text(self, column):
        return self.cells.get(column, "")

    def bad(self, column, expected):
        return Unreadable(f"{self.table}, {self.place}, {column} = '{self.text(column)}': expected {expected}")

    def id(self, column, known=None, new=False):
        """An id: one of `known`, or (new) one that is not in it yet."""
        cell = self.text(column)
        if cell == "" or (known is not None and (cell in known) == new):
            raise self.bad(column, "an id that is not used twice" if new else "an id of that table")
        return cell

    def number(self, column):
        if self.text(column) == "":
            return None
        cell = self.text(column).strip(" ")
        try:
            value = float(cell) if re.fullmatch(r"[0-9+\-.eE]+", cell) else math.nan
        except ValueError:
            value = math.nan
        if not 0 <= value <= 1e15:
            raise self.bad(column, "a number that is not negative")
        return value

    def whole(self, column, needed=False):
        if self.text(column) == "" and not needed:
            return None
        value = whole_number(self.text(column))
        if value is None or not 0 <= value <= MOST:
            raise self.bad(column, "a whole number that is not negative")
        return value

    def flag(self, column):
        """Yes or no, in any of the ways in which tables write 1 and 0; empty is no."""
        cell = self.text(column)
        word = cell.strip(" ").lower()
        if word in ("1", "1.0", "true"):
            return True
        if word in ("0", "0.0", "false") or cell == "":
            return False
        raise self.bad(column, "1, 0 or an empty cell")

    def range(self, column, read):
        """(value, low, high), or None where the figure is empty."""
        value, low, high = read(column), read(column + "_low"), read(column + "_high")
        if value is None:
            return None
        low, high = value if low is None else low, value if high is None else high
        if not low <= value <= high:
            raise self.bad(column, "a figure between its low and its high end")
        return value, low, high


def whole_number(cell):
    """A whole number, with spaces round it or `.0` after it; None if it is none. `1.000` is none: it may be a thousand."""
    match = re.fullmatch(r"([+-]?)0*([0-9]+)(?:\.0)?", cell.strip(" "))
    if match is None or len(match[2]) > 20:
        return None
    return -int(match[2]) if match[1] == "-" else int(match[2])


PERIOD = "target target_id from_ms until_ms repeat_every_ms repeat_until_ms kind cause"
KNOWN = {  # the columns that the reference gives a meaning; others may stand there twice
    "node.csv": "node_id name x_coord y_coord",
    "link.csv": "link_id name from_node_id to_node_id directed facility_type lanes free_speed length capacity length_m "
                "capacity_pcu_h capacity_pcu_h_low capacity_pcu_h_high reserved_pcu_h storage_pcu storage_pcu_low storage_pcu_high "
                "time_ms time_ms_low "
                "walk_capacity_people_h walk_capacity_people_h_low walk_capacity_people_h_high walk_time_ms walk_time_ms_low geometry",
    "movement.csv": "mvmt_id node_id ib_link_id ob_link_id prohibited",
    "zones.csv": "zone_id name pcode people people_low people_high stay_people stay_people_low stay_people_high mobilization_id "
                 "x_coord y_coord arrived overtaken not_evacuated reasons first_departure_s last_departure_s last_arrival_s hazard_s "
                 "latest_departure_bound_s latest_departure_plan_s latest_order_bound_s latest_order_plan_s",
    "mobilization.csv": "mobilization_id time_ms share",
    "sites.csv": "site_id name pcode capacity_people capacity_people_low capacity_people_high admission_people_h "
                 "admission_people_h_low admission_people_h_high open_from_ms open_until_ms area_m2 x_coord y_coord",
    "connectors.csv": "connector_id place place_id node_id time_ms capacity_pcu_h capacity_pcu_h_low capacity_pcu_h_high",
    "closures.csv": "closure_id " + PERIOD, "windows.csv": "window_id " + PERIOD,
    "groups.csv": "zone_id means people people_low people_high stay_people mobilization_id priority weight together",
    "fleet.csv": "vehicle_type_id name count count_low count_high seats wheelchair_places stretcher_places pcu_per_vehicle "
                 "speed_share load_ms unload_ms depot_node_id available_from_ms available_until_ms duty_max_ms rest_ms range_m",
    "modes.csv": "mode_id name kind people_per_vehicle people_per_vehicle_low people_per_vehicle_high pcu_per_vehicle "
                 "speed_km_h speed_km_h_high road_share facility_types turn_bans",
    "link_use.csv": "link_id mode_id capacity_vehicles_h capacity_vehicles_h_low capacity_vehicles_h_high road_share "
                    "time_ms time_ms_low",
    "access.csv": "connector_id mode_id place place_id node_id time_ms",
    "timetable.csv": "run_id mode_id link_id depart_ms places repeat_every_ms repeat_until_ms",
    "orders.csv": "order_id zone_id zone_name site_id site_name route_id group class people depart_from_ms depart_until_ms "
                  "depart_from depart_until via",
    "curve.csv": "time_s arrived_people bound_people departed_people",
    "bottlenecks.csv": "rank element id name from_s until_s capacity_people_h people extra_lane_people",
    "overflow.csv": "link_id name room_vehicles peak_vehicles overflow_vehicle_min from_s until_s",
    "trips.csv": "trip_id vehicle_id vehicle_type_id zone_id site_id seat_people wheelchair_people stretcher_people from_ms "
                 "load_ms depart_ms unload_ms end_ms empty_links zone_connector links site_connector zone_name site_name",
}
KNOWN["without-priorities.csv"] = KNOWN["trips.csv"]


HXL_TAG = re.compile(r"#\s*[A-Za-z][A-Za-z0-9_]*\s*(?:\+\s*[A-Za-z][A-Za-z0-9_]*\s*)*")


def read_csv(name, data, columns, if_rows=()):
    """Rows of a table; `if_rows` are columns that must be there if there is any row. Strict about quotes, as RFC 4180 is."""
    lines = []

    def feed(source):
        for line in source:
            lines.append(line)
            yield line
    reader = csv.reader(feed(io.StringIO(decode(name, data), newline="")), strict=True)
    rows, header, records = [], None, 0
    known = set(KNOWN.get(name.rsplit("/", 1)[-1], "").split())
    try:
        for cells in reader:
            first = lines[0]
            lines.clear()
            if not cells:
                continue
            records += 1
            if header is None:
                header = cells
                if any(column in known and header.count(column) > 1 for column in header) or not set(columns) <= set(header):
                    raise Unreadable(f"{name}: columns must be there once: {', '.join(columns)}")
            elif records == 2 and first.startswith("#"):
                if any(cell and not HXL_TAG.fullmatch(cell.strip()) for cell in cells):
                    raise Unreadable(f"{name}, line {reader.line_num}: HXL tags and cells that are none")
            elif len(cells) != len(header):
                raise Unreadable(f"{name}, line {reader.line_num}: {len(cells)} cells, {len(header)} columns")
            else:
                rows.append(Row(name, f"line {reader.line_num}", dict(zip(header, cells))))
    except csv.Error as error:
        raise Unreadable(f"{name}: {error}") from error
    if header is None:
        raise Unreadable(f"{name}: empty")
    if rows and not set(if_rows) <= set(header):
        raise Unreadable(f"{name}: columns must be there: {', '.join(if_rows)}")
    return rows


def property_text(value):
    """What a cell would hold; None for what no cell can hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):  # 12000.0 is the number 12000
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return "" if value is None else str(value) if isinstance(value, (str, int)) else None


def read_features(name, table, data):
    value = read_json(name, data)
    if not isinstance(value, dict) or value.get("type") != "FeatureCollection" or not isinstance(value.get("features"), list):
        raise Unreadable(f"{name}: no list of features")
    rows, known = [], set(KNOWN[table].split())
    for number, feature in enumerate(value["features"], 1):
        if not isinstance(feature, dict):
            raise Unreadable(f"{name}: feature {number} is none")
        given = feature.get("properties")
        cells = {key: property_text(v) for key, v in given.items() if key in known} if isinstance(given, dict) else {}
        if None in cells.values():
            raise Unreadable(f"{name}: feature {number}: properties are text, numbers or nothing")
        rows.append(Row(name, f"feature {number}", cells))
    return rows


def raw_files(folder):
    """The raw files of a scenario folder; shapes count only where their table is missing."""
    files = {name: (folder / name).read_bytes() for name in RAW if (folder / name).exists()}
    for shapes, table in (("zones.geojson", "zones.csv"), ("sites.geojson", "sites.csv")):
        if table in files:
            files.pop(shapes, None)
    return files


def read_table(files, name, columns, optional=False, if_rows=()):
    shapes = name.replace(".csv", ".geojson")
    if name not in files and name in ("zones.csv", "sites.csv") and shapes in files:
        return read_features(shapes, name, files[shapes])
    if name not in files and optional:
        return []
    if name not in files:
        raise Unreadable(f"{name}: missing")
    return read_csv(name, files[name], columns, if_rows)


# ---- sets of times: sorted lists of (from, until) ---------------------------------------------------------------------

def union(times):
    merged = []
    for f, u in sorted(t for t in times if t[0] < t[1]):
        if merged and f <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(u, merged[-1][1]))
        else:
            merged.append((f, u))
    return merged


def both(a, b):
    return union((max(f, g), min(u, v)) for f, u in a for g, v in b)


def less(a, b):
    edges = [-FOREVER] + [edge for span in union(b) for edge in span] + [FOREVER]
    return both(a, list(zip(edges[::2], edges[1::2])))


def length(spans, start, end):
    return sum(max(0, min(u, end) - max(f, start)) for f, u in spans)


# ---- the scenario -----------------------------------------------------------------------------------------------------

class Scenario:
    """The raw tables (scenario.md)."""

    def __init__(self, folder):
        files = raw_files(folder)
        listing = "".join(f"{n} {hashlib.sha256(files[n]).hexdigest()}\n" for n in RAW if n in files)
        self.digest = "sha256:" + hashlib.sha256(listing.encode()).hexdigest()
        self.read_settings(files)

        def table(name, columns, optional=False, if_rows=()):
            return read_table(files, name, columns, optional, if_rows)

        self.always = [(0, self.horizon)]
        self.nodes = {}
        for row in table("node.csv", ["node_id"]):
            self.nodes[row.id("node_id", self.nodes, new=True)] = len(self.nodes)
        capacity, time = ("walk_capacity_people_h", "walk_time_ms") if self.walk else ("capacity_pcu_h", "time_ms")
        self.links, self.spaces = {}, {}
        for row in table("link.csv", ["link_id", "from_node_id", "to_node_id"]):
            key = row.id("link_id", self.links, new=True)
            if row.text("directed").lower() not in ("", "1", "true"):
                raise row.bad("directed", "true")
            figure, tau = row.range(capacity, row.number), row.range(time, row.whole)
            if (min(tau) < 1 if tau else figure) or row.whole(time + "_low") == 0:
                raise row.bad(time, "a whole number above 0")
            self.links[key] = (row.id("from_node_id", self.nodes), row.id("to_node_id", self.nodes), figure,
                               row.number("reserved_pcu_h") or 0.0, tau, row.text("name"))
            self.spaces[key] = length_m(row), row.number("lanes"), row.range("storage_pcu", row.number)
        self.banned, ids = set(), set()
        for row in table("movement.csv", ["mvmt_id", "node_id", "ib_link_id", "ob_link_id"], True, ["prohibited"]):
            ids.add(row.id("mvmt_id", ids, new=True))
            turn, is_banned = (row.id("ib_link_id", self.links), row.id("ob_link_id", self.links)), row.flag("prohibited")
            if not self.links[turn[0]][1] == row.id("node_id", self.nodes) == self.links[turn[1]][0]:
                raise row.bad("node_id", "the node where the first link ends and the second begins")
            if is_banned:
                self.banned.add(turn)
        self.read_releases(table("mobilization.csv", ["mobilization_id", "time_ms", "share"], optional=True))
        self.zones = {}
        for row in table("zones.csv", ["zone_id", "people"]):
            key = row.id("zone_id", self.zones, new=True)
            if row.text("mobilization_id") and row.text("mobilization_id") not in self.releases:
                raise row.bad("mobilization_id", "an id of mobilization.csv")
            row.whole("people", needed=True)
            stay = row.range("stay_people", row.whole) or (0, row.whole("stay_people_low") or 0,
                                                           row.whole("stay_people_high") or 0)
            self.zones[key] = row.text("name"), row.range("people", row.whole), stay, row.text("mobilization_id")
        if any(sum(zone[1][end] for zone in self.zones.values()) > MOST for end in range(3)):
            raise Unreadable("zones.csv: expected a credible number of people")
        self.sites = {}
        for row in table("sites.csv", ["site_id"]):
            key = row.id("site_id", self.sites, new=True)
            until = row.whole("open_until_ms")
            self.sites[key] = (row.text("name"), row.range("capacity_people", row.whole),
                               row.range("admission_people_h", row.number), row.whole("open_from_ms") or 0,
                               FOREVER if until is None else until)
        self.connectors = {}
        for row in table("connectors.csv", ["connector_id", "place", "place_id", "node_id", "time_ms"]):
            key = row.id("connector_id", self.connectors, new=True)
            if row.text("place") not in ("zone", "site"):
                raise row.bad("place", "zone or site")
            places = self.zones if row.text("place") == "zone" else self.sites
            self.connectors[key] = (row.text("place"), row.id("place_id", places), row.id("node_id", self.nodes),
                                    row.whole("time_ms", needed=True), row.range("capacity_pcu_h", row.number))
        columns = ["target", "target_id", "from_ms", "kind"]
        self.occurrences = self.looked_at = 0
        self.closures = self.read_periods(table("closures.csv", columns, optional=True), "closure_id", ("node",))
        self.windows = self.read_periods(table("windows.csv", columns, optional=True), "window_id", ("all_links",))
        self.check_turns()

    def read_settings(self, files):
        people = "people_per_vehicle"
        ends = people, people + "_low", people + "_high"
        settings = read_toml("scenario.toml", files.get("scenario.toml", b""))
        one = settings.get("class")
        if not isinstance(one, list) or len(one) != 1 or not isinstance(one[0], dict):
            raise Unreadable("scenario.toml: exactly one [[class]]")
        one = {"pcu_per_vehicle": 1.0, **one[0]}
        self.walk, texts = one.get("mode") == "walk", ("schema", "name", "context", "start", "time_zone")
        unknown = set(settings) - {*texts, "description", "horizon_ms", "margin_share", "attribution", "class"}
        unknown |= set(one) - {"id", "mode", *ends, "pcu_per_vehicle"}
        attribution, margin = settings.get("attribution", []), settings.get("margin_share", 0.25)
        self.name, self.context, self.horizon, self.class_id = (
            of.get(key) for of, key in ((settings, "name"), (settings, "context"), (settings, "horizon_ms"), (one, "id")))
        good = not unknown and all(isinstance(settings.get(key), str) for key in texts) and isinstance(self.class_id, str)
        good = good and settings["schema"] == "clearway-scenario/2" and one.get("mode") in ("vehicle", "walk")
        good = good and self.context in ("disaster", "armed_conflict", "exercise", "other")
        good = good and type(self.horizon) is int and 1 <= self.horizon <= MOST
        good = good and isinstance(settings.get("description", ""), str)
        good = good and isinstance(attribution, list) and all(isinstance(line, str) for line in attribution)
        good = good and type(margin) in (int, float) and 0 <= margin <= 1e9 and (self.walk or people in one)
        good = good and all(type(one[key]) in (int, float) and 0 < one[key] <= 1e9
                            for key in (*ends, "pcu_per_vehicle") if key in one)
        if good:
            value = float(one.get(people, 1.0))
            self.pcu, self.occupancy = float(one["pcu_per_vehicle"]), tuple(float(one.get(key, value)) for key in ends)
            good = self.occupancy[1] <= value <= self.occupancy[2]
        self.start = settings.get("start")
        if not good:
            raise Unreadable(f"scenario.toml: unknown keys {sorted(unknown)}, or values missing or out of range")

    def read_releases(self, rows):
        self.releases = {}
        for row in rows:
            curve = self.releases.setdefault(row.id("mobilization_id"), [])
            time, share = row.whole("time_ms", needed=True), row.number("share")
            if share is None or share > 1 or (curve and (curve[-1][0] > time or curve[-1][1] > share)):
                raise row.bad("share", "times and shares that never fall, shares up to 1")
            curve.append((time, share))
        if any(curve[-1][1] != 1 for curve in self.releases.values()):
            raise Unreadable("mobilization.csv: the last share of a curve must be 1")

    def check_turns(self):
        """Where banned turns end, what leaves the node has several tails: their number is limited."""
        ending = Counter(self.links[link][1] for link in {turn[0] for turn in self.banned})
        leaving = [start for start, *_ in self.links.values()]
        leaving += [node for place, _, node, _, _ in self.connectors.values() if place == "site"]
        within("movement.csv", "turns at nodes with banned ones", sum(ending[node] for node in leaving), TURNS)

    def read_periods(self, rows, key, more):
        """(target, id, presence) -> all occurrences that begin before the horizon; a list may be empty."""
        periods, ids = {}, set()
        places = {"link": self.links, "node": self.nodes, "zone": self.zones, "site": self.sites, "all_links": {"*"}}
        for row in rows:
            ids.add(row.id(key, ids, new=True))
            target, kind = row.text("target"), row.text("kind")
            if target not in ("link", "zone", "site", *more):
                raise row.bad("target", "a kind of thing that can be named here")
            if kind not in ("entry", "presence") or (target == "node" and kind == "entry"):
                raise row.bad("kind", "entry or presence; presence for a node")
            start, until = row.whole("from_ms", needed=True), row.whole("until_ms")
            until = FOREVER if until is None else until
            every, stop = row.whole("repeat_every_ms"), row.whole("repeat_until_ms")
            stop = self.horizon if stop is None else min(stop, self.horizon)
            if until < start or every == 0:
                raise row.bad("until_ms", "an interval that does not end before it begins")
            shifts = range(0, min(1, max(0, self.horizon - start))) if every is None else range(0, max(0, stop - start), every)
            self.occurrences += len(shifts)
            self.looked_at += len(shifts) * (len(self.links) if target == "all_links" else 1)
            if len(shifts) > OCCURRENCES_OF_ROW or self.occurrences > OCCURRENCES or self.looked_at > LOOKED_AT:
                raise row.bad("repeat_every_ms", "fewer repetitions, of this row or of all")
            times = periods.setdefault((target, row.id("target_id", places[target]), kind == "presence"), [])
            times.extend((start + shift, until + shift) for shift in shifts)
        return periods

    def open_link(self, key, tau):
        """When a link may be entered by somebody who takes `tau` ms over it."""
        opened = [(-FOREVER, FOREVER)]
        for presence in (False, True):
            rows = [self.windows[at] for at in (("link", key, presence), ("all_links", "*", presence)) if at in self.windows]
            if rows:
                spans = union(time for row in rows for time in row)
                opened = both(opened, [(f, u - tau) for f, u in spans] if presence else spans)
            lead = tau if presence else 0
            shut = [(f - lead, u) for f, u in self.closures.get(("link", key, presence), ()) if f < u]
            opened = less(opened, shut) if shut else opened
        opened = self.ahead(opened, self.links[key][1], tau)
        return self.always if opened == [(-FOREVER, FOREVER)] else both(opened, self.always)

    def ahead(self, opened, node, tau):
        """Less the times at which one would get to a node, after `tau` ms, while it is closed."""
        shut = union(self.closures.get(("node", node, True), ()))
        return less(opened, [(f - tau, u - tau) for f, u in shut]) if shut else opened


# ---- semantics: Cases, Elements ---------------------------------------------------------------------------------------

def rounded(value):
    value = math.floor(value + 0.5)
    if value > 10**15:
        raise Unreadable("a rate that is not credible")
    return value


def share_before(curve, time):
    """The bound of the share from the left."""
    at = bisect_left(curve, (time,))
    if at == 0 or at == len(curve):
        return curve[-1][1] if at else 0.0
    (t0, s0), (t1, s1) = curve[at - 1], curve[at]
    return s1 if t1 == time else s0 + (s1 - s0) * (time - t0) / (t1 - t0)


def share_at(curve, time):
    """The share at a time; a jump at this very time counts."""
    at = bisect_right(curve, (time, math.inf))
    if at == 0 or at == len(curve):
        return curve[-1][1] if at else 0.0
    (t0, s0), (t1, s1) = curve[at - 1], curve[at]
    return s0 + (s1 - s0) * (time - t0) / (t1 - t0)


class Case:
    """All figures in one case. An element is (rate or None, tau, open set)."""

    def __init__(self, scenario, case):
        s = scenario
        best = {"central": 0, "optimistic": 2, "pessimistic": 1}[case]  # which of (value, low, high), where more helps
        least = {"central": 0, "optimistic": 1, "pessimistic": 2}[case]  # and where less helps
        self.scenario, self.case, self.best = s, case, best
        always = s.always
        per_pcu = s.occupancy[best]

        def people(pcu):
            return rounded(pcu * 1000) if s.walk else rounded(pcu * per_pcu / s.pcu * 1000)

        self.links = {}
        for key, (_, _, capacity, reserved, tau, _) in s.links.items():
            if capacity is None:
                continue
            free = capacity[best] if s.walk or case == "optimistic" else max(0.0, capacity[best] - reserved)
            rate, tau = people(free), tau[1] if case == "optimistic" else tau[0]
            if rate == 0:
                continue
            self.links[key] = rate, tau, s.open_link(key, tau)
        self.hazard, ways = {}, {}
        for key in s.zones:
            ways[key] = self.windowed([(-FOREVER, FOREVER)], "zone", key)
            ways[key] = less(ways[key], s.closures.get(("zone", key, False), []))
            begins = [f for f, u in s.closures.get(("zone", key, True), []) if f < u]
            if begins:
                ways[key] = less(ways[key], [(min(begins), FOREVER)])
                if min(begins) < s.horizon:
                    self.hazard[key] = min(begins)
            ways[key] = both(ways[key], always)
        self.connectors = {}
        for key, (place, place_id, node, tau, capacity) in s.connectors.items():
            rate = None if capacity is None else people(capacity[best])
            self.connectors[key] = rate, tau, s.ahead(ways[place_id], node, tau) if place == "zone" else always
        self.admissions, self.capacity = {}, {}
        for key, (_, capacity, admission, start, until) in s.sites.items():
            spans = self.windowed([(start, until)], "site", key)
            shut = s.closures.get(("site", key, False), [])
            shut = shut + [(-FOREVER, u) for f, u in s.closures.get(("site", key, True), []) if f < u]
            rate = None if admission is None else rounded(admission[best] * 1000)
            self.admissions[key] = rate, 0, both(less(spans, shut), always)
            self.capacity[key] = None if capacity is None else capacity[best]
        self.people = {key: zone[1][least] for key, zone in s.zones.items()}
        self.stay = {key: min(zone[2][best], self.people[key]) for key, zone in s.zones.items()}
        self.evacuees = {key: self.people[key] - self.stay[key] for key in s.zones}
        self.all_evacuees = sum(self.evacuees.values())

    def windowed(self, spans, target, key):
        rows = [self.scenario.windows[at] for at in ((target, key, False), (target, key, True)) if at in self.scenario.windows]
        return both(spans, union(time for row in rows for time in row)) if rows else union(spans)

    def ready_before(self, zone, alpha):
        """Thousandths of a person, with the three that the bound counts for what may be sent ahead of the release."""
        if alpha <= 0:
            return 0
        curve = self.scenario.zones[zone][3]
        if curve == "":
            return self.evacuees[zone] * 1000
        share = share_before(self.scenario.releases[curve], alpha)
        if share <= 0:
            return 0
        return min(math.ceil(self.evacuees[zone] * share * 1000) + 3, self.evacuees[zone] * 1000)
