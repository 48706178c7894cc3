"""One plan folder: its files, and every figure in them against plan, replay and certificate (plan.md). Part of check.py."""
import re

from check_form import (I64, Findings, close, gap, is_close, is_number, is_time, is_whole, list_of, one_of, optional, seconds,
                        shaped, text, to_ms, whole)
from check_bound import PERSON, Family
from check_plan import REASONS, Orders, Loading
from check_scenario import Case, Scenario, Unreadable, read_csv, read_json, union, within
from check_space import overflow, waiting
from check_unsplittable import Fault, Whole

MOST_EVENTS = 4_000_000_000
CASE = one_of("central", "optimistic", "pessimistic")
ROUTES = optional(whole(0, 2**32 - 1)), None
PLAN = shaped(
    schema=(one_of("clearway-plan/2"),), scenario=(text,), tool=(text, ""), case=(CASE,), routes_per_zone=ROUTES,
    convergent=(lambda v: isinstance(v, bool), False), window_ms=(I64,), packet_people=(I64,),
    routes=(list_of(shaped(route_id=(text,), zone_id=(text,), site_id=(text,), from_connector=(text,),
                           links=(list_of(text),), to_connector=(text,))),),
    orders=(list_of(shaped(order_id=(I64,), zone_id=(text,), group=(text,), **{"class": (text,)}, people=(I64,),
                           depart_from_ms=(I64,), depart_until_ms=(I64,), route_id=(text,))),),
    not_moved=(list_of(shaped(zone_id=(text,), people=(I64,), outcome=(one_of("overtaken", "not_evacuated"),),
                              reason=(one_of(*REASONS),))),))
RUN = whole(0, 2**64 - 1)
CERTIFICATE = shaped(
    schema=(one_of("clearway-certificate/2"),), scenario=(text,), grid_ms=(I64,),
    families=(list_of(shaped(
        family=(text,), case=(CASE,), routes_per_zone=ROUTES, places=(list_of(text),), unit_ms=(I64,),
        base_ms=(list_of(I64),),
        cuts=(list_of(shaped(theta_ms=(I64,), bound_people=(I64,), k=(list_of(
            lambda run: isinstance(run, list) and len(run) == 2 and RUN(run[0]) and I64(run[1])),))),),
        unsplittable_zones=(optional(shaped(
            theta_ms=(I64,), cut_arcs=(list_of(text),), unit_people=(I64,), weights=(list_of(
                lambda pair: isinstance(pair, list) and len(pair) == 2 and text(pair[0]) and RUN(pair[1])),))), None))),))
TABLES = {
    "orders.csv": "order_id zone_id zone_name site_id site_name route_id group class people depart_from_ms depart_until_ms",
    "curve.csv": "time_s arrived_people bound_people departed_people",
    "zones.csv": "zone_id name people arrived overtaken not_evacuated first_departure_s last_departure_s last_arrival_s",
    "bottlenecks.csv": "rank element id from_s until_s capacity_people_h people",
}
OVERFLOW = "link_id name room_vehicles peak_vehicles overflow_vehicle_min from_s until_s"
SPACE = "spill_free", "overflow", "waiting"


# which keys of summary.json a checker recomputes (plan.md); the planner alone computed the others
RECOMPUTED = ("scenario name context interrupted people clearance_s t90_s person_hours with_access gap optimistic route_limited_bound "
              "queue spill_free overflow waiting network zones sites routes orders")
NOT_CHECKED = ("assumptions, unrestricted_routes (but that it is not ahead of the bounds), spill_choice, on_road, prices, step_s, threads, wall_s, peak_rss_bytes in summary.json; "
               "latest times in zones.csv, extra_lane_people in bottlenecks.csv, which of the reasons closed, no_place, horizon "
               "is right; maps and pages")


