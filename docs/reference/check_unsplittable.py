"""Unsplittable zones: with one route per zone its people pass the same cut arc, and the cut arcs may not hold the zones (semantics.md,
Unsplittable zones). Part of check.py.
"""
import heapq
from itertools import chain

from check_bound import PERSON, Network
from check_scenario import length

NEVER, ANY = 1 << 60, 1 << 60
MOST_STEPS, MOST_WEIGHT = 50_000_000, 1_000_000


class Fault(Exception):
    """Why the proof does not hold."""


class Whole:
    """The proof of one family."""

    def __init__(self, scenario, case, routes, given):
        self.theta, self.unit = given["theta_ms"], given["unit_people"]
        if routes != 1:
            raise Fault("only for plans with one route per zone")
        if not 1 <= self.theta <= scenario.horizon or self.unit < 1:
            raise Fault("a time within the horizon and a unit of at least one person")
        self.network = network = Network(scenario, case, None)
        evacuees, weights = network.case.evacuees, dict(given["weights"])
        if len(weights) < len(given["weights"]) or any(
                evacuees.get(z, 0) < 1 or not 1 <= w <= MOST_WEIGHT for z, w in weights.items()):
            raise Fault("zones with people, each once, with weights of 1 to 1,000,000")
        self.lay_out(scenario)
        if not set(given["cut_arcs"]) <= set(self.names) or len(set(given["cut_arcs"])) < len(given["cut_arcs"]):
            raise Fault("cut arcs are links, connectors or sites of the network, each once")
        begins = {network.places[f"zone:{zone}"]: self.nobody_ready_before(zone) for zone in weights}
        self.find_earliest(begins)
        self.find_latest()
        cut_arcs = set(given["cut_arcs"])
        if self.gets_through(begins, cut_arcs):
            raise Fault("without the cut arcs there is still a way from one of the zones to a site")
        self.rooms = [room for room, name in zip(map(self.room, self.ways), self.names) if name in cut_arcs]
        self.rooms = [room or 0 for room in self.rooms]
        self.zones = [(evacuees[zone], weight) for zone, weight in weights.items()]
        width = min(sum(people for people, _ in self.zones), max(self.rooms, default=0))
        if width // self.unit * len(self.zones) > MOST_STEPS:
            raise Fault("too many people in units of this size to be checked: a larger unit")
        if not self.proves():
            raise Fault("the zones fit through the cut arcs")

    def lay_out(self, scenario):
        """Ways: (tails, head, rate, tau, open, capacity); the last place is where people have arrived."""
        network = self.network
        self.arrived = len(network.places)
        self.ways = [(tails, head, rate, tau, spans, ANY) for tails, head, rate, tau, spans, _, _ in network.arcs]
        self.names = [f"{table}:{key}" for *_, table, key in network.arcs]
        for site, (rate, _, spans) in network.case.admissions.items():
            holds = network.case.capacity[site]
            self.ways.append(([network.places[f"site:{site}"]], self.arrived, rate, 0, spans, ANY if holds is None else holds))
            self.names.append(f"site:{site}")
        self.out = {}
        for way in self.ways:
            if way[2] != 0 and way[4]:
                for tail in way[0]:
                    self.out.setdefault(tail, []).append(way)

    def nobody_ready_before(self, zone):
        """The latest time strictly before which nobody of the zone is ready."""
        none, some = 0, self.network.case.scenario.horizon + 1
        while some - none > 1:
            middle = (none + some) // 2
            if self.network.case.ready_before(zone, middle) == 0:
                none = middle
            else:
                some = middle
        return none

    def find_earliest(self, begins):
        self.earliest, heap = {}, sorted((time, place) for place, time in begins.items())
        while heap:
            time, place = heapq.heappop(heap)
            if place in self.earliest:
                continue
            self.earliest[place] = time
            for _, head, _, tau, spans, _ in self.out.get(place, ()):
                opens = next((f for f, u in spans if time <= u), None)  # in the moment of closing it is not too late
                if opens is not None and head not in self.earliest:
                    heapq.heappush(heap, (max(time, opens) + tau, head))

    def find_latest(self):
        into = {}
        for tail, ways in self.out.items():
            for way in ways:
                into.setdefault(way[1], []).append((tail, way))
        self.latest, heap = {}, [(-self.theta, self.arrived)]
        while heap:
            time, place = heapq.heappop(heap)
            if place in self.latest:
                continue
            self.latest[place] = -time
            for tail, (_, _, _, tau, spans, _) in into.get(place, ()):
                ends = [min(u, -time - tau) for f, u in spans if f < -time - tau]
                if ends and tail not in self.latest:
                    heapq.heappush(heap, (-ends[-1], tail))

    def room(self, way):
        """How many people can pass in time; None: nobody."""
        tails, head, rate, tau, spans, holds = way
        until = self.theta if head == self.arrived else self.latest.get(head, 0) - tau
        start = min(self.earliest.get(tail, NEVER) for tail in tails)
        if rate == 0 or start > until or not any(f <= until and start <= u for f, u in spans):
            return None
        open_ms = length(spans, start, until)
        return holds if rate is None else min(holds, rate * open_ms // PERSON)

    def gets_through(self, begins, cut_arcs):
        shut = {id(way) for way, name in zip(self.ways, self.names) if name in cut_arcs or self.room(way) is None}
        seen, todo = set(), list(begins)
        while todo:
            place = todo.pop()
            if place not in seen:
                seen.add(place)
                todo += [way[1] for way in self.out.get(place, ()) if id(way) not in shut]
        return self.arrived in seen

    def proves(self):
        """Whether the weights exceed all that the rooms hold."""
        everybody = sum(people // self.unit for people, _ in self.zones)
        rooms = [min(room // self.unit, everybody) for room in self.rooms]
        most = [0] * (max(rooms, default=0) + 1)
        for people, weight in self.zones:
            size = people // self.unit
            if size < len(most):
                with_it = [held + weight for held in most[:len(most) - size]]
                most = list(chain(most[:size], map(max, most[size:], with_it)))
        return sum(most[room] for room in rooms) < sum(weight for _, weight in self.zones)
