"""The exact problem of a case as a mixed integer program: can all of some means have arrived by a time?

Plans are those of docs/reference/multimodal.md, over all of them and not only those that the planner looks at:

* Cars and walkers are a fluid that may divide and wait as it likes; their admission at a site is what all of them together may take, and
  not fixed shares.
* Buses make rounds: any vehicle in any order, any road that visits no junction twice, waiting wherever `trips.csv` allows it, people
  divided over rounds as one likes. Within the fleet's share in every quarter of an hour.
* What is kept for the fleet on a road or at a site is four times what it uses *in that quarter*, not in its busiest one.

Steps lose nothing although time is continuous. Everything the program is given happens at multiples of a step, so a bus that is moved to
the begin of its step stays within all rules, and a flow may be replaced by its mean over each piece of a step. For a time that is k steps
and a rest, each step has two pieces, cut at the rest: travel times are whole steps, so what enters in a piece leaves in one.
"""
import collections
import math

from everyone_cases import FLEET, PEOPLE_A_CAR, QUARTER, STEP_S


class Program:
    """Columns with bounds, rows with bounds. No objective: is there a point?"""

    def __init__(self):
        self.low, self.high, self.whole = [], [], []
        self.rows = []  # (low, high, {column: factor})

    def column(self, high=math.inf, whole=False):
        self.low.append(0.0)
        self.high.append(float(high))
        self.whole.append(whole)
        return len(self.low) - 1

    def row(self, low, high, terms):
        """low <= sum of terms <= high; terms are (column, factor), the same column any number of times."""
        sums = collections.defaultdict(float)
        for column, factor in terms:
            sums[column] += factor
        self.rows.append((low, high, dict(sums)))


def is_open(link, tau, step):
    """Whether a link may be entered throughout this step."""
    for kind in ("entry", "presence"):
        need = tau if kind == "presence" else 0
        windows = [w for w in link.windows if w[0] == kind]
        if windows and not any(begin <= step < end - need for _, begin, end in windows):
            return False
    return not any(begin - (tau if kind == "presence" else 0) <= step < end for kind, begin, end in link.closures)


def pcu_h(case, link):
    """What is left of a link for vehicles."""
    return max(0.0, link.pcu_h * (link.lanes - case.walk_lanes) / link.lanes - link.reserved_pcu_h)


def walkers_h(case, link):
    return link.walk_h + (case.walk_lanes * case.lane_people_h if link.drive else 0)