def instant(words):
    """ms since 1970 of a time as RFC 3339 has it; what stands in brackets after it is not read. None for anything else."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?"
                         r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))", words.split("[")[0].strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    ms = int(((match[7] or "") + "000")[:3])
    offset = (int(match[9]) * 60 + int(match[10])) * (-1 if match[8] == "-" else 1) if match[8] else 0
    years = year - (month <= 2)  # days of a civil date after Hinnant
    days = (years // 400 * 146_097 + years % 400 * 365 + years % 400 // 4 - years % 400 // 100
            + (153 * ((month + 9) % 12) + 2) // 5 + day - 1 - 719_468)
    return (((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + ms


def read_plan(folder):
    files = {}
    for name, test in (("plan.json", PLAN), ("certificate.json", CERTIFICATE),
                       ("summary.json", shaped(schema=(one_of("clearway-summary/2"),)))):
        files[name] = read_json(name, (folder / name).read_bytes())
        if not test(files[name]):
            raise Unreadable(f"{name}: not of the described shape")
    for name, columns in TABLES.items():
        files[name] = read_csv(name, (folder / name).read_bytes(), columns.split())
    name, claims = "overflow.csv", any(key in files["summary.json"] for key in SPACE)
    files[name] = None  # a folder of an earlier version says nothing of room and waiting
    if claims or (folder / name).exists():
        files[name] = read_csv(name, (folder / name).read_bytes(), OVERFLOW.split())
    return files


def stricter(a, b):
    """The later time and the larger sum of two bounds that both hold; no time at all is later than any."""
    times = {key: None if a[key] is None or b[key] is None else max(a[key], b[key]) for key in ("clearance_s", "t90_s")}
    hours = [bound["person_hours"] for bound in (a, b) if bound["person_hours"] is not None]
    return {**times, "person_hours": max(hours, default=None)}


def shown(name):
    """A name in a table for a spreadsheet: what would be a formula there has a ' before it."""
    is_formula = name[:1] in tuple("=+-@\t\r") and not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", name)
    return "'" + name if is_formula else name


