"""Multimodal plans on random small cases against the exact optimum: everyone.py PROGRAM OUT CASES LIMIT SEED.

CASES of each family of everyone_cases.py. For cars, for walkers, for each kind of place in a vehicle, for the whole fleet and for everybody
together: the earliest time by which all of them can have arrived (everyone_program.py), found with HiGHS and confirmed on both sides by
SCIP, must be no earlier than the limit of `clearway plan` and no later than its plan. Prints the table of docs/COMPARE.md; ends with 1 if
this fails once, if the solvers disagree, or if `clearway verify` rejects a plan. LIMIT: seconds for one question to a solver.
"""
import concurrent.futures
import json
import math
import multiprocessing
import pathlib
import shutil
import statistics
import subprocess
import sys

import everyone_cases
import everyone_solvers
from everyone_cases import FLEET, STEP_S
from everyone_program import Feasible

# Where the search ends.
LATEST_S = 6 * 3600
EVERYBODY = ("vehicle", "walk", *FLEET)
# The order matters: the optimum of a part is where the search for a whole begins.
QUALITATIVE = {"cars": ("vehicle",), "on foot": ("walk",), "seats": ("seat",), "wheelchairs": ("wheelchair",),
         "fleet": FLEET, "everybody": EVERYBODY}


def answer(question, solver, limit_s):
    """In a process of its own per solver."""
    return getattr(everyone_solvers, solver)(Feasible(*question).program, limit_s)


class Fault(Exception):
    """What must never be."""


class Undecided(Exception):
    """A solver ran out of time."""


class Solvers:
    """HiGHS finds, SCIP confirms while HiGHS goes on."""

    def __init__(self, limit_s):
        spawn = multiprocessing.get_context("spawn")
        self.pools = {name: concurrent.futures.ProcessPoolExecutor(1, spawn) for name in ("highs", "scip")}
        self.limit_s = limit_s
        self.open = []  # (case, means, seconds, what HiGHS says, what SCIP will say)

    def ask(self, solver, question):
        return self.pools[solver].submit(answer, question, solver, self.limit_s)

    def can(self, *question):
        found = self.ask("highs", question).result()
        if found is None:
            raise Undecided(f"HiGHS did not finish {question[1:]}")
        return found

    def confirm(self, case, means, seconds, found):
        self.open.append((case, means, seconds, found, self.ask("scip", (case, means, seconds))))

    def confirmed(self):
        """Waits for SCIP; how many questions it answered, how many not in time."""
        answered = late = 0
        for case, means, seconds, found, future in self.open:
            result = future.result()
            answered += result is not None
            late += result is None
            if result not in (None, found):
                raise Fault(f"{case.name}: {means} by {seconds} s: HiGHS says {found}, SCIP {result}")
        self.open = []
        return answered, late


def beaten(solvers, case, means, plan_s, low):
    """A plan is earlier than the time at which the optimum was looked for: a fault if it is earlier than the optimum itself."""
    if not solvers.can(case, means, math.ceil(plan_s)):
        raise Fault(f"{case.name}: {means}: plan {plan_s} s, but not all can have arrived by {low} s")


