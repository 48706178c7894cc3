"""The same trips in our simulation, SUMO's mesoscopic model and UXsim: the table of bench/peers/traffic.sh.

    traffic.py CLEARWAY OUT LIMIT CASE...

Handed over are the links that a route uses, each with our room, free time and capacity, and every vehicle with its departure and route.
"""

import csv
import json
import math
import pathlib
import shutil
import statistics
import subprocess
import sys
import time
from xml.sax.saxutils import quoteattr

SPACING_M = 7.5
WAVE_M_S = 15 / 3.6
# Time on the edge behind the last link of a route in SUMO, which lets nobody wait: a vehicle that ends on an edge keeps no headway.
EXIT_S = 1


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Link:
    """A link as the simulation sees it."""

    def __init__(self, row, pcu):
        self.id = row["link_id"]
        self.ends = (row["from_node_id"], row["to_node_id"])
        self.capacity_h = (float(row["capacity_pcu_h"]) - float(row.get("reserved_pcu_h") or 0)) / pcu
        self.time_s = max(float(row["time_ms"]) / 1000, 0.001)
        self.length_m = float(row["length_m"])
        self.lanes = max(1, round(float(row.get("lanes") or 1)))
        needed = self.capacity_h / 3600 * (self.time_s + self.length_m / WAVE_M_S) + 1
        fit = self.length_m * max(0.5, float(row.get("lanes") or 1)) / (SPACING_M * pcu)
        if row.get("storage_pcu"):
            fit = float(row["storage_pcu"]) / pcu
        self.room = max(math.floor(fit), math.ceil(needed))


class Trips:
    """Links, and vehicles as (departure onto the first link s, route, people, seconds after the last link), of a plan folder."""

    def __init__(self, folder):
        self.plan = json.loads((folder / "plan.json").read_text())
        scenario = folder / "scenario"
        settings = (scenario / "scenario.toml").read_text()
        value = lambda key, usual: next(
            (float(line.split("=")[1]) for line in settings.splitlines() if line.startswith(key + " ")), usual
        )
        self.people_per_vehicle = value("people_per_vehicle", 1.0)
        pcu = value("pcu_per_vehicle", 1.0)
        connector_s = {row["connector_id"]: float(row["time_ms"]) / 1000 for row in rows(scenario / "connectors.csv")}
        self.routes = {route["route_id"]: route for route in self.plan["routes"]}
        used = {link for route in self.plan["routes"] for link in route["links"]}
        self.links = {row["link_id"]: Link(row, pcu) for row in rows(scenario / "link.csv") if row["link_id"] in used}
        self.vehicles, self.there = [], []
        for order in self.plan["orders"]:
            route = self.routes[order["route_id"]]
            begin, window = order["depart_from_ms"] / 1000, (order["depart_until_ms"] - order["depart_from_ms"]) / 1000
            sent, number = 0, 1
            while sent < order["people"]:
                upto = min(max(math.floor(number * self.people_per_vehicle + 1e-9), sent + 1), order["people"])
                departure = begin + window * upto / order["people"] + connector_s[route["from_connector"]]
                after = connector_s[route["to_connector"]]
                if route["links"]:
                    self.vehicles.append((departure, order["route_id"], upto - sent, after))
                else:
                    # a zone at the node of its site: there without any road
                    self.there.append((departure + after, upto - sent))
                sent, number = upto, number + 1
        self.routes = {name: route for name, route in self.routes.items() if route["links"]}
        self.vehicles.sort(key=lambda vehicle: vehicle[:2])
        self.moves = sum(len(self.routes[route]["links"]) for _, route, _, _ in self.vehicles)


class Answer:
    """What a simulator says."""

    def __init__(self, name, arrivals, evacuees, counts, seconds, moves):
        """arrivals: (s, people); counts: vehicles that entered each link by a moment."""
        arrivals = sorted(arrivals)
        self.name, self.counts, self.seconds, self.moves = name, counts, seconds, moves
        self.arrived = sum(people for _, people in arrivals)
        self.t90 = self.t100 = None
        so_far = 0
        for when, people in arrivals:
            so_far += people
            if self.t90 is None and so_far >= math.ceil(0.9 * evacuees):
                self.t90 = when
            if so_far >= evacuees:
                self.t100 = when
        self.mean = sum(when * people for when, people in arrivals) / max(1, self.arrived)