class Check:
    """One run over a plan folder."""

    def __init__(self, folder, scenario_folder):
        self.findings = Findings()
        self.files = read_plan(folder)
        self.plan, certificate = self.files["plan.json"], self.files["certificate.json"]
        self.s = Scenario(scenario_folder)
        self.case = Case(self.s, self.plan["case"])
        for code, claimed in (("digest.plan", self.plan["scenario"]), ("digest.certificate", certificate["scenario"])):
            self.findings.unless(claimed == self.s.digest, code, "scenario", claimed, self.s.digest, "another scenario")
        self.findings.unless(self.plan["case"] == "central", "plan.case", "case", self.plan["case"], "central",
                             "the bounds beside a plan are those of the case central")
        self.check_size(certificate)
        orders, self.replay = Orders(self.case, self.plan, self.findings), None
        if orders.sound:
            self.check_packets(orders)
            size, events = self.plan["packet_people"], 0
            for order in self.plan["orders"]:
                events += -(-order["people"] // size) * (len(orders.routes[order["route_id"]]["links"]) + 3)
            if events > MOST_EVENTS:
                self.findings.add("replay.size", "orders", events, MOST_EVENTS, "too many events for a network loading")
            else:
                self.replay = Loading(orders, self.findings)
        self.families = {}
        self.read_families(certificate)
        self.central = self.families.get("central")
        self.check_terms(certificate["grid_ms"])
        if self.replay:
            self.check_not_beaten(max(map(len, orders.used.values()), default=0))
        self.overflow = overflow(self.replay, self.case) if self.replay else []
        self.figures = self.make_figures(certificate["grid_ms"])
        if self.replay and self.plan["case"] == "central":
            self.check_not_ahead(max(map(len, orders.used.values()), default=0))
        self.check_summary(self.files["summary.json"])
        self.check_curve()
        self.check_orders(orders)
        self.check_zones()
        self.check_bottlenecks()
        if self.replay and self.files["overflow.csv"] is not None:
            self.check_overflow()

    # ---- how much is taken on (semantics.md) ----

    def check_size(self, certificate):
        s, families = self.s, certificate["families"]
        places = len(s.nodes) + len(s.links) + 2 * len(s.zones) + len(s.sites)
        cut_arcs = [len(family["unsplittable_zones"]["cut_arcs"]) for family in families if family["unsplittable_zones"]]
        for what, found, most in (
                ("families", len(families), 16), ("cut arcs", max(cut_arcs, default=0), 10_000),
                ("thresholds (cuts x places)", sum(len(family["cuts"]) for family in families) * places, 200_000_000),
                ("times of the grid within the horizon", s.horizon // max(1, certificate["grid_ms"]), 1_000_000)):
            within("certificate.json", what, found, most)

    def check_packets(self, orders):
        shut = {node: len(union(times)) for (target, node, _), times in self.s.closures.items() if target == "node"}
        passed = {}
        for key, route in orders.routes.items():
            ends = self.case.connectors[route["from_connector"]], self.case.connectors[route["to_connector"]]
            elements = [*ends, self.case.admissions[route["site_id"]], *(self.case.links[link] for link in route["links"])]
            nodes = [self.s.connectors[route["to_connector"]][2], *(self.s.links[link][0] for link in route["links"])]
            passed[key] = sum(1 + len(spans) for _, _, spans in elements) + sum(shut.get(node, 0) for node in nodes)
        packets = [(-(-order["people"] // self.plan["packet_people"]), order["route_id"]) for order in self.plan["orders"]]
        within("plan.json", "packets", sum(number for number, _ in packets), 20_000_000)
        within("plan.json", "intervals passed by the packets", sum(number * passed[key] for number, key in packets), 10**10)

    def check_terms(self, grid):
        found, steps = 0, self.s.horizon // max(1, grid) + 1
        for family in self.families.values():
            sites = sum(1 + len(spans) for _, _, spans in family.network.case.admissions.values())
            longest = max((sum(1 + len(arc[4]) for arc, _, _ in cut.counted) for cut in family.cuts), default=0)
            times = steps + len(family.cuts) + len(self.files["curve.csv"])
            found += times * (len(self.s.zones) + len(self.s.sites) + sites + 2 * longest)
        within("certificate.json", "terms to be evaluated", found, 10**10)

    def read_families(self, certificate):
        names = set()
        for given in certificate["families"]:
            name = given["family"]
            if name in names:
                self.findings.add("certificate.family", name, message="a family of this name stands twice")
                continue
            names.add(name)
            is_form = given["case"], given["routes_per_zone"]
            if name.startswith("routes-"):
                digits = re.fullmatch(r"\+?[0-9]+", name[7:])
                form = "central", int(name[7:]) if digits and int(name[7:]) < 2**32 else None
            else:
                form = (name, None) if name in ("central", "optimistic") else is_form
            if form != is_form:
                self.findings.add("certificate.family", name, message="case and routes_per_zone are not those of the name")
            family = Family(self.s, given, self.findings)
            if family.usable:
                self.families[name] = family
                family.whole = self.read_whole(name, given)
        most = self.plan["routes_per_zone"]
        for name in ["central", "optimistic"] + ([] if most is None else [f"routes-{most}"]):
            self.findings.unless(name in names, "certificate.family", name, "", "", "this family must be there")
        if certificate["grid_ms"] < 1:
            self.findings.add("certificate.grid", "grid_ms", certificate["grid_ms"], message="must be at least 1")

    def read_whole(self, name, given):
        """The proof that unsplittable zones do not fit; None if there is none that holds."""
        if given["unsplittable_zones"] is None:
            return None
        try:
            return Whole(self.s, given["case"], given["routes_per_zone"], given["unsplittable_zones"])
        except Fault as fault:
            where = f"{name} at {given['unsplittable_zones']['theta_ms']} ms"
            self.findings.add("certificate.unsplittable_zones", where, message=str(fault))
            return None

    def check_not_beaten(self, most_routes):
        for name, family in self.families.items():
            if family.case_name != self.plan["case"] or (family.routes is not None and most_routes > family.routes):
                continue
            for cut in family.cuts:
                arrived = self.replay.arrived_before(cut.theta)
                self.findings.unless(arrived * PERSON <= cut.value, "bound.beaten", f"{name} at {cut.theta} ms",
                                     arrived, -(-cut.value // PERSON), "more people arrived than any plan can bring")
            if family.whole:
                arrived = self.replay.arrived_before(family.whole.theta)
                self.findings.unless(arrived < family.evacuees or family.evacuees == 0, "bound.beaten",
                                     f"{name}, unsplittable zones, at {family.whole.theta} ms", arrived,
                                     family.evacuees - 1, "everybody arrived before any plan can bring them")

    def check_not_ahead(self, most_routes):
        """The figures made of the cuts: none of the plan is ahead of what no plan can beat."""
        figures, some = self.figures, self.case.all_evacuees > 0
        hours = figures["person_hours"]["plan"]
        rounding = 1e-9 * (hours or 0) + 1e-6
        rest = figures["with_access"]
        if rest:
            plan, bound = (rest["clearance_s"][part] for part in ("plan", "bound"))
            self.findings.unless(plan is None or bound is not None and plan >= bound, "bound.beaten",
                                 "with_access.clearance_s", plan, bound, "the plan is ahead of what no plan can beat")
        bounds = [("", {key: figures[key]["bound"] for key in ("clearance_s", "t90_s", "person_hours")})]
        limited = figures["route_limited_bound"]
        if limited and most_routes <= limited["routes_per_zone"]:
            bounds.append(("route_limited_bound.", limited))
        for prefix, bound in bounds:
            for key in ("clearance_s", "t90_s") if some else ():
                plan = figures[key]["plan"]
                self.findings.unless(plan is None or bound[key] is not None and plan >= bound[key], "bound.beaten",
                                     prefix + key, plan, bound[key], "the plan is ahead of what no plan can beat")
            if hours is not None and bound["person_hours"] is not None:
                self.findings.unless(hours >= bound["person_hours"] - rounding, "bound.beaten", prefix + "person_hours",
                                     hours, bound["person_hours"], "the plan is ahead of what no plan can beat")

    def of_all_plans(self, bounds):
        """What holds for all plans of the central case: what its family proves or, where that is more, the optimistic one.

        A plan of the central case is one of the optimistic case with some people left out; 90 % of the people are the same
        people only where every zone has as many in both.
        """
        central, helped = bounds.get("central", {}), dict(bounds.get("optimistic", {}))
        if not central or not helped:
            return central
        if self.families["central"].network.case.evacuees != self.families["optimistic"].network.case.evacuees:
            helped["t90_s"] = 0.0
        return stricter(central, helped)

    def clearance(self, family):
        """No plan has brought everybody before this; None if none does within the horizon."""
        by_cuts, by_whole = family.earliest(family.evacuees)[0], family.whole.theta if family.whole else 0
        return None if by_cuts is None or by_whole == self.s.horizon else max(by_cuts, by_whole)

    def make_figures(self, grid):
        replay, plan, case, evacuees = self.replay, self.plan, self.case, self.case.all_evacuees
        bounds = {}
        for name, family in self.families.items():
            bounds[name] = {"family": name, "case": family.case_name, "routes_per_zone": family.routes,
                            "cuts": len(family.cuts), "evacuees": family.evacuees,
                            "clearance_s": seconds(self.clearance(family)),
                            "t90_s": seconds(family.earliest(-(-family.evacuees * 9 // 10))[0]),
                            "person_hours": family.person_hours(grid)}
        central = self.of_all_plans(bounds)
        figures = {
            "clearance_s": {"plan": replay and seconds(replay.reached(evacuees))},
            "t90_s": {"plan": replay and seconds(replay.reached(-(-evacuees * 9 // 10)))},
            "person_hours": {"plan": replay and (replay.person_ms + (evacuees - replay.arrived) * self.s.horizon) / 3.6e6},
        }
        for key in figures:
            figures[key]["bound"] = central.get(key)
        cut_off = sum(entry["people"] for entry in plan["not_moved"] if entry["reason"] == "no_road")
        figures["with_access"] = None
        if 0 < cut_off < evacuees:
            family = self.families.get("central")
            figures["with_access"] = {"people": evacuees - cut_off, "clearance_s": {
                "plan": replay and seconds(replay.reached(evacuees - cut_off)),
                "bound": family and seconds(family.earliest(evacuees - cut_off)[0])}}
        figures["gap"] = {key: gap(**figures[full]) for key, full in
                          (("clearance", "clearance_s"), ("t90", "t90_s"), ("person_hours", "person_hours"))}

        def not_moved(key, word):
            return sum(entry["people"] for entry in plan["not_moved"] if entry[key] == word)
        figures["people"] = {"total": sum(case.people.values()), "arrived": replay.arrived if replay else 0,
                             "overtaken": not_moved("outcome", "overtaken"), "not_evacuated": not_moved("outcome", "not_evacuated"),
                             "staying": not_moved("reason", "stays")}
        short = "clearance_s", "t90_s", "person_hours"
        figures["optimistic"] = "optimistic" in bounds and {key: bounds["optimistic"][key] for key in short} or None
        limited = bounds.get(f"routes-{plan['routes_per_zone']}")
        if limited and central:  # plans with few routes are among all plans
            limited = {**limited, **stricter(central, limited)}
        figures["route_limited_bound"] = limited and {key: limited[key] for key in ("routes_per_zone", *short)}
        longest = replay.longest_us if replay else 0
        figures["queue"] = {"person_hours": replay.waited / 3.6e9 if replay else 0.0,
                            "longest_link": replay.names[replay.longest.index(longest)] if longest else "",
                            "longest_s": longest / 1e6}
        figures |= dict.fromkeys(SPACE)
        if replay:
            figures |= {"spill_free": not self.overflow, "waiting": waiting(replay), "overflow": {
                "vehicle_min": sum(row["overflow_vehicle_min"] for row in self.overflow), "links": len(self.overflow)}}
        figures["network"] = {"links": len(self.s.links), "nodes": len(self.s.nodes)}
        figures |= {"zones": len(self.s.zones), "sites": len(self.s.sites), "routes": len(plan["routes"]),
                    "orders": len(plan["orders"]), "families": list(bounds.values())}
        return figures

    def check_summary(self, summary):
        figures, replay = self.figures, self.replay

        def compare(key, expected, agrees=lambda a, b: a == b):
            value = summary
            for part in key.split("."):
                if not isinstance(value, dict) or part not in value:
                    self.findings.add("summary.missing", key, message="this key must be there")
                    return
                value = value[part]
            if expected is None or isinstance(expected, str):
                right = value == expected
            else:
                right = is_number(value) and agrees(value, expected)
            self.findings.unless(right, "summary", key, value, expected, "not what follows from the scenario")
        ended = summary.get("interrupted", False)
        early = [entry for entry in self.plan["not_moved"] if entry["reason"] == "interrupted"]
        right = isinstance(ended, bool) and not (self.plan["orders"] if ended else early)
        self.findings.unless(right, "summary", "interrupted", ended, ended is not True,
                             "true if the computation was ended early, and then there are no orders")
        compare("scenario", self.s.digest)
        compare("name", self.s.name)
        compare("context", self.s.context)
        for key, value in figures["people"].items():
            if replay or key != "arrived":
                compare(f"people.{key}", value)
        rest = figures["with_access"]
        if rest:
            compare("with_access.people", rest["people"])
            for part in ("bound", "plan") if replay else ("bound",):
                compare(f"with_access.clearance_s.{part}", rest["clearance_s"][part], close)
        elif summary.get("with_access") is not None:
            self.findings.add("summary", "with_access", "figures", "null", "nobody is without a road")
        short = ("clearance", "clearance_s"), ("t90", "t90_s"), ("person_hours", "person_hours")
        for ratio, key in short:
            compare(f"{key}.bound", figures[key]["bound"], close)
            if replay:
                compare(f"{key}.plan", figures[key]["plan"], close)
                stated = summary.get(key)
                stated = [stated.get(k) for k in ("plan", "bound")] if isinstance(stated, dict) else [None]
                stated = gap(*stated) if all(map(is_number, stated)) and stated[1] > 0 else None
                compare(f"gap.{ratio}", figures["gap"][ratio],
                        lambda a, b: min(abs(a - b), abs(a - (b if stated is None else stated))) <= 1e-6)
        if replay:
            compare("queue.person_hours", figures["queue"]["person_hours"], close)
            compare("queue.longest_s", figures["queue"]["longest_s"], close)
            queue = summary.get("queue")
            name = queue.get("longest_link") if isinstance(queue, dict) else None
            ties = {n for n, wait in zip(replay.names, replay.longest) if wait == replay.longest_us > 0} or {""}
            compare("queue.longest_link", name if isinstance(name, str) and name in ties else figures["queue"]["longest_link"])
            if self.files["overflow.csv"] is not None:
                found = summary.get("spill_free")
                if "spill_free" not in summary:
                    self.findings.add("summary.missing", "spill_free", message="this key must be there")
                else:
                    self.findings.unless(found is figures["spill_free"], "summary", "spill_free", found, figures["spill_free"],
                                         "not what follows from the scenario")
                compare("overflow.vehicle_min", figures["overflow"]["vehicle_min"], close)
                compare("overflow.links", figures["overflow"]["links"])
                for key, value in figures["waiting"].items():
                    compare(f"waiting.{key}", value, close)
        for of in ("optimistic", "route_limited_bound"):
            for key, value in (figures[of] or {}).items():
                compare(f"{of}.{key}", value, (lambda a, b: a == b) if key == "routes_per_zone" else close)
        if figures["route_limited_bound"] is None and summary.get("route_limited_bound") is not None:
            self.findings.add("summary", "route_limited_bound", "a bound", "none", "no route limit or no family that proves it")
        yes, no = (summary.get(key, []) for key in ("recomputed", "not_recomputed"))
        right = all(isinstance(of, list) and all(isinstance(key, str) for key in of) for of in (yes, no))
        right = right and set(yes) <= set(RECOMPUTED.split()) and not set(no) & set(RECOMPUTED.split())
        self.findings.unless(right, "summary", "recomputed", yes, RECOMPUTED)
        self.check_unrestricted_routes(summary.get("unrestricted_routes"))
        for key in ("network.links", "network.nodes", "zones", "sites", "routes", "orders"):
            part, _, rest = key.partition(".")
            compare(key, figures[part][rest] if rest else figures[part])

    def check_unrestricted_routes(self, free):
        """The unrestricted split is not recomputed, but no plan is ahead of what none can beat."""
        for key in ("clearance_s", "t90_s", "person_hours") if free is not None else ():
            claimed, bound = free.get(key) if isinstance(free, dict) else None, self.figures[key]["bound"]
            fits = claimed is None or (is_number(claimed) and bound is not None and (claimed > bound or close(claimed, bound)))
            self.findings.unless(fits, "summary", f"unrestricted_routes.{key}", claimed, bound, "ahead of what no plan can beat")

    def rows(self, name, code, row, tests):
        """tests: (column, agrees, expected)."""
        for column, agrees, expected in tests:
            self.findings.unless(agrees, code, f"{name}, {row.place}, {column}", row.text(column), expected)

    def check_curve(self):
        last = -1
        for row in self.files["curve.csv"]:
            ms = to_ms(row.text("time_s"))
            if ms is None:
                self.findings.add("curve.time", row.place, row.text("time_s"), "", "seconds with at most three decimals")
                continue
            self.findings.unless(ms > last, "curve.time", row.place, ms / 1000, "", "times must ascend")
            last = ms
            expected = []
            if self.central:
                expected.append(("bound", "bound_people", -(-self.central.bound(ms) // PERSON)))
            if self.replay:
                expected.append(("arrived", "arrived_people", self.replay.arrived_before(ms)))
                expected.append(("departed", "departed_people", self.replay.departed_before(ms)))
            if len(expected) == 3:
                self.findings.unless(expected[1][2] <= expected[0][2], "bound.beaten", row.place, expected[1][2],
                                     expected[0][2], "more people arrived than any plan can bring")
            for code, column, value in expected:
                self.rows("curve.csv", f"curve.{code}", row, [(column, is_whole(row.text(column), value), value)])

    def check_orders(self, orders):
        rows, given = self.files["orders.csv"], self.plan["orders"]
        self.findings.unless(len(rows) == len(given), "orders.rows", "orders.csv", len(rows), len(given), "one row per order")
        start = instant(self.s.start)
        roads = {key: {name.strip() for link in route["links"] if link in self.s.links
                       for name in self.s.links[link][5].split("; ")} for key, route in orders.routes.items()}
        for row, order in zip(rows, given):
            site = orders.routes.get(order["route_id"], {}).get("site_id", "")
            zone_name = self.s.zones[order["zone_id"]][0] if order["zone_id"] in self.s.zones else ""
            words = {"zone_id": order["zone_id"], "zone_name": shown(zone_name), "site_id": site,
                     "site_name": shown(self.s.sites[site][0]) if site in self.s.sites else "",
                     "route_id": order["route_id"], "group": order["group"], "class": order["class"]}
            tests = [(column, row.text(column) == value, value) for column, value in words.items()]
            for column, ms in (("depart_from", order["depart_from_ms"]), ("depart_until", order["depart_until_ms"])):
                if start is not None and row.text(column):
                    tests.append((column, instant(row.text(column)) == start + ms, ms))
            via = row.text("via")
            bare = via[1:] if via == shown(via[1:]) else via  # the ' before the cell is part of no name
            for name, unmarked in zip(map(str.strip, via.split("; ")), map(str.strip, bare.split("; "))):
                known = roads.get(order["route_id"], ())
                if name:
                    tests.append(("via", name in known or unmarked in known, "a road of this route"))
            for column in ("order_id", "people", "depart_from_ms", "depart_until_ms"):
                tests.append((column, is_whole(row.text(column), order[column]), order[column]))
            self.rows("orders.csv", "orders.row", row, tests)

    def check_zones(self):
        seen, orders_of, stay_of = set(), {}, {}
        for of, name in ((orders_of, "orders"), (stay_of, "not_moved")):
            for entry in self.plan[name]:
                of.setdefault(entry["zone_id"], []).append(entry)
        for row in self.files["zones.csv"]:
            zone = row.text("zone_id")
            if zone not in self.s.zones or zone in seen:
                self.findings.add("zones.rows", row.place, zone, "", "no such zone, or it stands twice")
            seen.add(zone)
            if zone not in self.s.zones:
                continue
            orders, stay = orders_of.get(zone, []), stay_of.get(zone, [])
            wholes = {"people": self.case.people[zone]}
            for outcome in ("overtaken", "not_evacuated"):
                wholes[outcome] = sum(entry["people"] for entry in stay if entry["outcome"] == outcome)
            times = {"first_departure_s": min((order["depart_from_ms"] for order in orders), default=None),
                     "last_departure_s": max((order["depart_until_ms"] for order in orders), default=None)}
            if self.replay:
                wholes["arrived"] = self.replay.zone_arrived[zone]
                times["last_arrival_s"] = self.replay.zone_last.get(zone)
            name = shown(self.s.zones[zone][0])
            tests = [("name", row.text("name") == name, name)]
            tests += [(column, is_whole(row.text(column), value), value) for column, value in wholes.items()]
            tests += [(column, is_time(row.text(column), ms), seconds(ms)) for column, ms in times.items()]
            if "reasons" in row.cells:
                sums = {}
                for entry in stay:
                    sums[entry["reason"]] = sums.get(entry["reason"], 0) + entry["people"]
                reasons = sorted(f"{reason}:{people}" for reason, people in sums.items() if people > 0)
                tests.append(("reasons", sorted(filter(None, row.text("reasons").split("; "))) == reasons, "; ".join(reasons)))
            tests.append(("hazard_s", zone not in self.case.hazard or row.text("hazard_s") != "none", "a hazard closes this zone"))
            self.rows("zones.csv", "zones.row", row, tests)
        for zone in self.s.zones:
            self.findings.unless(zone in seen, "zones.rows", zone, "", "", "this zone has no row")

    def check_bottlenecks(self):
        if not self.central:
            return
        cut_off = sum(entry["people"] for entry in self.plan["not_moved"] if entry["reason"] == "no_road")
        cut, rows, terms = self.central.earliest(self.central.evacuees - cut_off)[1], self.files["bottlenecks.csv"], {}
        for arc, x, y in cut.counted if cut else ():
            terms[arc[5], arc[6]] = x, y, arc[2], self.central.network.amount(arc[2], arc[4], x, y)
        for site, a in cut.sites if cut else ():
            rate = self.central.network.case.admissions[site][0]
            terms["site", site] = a, cut.theta, rate, self.central.network.site(site, a, cut.theta)[0]
        terms = {key: term for key, term in terms.items() if term[3] and key[0] != "gate"}
        self.findings.unless(len(rows) == len(terms), "bottlenecks.rows", "bottlenecks.csv", len(rows), len(terms),
                             "one row per positive term")
        last = None
        for rank, row in enumerate(rows, 1):
            term = terms.pop((row.text("element"), row.text("id")), None)
            tests = [("rank", is_whole(row.text("rank"), rank), rank)]
            if term is None:
                self.findings.add("bottlenecks.rows", row.place, row.text("id"), "", "no positive term, or listed twice")
            else:
                x, y, rate, amount = term
                self.findings.unless(last is None or amount <= last, "bottlenecks.rows", row.place, "", "",
                                     "the largest must come first")
                last = amount
                rate = None if rate is None else rate / 1000
                tests += [("from_s", is_time(row.text("from_s"), x), x), ("until_s", is_time(row.text("until_s"), y), y),
                          ("capacity_people_h", is_close(row, "capacity_people_h", rate), rate),
                          ("people", is_close(row, "people", amount / PERSON), amount / PERSON)]
            self.rows("bottlenecks.csv", "bottlenecks.row", row, tests)

    def check_overflow(self):
        rows, left, last = self.files["overflow.csv"], {row["link_id"]: row for row in self.overflow}, None
        self.findings.unless(len(rows) == len(left), "overflow.rows", "overflow.csv", len(rows), len(left),
                             "one row per link that holds more than fits there")
        for row in rows:
            over = left.pop(row.text("link_id"), None)
            if over is None:
                self.findings.add("overflow.rows", row.place, row.text("link_id"), "", "no link that overflows, or listed twice")
                continue
            try:
                claimed = row.number("overflow_vehicle_min")
            except Unreadable:
                claimed = None
            if claimed is not None:
                self.findings.unless(last is None or claimed <= last, "overflow.rows", row.place, "", "",
                                     "the largest must come first")
                last = claimed
            name = shown(self.s.links[over["link_id"]][5])
            tests = [("name", row.text("name") == name, name),
                     ("room_vehicles", is_whole(row.text("room_vehicles"), over["room_vehicles"]), over["room_vehicles"])]
            tests += [(key, is_close(row, key, over[key]), over[key])
                      for key in ("peak_vehicles", "overflow_vehicle_min", "from_s", "until_s")]
            self.rows("overflow.csv", "overflow.row", row, tests)
