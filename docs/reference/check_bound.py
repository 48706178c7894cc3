"""The bound: places, the formula, and what is made of it (semantics.md, The bound). Part of check.py.

Amounts of people are whole numbers of (a thousandth of a person per hour) x ms, of which PERSON are one person.
"""
import heapq

from check_scenario import Case, length

PERSON = 3_600_000_000


def gate_rates(case, routes):
    """zone -> what can leave by so many different first links; zones without a limit are left out.

    A zone whose connectors are limited or not always open has none: its people may leave early and wait at the node.
    """
    s = case.scenario
    to_site = {node for place, _, node, _, _ in s.connectors.values() if place == "site"}
    leaving = {}
    for key in case.links:
        leaving.setdefault(s.links[key][0], set()).add(key)
    first = {zone: set() for zone in s.zones}
    for key, (place, zone, node, _, _) in s.connectors.items():
        if place != "zone" or zone not in first:
            continue
        rate, _, spans = case.connectors[key]
        if node in to_site or rate is not None or spans != [(0, s.horizon)]:
            del first[zone]
        else:
            first[zone] |= leaving.get(node, set())
    return {zone: sum(sorted((case.links[link][0] for link in links), reverse=True)[:routes])
            for zone, links in first.items() if len(links) >= routes}


class Network:
    """Places and everything with a rate between them, in one case and with or without a route limit."""

    def __init__(self, scenario, case, routes):
        s, self.case, self.routes = scenario, Case(scenario, case), routes
        case = self.case
        names = [f"node:{n}" for n in s.nodes] + [f"zone:{z}" for z in s.zones] + [f"site:{x}" for x in s.sites]
        # a turn of which one link is not part of the network does not exist in it
        inbound = {first for first, second in s.banned if first in case.links and second in case.links}
        names += [f"turn:{link}" for link in s.links if link in inbound]
        gates = {} if routes is None else gate_rates(case, routes)
        names += [f"gate:{zone}" for zone in gates]
        self.places = {name: at for at, name in enumerate(names)}
        turns_at = {}
        for link in inbound:
            turns_at.setdefault(s.links[link][1], []).append(link)

        def tails(node, link=None):
            turns = [t for t in turns_at.get(node, ()) if (t, link) not in s.banned]
            return [self.places[f"node:{node}"]] + [self.places[f"turn:{t}"] for t in turns]

        self.always = [(0, s.horizon)]
        self.arcs = []  # (tails, head, rate, tau, open, table, id)
        for key, (rate, tau, spans) in case.links.items():
            start, end = s.links[key][:2]
            head = f"turn:{key}" if key in inbound else f"node:{end}"
            self.arcs.append((tails(start, key), self.places[head], rate, tau, spans, "link", key))
        for zone, rate in gates.items():
            ends = [self.places[f"zone:{zone}"]], self.places[f"gate:{zone}"]
            self.arcs.append((*ends, rate, 0, self.always, "gate", zone))
        for key, (rate, tau, spans) in case.connectors.items():
            place, place_id, node = s.connectors[key][:3]
            if place == "zone":
                tail = [self.places[f"gate:{place_id}" if place_id in gates else f"zone:{place_id}"]]
                head = self.places[f"node:{node}"]
            else:
                tail, head = tails(node), self.places[f"site:{place_id}"]
            self.arcs.append((tail, head, rate, tau, spans, "connector", key))
        self.most = {} if routes is None else self.most_of_routes()
        self.simple = [(tail[0] if len(tail) == 1 else None, head, tau) for tail, head, _, tau, *_ in self.arcs]

    def most_of_routes(self):
        """zone -> (rate, after): how many of its people can arrive by so many routes; zones without a limit are left out.

        The rate is the largest that every element of some way to a site admits, times the routes; after is the shortest time.
        """
        into = {}
        for tails, head, rate, tau, spans, *_ in self.arcs:
            if rate != 0 and spans:
                for tail in tails:
                    into.setdefault(head, []).append((tail, rate, tau))
        begins = [(self.places[f"site:{site}"], rate) for site, (rate, _, spans) in self.case.admissions.items()
                  if rate != 0 and spans]
        infinite = float("inf")

        def spread(heap, step):
            best = {}
            while heap:
                value, place = heapq.heappop(heap)
                if place not in best:
                    best[place] = value
                    for tail, rate, tau in into.get(place, ()):
                        if tail not in best:
                            heapq.heappush(heap, (step(value, rate, tau), tail))
            return best

        after = spread(sorted((0, site) for site, _ in begins), lambda value, _, tau: value + tau)
        wide = spread(sorted((-infinite if rate is None else -rate, site) for site, rate in begins),
                      lambda value, rate, _: value if rate is None else max(value, -rate))
        most = {}
        for zone in self.case.scenario.zones:
            place = self.places[f"zone:{zone}"]
            if place in wide and wide[place] != -infinite:
                most[zone] = -wide[place] * self.routes, after[place]
        return most

    def given_up(self, zone, alpha, time):
        """People of a zone ready before alpha, no more than can arrive before `time`."""
        ready = 3_600_000 * self.case.ready_before(zone, alpha)
        if zone not in self.most:
            return ready
        rate, after = self.most[zone]
        return min(ready, rate * max(0, time - after))

    def amount(self, rate, spans, start, end):
        """rate x open time; None if infinite."""
        open_ms = length(spans, start, end)
        return 0 if open_ms == 0 else None if rate is None else rate * open_ms

    def site(self, site, start, end):
        """(amount or None, whether what it holds is the smaller)."""
        rate, _, spans = self.case.admissions[site]
        admitted, holds = self.amount(rate, spans, start, end), self.case.capacity[site]
        if holds is not None and (admitted is None or holds * PERSON <= admitted):
            return holds * PERSON, True
        return admitted, False


