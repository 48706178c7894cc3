"""Who moves how: groups.csv, fleet.csv, multimodal.toml, and the lanes left to vehicles (multimodal.md). Part of check.py.

Tables that break their own rules (groups that do not add up to their zone, a depot that is no node) are unreadable, like
those of the scenario.
"""
import copy
import hashlib
import math
from dataclasses import dataclass

from check_modes import Modes
from check_scenario import MOST, Scenario, Unreadable, raw_files, read_csv, read_table, read_toml, share_at

MEANS = ("vehicle", "walk", "seat", "wheelchair", "stretcher")
CARRIED = MEANS[2:]
PLACES = {"seat": "seats", "wheelchair": "wheelchair_places", "stretcher": "stretcher_places"}
EXTRA = ("multimodal.toml", "groups.csv", "fleet.csv", "modes.csv", "link_use.csv", "access.csv", "timetable.csv")
FLEET = "vehicle_type_id count seats pcu_per_vehicle load_ms unload_ms depot_node_id".split()
DAY = 86_400_000
LAST = MOST  # the priority of those who have none


@dataclass
class Group:
    """The people of a zone who move by one means."""
    people: tuple  # value, low, high
    stay: int
    release: str
    priority: int
    weight: float
    together: bool

    @property
    def evacuees(self):
        return max(0, self.people[0] - self.stay)

    @property
    def least_evacuees(self):
        return max(0, self.people[1] - self.stay)


@dataclass
class Vehicles:
    """The vehicles of one type."""
    count: tuple  # value, low, high
    places: dict  # means -> number
    pcu: float
    speed: float
    load: int
    unload: int
    depot: str
    since: int
    until: int | None
    duty: int | None
    rest: int | None
    range_m: float | None