def ours(clearway, folder, out):
    """Our simulation, and the vehicles that entered each link by the time half have arrived, from a run that ends there."""

    def run(plan, sim):
        shutil.rmtree(sim, ignore_errors=True)
        begin = time.perf_counter()
        subprocess.run([clearway, "simulate", plan, "--no-baseline", "--pocket-vehicles", "0", "--out", sim], check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - begin
        return json.loads((sim / "simulation.json").read_text()), seconds

    report, seconds = run(folder, out / "sim")
    curve = rows(out / "sim" / "curve.csv")
    half_s = next(float(row["time_s"]) for row in curve if int(row["simulated_people"]) * 2 >= report["arrived"])
    cut = out / "half"
    shutil.rmtree(cut, ignore_errors=True)
    shutil.copytree(folder, cut)
    settings = cut / "scenario" / "scenario.toml"
    settings.write_text(
        "\n".join(
            f"horizon_ms = {round(half_s * 1000)}" if line.startswith("horizon_ms") else line
            for line in settings.read_text().splitlines()
        )
    )
    run(cut, out / "half-sim")
    counts = {row["link_id"]: int(row["vehicles"]) for row in rows(out / "half-sim" / "links.csv")}
    answer = Answer("Clearway", [], report["evacuees"], counts, seconds, report["moves"])
    answer.arrived, answer.mean = report["arrived"], report["mean_s"]
    answer.t90, answer.t100 = report["t90_s"], report["t100_s"]
    return answer, report["evacuees"], half_s


def sumo(trips, evacuees, half_s, until_s, out, limit):
    """SUMO's mesoscopic model: no teleports, one queue per edge, headways by which each edge has our capacity."""
    out.mkdir(parents=True, exist_ok=True)
    bin_ = pathlib.Path(sys.executable).parent
    edge = {link: f"e{number}" for number, link in enumerate(trips.links)}
    last = sorted({route["links"][-1] for route in trips.routes.values()})
    nodes = sorted({node for link in trips.links.values() for node in link.ends})
    node = {name: f"n{number}" for number, name in enumerate(nodes)}
    with open(out / "nodes.xml", "w") as file:
        file.write("<nodes>\n")
        for number, name in enumerate(nodes):
            file.write(f'<node id="{node[name]}" x="{number % 100 * 100}" y="{number // 100 * 100}" type="priority"/>\n')
        for number, link in enumerate(last):
            file.write(f'<node id="out{edge[link]}" x="{number * 100}" y="-1000" type="priority"/>\n')
        file.write("</nodes>\n")
    headways = {}
    with open(out / "edges.xml", "w") as file:
        file.write("<edges>\n")
        for link in trips.links.values():
            # the length on which our room fits, so that both hold the same number of vehicles, and the speed that keeps the time
            length = max(link.room * SPACING_M / link.lanes, 0.2)
            speed = length / link.time_s
            tau = max(0.06, 3600 / (link.capacity_h / link.lanes) - SPACING_M / speed)
            kind = headways.setdefault(f"{tau:.3f}", f"t{len(headways)}")
            a, b = link.ends
            file.write(
                f'<edge id="{edge[link.id]}" from="{node[a]}" to="{node[b]}" type="{kind}" numLanes="{link.lanes}" length="{length:.2f}" speed="{speed:.3f}"/>\n'
            )
        for link in last:
            ends = f'from="{node[trips.links[link].ends[1]]}" to="out{edge[link]}"'
            file.write(f'<edge id="x{edge[link]}" {ends} type="exit" numLanes="1" length="100" speed="{100 / EXIT_S}"/>\n')
        file.write("</edges>\n")
    headways["0.050"] = "exit"
    with open(out / "types.xml", "w") as file:
        file.write("<types>\n")
        for kind in headways.values():
            file.write(f'<type id="{kind}" numLanes="1" speed="13.9"/>\n')
        file.write("</types>\n")
    pairs = sorted({pair for route in trips.routes.values() for pair in zip(route["links"], route["links"][1:])})
    with open(out / "connections.xml", "w") as file:
        file.write("<connections>\n")
        for a, b in pairs:
            file.write(f'<connection from="{edge[a]}" to="{edge[b]}"/>\n')
        for link in last:
            file.write(f'<connection from="{edge[link]}" to="x{edge[link]}"/>\n')
        file.write("</connections>\n")
    files = ["-n", "nodes.xml", "-e", "edges.xml", "-t", "types.xml", "-x", "connections.xml", "-o", "net.xml"]
    subprocess.run(
        [bin_ / "netconvert", *files, "--no-internal-links", "--no-turnarounds", "false", "--no-warnings"],
        cwd=out,
        check=True,
        capture_output=True,
    )
    # the parameters of the mesoscopic model are read from additional files alone
    with open(out / "headways.xml", "w") as file:
        file.write("<additional>\n")
        for tau, kind in headways.items():
            file.write(f'<type id="{kind}"><meso tauff="{tau}" taufj="{tau}" taujf="{tau}" taujj="{tau}"/></type>\n')
        file.write("</additional>\n")
    with open(out / "routes.xml", "w") as file:
        file.write('<routes>\n<vType id="car" length="5" minGap="2.5" maxSpeed="1000" speedFactor="1" speedDev="0" sigma="0"/>\n')
        for name, route in trips.routes.items():
            file.write(f'<route id={quoteattr(name)} edges="{" ".join(edge[link] for link in route["links"])} x{edge[route["links"][-1]]}"/>\n')
        for number, (departure, route, _, _) in enumerate(trips.vehicles):
            file.write(
                f'<vehicle id="{number}" type="car" route={quoteattr(route)} depart="{departure:.2f}" departSpeed="max" departPos="base"/>\n'
            )
        file.write("</routes>\n")
    (out / "counts.xml").write_text(
        f'<additional><edgeData id="half" file="half.xml" begin="0" end="{half_s:.2f}" excludeEmpty="true"/></additional>\n'
    )
    options = ["-n", "net.xml", "-r", "routes.xml", "-a", "headways.xml,counts.xml", "--mesosim", "--meso-edgelength", "1000"]
    options += ["--time-to-teleport", "-1", "--no-step-log", "--no-warnings", "--tripinfo-output", "trips.xml", "--end", f"{until_s:.0f}"]
    begin = time.perf_counter()
    subprocess.run([bin_ / "sumo", *options], cwd=out, check=True, capture_output=True, timeout=limit)
    seconds = time.perf_counter() - begin
    arrivals = list(trips.there)
    for name, arrival in attributes(out / "trips.xml", "<tripinfo ", "id", "arrival"):
        _, _, people, after = trips.vehicles[int(name)]
        if float(arrival) >= 0:
            arrivals.append((float(arrival) - EXIT_S + after, people))
    back = {name: link for link, name in edge.items()}
    counts = {}
    for name, departed, entered in attributes(out / "half.xml", "<edge ", "id", "departed", "entered"):
        if name in back:
            counts[back[name]] = int(departed) + int(entered)
    return Answer("SUMO, mesoscopic", arrivals, evacuees, counts, seconds, trips.moves)


def attributes(path, tag, *names):
    """Attributes of the elements of an output of SUMO, one element on a line."""
    with open(path) as file:
        for line in file:
            if tag in line:
                parts = dict(part.split('="', 1) for part in line.strip().strip("</>").rstrip('"').split('" ') if '="' in part)
                parts = {key.split(" ")[-1]: value for key, value in parts.items()}
                yield tuple(parts[name] for name in names)


UXSIM = """
import json, pathlib, sys, time
sys.path.insert(0, sys.argv[1])
import traffic
from uxsim import World
trips = traffic.Trips(pathlib.Path(sys.argv[2]))
half_s, until_s = float(sys.argv[3]), float(sys.argv[4])
begin = time.perf_counter()
step = traffic.SPACING_M / traffic.WAVE_M_S
world = World(cpp=True, name="", deltan=1, reaction_time=step, tmax=until_s, random_seed=0, print_mode=0, save_mode=0, show_progress=0,
              duo_update_time=until_s * 2, vehicle_logging_timestep_interval=-1)
for number, name in enumerate(sorted({node for link in trips.links.values() for node in link.ends})):
    world.addNode(name, number % 100 * 100.0, number // 100 * 100.0)
links, lifted = {}, 0
for link in trips.links.values():
    # no link shorter than a step
    time_s = max(link.time_s, step)
    lifted += time_s > link.time_s
    speed = link.length_m / time_s
    # so many lanes that our room fits, which also gives a gap our wave speed
    lanes = max(1, -(-link.room * traffic.SPACING_M // link.length_m))
    links[link.id] = world.addLink(link.id, *link.ends, link.length_m, free_flow_speed=speed, jam_density=lanes / traffic.SPACING_M,
        number_of_lanes=int(lanes), capacity_out=link.capacity_h / 3600, capacity_in=link.capacity_h / 3600, merge_priority=link.capacity_h)
vehicles = []
for departure, route, people, after in trips.vehicles:
    path = trips.routes[route]["links"]
    vehicle = world.addVehicle(links[path[0]].start_node, links[path[-1]].end_node, departure)
    vehicle.enforce_route([links[link] for link in path])
    vehicles.append((vehicle, people, after))
ready = time.perf_counter()
world.exec_simulation()
seconds = time.perf_counter() - ready
arrivals = [(v.arrival_time * (1 if v.arrival_time > 1e9 else step) + after, people) for v, people, after in vehicles if v.state == "end"]
at = int(half_s / step)
counts = {name: float(link.cum_arrival[min(at, len(link.cum_arrival) - 1)]) for name, link in links.items()}
print("\\n" + json.dumps({"arrivals": arrivals, "counts": counts, "seconds": seconds, "prepared": ready - begin, "lifted": lifted}))
"""


def uxsim(trips, folder, evacuees, half_s, until_s, limit):
    """UXsim's C++ core, one vehicle a platoon, routes as given."""
    here = pathlib.Path(__file__).resolve().parent
    command = [sys.executable, "-c", UXSIM, here, folder, str(half_s), str(until_s)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=limit)
    found = json.loads(done.stdout.splitlines()[-1])
    answer = Answer("UXsim, C++ core", trips.there + [tuple(one) for one in found["arrivals"]], evacuees, found["counts"], found["seconds"], trips.moves)
    if found["lifted"]:
        answer.name += f" ({found['lifted']:,} of {len(trips.links):,} links made one step long)"
    return answer


def row(case, answer, first):
    number = lambda value: "never" if value is None else f"{value:,.0f}"
    share = lambda a, b: "" if a is None or b is None or answer is first else f" ({a / b:.2f})"
    links = sorted(set(first.counts) | set(answer.counts))
    pairs = [(first.counts.get(link, 0), answer.counts.get(link, 0)) for link in links]
    r = "" if answer is first or len(pairs) < 3 else f"{statistics.correlation(*zip(*pairs)):.3f}"
    micro = answer.seconds / answer.moves * 1e6
    cells = [
        case if answer is first else "",
        answer.name,
        number(answer.t90) + share(answer.t90, first.t90),
        number(answer.t100) + share(answer.t100, first.t100),
        number(answer.mean) + share(answer.mean, first.mean),
        r,
        f"{answer.arrived:,}",
        f"{answer.seconds:.2f}",
        f"{micro:.2f}" + ("" if answer is first else f" ({micro / (first.seconds / first.moves * 1e6):.0f}x)"),
    ]
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    clearway, out, limit, *cases = sys.argv[1:]
    out, limit = pathlib.Path(out).resolve(), float(limit)
    print("| network | simulator | 90 % arrived, s | all arrived, s | mean arrival, s | r of link counts | people arrived | s | µs per link move |")
    print("|---|---|---|---|---|---|---|---|---|")
    for case in cases:
        folder = out / f"{case}-plan"
        trips = Trips(folder)
        own = out / f"{case}-traffic"
        own.mkdir(exist_ok=True)
        first, evacuees, half_s = ours(pathlib.Path(clearway).resolve(), folder, own)
        last_s = first.t100 or max(first.t90 or 0, 86_400)
        label = f"{case}: {len(trips.vehicles):,} vehicles, {len(trips.links):,} links"
        row(label, first, first)
        for name, run in (
            ("SUMO, mesoscopic", lambda: sumo(trips, evacuees, half_s, last_s * 2 + 3600, own / "sumo", limit)),
            ("UXsim, C++ core", lambda: uxsim(trips, folder, evacuees, half_s, last_s * 2 + 3600, limit)),
        ):
            try:
                row(label, run(), first)
            except subprocess.TimeoutExpired:
                print(f"|  | {name} | stopped after {limit:.0f} s | | | | | | |", flush=True)
            except subprocess.CalledProcessError as failed:
                words = (failed.stderr or b"")
                words = words if isinstance(words, str) else words.decode(errors="replace")
                print(f"|  | {name} | failed: {words.strip().splitlines()[-1][:120] if words.strip() else failed.returncode} | | | | | | |", flush=True)


if __name__ == "__main__":
    main()