def earliest(solvers, case, means, parts, plan_s):
    """Before when not all can have arrived, and when they can, in seconds; `parts`: the same of means among them.

    What moves by itself is found to a second. A fleet alone arrives at a step, so that the two are the same.
    """
    unit = STEP_S if all(m in FLEET for m in means) else 1
    low, first = (max((part[at] for part in parts), default=0) for at in (0, 1))
    if parts and solvers.can(case, means, first):
        # nothing to find: together they need no longer than the last of the parts
        solvers.confirm(case, means, first, True)
        return low, first
    low = first
    high = -(-math.ceil(LATEST_S if plan_s is None else plan_s) // unit) * unit
    while not solvers.can(case, means, high):
        low, high = high, high + STEP_S
        if high > LATEST_S:
            raise Undecided(f"nothing found for {means} by {low} s")
    for step in (STEP_S, unit):
        while high - low > step:
            middle = max((low + high) // 2 // step * step, low // step * step + step)
            if solvers.can(case, means, middle):
                high = middle
            else:
                low = middle
    solvers.confirm(case, means, high, True)
    solvers.confirm(case, means, low, False)
    return (high, high) if unit > 1 else (low, high)


def planned(program, case, folder):
    """The figures of the plan, by the words of QUALITATIVE: (limit, plan), seconds; and `divided`, see below."""
    everyone_cases.write(case, folder / "scenario")
    plan = folder / "plan"
    for command in (["plan", folder / "scenario", "--out", plan, "--window", "1min"], ["verify", plan]):
        done = subprocess.run([program, *command], capture_output=True, text=True)
        if done.returncode:
            raise Fault(f"{case.name}: {command[0]}: {done.stdout}{done.stderr}")
    found = json.loads((plan / "multimodal.json").read_text())
    if any(m["arrived"] < m["people"] - m["staying"] for m in found["means"]):
        print(f"{case.name}: the plan leaves people behind", file=sys.stderr)
    # what the division of roads and sites alone costs: the fleet's timetable and the limits of the others with what is left for them
    divided = [m["clearance_s"]["plan"] for m in found["means"] if m["means"] in FLEET]
    for part in ("vehicle", "walk"):
        if (plan / part).exists():
            divided.append(json.loads((plan / part / "summary.json").read_text())["clearance_s"]["bound"])
    figures = {"divided": None if None in divided else max(divided)}
    for word, means in QUALITATIVE.items():
        of = [m["clearance_s"] for m in found["means"] if m["means"] in means]
        if word == "everybody":
            of = [found["clearance_s"]]
        if of:
            plans = [f["plan"] for f in of]
            limits = [math.inf if f["bound"] is None else f["bound"] for f in of]
            figures[word] = (max(limits), None if None in plans else max(plans))
    return figures


def compare(solvers, program, case, folder):
    """By the words of QUALITATIVE: (limit, optimum, plan), seconds."""
    figures = planned(program, case, folder)
    optima, found = {}, {"divided": figures.pop("divided")}
    for word, (limit, plan) in figures.items():
        parts = [optima[part] for part in optima if set(QUALITATIVE[part]) < set(QUALITATIVE[word])]
        low, high = optima[word] = earliest(solvers, case, QUALITATIVE[word], parts, plan)
        if limit > high:
            raise Fault(f"{case.name}: {word}: limit {limit} s, but all can have arrived after {high} s")
        if plan is not None and plan < low:
            beaten(solvers, case, QUALITATIVE[word], plan, low)
        found[word] = (limit, high, plan)
    return found


def spread(values):
    if not values:
        return "| | | "
    return "| " + " | ".join(f"{100 * v:.1f} %" for v in (statistics.median(values), statistics.mean(values), max(values)))


def row(name, word, results):
    """A row of the table: how far plans are over the optimum, and the optimum over the limits."""
    of = [r[word] for r in results if word in r]
    plans = [plan / best - 1 for _, best, plan in of if plan is not None]
    limits = [best / limit - 1 for limit, best, _ in of]
    print(f"| {name} | {word if word == 'everybody' else word + ' alone'} | {len(of)} {spread(plans)} {spread(limits)} |")


def by_last(results):
    """How far plans are over the optimum where the fleet arrives last, and where others do; for these also what the division costs."""
    last = {True: [], False: []}
    for found in results:
        _, best, plan = found["everybody"]
        if plan is not None:
            last[found["fleet"][2] >= plan].append((plan / best - 1, found["divided"] / best - 1))
    for fleet, of in last.items():
        if of:
            over, divided = ([100 * figures[at] for figures in of] for at in (0, 1))
            line = f"{'the fleet' if fleet else 'others'} last in {len(of)} cases, the plans {statistics.median(over):.1f} % over in the median," \
                   f" {statistics.mean(over):.1f} % in the mean"
            yield line if fleet else f"{line} ({statistics.mean(divided):.1f} % by how roads and sites are divided)"


def main(program, out, number, limit_s, seed):
    folder = pathlib.Path(out) / "cases"
    shutil.rmtree(folder, ignore_errors=True)
    solvers = Solvers(float(limit_s))
    results = {family: [] for family in everyone_cases.FAMILIES}
    faults, longer, answered, late = [], 0, 0, 0
    for case in everyone_cases.cases(seed, int(number)):
        try:
            found = compare(solvers, program, case, folder / case.name)
            longer += found["everybody"][1] > max(found[word][1] for word in found if word not in ("divided", "everybody"))
            results[case.family].append(found)
            print(case.name, json.dumps(found), file=sys.stderr, flush=True)
        except Undecided as undecided:
            print(f"{case.name}: left out, {undecided}", file=sys.stderr, flush=True)
        except Fault as fault:
            faults.append(fault)
            print(fault, file=sys.stderr, flush=True)
    try:
        answered, late = solvers.confirmed()
    except Fault as fault:
        faults.append(fault)
    everything = [found for of in results.values() for found in of]
    print("| family | of | cases | plan over optimum, median | mean | largest | optimum over limit, median | mean | largest |")
    print("|---|---|---|---|---|---|---|---|---|")
    for family, of in results.items():
        row(family, "everybody", of)
    for word in reversed(QUALITATIVE):
        row("all", word, everything)
    left_out = len(everyone_cases.FAMILIES) * int(number) - len(everything)
    print(f"\n{len(everything)} cases, seed {seed}, {left_out} left out or at fault. In {longer} of them everybody together needs longer"
          f" than any of the parts alone. SCIP confirmed {answered} answers of HiGHS, {late} not in time. No plan is"
          " ahead of the optimum.")
    print("\nWho arrives last:\n")
    for family, of in (*results.items(), ("all", everything)):
        print(f"* {family}: {'; '.join(by_last(of))}.")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
