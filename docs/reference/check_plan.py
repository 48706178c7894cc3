"""The orders: whether they are executable, and the exact replay (semantics.md, Being executable, Loading). Part of check.py."""
import heapq
from array import array
from bisect import bisect_left
from itertools import accumulate, islice, takewhile

from check_scenario import MOST, share_before, union
from check_space import cannot_overflow, overfull, room_of

REASONS = ("stays", "no_road", "closed", "no_place", "hazard", "horizon", "interrupted")


def ways_out(case):
    """The zones from which any way leads to a site with everything open; searched backward from the sites, over links."""
    s = case.scenario
    ending = {}  # node -> links that end there and have not been reached yet
    for key in case.links:
        ending.setdefault(s.links[key][1], []).append(key)
    out, stack = set(), []
    for place, _, node, _, _ in s.connectors.values():
        if place == "site":
            out.add(node)
            stack += ending.pop(node, [])
    while stack:
        link = stack.pop()
        node = s.links[link][0]
        out.add(node)
        before = ending.pop(node, [])
        banned = [key for key in before if (key, link) in s.banned]
        stack += [key for key in before if (key, link) not in s.banned]
        if banned:
            ending[node] = banned
    return {zone for place, zone, node, _, _ in s.connectors.values() if place == "zone" and node in out}