class Feasible:
    """Is there a plan in which all of `means` have arrived by `seconds`, but for `spare` people of each group that moves by itself?"""

    def __init__(self, case, means, seconds, spare=0):
        self.case, self.means, self.spare = case, means, spare
        self.steps, self.rest = divmod(seconds, STEP_S)
        self.program = Program()
        self.pieces = self.cut()
        self.entries = collections.defaultdict(list)  # (link, quarter): (column, pcu)
        self.received = collections.defaultdict(list)  # (site, quarter): column of people
        self.brought = collections.defaultdict(list)  # site: column of people
        self.admitted = collections.defaultdict(list)  # (site, piece): column of those who come by themselves
        if any(m in FLEET for m in means):
            self.fleet()
        self.shares()
        if "vehicle" in means:
            self.fluid("vehicle")
        if "walk" in means:
            self.fluid("walk")
        self.sites()

    def cut(self):
        """(step, seconds, end in seconds) of each piece; the last one may be a moment, in which a site without a rate can open."""
        pieces = []
        for step in range(self.steps + 1):
            begin = step * STEP_S
            if self.rest:
                pieces.append((step, self.rest, begin + self.rest))
            if step < self.steps:
                pieces.append((step, STEP_S - self.rest, begin + STEP_S))
        return pieces if self.rest else [*pieces, (self.steps, 0, self.steps * STEP_S)]

    # Cars and walkers

    def fluid(self, means):
        case, program, pieces = self.case, self.program, self.pieces
        drives = means == "vehicle"
        shift = 2 if self.rest else 1  # pieces in a step
        moving = [at for at, (_, seconds, _) in enumerate(pieces) if seconds > 0]
        into = collections.defaultdict(list)  # (node, piece): terms
        for link in case.links:
            tau = link.drive if drives else link.walk and link.walk * case.walk_slow
            rate = pcu_h(case, link) * PEOPLE_A_CAR if drives else walkers_h(case, link)
            if not tau or rate <= 0:
                continue
            for at in moving[:max(0, len(moving) - tau * shift)]:
                step, seconds, _ = pieces[at]
                if not is_open(link, tau, step):
                    continue
                hours = seconds / 3600
                flow = program.column(rate * hours)
                into[link.tail, at].append((flow, -1))
                into[link.head, at + tau * shift].append((flow, 1))
                kept = self.entries[link.name, step // QUARTER] if drives else []
                if kept:
                    taken = [(bus, 4 * pcu * PEOPLE_A_CAR * hours) for bus, pcu in kept]
                    program.row(-math.inf, rate * hours, [(flow, 1)] + taken)
        for group in (g for g in case.groups if g.means == means):
            columns = []
            for at, (_, _, end) in enumerate(pieces):
                columns.append(program.column())
                into[case.zones[group.zone], at].append((columns[-1], 1))
                ready = group.evacuees * share_before(group.release, end / STEP_S)
                if ready < group.evacuees:
                    program.row(-math.inf, ready, [(c, 1) for c in columns])
            program.row(max(0, group.evacuees - self.spare), group.evacuees, [(c, 1) for c in columns])
        for at, (step, _, _) in enumerate(pieces):
            for s, site in enumerate(case.sites):
                if step >= site.open_from:
                    self.admitted[s, at].append(program.column())
                    into[site.node, at].append((self.admitted[s, at][-1], -1))
        for node in range(case.nodes):
            waiting = None
            for at in range(len(pieces)):
                terms = into[node, at] + ([(waiting, 1)] if waiting is not None else [])
                # in the end nobody waits
                waiting = program.column() if at + 1 < len(pieces) else None
                program.row(0, 0, terms + ([(waiting, -1)] if waiting is not None else []))

    def sites(self):
        for s, site in enumerate(self.case.sites):
            everybody = [(c, 1) for c in self.brought[s]]
            for at, (step, seconds, _) in enumerate(self.pieces):
                columns = self.admitted[s, at]
                everybody += [(c, 1) for c in columns]
                if site.admission_h and columns:
                    hours = seconds / 3600
                    kept = [(c, 4 * hours) for c in self.received[s, step // QUARTER]]
                    self.program.row(-math.inf, site.admission_h * hours, [(c, 1) for c in columns] + kept)
            if site.capacity is not None:
                self.program.row(-math.inf, site.capacity, everybody)

    # The fleet

    def shares(self):
        """The fleet's share of every road and admission."""
        case = self.case
        for link in case.links:
            for quarter in range(self.steps // QUARTER + 1):
                used = self.entries[link.name, quarter]
                if used:
                    self.program.row(-math.inf, pcu_h(case, link) * case.share / 4, used)
        for s, site in enumerate(case.sites):
            for quarter in range(self.steps // QUARTER + 1):
                columns = self.received[s, quarter]
                if site.admission_h and columns:
                    self.program.row(-math.inf, site.admission_h * case.share / 4, [(c, 1) for c in columns])

    def fleet(self):
        case, program = self.case, self.program
        groups = [g for g in case.groups if g.means in FLEET and g.means in self.means]
        loads = collections.defaultdict(list)  # group: (step of loading, site, column)
        for kind in case.fleet:
            self.rounds(kind, groups, loads)
        for at, group in enumerate(groups):
            program.row(group.evacuees, group.evacuees, [(c, 1) for _, _, c in loads[at]])
            for jump in sorted({step for step, _ in group.release}):
                ready = group.evacuees * share_before(group.release, jump)
                early = [(c, 1) for step, _, c in loads[at] if step < jump]
                if early:
                    program.row(-math.inf, ready, early)
            if group.together and len(case.sites) > 1:
                chosen = [program.column(1, whole=True) for _ in case.sites]
                program.row(1, 1, [(c, 1) for c in chosen])
                for s, choice in enumerate(chosen):
                    there = [(c, 1) for _, site, c in loads[at] if site == s]
                    program.row(-math.inf, 0, there + [(choice, -group.evacuees)])

    def rounds(self, kind, groups, loads):
        """Rounds of one type: empty runs and loaded ones, joined where buses stand."""
        case, program = self.case, self.program
        stands = collections.defaultdict(list)  # (place, step): terms; a place is ("depot",), ("site", s) or ("zone", z)
        zones = sorted({g.zone for g in groups if kind.places[g.means] > 0})
        stands[("depot",), kind.available_from] = []
        origins = [(("depot",), kind.depot)] + [(("site", s), site.node) for s, site in enumerate(case.sites)]
        for zone in zones:
            for origin, node in origins:
                for step, _, entered, end in self.runs(kind, node, case.zones[zone]):
                    if origin != ("depot",) or step >= kind.available_from:
                        bus = program.column(kind.count, whole=True)
                        stands[origin, step].append((bus, -1))
                        stands[("zone", zone), end].append((bus, 1))
                        self.enter(kind, bus, entered)
            for s, site in enumerate(case.sites):
                for step, _, entered, there in self.runs(kind, case.zones[zone], site.node):
                    first = max(there + kind.unload, site.open_from)
                    # A full vehicle may wait at the site for a quarter in which more may be received, and then as well for its begin.
                    later = range((first // QUARTER + 1) * QUARTER, self.steps + 1, QUARTER) if site.admission_h else ()
                    for end in (e for e in (first, *later) if e <= self.steps):
                        bus = program.column(kind.count, whole=True)
                        stands[("zone", zone), step - kind.load].append((bus, -1))
                        stands[("site", s), end].append((bus, 1))
                        self.enter(kind, bus, entered)
                        for at, group in enumerate(groups):
                            places = kind.places[group.means]
                            if group.zone == zone and places:
                                some = program.column(places * kind.count)
                                program.row(-math.inf, 0, [(some, 1), (bus, -places)])
                                loads[at].append((step - kind.load, s, some))
                                self.received[s, end // QUARTER].append(some)
                                self.brought[s].append(some)
        for place in {place for place, _ in stands}:
            standing = None
            for step in range(-kind.load, self.steps + 1):
                terms = stands.get((place, step), []) + ([(standing, 1)] if standing is not None else [])
                begin = kind.count if (place, step) == (("depot",), kind.available_from) else 0
                standing = program.column(kind.count, whole=False)
                program.row(-begin, -begin, terms + [(standing, -1)])

    def enter(self, kind, bus, entered):
        for link, step in entered:
            self.entries[link.name, step // QUARTER].append((bus, kind.pcu))

    def runs(self, kind, begin, end):
        """(departure, links, (link, step of entry), arrival) on every way without a junction twice, at every step."""
        for way in ways(self.case, begin, end):
            for step in range(self.steps + 1):
                entered, now = [], step
                for link in way:
                    tau = link.drive * kind.slow
                    now = next((t for t in range(now, self.steps + 1) if is_open(link, tau, t)), None)
                    if now is None:
                        break
                    entered.append((link, now))
                    now += tau
                if now is not None and now <= self.steps:
                    yield step, way, entered, now


def ways(case, begin, end, before=()):
    """Every way of links for vehicles from node to node that visits no node twice."""
    if begin == end:
        yield []
        return
    for link in case.links:
        if link.tail == begin and link.head not in (*before, begin) and pcu_h(case, link) > 0 and link.drive:
            for rest in ways(case, link.head, end, (*before, begin)):
                yield [link, *rest]


def share_before(release, step):
    """Share that is ready strictly before a time (in steps, maybe fractional)."""
    if not release:
        return 1.0 if step > 0 else 0.0
    if step <= release[0][0]:
        return 0.0
    for (t0, s0), (t1, s1) in zip(release, release[1:]):
        if t0 < step <= t1:
            return s0 + (s1 - s0) * (step - t0) / (t1 - t0)
    return release[-1][1]
