"""Whether the scenario of a part is what the reference makes of the whole (multimodal.md, Parts). Part of check.py."""
import math

from check_scenario import raw_files, read_table, read_toml

LEAST_INTAKE = 0.001
OWN_PACE, FASTEST_PACE = 1.0, 1.34  # m/s, where a link states no walking time
KEYS = {"node.csv": "node_id", "link.csv": "link_id", "movement.csv": "mvmt_id", "zones.csv": "zone_id",
        "sites.csv": "site_id", "connectors.csv": "connector_id", "closures.csv": "closure_id", "windows.csv": "window_id"}
PERIOD = "target target_id from_ms until_ms repeat_every_ms repeat_until_ms kind"
SAME = {  # columns that no part changes
    "node.csv": "name x_coord y_coord",
    "link.csv": "name from_node_id to_node_id facility_type free_speed length capacity length_m time_ms time_ms_low",
    "movement.csv": "node_id ib_link_id ob_link_id prohibited",
    "zones.csv": "name pcode x_coord y_coord",
    "sites.csv": "name pcode open_from_ms open_until_ms area_m2 x_coord y_coord",
    "connectors.csv": "place place_id node_id time_ms",
    "closures.csv": PERIOD, "windows.csv": PERIOD,
}


class Taken:
    """What others take from a part: kept for the fleet by link and site, places by site, and the share of the admission."""

    def __init__(self, timetable=None, walkers=None, share=1.0):
        self.of_link = timetable.kept_of_link if timetable else lambda key: 0.0
        self.of_site = timetable.kept_of_site if timetable else lambda key: 0.0
        brought, walkers = timetable.brought if timetable else {}, walkers or {}
        self.places = {site: brought.get(site, 0) + walkers.get(site, 0) for site in {*brought, *walkers}}
        self.share = share

    def anything(self, scenario, walk):
        """Whether anything is taken from a part."""
        sites = scenario.sites.items()
        return ((not walk and any(self.of_link(key) > 0 for key in scenario.links))
                or any(capacity and self.places.get(site, 0) for site, (_, capacity, *_) in sites)
                or any(admission and (self.share < 1 or self.of_site(site) > 0) for site, (_, _, admission, *_) in sites))


def agree(a, b):
    """Cells or figures: the same text or the same number."""
    if a is None or b is None or a == "" or b == "":
        return (a in (None, "")) == (b in (None, ""))
    try:
        return abs(float(a) - float(b)) <= 1e-9 * max(1.0, abs(float(b)))
    except ValueError:
        return a == b


