"""A multimodal plan: its parts, its timetables, and every figure of multimodal.json (multimodal.md). Part of check.py."""
import math
import re

from check_fleet import Timetable
from check_fleet_bound import FleetBound
from check_folder import Check
from check_form import I64, Findings, close, is_number, list_of, one_of, optional, shaped, text, whole
from check_groups import CARRIED, Groups
from check_joint import JointRoads, JointSites
from check_parts import PartScenario, Taken
from check_runs import AllRoads
from check_scenario import Unreadable, read_json

BINDS = "roads", "vehicles", "places", "windows", "windows and roads", "timetable", "warning"
FIGURE = optional(is_number), None
PAIR = (shaped(plan=FIGURE, bound=FIGURE),)
BOUNDS = (shaped(clearance_s=FIGURE, t90_s=FIGURE, person_hours=FIGURE),)
UNRANKED = shaped(means=(one_of(*CARRIED),), arrived=(I64,), t90_s=FIGURE, clearance_s=FIGURE, person_hours=(is_number,))
EVERYONE = shaped(
    schema=(one_of("clearway-multimodal-plan/2"),), scenario=(text,), name=(text,), context=(text,),
    means=(list_of(shaped(means=(text,), name=(optional(text), None), people=(I64,), staying=(I64,), arrived=(I64,), t90_s=PAIR,
                          clearance_s=PAIR, person_hours=PAIR, optimistic=BOUNDS, binds=(one_of(*BINDS),))),),
    people=(shaped(total=(I64,), arrived=(I64,), overtaken=(I64,), not_evacuated=(I64,), staying=(I64,)),),
    clearance_s=PAIR, person_hours=PAIR, optimistic=(shaped(clearance_s=FIGURE, person_hours=FIGURE),),
    joint=(list_of(shaped(of=(one_of("roads", "sites"),), people=(I64,), clearance_s=FIGURE)), []),
    fleet=(optional(shaped(vehicles=(I64,), used=(I64,), trips=(whole(0, 2**64 - 1),), km=(is_number,),
                           delay_of_others_s=FIGURE, without_priorities=(list_of(UNRANKED), []))), None),
    spill_free=(optional(lambda v: isinstance(v, bool)), None),
    overflow=(optional(shaped(vehicle_min=(is_number,), links=(whole(0, 2**64 - 1),))), None),
    waiting=(optional(shaped(mean_min=(is_number,), p95_min=(is_number,), longest_min=(is_number,), closed_person_hours=(is_number,))), None))
PEOPLE = "people", "total", "arrived", "staying", "overtaken", "not_evacuated"
THREE = "t90_s", "clearance_s", "person_hours"


def latest(times):
    return None if None in times else max(times, default=0.0)


def all_of(hours):
    return None if None in hours else sum(hours)