class Cut:
    """The counted intervals of one cut. Those that are empty stay so when all thresholds are shifted."""

    def __init__(self, network, alpha, theta):
        self.network, self.theta, self.alpha = network, theta, alpha
        counted, self.crossing = [], []
        for at, (tail, head, tau) in enumerate(network.simple):
            start = alpha[tail] if tail is not None else min(alpha[t] for t in network.arcs[at][0])
            if start < alpha[head] - tau:
                counted.append((network.arcs[at], start, alpha[head] - tau))
                self.crossing.append(at)
        self.counted = counted
        plain = [(arc[2], x, y) for arc, x, y in counted if arc[4] == network.always and arc[2] is not None]
        self.plain = plain  # open all the time: the length needs no sets
        self.other = [(arc, x, y) for arc, x, y in counted if arc[4] != network.always or arc[2] is None]
        zones = [(zone, alpha[network.places[f"zone:{zone}"]]) for zone in network.case.scenario.zones]
        self.zones = [(zone, a) for zone, a in zones if a > 0 and network.case.evacuees[zone] > 0]
        self.sites = [(site, alpha[network.places[f"site:{site}"]]) for site in network.case.scenario.sites]
        self.value = self.shifted(0)

    def shifted(self, by):
        """The sum with thresholds and theta earlier by `by` ms; None if infinite."""
        total = sum(self.network.given_up(zone, a - by, self.theta - by) for zone, a in self.zones)
        for rate, x, y in self.plain:
            open_ms = y - by - (x - by if x > by else 0)
            if open_ms > 0:
                total += rate * open_ms
        for arc, x, y in self.other:
            amount = self.network.amount(arc[2], arc[4], max(0, x - by), y - by)
            if amount is None:
                return None
            total += amount
        for site, a in self.sites:
            amount = self.network.site(site, max(0, a - by), self.theta - by)[0]
            if amount is None:
                return None
            total += amount
        return total


class Between:
    """Thresholds between those of two cuts. An arc whose counted interval is empty in both has an empty one in between."""

    def __init__(self, network, low, high):
        self.network, self.since, self.span = network, low.theta, high.theta - low.theta
        ends = [(first, second - first) for first, second in zip(low.alpha, high.alpha)]
        self.arcs = []
        for at in sorted({*low.crossing, *high.crossing}):
            tails, head, rate, tau, spans = network.arcs[at][:5]
            self.arcs.append(([ends[t] for t in tails], ends[head], rate, tau, spans, spans == network.always))
        places = network.places
        self.zones = [(zone, ends[places[f"zone:{zone}"]]) for zone in network.case.scenario.zones
                      if network.case.evacuees[zone] > 0]
        self.sites = [(site, ends[places[f"site:{site}"]]) for site in network.case.scenario.sites]

    def at(self, time):
        """The sum at a time between; None if infinite."""
        since, span = time - self.since, self.span

        def alpha(end):
            return end[0] + end[1] * since // span  # rounded down

        total = sum(self.network.given_up(zone, alpha(end), time) for zone, end in self.zones)
        for tails, head, rate, tau, spans, always in self.arcs:
            start = min(alpha(end) for end in tails)
            end = alpha(head) - tau
            if end <= start:
                continue
            if always and rate is not None:
                total += rate * (end - start)
                continue
            amount = self.network.amount(rate, spans, start, end)
            if amount is None:
                return None
            total += amount
        for site, end in self.sites:
            amount = self.network.site(site, alpha(end), time)[0]
            if amount is None:
                return None
            total += amount
        return total