class PartScenario:
    """Compares the tables of one part with those of the whole."""

    def __init__(self, groups, whole, folder, name, kind, taken, findings):
        self.groups, self.name, self.kind, self.taken, self.findings = groups, name, kind, taken, findings
        self.walk, self.mode = kind == "walk", groups.modes.modes.get(kind)
        files, given = raw_files(whole), raw_files(folder)
        self.check_settings(files, given)
        for table in KEYS:
            self.check_table(table, *(read_table(of, table, [KEYS[table]], optional=True) for of in (files, given)))
        self.check_releases(*(read_table(of, "mobilization.csv", ["mobilization_id"], optional=True) for of in (files, given)))

    def add(self, place, claimed, expected, message="not what follows from the whole scenario"):
        self.findings.unless(False, "part.scenario", f"{self.name}/scenario/{place}", claimed, expected, message)

    def check_settings(self, files, given):
        whole, part = (read_toml("scenario.toml", of["scenario.toml"]) for of in (files, given))
        names = {"vehicle": "vehicle", "walk": "walk", "roads": "roads for all"}
        whole["name"] = f"{whole['name']} - {names.get(self.kind, self.kind)}"
        if self.mode:
            people, ends = "people_per_vehicle", zip(("", "_low", "_high"), self.mode.occupancy)
            whole["class"] = [{"id": self.kind, "mode": "vehicle", "pcu_per_vehicle": self.mode.pcu,
                               **{people + end: value for end, value in ends}}]
            for end in ("_low", "_high"):  # an end that is not given is the figure itself
                part["class"][0].setdefault(people + end, part["class"][0].get(people))
        if self.walk:
            whole["class"] = [{"id": "walk", "mode": "walk"}]
            for key in ("people_per_vehicle", "pcu_per_vehicle"):
                part["class"][0].pop(key, None)  # unused
        defaults = {"description": "", "margin_share": 0.25, "attribution": []}
        for settings in (whole, part):
            for key, value in defaults.items():
                settings.setdefault(key, value)
            for one in settings["class"]:
                if not self.walk:
                    one.setdefault("pcu_per_vehicle", 1)
        for key in sorted({*whole, *part}):
            if whole.get(key) != part.get(key):
                self.add(f"scenario.toml, {key}", part.get(key), whole.get(key))

    def check_table(self, table, whole, part):
        key = KEYS[table]
        rows = {row.text(key): row for row in part}
        expected = {}
        if self.mode and table == "connectors.csv" and self.mode.access:
            whole, columns = [], ("place", "place_id", "node_id", "time_ms")
            expected = {one: dict(zip(columns, cells)) | three("capacity_pcu_h", None) for one, cells in self.mode.access.items()}
        if self.mode and table == "windows.csv":
            expected = self.groups.modes.windows(self.kind)
        for row in whole:
            cells = self.expected(table, row)
            if cells is not None:
                expected[row.text(key)] = cells
        if self.walk and table == "windows.csv" and self.groups.day:
            since, until = self.groups.day
            expected["walking-day"] = {"target": "all_links", "target_id": "*", "from_ms": since, "until_ms": until,
                                       "repeat_every_ms": 86_400_000, "repeat_until_ms": "", "kind": "presence"}
        for one in sorted(expected.keys() ^ rows.keys()):
            self.add(f"{table}, {one}", "a row" if one in rows else "", "a row" if one in expected else "")
        for one in expected.keys() & rows.keys():
            row, cells = rows[one], expected[one]
            for column, value in cells.items():
                base = column.removesuffix("_low").removesuffix("_high")
                found = row.text(column)
                if column != base:  # an end that is not given is the figure itself
                    found, value = found or row.text(base), cells[base] if value in ("", None) else value
                if found == "" and column in ("reserved_pcu_h", "stay_people"):
                    found = "0"
                if not agree(found, value):
                    self.add(f"{table}, {one}, {column}", found, value)

    def expected(self, table, row):
        """column -> value; None if the part has no such row."""
        if table == "movement.csv" and (self.walk or (self.mode and not self.mode.turn_bans)):
            return None
        cells = {column: row.text(column) for column in SAME[table].split()}
        if table == "link.csv":
            return self.link(row, cells)
        if table == "zones.csv":
            return self.zone(row, cells)
        if table == "sites.csv":
            return self.site(row, cells)
        if table == "connectors.csv":
            free = self.walk or self.mode or self.kind == "roads"
            cells |= three("capacity_pcu_h", None if free else row.range("capacity_pcu_h", row.number))
        return cells

    def link(self, row, cells):
        key, groups = row.text("link_id"), self.groups
        capacity, lanes = row.range("capacity_pcu_h", row.number), row.number("lanes")
        kept = self.taken.of_link(key) if not (self.walk or self.mode) else 0.0
        if not (self.walk or self.mode):
            capacity = capacity and tuple(groups.capacity_left(key, figure) for figure in capacity)
            capacity = capacity if capacity and capacity[0] > 0 else None
            if key in groups.left:  # lanes are given to walkers: the GMNS capacity per lane no longer fits
                lanes, cells["capacity"] = groups.left[key], ""
        cells |= three("capacity_pcu_h", capacity)
        cells |= {"lanes": lanes, "reserved_pcu_h": (row.number("reserved_pcu_h") or 0.0) + kept}
        storage = row.range("storage_pcu", row.number)
        if storage and not self.walk and key in groups.left:
            storage = tuple(groups.capacity_left(key, figure) for figure in storage)
            storage = storage if storage[0] > 0 else None
        cells |= three("storage_pcu", None if self.mode else storage)
        if self.mode:
            capacity, times = groups.modes.link(self.kind, key) or (None, ("", ""))
            cells |= three("capacity_pcu_h", capacity) | {"time_ms": times[0], "time_ms_low": times[1], "reserved_pcu_h": 0.0}
            cells |= dict.fromkeys(("lanes", "free_speed", "capacity"), "")
        walkers, times = row.range("walk_capacity_people_h", row.number), row.range("walk_time_ms", row.whole)
        if self.walk:
            more = groups.given[key] * groups.lane_people
            walkers = tuple(figure + more for figure in walkers or (0.0, 0.0, 0.0))
            walkers = walkers if walkers[0] > 0 else None
            if times is None:
                times = tuple(math.ceil(groups.length[key] * 1000 / pace) for pace in (OWN_PACE, FASTEST_PACE))
            times = tuple(math.ceil(time / groups.walk_speed) for time in times[:2])
            if walkers is None:
                return cells | three("walk_capacity_people_h", None)
        cells |= three("walk_capacity_people_h", walkers)
        return cells | {"walk_time_ms": times and times[0], "walk_time_ms_low": times and times[1]}

    def zone(self, row, cells):
        zone = row.text("zone_id")
        means = self.kind if self.walk or self.mode else "vehicle"
        group = self.groups.groups.get((zone, means))
        people, stay, release = (0, 0, 0), 0, row.text("mobilization_id")
        if group:
            people, stay, release = group.people, group.stay, group.release
        if self.kind == "roads":
            more, first = self.groups.in_cars(zone)
            people, release = tuple(a + b for a, b in zip(people, more)), release if first is None else first
        cells["mobilization_id"] = release
        return cells | three("people", people) | {"stay_people": stay}

    def site(self, row, cells):
        site = row.text("site_id")
        capacity, admission = row.range("capacity_people", row.whole), row.range("admission_people_h", row.number)
        if capacity:
            capacity = tuple(max(0, figure - self.taken.places.get(site, 0)) for figure in capacity)
        if admission:
            kept = self.taken.of_site(site)
            admission = tuple(max(LEAST_INTAKE, (figure - kept) * self.taken.share) for figure in admission)
        return cells | three("capacity_people", capacity) | three("admission_people_h", admission)

    def check_releases(self, whole, part):
        def cells(rows):
            return [row.text(column) for row in rows for column in ("mobilization_id", "time_ms", "share")]
        if len(whole) != len(part) or not all(map(agree, cells(part), cells(whole))):
            self.add("mobilization.csv", "", "", "not the curves of the whole scenario")


def three(column, figure):
    value, low, high = figure or ("", "", "")
    return {column: value, f"{column}_low": low, f"{column}_high": high}