class CheckEveryone:
    """One run over the folder of a multimodal plan."""

    def __init__(self, folder, scenario_folder):
        self.folder, self.whole, self.findings = folder, scenario_folder, Findings()
        self.add, self.unless = self.findings.add, self.findings.unless
        self.claimed = read_json("multimodal.json", (folder / "multimodal.json").read_bytes())
        if not EVERYONE(self.claimed):
            raise Unreadable("multimodal.json: not of the described shape")
        self.groups = groups = Groups(scenario_folder)
        self.unless(self.claimed["scenario"] == groups.digest, "digest.everyone", "scenario", self.claimed["scenario"],
                    groups.digest, "another scenario, or other groups, fleet or settings")
        self.present = [means for means in groups.means if groups.of(means)]
        self.moving = ["walk", *groups.modes.modes, "vehicle"]  # who goes first takes places and admission from the others
        names = [*self.moving, *(f"{means}-bound" for means in self.moving), "roads-bound"]
        lanes_left = groups.without_lanes()
        self.roads, helpful = (AllRoads(lanes_left, case) for case in ("central", "optimistic"))
        self.timetable = self.read_timetable("trips.csv", any(means in CARRIED for means in self.present))
        self.parts = {}
        for name in names:
            if (folder / name).exists():
                self.parts[name] = self.check_part(name)
        self.check_scenarios(names)
        self.bounds = {means: [FleetBound(groups, means, roads) for roads in (self.roads, helpful)]
                       for means in self.present if means in CARRIED}
        self.figures = self.make_figures()
        self.compare(self.claimed, self.figures, "")
        self.check_not_beaten()
        self.check_joint()
        self.figures["parts"] = {name: part.figures for name, part in self.parts.items()}

    # ---- parts ----

    def read_timetable(self, name, wanted):
        path = self.folder / "fleet" / name
        if wanted and not path.exists():
            raise Unreadable(f"fleet/{name}: missing")
        self.unless(wanted or not path.exists(), "fleet.file", f"fleet/{name}", "a file", "none", "it has nothing to say")
        if not path.exists():
            return None
        return Timetable(self.groups, self.roads, f"fleet/{name}", path.read_bytes(), self.findings)

    def check_part(self, name):
        part = Check(self.folder / name, self.folder / name / "scenario")
        for finding in part.findings:
            self.findings.append(finding | {"place": f"{name}: {finding['place']}"})
        if name.endswith("-bound") and part.plan["orders"]:
            self.add("part.orders", name, len(part.plan["orders"]), 0, "a bound alone has no orders")
        return part

    def arrivals(self, means, people):
        """site -> people who come by one means, on top of others."""
        part, people = self.parts.get(means), dict(people)
        sites = {route["route_id"]: route["site_id"] for route in part.plan["routes"]} if part else {}
        for order in part.plan["orders"] if part else ():
            site = sites.get(order["route_id"])
            people[site] = people.get(site, 0) + order["people"]
        return people

    def check_scenarios(self, names):
        people = {means: sum(group.people[0] for group in self.groups.of(means).values()) for means in self.moving}
        everybody, there, takes = max(1, sum(people.values())), {}, {}
        for means in self.moving:
            takes[means] = Taken(self.timetable, there, people[means] / everybody)
            there = self.arrivals(means, there)
        for name in names:
            kind, _, bound = name.partition("-")
            taken, wanted = Taken() if bound else takes[kind], kind in self.present
            if kind == "roads":
                wanted = "vehicle" in self.present and any(means in CARRIED for means in self.present)
            elif bound:
                wanted = wanted and (name in self.parts or takes[kind].anything(self.groups.s, kind != "vehicle"))
            if wanted and name not in self.parts:
                raise Unreadable(f"{name}: missing")
            self.unless(wanted or name not in self.parts, "part.folder", name, "a folder", "none", "it is of nobody")
            if wanted:
                part = self.folder / name / "scenario"
                PartScenario(self.groups, self.whole, part, name, kind, taken, self.findings)

    # ---- figures ----

    def bound_of(self, means):
        return self.parts.get(f"{means}-bound") or self.parts.get(means)

    def of_means(self, means):
        groups = self.groups.of(means).values()
        people, staying = sum(group.people[0] for group in groups), sum(min(group.stay, group.people[0]) for group in groups)
        if means in CARRIED:
            plan = self.timetable.figures(means) if self.timetable else {}
            bound, optimistic = (bound.figures() for bound in self.bounds[means])
        else:
            part, proven = self.parts.get(means), self.bound_of(means)
            plan = {key: part.figures[key]["plan"] for key in THREE} if part else {}
            plan["arrived"] = part.figures["people"]["arrived"] if part else 0
            bound = {key: proven.figures[key]["bound"] for key in THREE} if proven else {}
            optimistic = proven.figures["optimistic"] or {} if proven else {}
        mode = self.groups.modes.modes.get(means)
        return {"means": means, "name": mode and mode.name, "people": people, "staying": staying, "arrived": plan.get("arrived", 0),
                **{key: {"plan": plan.get(key), "bound": bound.get(key)} for key in THREE},
                "optimistic": {key: optimistic.get(key) for key in THREE}}

    def overtaken(self):
        """People whom a hazard reaches: those of the parts, and who is not fetched from a zone before it closes."""
        total = sum(self.parts[name].figures["people"]["overtaken"] for name in self.moving if name in self.parts)
        hazard = self.timetable.case.hazard if self.timetable else {}
        for means in self.bounds:
            for zone, group in self.groups.of(means).items():
                if zone in hazard:
                    total += max(0, group.evacuees - self.timetable.carried[zone, means])
        return total

    def make_figures(self):
        means = [self.of_means(one) for one in self.present]

        def each(key, part):
            return [one[key][part] for one in means]
        arrived, overtaken = sum(one["arrived"] for one in means), self.overtaken()
        total = sum(one["people"] for one in means)
        joint = [bound["clearance_s"] for bound in self.claimed["joint"]]  # each is checked by itself
        return {
            "name": self.groups.s.name, "context": self.groups.s.context, "means": means,
            "people": {"total": total, "arrived": arrived, "overtaken": overtaken, "not_evacuated": total - arrived - overtaken,
                       "staying": sum(one["staying"] for one in means)},
            "clearance_s": {"plan": latest(each("clearance_s", "plan")),
                            "bound": latest(each("clearance_s", "bound") + joint)},
            "person_hours": {part: all_of(each("person_hours", part)) for part in ("plan", "bound")},
            "optimistic": {"clearance_s": latest(each("optimistic", "clearance_s")),
                           "person_hours": all_of(each("optimistic", "person_hours"))},
            "fleet": self.of_fleet(), **self.spill_free(), **self.room_and_waiting(),
        }

    def spill_free(self):
        """Whether no link overflows in any part; plans of earlier versions do not say."""
        parts = [self.parts[name].figures["spill_free"] for name in self.moving if name in self.parts]
        return {} if self.claimed["spill_free"] is None else {"spill_free": False not in parts}

    def room_and_waiting(self):
        """Sums over the parts, the mean waiting by people and the largest of any part, as far as the file says any of it."""
        parts = [self.parts[name].figures for name in self.moving if name in self.parts]
        over, waits = [of["overflow"] for of in parts if of["overflow"]], [of for of in parts if of["waiting"]]
        people = sum(of["people"]["arrived"] for of in waits)
        each = {key: [of["waiting"][key] for of in waits] for key in ("p95_min", "longest_min", "closed_person_hours")}
        minutes = sum(of["waiting"]["mean_min"] * of["people"]["arrived"] for of in waits)
        found = {"overflow": {"vehicle_min": sum((of["vehicle_min"] for of in over), 0.0), "links": sum(of["links"] for of in over)},
                 "waiting": {"mean_min": minutes / people if people else 0.0, "p95_min": max(each["p95_min"], default=0.0),
                             "longest_min": max(each["longest_min"], default=0.0),
                             "closed_person_hours": sum(each["closed_person_hours"], 0.0)}}
        return {key: value for key, value in found.items() if self.claimed[key] is not None}

    def of_fleet(self):
        if self.timetable is None:
            return None
        parts = self.parts.get("vehicle"), self.bound_of("vehicle")
        ends = [part and part.figures["clearance_s"]["bound"] for part in parts]
        carried = [group for (_, means), group in self.groups.groups.items() if means in CARRIED and group.evacuees > 0]
        other = self.read_timetable("without-priorities.csv", len({(group.priority, group.weight) for group in carried}) > 1)
        unranked = [{"means": means, **other.figures(means)} for means in self.bounds] if other else []
        return {"vehicles": sum(kind.count[0] for kind in self.groups.fleet.values()), "used": self.timetable.used,
                "trips": len(self.timetable.trips), "km": self.timetable.metres / 1000,
                "delay_of_others_s": None if None in ends else max(0.0, ends[0] - ends[1]),
                "without_priorities": unranked}

    def compare(self, claimed, expected, place):
        """Every recomputed figure against that of multimodal.json."""
        for key, value in expected.items():
            at, found = f"{place}{key}", claimed.get(key)
            if isinstance(value, dict) and isinstance(found, dict):
                self.compare(found, value, f"{at}.")
            elif isinstance(value, list):
                names = [[one["means"] for one in of] for of in (found, value)]
                self.unless(names[0] == names[1], "everyone.means", at, *names)
                for one in value:
                    other = next((o for o in found if o["means"] == one["means"]), None)
                    if other is not None:
                        self.compare(other, one, f"{at}.{one['means']}.")
            else:
                kind = "fleet" if re.fullmatch(r"fleet(\.\w+)?", at) else "people" if key in PEOPLE else "figure"
                right = found == value or (isinstance(value, float) and is_number(found) and close(found, value))
                self.unless(right, f"everyone.{kind}", at, found, value, "not what follows from the scenario")

    def check_not_ahead(self, figures, place=""):
        """No plan, of any means or of all, is ahead of its bound."""
        for key in THREE:
            plan, bound = (figures.get(key, {}).get(part) for part in ("plan", "bound"))
            if plan is not None and bound is not None and plan < bound - 0.0005 - 1e-9 * bound:
                self.add("everyone.beaten", place + key, plan, bound, "a plan that beats its bound: one of the two is wrong")

    def check_not_beaten(self):
        for one in self.figures["means"]:
            self.check_not_ahead(one, f"{one['means']}.")
        self.check_not_ahead(self.figures)
        for means, (bound, _) in self.bounds.items():
            total = 0
            for time, people in sorted(self.timetable.arrivals[means]) if self.timetable else ():
                total += people
                most = bound.received(time + 1)
                if total > most:
                    self.add("everyone.beaten", f"{means} at {time} ms", total, most, "no dispatch schedule can bring that many")
                    break

    def check_joint(self):
        """On roads any time that a cut proves will do, at sites there is one answer; what proves nothing is left out."""
        bounds, part, horizon = {}, self.parts.get("roads-bound"), self.groups.s.horizon
        if part and part.central:
            bounds["roads"] = JointRoads(self.groups, part.central)
        sites = self.groups.s.sites.values()
        if len(self.present) > 1 and all(capacity or admission for _, capacity, admission, _, _ in sites):
            bounds["sites"] = JointSites(self.groups)
        bounds = {of: bound for of, bound in bounds.items() if bound.proves(1)}
        names = [bound["of"] for bound in self.claimed["joint"]]
        self.unless(names == list(bounds), "everyone.joint", "joint", names, list(bounds))
        for claimed in self.claimed["joint"]:
            of, people, end = (claimed[key] for key in ("of", "people", "clearance_s"))
            if of not in bounds:
                continue
            bound, time = bounds[of], horizon if end is None else math.ceil(end * 1000 - 0.01)
            self.unless(people == bound.people, "everyone.joint", f"{of}, people", people, bound.people)
            self.unless(bound.proves(time), "everyone.joint", of, end, "", "not proved: all could have arrived before this")
            if of == "sites" and time < horizon and bound.proves(time + 1):
                self.add("everyone.joint", of, end, "", "a later time follows from what the sites take in")
