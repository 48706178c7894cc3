"""What no timetable of the fleet can beat (multimodal.md, The fleet's bound). Part of check.py."""
import math

from check_runs import Fastest
from check_scenario import less, length, union

ROUNDING = 1e-6  # of a person: added before people are rounded up


class Type:
    """One type of vehicle, for people who need one of its kinds of places."""

    def __init__(self, groups, kind, room, roads, people):
        self.s, self.kind, self.room, self.longest = groups.s, kind, room, roads.longest()
        fastest = roads.fastest(kind.depot)
        self.rounds, self.ready_after, saved, first = {}, {}, [], []
        for zone in people:
            empty, depot, loaded = (times.get(zone) for times in (fastest.from_site, fastest.from_depot, fastest.loaded))
            if loaded is None or (empty is None and depot is None):
                continue
            with_people = kind.load + loaded + kind.unload
            self.ready_after[zone] = with_people
            self.rounds[zone] = (depot if empty is None else empty) + with_people
            if depot is not None:
                first.append(depot + with_people)
                saved.append(0 if empty is None else empty - depot)
        self.saved, self.first = max(saved, default=0), min(first, default=math.inf)
        self.nearest = sorted((time, zone) for zone, time in self.rounds.items())
        self.windows = self.hours_of_roads()

    def hours_of_roads(self):
        """Open times of all links, where they are the same for all and a vehicle cannot go round them; else None."""
        s = self.s
        nodes = {place: {c[2] for c in s.connectors.values() if c[0] == place} for place in ("zone", "site")}
        entry = [target for target, _, presence in s.windows if not presence]
        if "all_links" not in entry or "link" in entry or nodes["zone"] & nodes["site"]:
            return None
        return union(s.windows["all_links", "*", False])

    def work(self, theta):
        """W: time at work of one vehicle before theta, at most; below 0 before it is there."""
        kind, until = self.kind, theta - 1
        until = until if kind.until is None else min(until, kind.until)
        work = span = until - kind.since
        if span < 0:
            return -1
        if kind.duty is not None:
            period = math.inf if kind.rest is None else kind.duty + kind.rest
            whole = 0 if period == math.inf else span // period
            work = min(work, whole * kind.duty + min(span - (whole * period if whole else 0), kind.duty))
        if self.windows is not None:
            gaps = less([(kind.since, kind.since + span)], self.windows)
            most = 5 * self.longest + kind.load + kind.unload
            work = min(work, length(self.windows, kind.since, kind.since + span) + sum(min(u - f, most) for f, u in gaps))
        return work

    def carried(self, theta, people):
        work = self.work(theta)
        if work < self.first or not self.nearest:
            return 0
        total, left = 0, self.room * (work + self.saved)
        for time, zone in self.nearest:
            taken = min(people[zone], left // time) if time else people[zone]
            total, left = total + taken, left - taken * time
        shortest = self.nearest[0][0]
        return min(self.room * ((work + self.saved) // shortest), total) if shortest else total


class FleetBound:
    """The bound for the people who need one kind of place, in one case."""

    def __init__(self, groups, means, roads):
        self.groups, self.horizon = groups, groups.s.horizon
        self.group_of, central = groups.of(means), roads.case.case == "central"
        end = 0 if central else 2
        self.people = {zone: group.evacuees if central else group.least_evacuees for zone, group in self.group_of.items()}
        self.evacuees = sum(self.people.values())
        self.types = []
        for kind in groups.fleet.values():
            if kind.places[means] and kind.count[end]:
                room = kind.count[end] * kind.places[means]
                self.types.append(Type(groups, kind, room, roads.at(kind.speed), self.people))
        self.ready_after = {}
        for one in self.types:
            for zone, time in one.ready_after.items():
                self.ready_after[zone] = min(time, self.ready_after.get(zone, math.inf))
        self.clearance, self.t90 = self.earliest(self.evacuees), self.earliest(-(-self.evacuees * 9 // 10))

    def received(self, theta):
        """At most, strictly before theta."""
        carried = sum(one.carried(theta, self.people) for one in self.types)
        ready = 0
        for zone, after in self.ready_after.items():
            time = theta - 1 - after
            share = self.groups.share_ready(self.group_of[zone], time)
            ready += min(self.people[zone], math.ceil(self.people[zone] * share + ROUNDING)) if time >= 0 else 0
        return min(carried, ready, self.evacuees)

    def earliest(self, goal):
        """The largest theta with fewer received, ms; None if that is the horizon."""
        if goal == 0:
            return 0
        if self.received(self.horizon) < goal:
            return None
        low, high = 0, self.horizon
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.received(middle) < goal else (low, middle)
        return low

    def person_hours(self):
        until = self.horizon if self.clearance is None else self.clearance
        step = max(1, min(600, until // 1_000_000)) * 1000
        total, last = 0, 0
        while last < self.horizon:
            time = min(last + step, self.horizon)
            waiting = self.evacuees - self.received(time)
            if waiting == 0:
                break
            total, last = total + waiting * (time - last), time
        return total / 3.6e6

    def figures(self):
        return {"clearance_s": None if self.clearance is None else self.clearance / 1000,
                "t90_s": None if self.t90 is None else self.t90 / 1000, "person_hours": self.person_hours()}