class Nothing:
    """The cut for time 0 with all thresholds 0."""

    def __init__(self, network):
        self.theta, self.alpha, self.crossing = 0, [0] * len(network.places), []


class Family:
    """Cuts of one case that could be evaluated, ascending in theta."""

    def __init__(self, scenario, given, findings):
        self.scenario, self.name, self.cuts, self.between = scenario, given["family"], [], None
        self.case_name, self.routes = given["case"], given["routes_per_zone"]
        self.network = Network(scenario, self.case_name, self.routes)
        self.evacuees = self.network.case.all_evacuees
        before = len(findings)
        places = [self.network.places.get(name) for name in given["places"]]
        if None in places or len(set(places)) < len(places):
            findings.add("certificate.place", self.name, message="places must exist and be listed once")
        if len(given["base_ms"]) != len(places):
            findings.add("certificate.base", self.name, len(given["base_ms"]), len(places), "one base_ms per place")
        self.usable = len(findings) == before
        for cut in given["cuts"] if self.usable else ():
            self.read_cut(cut, places, given["unit_ms"], given["base_ms"], findings)

    def read_cut(self, cut, places, unit, bases, findings):
        theta, where = cut["theta_ms"], f"{self.name} at {cut['theta_ms']} ms"
        if not 0 <= theta <= self.scenario.horizon or (self.cuts and self.cuts[-1].theta >= theta):
            findings.add("certificate.theta", where, message="times within the horizon, ascending")
            return
        if sum(count for count, _ in cut["k"]) != len(places):
            findings.add("certificate.k", where, message="must cover every place once")
            return
        values = [value for count, value in cut["k"] for _ in range(count)]
        alpha = [0] * len(self.network.places)
        for at, value, base in zip(places, values, bases):
            alpha[at] = min(theta, max(0, value * unit - base))
        result = Cut(self.network, alpha, theta)
        if result.value is None:
            findings.add("certificate.infinite", where, cut["bound_people"], "", "these thresholds prove nothing")
            return
        people = -(-result.value // PERSON)
        if cut["bound_people"] != people:
            findings.add("certificate.bound", where, cut["bound_people"], people, "not what the formula gives")
        self.cuts.append(result)

    def bound(self, time):
        """L(t)."""
        everyone = self.evacuees * PERSON
        index = next((i for i, cut in enumerate(self.cuts) if cut.theta >= time), None)
        if index is None:
            return everyone
        cut = self.cuts[index]
        values = [everyone, cut.value, cut.shifted(cut.theta - time)]
        low = self.cuts[index - 1] if index else Nothing(self.network)
        if low.theta < cut.theta:
            if self.between is None or self.between[0] != index:
                self.between = index, Between(self.network, low, cut)
            values.append(self.between[1].at(time))
        return min(value for value in values if value is not None)

    def earliest(self, people):
        """(the largest theta at which fewer can have arrived, its cut); None for the time if not by the horizon."""
        for cut in reversed(self.cuts):
            if cut.value < people * PERSON:
                return (None if cut.theta == self.scenario.horizon else cut.theta), cut
        return 0, None

    def person_hours(self, grid):
        horizon = self.scenario.horizon
        if grid < 1 or horizon // grid > 20_000_000:
            return None
        times = sorted({*range(grid, horizon + 1, grid), *(cut.theta for cut in self.cuts), horizon})
        total, last = 0, 0
        for time in times:
            if self.cuts and time <= self.cuts[-1].theta:
                total += (self.evacuees * PERSON - self.bound(time)) * (time - last)
            last = time
        return total / (PERSON * 3_600_000)