class Orders:
    """Routes and orders of a plan. `sound` says whether a replay would mean anything."""

    def __init__(self, case, plan, findings):
        self.case, self.s, self.plan, self.findings = case, case.scenario, plan, findings
        before = len(findings)
        if plan["packet_people"] < 1:
            findings.add("plan.packet", "packet_people", plan["packet_people"], message="must be at least 1")
        self.routes = {}
        for route in plan["routes"]:
            if route["route_id"] in self.routes:
                findings.add("route.duplicate", route["route_id"], message="route id used twice")
            self.routes[route["route_id"]] = route
            self.check_route(route)
        last = None
        for order in plan["orders"]:
            self.check_order(order, last)
            last = order["order_id"]
        self.sound = len(findings) == before
        self.used = {}  # zone -> ids of the routes its orders use
        for order in plan["orders"]:
            self.used.setdefault(order["zone_id"], set()).add(order["route_id"])
        self.check_people()
        if self.sound:
            self.check_release()
            self.check_sites()
            self.check_routes_per_zone()
            self.check_windows()
            if plan["convergent"]:
                self.check_convergent()

    def check_route(self, route):
        add, key, s = self.findings.add, route["route_id"], self.s
        before = len(self.findings)
        for part, places, at in (("zone", s.zones, "from_connector"), ("site", s.sites, "to_connector")):
            place = route[part + "_id"]
            if place not in places:
                add(f"route.{part}", key, place, message=f"no such {part}")
            elif s.connectors.get(route[at], ("", ""))[:2] != (part, place):
                add("route.connector", key, route[at], message=f"not a connector of the {part}")
        for link in route["links"]:
            if link not in self.case.links:
                add("route.link", key, link, message="no such link, or not for this class")
        if len(self.findings) > before:
            return
        node, last = s.connectors[route["from_connector"]][2], None
        for link in route["links"]:
            if s.links[link][0] != node:
                add("route.gap", key, s.links[link][0], node, "links do not join end to end")
            if (last, link) in s.banned:
                add("route.turn", key, f"{last} to {link}", message="this turn is prohibited")
            node, last = s.links[link][1], link
        if s.connectors[route["to_connector"]][2] != node:
            add("route.gap", key, s.connectors[route["to_connector"]][2], node, "the site's connector begins elsewhere")

    def check_order(self, order, last):
        add, key = self.findings.add, order["order_id"]
        if last is not None and key <= last:
            add("order.id", key, message="order ids must be unique and ascending")
        route = self.routes.get(order["route_id"])
        if route is None:
            add("order.route", key, order["route_id"], message="no such route")
        elif route["zone_id"] != order["zone_id"]:
            add("order.zone", key, order["zone_id"], route["zone_id"], "the route is another zone's")
        if order["zone_id"] not in self.s.zones:
            add("order.zone", key, order["zone_id"], message="no such zone")
        if not 1 <= order["people"] <= MOST:
            add("order.people", key, order["people"], message="an order must have people, and a credible number")
        if order["class"] != self.s.class_id:
            add("order.class", key, order["class"], self.s.class_id, "no such class")
        if not 0 <= order["depart_from_ms"] < order["depart_until_ms"] <= self.s.horizon:
            add("order.window", key, message="not a departure window within the horizon")

    def check_people(self):
        add, case = self.findings.add, self.case
        total = dict.fromkeys(self.s.zones, 0)
        stays = dict.fromkeys(self.s.zones, 0)
        for order in self.plan["orders"]:
            if order["zone_id"] in total:
                total[order["zone_id"]] += order["people"]
        roads = None
        for entry in self.plan["not_moved"]:
            zone = entry["zone_id"]
            if zone not in total:
                add("not_moved.zone", zone, message="no such zone")
                continue
            total[zone] += entry["people"]
            stays[zone] += entry["people"] if entry["reason"] == "stays" else 0
            if entry["people"] < 0:
                add("not_moved.people", zone, entry["people"], message="people cannot be negative")
            overtaken, hazard = entry["outcome"] == "overtaken", zone in case.hazard
            if overtaken and (entry["reason"] != "hazard" or not hazard):
                add("not_moved.outcome", zone, message="only a hazard that closes the zone catches")
            if not overtaken and hazard and entry["reason"] != "stays":
                add("not_moved.outcome", zone, message="a hazard closes this zone, so they are overtaken")
            if entry["reason"] == "no_road":
                roads = ways_out(case) if roads is None else roads
                if zone in roads:
                    add("not_moved.reason", zone, "no_road", message="there is a way to a site")
        for zone in total:
            if total[zone] != case.people[zone]:
                add("people.balance", zone, total[zone], case.people[zone], "orders and not moved must add up")
            if stays[zone] != case.stay[zone]:
                add("people.stays", zone, stays[zone], case.stay[zone], "must be exactly the people declared as staying")

    def check_release(self):
        """sent(t) <= evacuees x share(t) + 1/1000 person; sent is continuous, so the share from the left decides."""
        of_zone = {}
        for order in self.plan["orders"]:
            of_zone.setdefault(order["zone_id"], []).append(
                (order["depart_from_ms"], order["depart_until_ms"], order["people"]))
        for zone, orders in of_zone.items():
            curve = self.s.releases.get(self.s.zones[zone][3])
            evacuees = self.case.evacuees[zone]
            times = sorted({t for order in orders for t in order[:2]} | {t for t, _ in curve or ()})
            changes = sorted([(a, n / (b - a), -n / (b - a) * a) for a, b, n in orders]
                             + [(b, -n / (b - a), n + n / (b - a) * a) for a, b, n in orders])
            rate = offset = at = 0
            orders_begin = min(order[0] for order in orders)
            for time in times:
                while at < len(changes) and changes[at][0] < time:
                    rate, offset, at = rate + changes[at][1], offset + changes[at][2], at + 1
                share = share_before(curve, time) if curve else float(time > 0)
                # nobody at all before anybody is ready; what is allowed beyond 1/1000 is for the rounding of this sum
                if share <= 0 and orders_begin < time or rate * time + offset > evacuees * share + 0.001 + 1e-6 + 1e-12 * evacuees:
                    self.findings.add("release", f"zone {zone} at {time} ms", rate * time + offset, evacuees * share,
                                      "more people sent than ready")
                    break

    def check_sites(self):
        total = dict.fromkeys(self.s.sites, 0)
        for order in self.plan["orders"]:
            total[self.routes[order["route_id"]]["site_id"]] += order["people"]
        for site, people in total.items():
            if self.case.capacity[site] is not None and people > self.case.capacity[site]:
                self.findings.add("site.capacity", site, people, self.case.capacity[site], "more people than places")

    def check_routes_per_zone(self):
        most = self.plan["routes_per_zone"]
        for zone, routes in self.used.items():
            if most is not None and len(routes) > most:
                self.findings.add("plan.routes_per_zone", zone, most, len(routes), "more routes than allowed")

    def check_windows(self):
        """Windows begin and end at multiples of window_ms; one may be cut short by whole minutes, or where whoever left later could not arrive."""
        window, late = self.plan["window_ms"], {}
        if not 1 <= window <= MOST:
            self.findings.add("plan.window", "window_ms", window, message="must be at least 1")
            return
        for order in self.plan["orders"]:
            start, end = order["depart_from_ms"], order["depart_until_ms"]
            after = -(-end // window) * window
            begin = start // window * window
            if end <= begin + window and (start - begin) % 60000 == 0 and (end - begin) % 60000 == 0:
                continue
            key = order["route_id"], after
            if end != after and key not in late:
                late[key] = not self.arrives(self.routes[key[0]], after)
            if start % window or not (end == after or late[key]):
                self.findings.add("plan.window", order["order_id"], f"{start} to {end}", window,
                                  "the departure window does not begin and end at multiples of window_ms, nor is it one cut short by whole minutes")

    def arrives(self, route, time):
        """Whether somebody who leaves at a time, all alone, arrives by a way."""
        s, case = self.s, self.case
        start, end = route["from_connector"], route["to_connector"]
        ways = [(case.connectors[start], None), *((case.links[key], s.links[key][0]) for key in route["links"]),
                (case.connectors[end], s.connectors[end][2]), (case.admissions[route["site_id"]], None)]
        for (rate, tau, spans), node in ways:
            entry = next((max(time, o) for o, e in spans[bisect_left(spans, time + 1, key=lambda span: span[1]):][:1]), None)
            if rate == 0 or entry is None:
                return False
            shut = union(s.closures.get(("node", node, True), ()))
            if any(f <= entry and time < u for f, u in shut):
                return False
            time = entry + tau
        return time < s.horizon

    def check_convergent(self):
        leaves = {}
        for route in self.plan["routes"]:
            ways = [(self.s.links[link][0], ("link", link)) for link in route["links"]]
            ways.append((self.s.connectors[route["to_connector"]][2], ("connector", route["to_connector"])))
            for node, way in ways:
                if leaves.setdefault(node, way) != way:
                    self.findings.add("plan.convergent", f"route {route['route_id']} at node {node}", "true", "false",
                                      "routes part at this node")


class Loading:
    """Carries out the orders, in packets and microseconds."""

    def __init__(self, orders, findings):
        case, s, plan = orders.case, orders.s, orders.plan
        size = plan["packet_people"]
        # an element's number: order of link.csv, connectors.csv, sites.csv
        self.names = ([f"link:{k}" for k in s.links] + [f"connector:{k}" for k in s.connectors]
                      + [f"site:{k}" for k in s.sites])
        number = {name: at for at, name in enumerate(self.names)}
        shut = {}
        for (target, node, _), times in s.closures.items():
            if target == "node":
                shut[node] = [(f * 1000, u * 1000) for f, u in union(times)]
        elements = [None] * len(self.names)
        waits_at = [None] * len(self.names)
        for key, element in case.links.items():
            elements[number[f"link:{key}"]] = element
            waits_at[number[f"link:{key}"]] = shut.get(s.links[key][0])
        for key, element in case.connectors.items():
            elements[number[f"connector:{key}"]] = element
            if s.connectors[key][0] == "site":
                waits_at[number[f"connector:{key}"]] = shut.get(s.connectors[key][2])
        for key, element in case.admissions.items():
            elements[number[f"site:{key}"]] = element
        horizon = s.horizon * 1000
        rate = [element and element[0] for element in elements]
        tau = [element and element[1] * 1000 for element in elements]
        spans = [element and [(o * 1000, e * 1000) for o, e in element[2]] for element in elements]
        ends = [of and [e for _, e in of] for of in spans]
        plain = [spans[at] == [(0, horizon)] and not waits_at[at] for at in range(len(elements))]

        def entering(people, at):
            return 0 if rate[at] is None else -(-people * 3_600_000_000_000 // rate[at]) if rate[at] else 10**16
        full = [0 if element is None else entering(size, at) for at, element in enumerate(elements)]

        # packets are numbered in the order of (order_id, packet number); an event is one whole number that
        # compares like (time, packet, position)
        path_of, people_of, departs, first, first_leave = [], [], [], [], []
        paths = {key: [number["connector:" + r["from_connector"]], *(number["link:" + k] for k in r["links"]),
                       number["connector:" + r["to_connector"]], number["site:" + r["site_id"]]]
                 for key, r in orders.routes.items()}
        order_of = []
        for at, order in enumerate(plan["orders"]):
            first.append(len(path_of))
            a, span, n = order["depart_from_ms"] * 1000, (order["depart_until_ms"] - order["depart_from_ms"]) * 1000, order["people"]
            leaves = a  # when the packet's first person does, which is when the last one of the packet before has
            for sent in [*range(size, n, size), n]:
                first_leave.append(leaves)
                leaves = a - (-span * sent // n)
                departs.append(a - (-span * sent // n))
                people_of.append(min(size, n - (sent - 1) // size * size))
                path_of.append(paths[order["route_id"]])
                order_of.append(at)
        self.packets, self.events = len(path_of), 0
        p_bits = max(map(len, paths.values()), default=1).bit_length()
        k_bits = p_bits + max(1, self.packets).bit_length()
        p_mask, low_mask = (1 << p_bits) - 1, (1 << k_bits) - 1
        self.people_of = people_of
        rooms = [room_of(case, key, size) if key in case.links else None for key in s.links]
        rooms += [None] * (len(elements) - len(rooms))
        stay_people, stay_longest = [0] * len(elements), [0] * len(elements)

        def longest_stay(link, people, enters, entered, leaves, left):
            """Nobody of a packet is on a link for longer than the first or the last, as they enter and go on evenly."""
            stay_people[link] += people
            stay_longest[link] = max(stay_longest[link], leaves - enters, left - entered)

        def carry_out(see, fail):
            """All packets; `see` is told of each stay on a link, when it ends."""
            came, waits = first_leave.copy(), [0] * self.packets
            entered, longest = [0] * len(elements), [0] * len(elements)
            arrived, waited, closed, events, last_packet = [], 0, 0, 0, self.packets - 1
            heap = [(departs[g] << k_bits) | (g << p_bits) for g in first]
            heapq.heapify(heap)
            pop, push, replace = heapq.heappop, heapq.heappush, heapq.heapreplace
            while heap:
                events += 1
                event = heap[0]
                time, low = event >> k_bits, event & low_mask
                packet, position = low >> p_bits, low & p_mask
                path = path_of[packet]
                at = path[position]
                people = people_of[packet]
                if position == 0 and packet < last_packet and order_of[packet + 1] == order_of[packet]:
                    push(heap, (departs[packet + 1] << k_bits) | (packet + 1 << p_bits))
                    # the pushed event is later than this one, which stays on top
                behind = path[position - 1] if position else at
                need = full[at] if people == size else entering(people, at)
                there = begin = came[packet]
                if rate[at] is not None and begin < entered[at]:
                    begin = entered[at]
                entry = begin + need
                if entry < time:
                    entry = time
                if not plain[at]:
                    # not into what is over when its last person comes
                    first_span, entry = bisect_left(ends[at], time), None
                    for o, e in islice(spans[at], first_span, None):
                        start = o if o > begin else begin
                        last = start + need
                        if last < time:
                            last = time
                        if last < e or (need and last == e):
                            begin, entry = start, last
                            break
                elif entry > horizon or (need == 0 and entry == horizon):
                    entry = None
                if entry is None:
                    pop(heap)
                    fail("replay.stranded", packet, f"{self.names[at]} never opens for it again")
                    if rooms[behind]:  # they stay where they are; a connector has no room to count
                        see(behind, people, there - tau[behind], time - tau[behind], horizon, horizon)
                    continue
                entered[at] = entry
                if entry > time:
                    waited += people * (entry - time)
                    waits[packet] += entry - time
                    if not plain[at]:
                        within = takewhile(lambda span: span[0] < entry, islice(spans[at], first_span, None))
                        closed += people * (entry - time - sum(min(e, entry) - max(o, time) for o, e in within))
                    if entry - time > longest[at]:
                        longest[at] = entry - time
                if waits_at[at] and any(f < entry and there < u for f, u in waits_at[at]):
                    pop(heap)
                    fail("replay.overtaken", packet, f"waits for {self.names[at]} at a node when it is closed to presence")
                    if rooms[behind]:
                        see(behind, people, there - tau[behind], time - tau[behind], horizon, horizon)
                    continue
                if rooms[behind] and position:
                    see(behind, people, there - tau[behind], time - tau[behind], begin, entry)
                if position < len(path) - 1:
                    came[packet] = begin + tau[at]
                    replace(heap, (entry + tau[at] << k_bits) | (low + 1))
                else:
                    pop(heap)
                    if entry >= horizon:
                        fail("replay.horizon", packet, "arrives at the horizon or later")
                    else:
                        arrived.append((-(-entry // 1000), people, order_of[packet]))
            return arrived, waits, waited, closed, longest, events

        failed = set()

        def fail(code, packet, message):
            order = plan["orders"][order_of[packet]]["order_id"]
            if order not in failed:
                failed.add(order)
                findings.add(code, f"order {order}", message=message)
        arrived, self.waits, waited, self.waited_closed, longest, events = carry_out(longest_stay, fail)
        kept = {at: array("q") for at, room in enumerate(rooms)
                if room and not cannot_overflow(room, rate[at], stay_people[at], stay_longest[at])}
        if kept:  # once more, for the links that may hold too many

            def keep(link, *stay):
                if link in kept:
                    kept[link].extend(stay)
            carry_out(keep, lambda *_: None)
        self.overfull = {self.names[at].removeprefix("link:"): (rooms[at], found) for at, stays in kept.items()
                         if (found := overfull(stays, rooms[at], horizon)) is not None}
        self.events, self.waited, self.longest = events, waited, longest
        self.longest_us = max(longest, default=0)
        self.person_ms = sum(ms * people for ms, people, _ in arrived)
        arrived.sort()
        self.arrival_ms, self.arrival_sum = [a[0] for a in arrived], list(accumulate(a[1] for a in arrived))
        self.arrived = self.arrival_sum[-1] if arrived else 0
        order = sorted(range(self.packets), key=departs.__getitem__)
        self.departure_us, self.departure_sum = [departs[g] for g in order], list(accumulate(people_of[g] for g in order))
        self.zone_arrived, self.zone_last = dict.fromkeys(s.zones, 0), {}
        for ms, people, at in arrived:
            zone = plan["orders"][at]["zone_id"]
            self.zone_arrived[zone] += people
            self.zone_last[zone] = max(ms, self.zone_last.get(zone, 0))

    def arrived_before(self, ms):
        at = bisect_left(self.arrival_ms, ms)
        return self.arrival_sum[at - 1] if at else 0

    def departed_before(self, ms):
        at = bisect_left(self.departure_us, ms * 1000)
        return self.departure_sum[at - 1] if at else 0

    def reached(self, people):
        """When so many have arrived, ms; None if never."""
        if people == 0:
            return 0
        at = bisect_left(self.arrival_sum, people)
        return self.arrival_ms[at] if at < len(self.arrival_ms) else None
