"""A timetable of the fleet: its rounds, its vehicles, what it takes of roads and sites (multimodal.md). Part of check.py."""
import re
from collections import defaultdict

from check_groups import CARRIED
from check_scenario import read_csv

QUARTER = 900_000
# and empty_links, links, where any round has some
COLUMNS = ("trip_id vehicle_id vehicle_type_id zone_id site_id seat_people wheelchair_people stretcher_people "
           "from_ms load_ms depart_ms unload_ms end_ms zone_connector site_connector").split()
SLACK = 1e-6  # of people or pcu: for the rounding of sums


class Trip:
    """One round of one vehicle."""

    def __init__(self, row, groups):
        self.s = s = groups.s
        self.id, self.vehicle = row.id("trip_id"), row.id("vehicle_id")
        self.type = row.id("vehicle_type_id", groups.fleet)
        self.zone, self.site = row.id("zone_id", s.zones), row.id("site_id", s.sites)
        self.connectors = row.id("zone_connector", s.connectors), row.id("site_connector", s.connectors)
        for connector, *place in zip(self.connectors, ("zone", "site"), (self.zone, self.site)):
            if s.connectors[connector][:2] != tuple(place):
                raise row.bad(f"{place[0]}_connector", "a connector of that place")
        number = self.vehicle.removeprefix(f"{self.type}-")
        if number == self.vehicle or not re.fullmatch("[1-9][0-9]{0,11}", number):
            raise row.bad("vehicle_id", "the id of its type, - and a number from 1")
        self.number = int(number)
        self.people = {means: row.whole(f"{means}_people", needed=True) for means in CARRIED}
        self.start, self.load, self.depart, self.unload, self.end = (
            row.whole(column, needed=True) for column in ("from_ms", "load_ms", "depart_ms", "unload_ms", "end_ms"))
        self.empty, self.links = (self.way(row, column) for column in ("empty_links", "links"))

    def way(self, row, column):
        links = row.text(column).split(";") if row.text(column) else []
        if not self.s.links.keys() >= set(links):
            raise row.bad(column, "ids of links")
        return links


