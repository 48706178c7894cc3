"""Where vehicles of the fleet drive: a given way, moment by moment, and the fastest ways (multimodal.md). Part of check.py."""
import heapq
import math
from collections import defaultdict

from check_scenario import Case, union


class Roads:
    """The roads of one case on the lanes left to vehicles, for vehicles of one speed."""

    def __init__(self, case, speed):
        self.s = scenario = case.scenario
        self.opened, self.by_depot = {}, {}
        self.time = {}
        for key, (_, tau, _) in case.links.items():
            self.time[key] = tau if speed == 1 else math.ceil(tau / speed)
        self.leaving = defaultdict(list)
        for key in self.time:
            self.leaving[scenario.links[key][0]].append(key)
        self.shut = {}
        for (target, node, _), times in scenario.closures.items():
            if target == "node":
                self.shut[node] = union(times)

    # ---- a given way ----

    def fault(self, links, starts, ends):
        """Why these links are no way from one of some nodes to one of others; None if they are one."""
        if not links:
            return None if set(starts) & set(ends) else f"{' or '.join(starts)} is not {' or '.join(ends)}"
        node, last = None, None
        for key in links:
            if key not in self.time:
                return f"{key} is no link for vehicles"
            start, end = self.s.links[key][:2]
            if start != node and (last is not None or start not in starts):
                return f"{key} does not begin at {node or ' or '.join(starts)}"
            if (last, key) in self.s.banned:
                return f"the turn from {last} to {key} is prohibited"
            node, last = end, key
        return None if node in ends else f"ends at {node} and not at {' or '.join(ends)}"

    def drive(self, links, time):
        """([(link, entered)], time at the end), or (link, why) where it does not get on."""
        entered = []
        for key in links:
            if key not in self.opened:
                self.opened[key] = self.s.open_link(key, self.time[key])
            start = next((max(time, f) for f, u in self.opened[key] if time < u), None)
            if start is None:
                return key, "never opens again"
            if not self.can_wait(self.s.links[key][0], time, start):
                return key, "waits for it at a junction that a hazard closes"
            entered.append((key, start))
            time = start + self.time[key]
        return entered, time

    def can_wait(self, node, since, until):
        return not any(f <= until and since < u for f, u in self.shut.get(node, ()))

    # ---- fastest ways, in free flow with everything open ----

    def fastest(self, depot):
        if depot not in self.by_depot:
            self.by_depot[depot] = Fastest(self, depot)
        return self.by_depot[depot]

    def longest(self):
        """The longest time of any link or connector."""
        return max([*self.time.values(), *(time for _, _, _, time, _ in self.s.connectors.values())], default=0)

    def from_nodes(self, starts):
        """node -> least time to it from the starts {node: time}, turn bans kept."""
        best, done = dict(starts), set()
        heap = [(time + self.time[key], key) for node, time in starts.items() for key in self.leaving[node]]
        heapq.heapify(heap)
        while heap:
            time, key = heapq.heappop(heap)
            if key in done:
                continue
            done.add(key)
            node = self.s.links[key][1]
            if time < best.get(node, math.inf):
                best[node] = time
            for after in self.leaving[node]:
                if after not in done and (key, after) not in self.s.banned:
                    heapq.heappush(heap, (time + self.time[after], after))
        return best

    def to_nodes(self, ends):
        """node -> least time from it to one of the ends {node: time}, turn bans kept."""
        into = defaultdict(list)
        for key in self.time:
            into[self.s.links[key][1]].append(key)
        best, done = dict(ends), set()
        heap = [(time + self.time[key], key) for node, time in ends.items() for key in into[node]]
        heapq.heapify(heap)
        while heap:
            time, key = heapq.heappop(heap)
            if key in done:
                continue
            done.add(key)
            node = self.s.links[key][0]
            if time < best.get(node, math.inf):
                best[node] = time
            for before in into[node]:
                if before not in done and (before, key) not in self.s.banned:
                    heapq.heappush(heap, (time + self.time[before], before))
        return best


def connectors_of(scenario, place):
    """node -> [(place id, time)] of the connectors of all zones, or of all sites."""
    result = defaultdict(list)
    for kind, key, node, time, _ in scenario.connectors.values():
        if kind == place:
            result[node].append((key, time))
    return result


class Fastest:
    """For every zone the fastest empty run to it from any site, and from a depot, and the fastest loaded run to any site."""

    def __init__(self, roads, depot):
        sites = {node: min(time for _, time in ends) for node, ends in connectors_of(roads.s, "site").items()}
        self.from_site = self.at_zones(roads, roads.from_nodes(sites))
        self.from_depot = self.at_zones(roads, roads.from_nodes({depot: 0}))
        self.loaded = self.at_zones(roads, roads.to_nodes(sites))

    @staticmethod
    def at_zones(roads, nodes):
        best = {}
        for node, ends in connectors_of(roads.s, "zone").items():
            for zone, time in ends:
                if node in nodes:
                    best[zone] = min(best.get(zone, math.inf), nodes[node] + time)
        return best


class AllRoads:
    """The roads of one case for vehicles of any speed."""

    def __init__(self, scenario, case_name):
        self.case, self.made = Case(scenario, case_name), {}

    def at(self, speed):
        if speed not in self.made:
            self.made[speed] = Roads(self.case, speed)
        return self.made[speed]