class Groups:
    """A scenario with its groups, fleet and settings."""

    def __init__(self, folder):
        self.s = s = Scenario(folder)
        if s.walk:
            raise Unreadable("scenario.toml: the class must be that of people's own vehicles")
        files = {name: (folder / name).read_bytes() for name in EXTRA if (folder / name).exists()}
        listing = f"scenario {s.digest}\n"
        listing += "".join(f"{name} {hashlib.sha256(files[name]).hexdigest()}\n" for name in EXTRA if name in files)
        self.digest = "sha256:" + hashlib.sha256(listing.encode()).hexdigest()
        self.read_settings(files.get("multimodal.toml"))
        links = read_table(raw_files(folder), "link.csv", ["link_id"])
        self.modes = Modes(s, files, links)
        self.means = [*MEANS[:2], *self.modes.modes, *CARRIED]
        self.read_groups(read_csv("groups.csv", files.get("groups.csv", b""), ["zone_id", "means", "people"]))
        self.fleet = {}
        if "fleet.csv" in files:
            self.read_fleet(read_csv("fleet.csv", files["fleet.csv"], FLEET))
        self.read_links(links)

    def read_settings(self, data):
        given = {} if data is None else read_toml("multimodal.toml", data)
        walk = given.pop("walk", None)
        self.walk_speed, self.day, self.lanes, self.lane_of, self.lane_people = 1.0, None, 0.0, {}, 7020.0
        good = (data is None or given.pop("schema", None) == "clearway-multimodal/2") and (walk is None or isinstance(walk, dict))

        def number(of, key, default, least, most):
            nonlocal good
            value = of.pop(key, default)
            good = good and type(value) in (int, float) and least <= value <= most
            return float(value) if good else default
        self.share = number(given, "fleet_share", 0.5, 0, 1)
        self.walk = walk is not None
        if isinstance(walk, dict):
            self.walk_speed = number(walk, "speed_share", 1.0, 1e-9, 1)
            self.lanes, self.lane_people = number(walk, "lanes", 0.0, 0, 20), number(walk, "lane_people_h", 7020.0, 1e-9, 50_000)
            day = walk.pop("day_from_ms", None), walk.pop("day_until_ms", None)
            if day != (None, None):
                good = good and all(type(end) is int for end in day) and 0 <= day[0] < day[1] <= min(day[0] + DAY, MOST)
                self.day = day
            lanes = walk.pop("lane", [])
            good = good and isinstance(lanes, list) and all(isinstance(lane, dict) for lane in lanes)
            for lane in lanes if good else ():
                key = lane.pop("link_id", None)
                good = good and isinstance(key, str) and key in self.s.links and key not in self.lane_of
                self.lane_of[key if isinstance(key, str) else ""] = number(lane, "lanes", -1.0, 0, 20)
                good = good and not lane
        if not good or given or walk:
            raise Unreadable("multimodal.toml: unknown keys or values out of range")

    def read_groups(self, rows):
        self.groups = {}
        for row in rows:
            zone, means = row.id("zone_id", self.s.zones), row.text("means")
            if means not in self.means or (zone, means) in self.groups:
                raise row.bad("means", f"one of {', '.join(self.means)}, each once per zone")
            if row.text("mobilization_id") and row.text("mobilization_id") not in self.s.releases:
                raise row.bad("mobilization_id", "an id of mobilization.csv")
            if (row.whole("stay_people") or 0) > row.whole("people", needed=True):
                raise row.bad("stay_people", "at most people")
            if row.text("together") not in ("", "0", "1") or row.whole("priority") == 0:
                raise row.bad("priority", "1 or more; together: 1")
            weight = row.number("weight")
            if weight is not None and not 0.001 <= weight <= 1000:
                raise row.bad("weight", "0.001 to 1,000")
            row.whole("people", needed=True)
            priority = row.whole("priority")
            self.groups[zone, means] = Group(
                row.range("people", row.whole), row.whole("stay_people") or 0,
                row.text("mobilization_id") or self.s.zones[zone][3],
                LAST if priority is None else priority, 1.0 if weight is None else weight, row.text("together") == "1")
        for zone, (_, people, stay, _) in self.s.zones.items():
            groups = [group for (z, _), group in self.groups.items() if z == zone]
            value, low, high = (sum(group.people[end] for group in groups) for end in range(3))
            if value != people[0] or low > people[1] or high < people[2] or sum(group.stay for group in groups) != stay[0]:
                raise Unreadable(f"groups.csv: the groups of zone {zone} do not add up to it")
        if not self.walk and any(self.groups[key].people[0] for key in self.groups if key[1] == "walk"):
            raise Unreadable("multimodal.toml: [walk] is needed, as somebody walks")

    def read_fleet(self, rows):
        for row in rows:
            key = row.id("vehicle_type_id", self.fleet, new=True)
            pcu, speed, range_m = row.number("pcu_per_vehicle"), row.number("speed_share"), row.number("range_m")
            if not pcu or (speed is not None and not 0 < speed <= 1):
                raise row.bad("pcu_per_vehicle", "a number above 0; speed_share up to 1")
            for column in ("count", "seats", "load_ms", "unload_ms"):
                row.whole(column, needed=True)
            self.fleet[key] = Vehicles(
                row.range("count", row.whole), {means: row.whole(column) or 0 for means, column in PLACES.items()}, pcu,
                1.0 if speed is None else speed, row.whole("load_ms"), row.whole("unload_ms"),
                row.id("depot_node_id", self.s.nodes), row.whole("available_from_ms") or 0, row.whole("available_until_ms"),
                row.whole("duty_max_ms"), row.whole("rest_ms"), range_m)

    def read_links(self, rows):
        """Lengths, lanes given to walkers, and the share of each link that is left to vehicles by walkers and other modes."""
        self.length, self.given, self.left, self.share_left = {}, {}, {}, {}
        for row in rows:
            key, lanes = row.text("link_id"), row.number("lanes")
            lane = self.lane_of.get(key, self.lanes) if self.s.links[key][2] is not None else 0.0
            every = lanes or 1.0
            self.length[key] = row.number("length_m")
            self.given[key] = min(lane, 1.0 if lanes is None else lanes)
            others = self.modes.given(key)
            if lane > 0 or others > 0:  # only where something is taken away
                self.left[key] = max(0.0, every - lane)
                self.share_left[key] = max(0.0, (every - lane) / every)
            if others > 0:
                self.share_left[key] = max(0.0, self.share_left[key] - others)
                self.left[key] = every * self.share_left[key]

    def capacity_left(self, key, capacity):
        return capacity * self.share_left.get(key, 1.0)

    def without_lanes(self):
        """The scenario on what is left of the links to vehicles."""
        result = copy.copy(self.s)
        result.links = {}
        for key, (start, end, capacity, *rest) in self.s.links.items():
            if capacity is not None:
                capacity = tuple(self.capacity_left(key, figure) for figure in capacity)
                capacity = capacity if capacity[0] > 0 else None
            result.links[key] = (start, end, capacity, *rest)
        return result

    def of(self, means):
        """zone -> its people who move so, where there are any."""
        return {zone: group for (zone, m), group in self.groups.items() if m == means and group.people[0] > 0}

    def evacuees(self, means):
        return sum(group.evacuees for group in self.of(means).values())

    def share_ready(self, group, time):
        """Of the people of a group, at a time."""
        if time < 0:
            return 0.0
        return share_at(self.s.releases[group.release], time) if group.release else 1.0

    def weights(self):
        """pcu of somebody with a vehicle of their own; and how much of that one person takes, by what place they need."""
        own, result = self.s.pcu / self.s.occupancy[0], {}
        for means in CARRIED:
            each = [kind.pcu / sum(kind.places.values()) for kind in self.fleet.values() if kind.places[means]]
            result[means] = min(1.0, min(each) / own) if each else 0.0
        return own, result

    def in_cars(self, zone):
        """People of the fleet in a zone, counted by the room they take: (value, low, high), and when all of them are ready.

        Only those who are ready with the others of the zone.
        """
        there = {means: self.groups[zone, means] for means in ("vehicle", *CARRIED)
                 if (zone, means) in self.groups and self.groups[zone, means].people[0] > 0}
        release = next((group.release for group in there.values()), None)
        more = [0, 0, 0]
        for means, weight in self.weights()[1].items():
            if means in there and there[means].release == release:
                for end, people in enumerate(there[means].people):
                    more[end] += math.floor(max(0, people - there[means].stay) * weight)
        return tuple(more), release