class Timetable:
    """Checks the rounds of one file and sums up what they bring and take."""

    def __init__(self, groups, roads, name, data, findings):
        self.groups, self.s, self.roads, self.name, self.findings = groups, groups.s, roads, name, findings
        self.case = roads.case
        self.trips = [Trip(row, groups) for row in read_csv(name, data, COLUMNS)]
        self.ends = defaultdict(dict)  # (zone or site, its id) -> node -> least time of its connectors there
        for place, key, node, time, _ in self.s.connectors.values():
            self.ends[place, key][node] = min(time, self.ends[place, key].get(node, time))
        self.entered = defaultdict(lambda: defaultdict(list))  # link -> quarter of an hour -> pcu of each vehicle
        self.received = defaultdict(lambda: defaultdict(list))  # site -> quarter of an hour -> people of each round
        self.brought = defaultdict(int)  # site -> people
        self.carried = defaultdict(int)  # (zone, means) -> people
        self.arrivals = {means: [] for means in CARRIED}
        self.metres = 0.0
        by_vehicle, seen = defaultdict(list), set()
        for trip in self.trips:
            if trip.id in seen:
                self.add("trip.id", trip, trip.id, "", "stands twice")
            seen.add(trip.id)
            by_vehicle[trip.vehicle].append(trip)
            count = groups.fleet[trip.type].count[0]
            if trip.number > count:
                self.add("trip.vehicle", trip, trip.vehicle, count, "there are fewer vehicles of this type")
        for vehicle, trips in by_vehicle.items():
            self.check_vehicle(vehicle, sorted(trips, key=lambda trip: trip.start))
        self.used = len(by_vehicle)
        self.check_people(self.trips)
        self.check_shares()

    def add(self, code, trip, claimed, recomputed, message):
        self.findings.add(code, f"{self.name}, {trip.id if isinstance(trip, Trip) else trip}", claimed, recomputed, message)

    # ---- the rounds of one vehicle ----

    def check_vehicle(self, vehicle, trips):
        kind = self.groups.fleet[trips[0].type]
        stands, free, metres = {kind.depot: 0}, kind.since, 0.0
        for trip in trips:
            if trip.start < free:
                self.add("vehicle.twice", trip, trip.start, free, "sets out before the vehicle is free")
            self.check_trip(trip, kind, stands)
            metres += sum(self.groups.length.get(key) or 0.0 for key in trip.empty + trip.links)
            stands, free = self.ends["site", trip.site], max(free, trip.end)
        self.metres += metres
        if kind.range_m is not None and metres > kind.range_m + SLACK:
            self.add("vehicle.range", vehicle, metres, kind.range_m, "its runs are longer than its range")
        if kind.until is not None and free > kind.until:
            self.add("vehicle.hours", vehicle, free, kind.until, "a trip ends when the vehicle is no longer there")
        self.check_duty(vehicle, kind, trips)

    def check_duty(self, vehicle, kind, trips):
        """A rest between two rounds that is long enough begins a new time of duty."""
        if kind.duty is None:
            return
        begun, last = None, None
        for trip in trips:
            if begun is None or (kind.rest is not None and trip.start - last >= kind.rest):
                begun = trip.start
            last = trip.end
            if trip.end - begun > kind.duty:
                self.add("vehicle.hours", trip, trip.end - begun, kind.duty, f"{vehicle} is at work for longer than a duty")
                return

    def check_trip(self, trip, kind, stands):
        """`stands`: node -> time to it from where the vehicle is.

        It may leave a site, and come to a zone, by any connector; loaded it goes by those that the round names.
        """
        roads, s, inwards = self.roads.at(kind.speed), self.s, self.ends["zone", trip.zone]
        (_, _, at_zone, to_node, _), (_, _, at_site, to_site, _) = (s.connectors[connector] for connector in trip.connectors)
        self.check_load(trip, kind)
        fault = roads.fault(trip.links, {at_zone}, {at_site})
        if fault:
            self.add("trip.route", trip, ";".join(trip.links), "", fault)
            return
        fault = roads.fault(trip.empty, stands, inwards)
        if fault:
            begins = trip.empty and s.links[trip.empty[0]][0] in stands
            code = "vehicle.place" if not begins else "trip.empty" if fault.startswith("ends") else "trip.route"
            self.add(code, trip, ";".join(trip.empty), "", fault)
            return
        # empty to the zone, and ready to load
        first, last = ((s.links[trip.empty[0]][0], s.links[trip.empty[-1]][1]) if trip.empty else
                       2 * (min(stands.keys() & inwards, key=lambda node: stands[node] + inwards[node]),))
        way, there = roads.drive(trip.empty, trip.start + stands[first])
        if isinstance(way, str):
            self.add("trip.empty", trip, way, "", there)
            return
        self.enter(way, kind)
        there += inwards[last]
        if trip.load < there:
            self.add("trip.empty", trip, trip.load, there, "loading begins before the vehicle is there")
        if trip.depart < trip.load + kind.load:
            self.add("trip.load", trip, trip.depart, trip.load + kind.load, "sets out before everybody is loaded")
        if not is_open(self.case.connectors[trip.connectors[0]][2], trip.depart):
            self.add("trip.run", trip, trip.depart, "", "the zone's connector is closed at this time")
        # loaded to the site
        way, there = roads.drive(trip.links, trip.depart + to_node)
        if isinstance(way, str):
            self.add("trip.run", trip, way, "", there)
            return
        self.enter(way, kind)
        if not roads.can_wait(at_site, there, there):
            self.add("trip.run", trip, at_site, "", "passes a junction that a hazard closes")
        there += to_site
        if trip.unload < there:
            self.add("trip.run", trip, trip.unload, there, "unloading begins before the vehicle is there")
        if trip.end < trip.unload + kind.unload:
            self.add("trip.end", trip, trip.end, trip.unload + kind.unload, "received before everybody is unloaded")
        if trip.end >= s.horizon:
            self.add("trip.end", trip, trip.end, s.horizon, "received at the horizon or later")
        elif not is_open(self.case.admissions[trip.site][2], trip.end):
            self.add("trip.end", trip, trip.end, "", "the site is closed at this time")

    def check_load(self, trip, kind):
        """Places; and what the round brings, whether or not it can be driven."""
        for means, people in trip.people.items():
            if people > kind.places[means]:
                self.add("trip.places", trip, people, kind.places[means], f"more people than {means} places")
            self.carried[trip.zone, means] += people
            self.arrivals[means].append((trip.end, people))
        if not any(trip.people.values()):
            self.add("trip.people", trip, 0, "", "a trip must carry somebody")
        self.brought[trip.site] += sum(trip.people.values())
        self.received[trip.site][trip.end // QUARTER].append(sum(trip.people.values()))

    def enter(self, way, kind):
        for key, time in way:
            self.entered[key][time // QUARTER].append(kind.pcu)

    # ---- all rounds together ----

    def check_people(self, trips):
        loads, sites = defaultdict(list), defaultdict(set)
        for trip in trips:
            for means, people in trip.people.items():
                if people:
                    loads[trip.zone, means].append((trip.load, people))
                    sites[trip.zone, means].add(trip.site)
        for (zone, means), taken in loads.items():
            group, place = self.groups.groups.get((zone, means)), f"zone {zone}, {means}"
            evacuees = group.evacuees if group else 0
            if sum(people for _, people in taken) > evacuees:
                self.add("trip.people", place, sum(people for _, people in taken), evacuees, "more people than there are")
            if group and group.together and len(sites[zone, means]) > 1:
                self.add("trip.together", place, ";".join(sorted(sites[zone, means])), "", "they are to go to one site")
            loaded = 0
            taken.sort()
            for at, (time, people) in enumerate(taken):
                loaded += people
                if at + 1 < len(taken) and taken[at + 1][0] == time:
                    continue
                ready = evacuees * self.groups.share_ready(group, time) if group else 0
                if loaded > ready + 0.001 + SLACK:
                    self.add("trip.ready", f"{place}, at {time} ms", loaded, ready, "more people loaded than are ready")
                    break
        for site, people in self.brought.items():
            if self.case.capacity[site] is not None and people > self.case.capacity[site]:
                self.add("trip.site", site, people, self.case.capacity[site], "more people than places")

    def road_share(self, key):
        """pcu an hour: the most that the fleet takes of a link."""
        _, _, capacity, reserved, _, _ = self.case.scenario.links[key]
        return self.groups.share * max(0.0, capacity[0] - reserved)

    def admission_share(self, site):
        """People an hour; None where nothing bounds it."""
        admission = self.s.sites[site][2]
        return None if admission is None else self.groups.share * admission[0]

    def check_shares(self):
        for key, quarters in self.entered.items():
            self.check_quarters("fleet.road", f"link {key}", quarters, self.road_share(key) / 4)
        for site, quarters in self.received.items():
            if self.admission_share(site) is not None:
                self.check_quarters("fleet.admission", f"site {site}", quarters, self.admission_share(site) / 4)

    def check_quarters(self, code, place, quarters, share):
        """What one vehicle has above the share counts in the quarters after the one in which it enters alone."""
        above, last = 0.0, None
        for quarter, amounts in sorted(quarters.items()):
            if above > 0:
                above = max(0.0, above - share * (quarter - last - 1))
            used = above + sum(amounts)
            alone = len(amounts) == 1 and above <= SLACK
            if used > share + SLACK and not alone:
                where = f"{place} from {quarter * QUARTER} ms"
                self.add(code, where, used, share, "more in a quarter of an hour than the fleet's share")
                return
            above, last = max(0.0, used - share), quarter

    # ---- figures ----

    def kept(self, quarters, share):
        """An hour, for the fleet: four times the busiest quarter, at most its share."""
        busiest = max((sum(amounts) for amounts in quarters.values()), default=0)
        return min(4 * busiest, share)

    def kept_of_link(self, key):
        return self.kept(self.entered[key], self.road_share(key)) if key in self.entered else 0.0

    def kept_of_site(self, site):
        share = self.admission_share(site)
        return self.kept(self.received[site], share) if share is not None and site in self.received else 0.0

    def figures(self, means):
        """arrived, t90_s, clearance_s, person_hours of the people who need one kind of place."""
        evacuees, arrivals = self.groups.evacuees(means), sorted(self.arrivals[means])
        arrived = sum(people for _, people in arrivals)

        def reached(goal):
            total = 0
            for time, people in arrivals:
                total += people
                if total >= goal > 0:
                    return time / 1000
            return 0.0 if goal == 0 else None
        hours = (sum(time * people for time, people in arrivals) + (evacuees - arrived) * self.s.horizon) / 3.6e6
        return {"arrived": arrived, "t90_s": reached(-(-evacuees * 9 // 10)), "clearance_s": reached(evacuees),
                "person_hours": hours}


def is_open(spans, time):
    return any(f <= time < u for f, u in spans)
