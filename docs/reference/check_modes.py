"""Ways of moving that a scenario lists: modes.csv, link_use.csv, access.csv, timetable.csv (multimodal.md, Modes). Part of check.py."""
import math
import re
from dataclasses import dataclass, field

from check_scenario import Unreadable, read_csv

COLUMNS = {
    "modes.csv": "mode_id name kind".split(),
    "link_use.csv": "link_id mode_id".split(),
    "access.csv": "connector_id mode_id place place_id node_id time_ms".split(),
    "timetable.csv": "run_id mode_id link_id depart_ms places".split(),
}
RESERVED = "vehicle walk seat wheelchair stretcher fleet roads scenario limits bounds cases".split()
MOST_PCU_H, MOST_PLACES = 60_000, 100_000
DEPARTURES_OF_ROW, DEPARTURES = 100_000, 1_000_000


@dataclass
class Use:
    """What a mode has of one link."""
    own: tuple | None  # vehicles per hour: value, low, high
    share: float | None
    times: tuple | None  # ms: usual, fastest


@dataclass
class Run:
    """A row of the timetable."""
    link: str
    depart: int
    board: int
    every: int | None
    stop: int | None

    def begins(self, horizon):
        """When boarding begins, each time."""
        first = self.depart - self.board
        if self.every is None:
            return range(first, first + 1) if first < horizon else range(0)
        return range(first, horizon if self.stop is None else min(horizon, self.stop - self.board), self.every)


@dataclass
class Mode:
    """A way of moving."""
    key: str
    name: str
    by_timetable: bool
    occupancy: tuple  # value, low, high
    pcu: float
    speed: tuple | None  # km/h: usual, fastest
    share: float
    types: list | None
    turn_bans: bool
    uses: dict = field(default_factory=dict)
    access: dict = field(default_factory=dict)
    runs: dict = field(default_factory=dict)


