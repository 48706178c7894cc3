"""Random small cases for everybody, and their scenario folders (docs/reference/scenario.md, everyone.md).

Everything that happens at a time happens at a multiple of STEP_S: travel times, loading, release, windows. So steps of this length lose
nothing. Times are in steps, rates per hour.
"""
import csv
import dataclasses
import random

STEP_S = 300
QUARTER = 900 // STEP_S
HORIZON_S = 2 * 86_400
PEOPLE_A_CAR = 2
FLEET = ("seat", "wheelchair")


@dataclasses.dataclass
class Link:
    tail: int
    head: int
    drive: int | None  # steps; None: no vehicles
    walk: int | None
    pcu_h: int = 0
    reserved_pcu_h: int = 0
    lanes: int = 2
    walk_h: int = 0
    windows: list = dataclasses.field(default_factory=list)  # (kind, from, until)
    closures: list = dataclasses.field(default_factory=list)

    @property
    def name(self):
        return f"{self.tail}-{self.head}"


@dataclasses.dataclass
class Site:
    node: int
    admission_h: int | None = None
    capacity: int | None = None
    open_from: int = 0


@dataclasses.dataclass
class Group:
    zone: int
    means: str
    people: int
    stay: int = 0
    release: list = dataclasses.field(default_factory=list)  # (step, share); empty: all ready at once
    priority: int | None = None
    together: bool = False

    @property
    def evacuees(self):
        return self.people - self.stay


@dataclasses.dataclass
class Vehicles:
    count: int
    places: dict  # by FLEET
    pcu: float
    load: int
    unload: int
    depot: int
    slow: int = 1  # a link takes so many times as long
    available_from: int = 0


@dataclasses.dataclass
class Case:
    family: str
    number: int
    nodes: int
    links: list
    zones: list  # node of each
    sites: list
    groups: list
    fleet: list
    share: float = 0.5
    walk_lanes: int = 0
    walk_slow: int = 1
    lane_people_h: int = 600

    @property
    def name(self):
        return f"{self.family}-{self.number:02}"


def both_ways(dice, links, a, b, walk=True, drive=True):
    """A road between two nodes with the same figures in both directions."""
    steps = dice.randint(1, 3)
    figures = {
        "drive": steps if drive else None,
        "walk": dice.choice((2, 3)) * steps if walk else None,
        "pcu_h": dice.randrange(500, 1300, 100) if drive else 0,
        "walk_h": dice.randrange(200, 900, 100) if walk else 0,
    }
    links += [Link(a, b, **figures), Link(b, a, **figures)]


def vehicles(dice, depot, kinds):
    def bus(wheelchair):
        seats = dice.choice((20, 30, 40))
        places = {"seat": seats, "wheelchair": wheelchair}
        return Vehicles(1, places, 2.0 if seats < 40 else 2.5, dice.randint(1, 3), dice.randint(1, 2), depot)
    if kinds == 1:
        fleet = [bus(dice.choice((2, 4)))]
        fleet[0].count = dice.randint(1, 3)
        return fleet
    van = Vehicles(1, {"seat": dice.choice((0, 4)), "wheelchair": dice.choice((3, 4))}, 1.5,
                   dice.randint(1, 2), 1, depot)
    fleet = [bus(0), van]
    fleet[0].count = dice.randint(1, 2)
    return fleet