class Modes:
    """All modes of a scenario, in the order of modes.csv."""

    def __init__(self, scenario, files, links):
        self.s, self.modes = scenario, {}
        self.length, self.kind = ({row.text("link_id"): read(row) for row in links}
                                  for read in (lambda row: row.number("length_m"), lambda row: row.text("facility_type")))
        rows = {name: read_csv(name, files[name], columns) if name in files else [] for name, columns in COLUMNS.items()}
        for row in rows["modes.csv"]:
            self.read_mode(row)
        for row in rows["link_use.csv"]:
            self.read_use(row)
        for row in rows["access.csv"]:
            mode, key = self.of(row), row.id("connector_id")
            places = {"zone": scenario.zones, "site": scenario.sites}.get(row.text("place"))
            if places is None or key in mode.access:
                raise row.bad("place", "zone or site, each connector_id once for a mode")
            mode.access[key] = (row.text("place"), row.id("place_id", places), row.id("node_id", scenario.nodes),
                                row.whole("time_ms", needed=True))
        self.read_runs(rows["timetable.csv"])
        for key in scenario.links:
            if self.given(key) > 1 + 1e-9:
                raise Unreadable(f"link_use.csv: shares of link {key} that add up to more than 1")

    def of(self, row):
        if row.text("mode_id") not in self.modes:
            raise row.bad("mode_id", "a mode_id of modes.csv")
        return self.modes[row.text("mode_id")]

    def read_mode(self, row):
        key, kind = row.id("mode_id", self.modes, new=True), row.text("kind")
        if not re.fullmatch("[a-z][a-z0-9_]{0,23}", key) or key in RESERVED:
            raise row.bad("mode_id", "an id that a mode may have")
        bounds = {"people_per_vehicle": 1000, "people_per_vehicle_low": 1000, "people_per_vehicle_high": 1000,
                  "pcu_per_vehicle": 20, "speed_km_h": 250, "speed_km_h_high": 250}
        given = {column: row.number(column) for column in bounds}
        for column, most in bounds.items():
            if given[column] is not None and not 0 < given[column] <= most:
                raise row.bad(column, "a credible number above 0")
        people, low, high, pcu, speed, fastest = given.values()
        share = row.number("road_share") or 0.0
        occupancy = 1.0 if people is None else people
        occupancy = occupancy, occupancy if low is None else low, occupancy if high is None else high
        good = occupancy[1] <= occupancy[0] <= occupancy[2] and share <= 1 and kind in ("self_moving", "timetable")
        good = good and row.text("turn_bans") in ("", "0", "1") and row.text("name")
        good = good and (fastest is None or (speed is not None and speed <= fastest)) and (not share or speed)
        if kind == "timetable":
            good = good and (people, low, high, pcu) == (None,) * 4 and not share
        if not good:
            raise row.bad("kind", "figures of a mode that agree with each other and its kind")
        types = row.text("facility_types")
        self.modes[key] = Mode(key, row.text("name"), kind == "timetable", occupancy, 1.0 if pcu is None else pcu,
                               speed and (speed, speed if fastest is None else fastest), share,
                               [kind.strip() for kind in types.split(";")] if types else None, row.text("turn_bans") != "0")

    def read_use(self, row):
        mode, link = self.of(row), row.id("link_id", self.s.links)
        own, share = row.range("capacity_vehicles_h", row.number), row.number("road_share")
        time, low = row.whole("time_ms"), row.whole("time_ms_low")
        ends = row.number("capacity_vehicles_h_low"), row.number("capacity_vehicles_h_high")
        good = link not in mode.uses and (own is not None or ends == (None, None)) and (share or 0) <= 1
        good = good and not (own and own[2] * mode.pcu > MOST_PCU_H) and not (mode.by_timetable and share)
        good = good and time != 0 and low != 0 and (low is None or (time is not None and low <= time))
        used = (own and own[0] > 0) or share
        good = good and not (used and time is None and (not mode.speed or self.length[link] is None))
        if not good:
            raise row.bad("link_id", "each link once for a mode, with figures that agree and a time")
        mode.uses[link] = Use(own, share, None if time is None else (time, time if low is None else low))

    def read_runs(self, rows):
        left, ids = DEPARTURES, set()
        named = {key for target, key, _ in self.s.windows if target == "link"}
        for row in rows:
            mode, link = self.of(row), row.id("link_id", self.s.links)
            ids.add(row.id("run_id", ids, new=True))
            use, places = mode.uses.get(link), row.whole("places", needed=True)
            rate = use.own[0] if use and use.own else 0
            if not mode.by_timetable or link in named or rate <= 0 or not 1 <= places <= MOST_PLACES:
                raise row.bad("link_id", "a link without windows that has a capacity for a mode on a timetable, and places")
            depart, every, stop = row.whole("depart_ms", needed=True), row.whole("repeat_every_ms"), row.whole("repeat_until_ms")
            run = Run(link, depart, math.ceil(places * 3_600_000.0 / rate), every, stop)
            if run.board > depart or every == 0 or (stop is not None and stop <= depart):
                raise row.bad("depart_ms", "a departure after boarding, repeated until a later time")
            count = len(run.begins(self.s.horizon))
            left -= count
            if count > DEPARTURES_OF_ROW or left < 0:
                raise row.bad("repeat_every_ms", "fewer repetitions, of this row or of all")
            mode.runs[row.text("run_id")] = run
        for mode in self.modes.values():
            for link in {run.link for run in mode.runs.values()}:
                times = sorted((begin, begin + run.board) for run in mode.runs.values() if run.link == link
                               for begin in run.begins(self.s.horizon))
                if any(after[0] < before[1] for before, after in zip(times, times[1:])):
                    raise Unreadable(f"timetable.csv: people board link {link} before the run before has left")

    def share(self, mode, link):
        """The share of a link's vehicle capacity that a mode is given."""
        if self.s.links[link][2] is None:
            return 0.0
        use = mode.uses.get(link)
        if use and use.share is not None:
            return use.share
        return mode.share if mode.types is None or self.kind[link] in mode.types else 0.0

    def given(self, link):
        """The same of all modes."""
        return sum(self.share(mode, link) for mode in self.modes.values())

    def link(self, key, link):
        """Capacity in pcu/h (value, low, high) and times (usual, fastest) of a link for a mode; None if it has none."""
        mode = self.modes[key]
        use, share, road = mode.uses.get(link), self.share(mode, link), self.s.links[link][2] or (0.0,) * 3
        own = use.own if use and use.own else (0.0,) * 3
        capacity = tuple(a * mode.pcu + b * share for a, b in zip(own, road))
        if capacity[0] <= 0:
            return None
        times = use and use.times
        if not times:
            times = tuple(max(1, math.ceil((self.length[link] or 0.0) * 3600.0 / speed)) for speed in mode.speed)
        board = max((run.board for run in mode.runs.values() if run.link == link), default=0)
        return capacity, tuple(time + board for time in times)

    def windows(self, key):
        """Rows of windows.csv in which people board."""
        return {name: {"target": "link", "target_id": run.link, "from_ms": run.depart - run.board, "until_ms": run.depart,
                       "repeat_every_ms": "" if run.every is None else run.every,
                       "repeat_until_ms": "" if run.stop is None else run.stop - run.board, "kind": "entry"}
                for name, run in self.modes[key].runs.items()}