def people(dice, zones, fleet, links):
    """Groups of a size that keeps roads and vehicles busy for an hour or three."""
    groups = []
    for zone in range(zones):
        groups.append(Group(zone, "vehicle", dice.randrange(800, 3600, 100) // zones))
        if dice.random() < 0.8 or zone == 0:
            groups.append(Group(zone, "walk", dice.randrange(100, 900, 20) // zones))
        for means in FLEET:
            places = sum(v.count * v.places[means] for v in fleet)
            rounds = dice.uniform(0.5, 2.6) / zones
            group = Group(zone, means, max(4, int(places * rounds) // 4 * 4))
            if zone == 0 or dice.random() < 0.7:
                groups.append(group)
    return groups


def road(dice, number):
    """One road that cars and buses share; on foot beside it."""
    links = []
    both_ways(dice, links, 0, 1)
    fleet = vehicles(dice, 0, dice.choice((1, 2)))
    case = Case("road", number, 2, links, [0], [Site(1)], people(dice, 1, fleet, links), fleet)
    case.share = dice.choice((0.3, 0.5, 0.8))
    return case


def net(dice, number, family="net"):
    """Several roads, zones, sites, types of vehicles; lanes given to walkers, staying, some who must stay together."""
    nodes = dice.randint(4, 5)
    links = []
    for node in range(nodes):
        both_ways(dice, links, node, (node + 1) % nodes)
    chords = [(a, b) for a in range(nodes) for b in range(a + 2, nodes) if (a, b) != (0, nodes - 1)]
    kind = dice.choice(("none", "all", "all", "walk"))
    if kind != "none":
        both_ways(dice, links, *dice.choice(chords), drive=kind == "all")
    places = dice.sample(range(nodes), nodes)
    sites = [Site(places.pop()) for _ in range(dice.randint(1, 2))]
    zones = [places.pop() for _ in range(dice.randint(1, min(3, len(places))))]
    depot = dice.choice(places) if places else sites[0].node
    fleet = vehicles(dice, depot, dice.choice((1, 1, 2)))
    groups = people(dice, len(zones), fleet, links)
    case = Case(family, number, nodes, links, zones, sites, groups, fleet)
    case.share = dice.choice((0.3, 0.5, 0.8))
    if dice.random() < 0.3:
        case.walk_lanes = 1
    if dice.random() < 0.2:
        case.walk_slow = 2
    if dice.random() < 0.2:
        fleet[0].slow = 2
    for group in groups:
        if dice.random() < 0.2:
            group.stay = group.people // 10
        if group.means in FLEET:
            group.priority = dice.choice((None, 1, 2))
            group.together = dice.random() < 0.15
    for link in links:
        if link.drive and dice.random() < 0.15:
            link.reserved_pcu_h = 100
    return case


def admission(dice, number):
    """As `net`; sites take people in at a rate and hold only so many."""
    case = net(dice, number, "admission")
    evacuees = sum(g.evacuees for g in case.groups)
    # so much that a whole vehicle fits into the fleet's share of a quarter of an hour
    least = max(sum(v.places.values()) for v in case.fleet) * 4 / case.share
    for site in case.sites:
        enough = evacuees / dice.uniform(0.8, 2.0) / len(case.sites)
        site.admission_h = int(-(-max(enough, least) // 100) * 100)
    if len(case.sites) == 2 and dice.random() < 0.5:
        # the last one has room for what the first one cannot hold
        case.sites[0].capacity = int(evacuees * dice.uniform(0.3, 0.7))
    for group in case.groups:
        group.together = False
    return case


def hours(dice, number):
    """As `net`; people become ready over time, roads have hours, sites open later, vehicles come later or leave."""
    case = net(dice, number, "hours")
    for group in case.groups:
        group.people, group.stay = group.people // 4 * 4, 0
        begin = dice.randint(0, 4)
        if group.means in FLEET:
            if dice.random() < 0.6:
                group.release = [(begin, 0.5), (begin + 3, 0.5), (begin + 3, 1.0)]
        elif dice.random() < 0.6:
            group.release = [(begin, dice.choice((0.0, 0.25))), (begin + dice.randint(1, 8), 1.0)]
    for link in dice.sample(case.links, 3):
        begin = dice.randint(0, 6)
        kind = dice.choice(("entry", "presence"))
        if dice.random() < 0.5:
            link.closures = [(kind, begin, begin + dice.randint(1, 5))]
        else:
            long = 3 * max(link.drive or 0, link.walk or 0) * 2
            link.windows = [(kind, begin, begin + long), (kind, begin + long + 3, HORIZON_S // STEP_S)]
    if dice.random() < 0.4:
        case.sites[-1].open_from = dice.randint(2, 12)
    case.fleet[0].available_from = dice.choice((0, 0, 2, 5))
    return case


FAMILIES = {"road": road, "net": net, "admission": admission, "hours": hours}


def cases(seed, number):
    """`number` cases of each family."""
    for family, make in FAMILIES.items():
        for at in range(number):
            yield make(random.Random(f"{seed} {family} {at}"), at)


def table(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns.split())
        out.writerows(["" if cell is None else cell for cell in row] for row in rows)


def write(case, folder):
    """The scenario folder of a case."""
    def ms(steps):
        return None if steps is None else steps * STEP_S * 1000
    folder.mkdir(parents=True)
    (folder / "scenario.toml").write_text(f"""schema = "clearway-scenario/2"
name = "{case.name}"
context = "exercise"
start = "2026-01-01T08:00:00+00:00"
time_zone = "UTC"
horizon_ms = {HORIZON_S * 1000}
attribution = []

[[class]]
id = "car"
mode = "vehicle"
people_per_vehicle = {PEOPLE_A_CAR}
pcu_per_vehicle = 1
""", encoding="utf-8")
    (folder / "multimodal.toml").write_text(f"""schema = "clearway-multimodal/2"
fleet_share = {case.share}

[walk]
speed_share = {1 / case.walk_slow}
lanes = {case.walk_lanes}
lane_people_h = {case.lane_people_h}
""", encoding="utf-8")
    table(folder / "node.csv", "node_id x_coord y_coord",
          [(f"n{n}", 0.01 * n, 0.01 * (n % 2)) for n in range(case.nodes)])
    table(folder / "link.csv", "link_id from_node_id to_node_id directed lanes length_m capacity_pcu_h reserved_pcu_h time_ms"
          " walk_capacity_people_h walk_time_ms",
          [(k.name, f"n{k.tail}", f"n{k.head}", "true", k.lanes, 1000 * (k.drive or k.walk), k.pcu_h or None,
            k.reserved_pcu_h or None, ms(k.drive), k.walk_h or None, ms(k.walk)) for k in case.links])
    of = [[g for g in case.groups if g.zone == z] for z in range(len(case.zones))]
    table(folder / "zones.csv", "zone_id people stay_people",
          [(f"Z{z}", sum(g.people for g in groups), sum(g.stay for g in groups)) for z, groups in enumerate(of)])
    table(folder / "sites.csv", "site_id capacity_people admission_people_h open_from_ms",
          [(f"S{s}", site.capacity, site.admission_h, ms(site.open_from)) for s, site in enumerate(case.sites)])
    table(folder / "connectors.csv", "connector_id place place_id node_id time_ms",
          [(f"z{z}", "zone", f"Z{z}", f"n{node}", 0) for z, node in enumerate(case.zones)]
          + [(f"s{s}", "site", f"S{s}", f"n{site.node}", 0) for s, site in enumerate(case.sites)])
    table(folder / "mobilization.csv", "mobilization_id time_ms share",
          [(f"r{at}", ms(step), share) for at, g in enumerate(case.groups) for step, share in g.release])
    for name, of in (("window", "windows"), ("closure", "closures")):
        rows = [(link.name, *period) for link in case.links for period in getattr(link, of)]
        table(folder / f"{of}.csv", f"{name}_id target target_id from_ms until_ms kind",
              [(f"p{at}", "link", link, ms(begin), ms(end), kind) for at, (link, kind, begin, end) in enumerate(rows)])
    table(folder / "groups.csv", "zone_id means people stay_people mobilization_id priority together",
          [(f"Z{g.zone}", g.means, g.people, g.stay, f"r{at}" if g.release else None, g.priority, 1 if g.together else None)
           for at, g in enumerate(case.groups)])
    table(folder / "fleet.csv", "vehicle_type_id name count seats wheelchair_places pcu_per_vehicle speed_share load_ms unload_ms"
          " depot_node_id available_from_ms",
          [(f"v{at}", "", v.count, v.places["seat"], v.places["wheelchair"], v.pcu, 1 / v.slow, ms(v.load), ms(v.unload),
            f"n{v.depot}", ms(v.available_from)) for at, v in enumerate(case.fleet)])
