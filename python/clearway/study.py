"""A study: one scenario with many figures, to see how sure an answer is, which input matters most, and which options are worth their cost.

A study is a TOML file, or the same as a document::

    scenario = "town"                 # folder, beside the file
    answer = "bound"                  # or "plan"
    samples = 200                     # runs drawn over all ranges at once (Latin hypercube)
    trajectories = 10                 # of the screening: (inputs + 1) runs each
    seed = 1

    [[input]]                         # each has a range, and one of: people, capacity, lanes, closes_h, fleet
    name = "people"
    low = 0.8                         # times the people of these zones
    high = 1.2
    people = ["*"]                    # ids, or "*" for all

    [[option]]                        # what might be done, alone and together with the others
    name = "contraflow on East Way"
    cost = 2.0                        # in whatever unit all options share
    changes = [{ change = "contraflow", link_id = "4" }]

Methods and their sources: samples by M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239-245; screening by M. D. Morris,
Technometrics 33 (1991) 161-174, with the mean of absolute effects by F. Campolongo, J. Cariboni, A. Saltelli, Environmental Modelling & Software
22 (2007) 1509-1518.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import os
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ._answers import Document, Scenario
from ._errors import InvalidRequest
from ._given import PathLike
from ._session import Session
from ._verbs import bound, change, load, plan

LEVELS = 4
"""Levels of the screening; a step is half of them and more, so that all levels are equally likely (Morris, section 3)."""
MOST_OPTIONS = 8
"""So many options are tried in all combinations; more would be too many."""
FIGURES = {
    "t90_s": "when nine of ten have arrived, s after time 0",
    "clearance_s": "when all have arrived, s after time 0",
    "person_hours": "hours of all people until they arrive, or until the end of the horizon",
    "not_arrived": "people who do not arrive within the horizon, those staying included",
    "overtaken": "people whom a hazard overtakes",
}
"""What is known of each run. Of a bound: what no plan can beat, without the people."""
KINDS = ("people", "capacity", "lanes", "closes_h", "fleet")


@dataclass(frozen=True)
class Input:
    """A figure that is not known well."""

    name: str
    """How tables call it."""
    low: float
    """Low end of its range."""
    high: float
    """High end."""
    kind: str
    """``people``: times the people of zones. ``capacity``, ``lanes``: times those of links. ``closes_h``: hours after time 0 at which links
    close. ``fleet``: vehicles of a type."""
    of: tuple[str, ...]
    """Ids of zones, links or types of vehicles; ``*`` for all zones."""

    def at(self, share: float) -> float:
        """The value at a share of the range, 0 to 1."""
        return self.low + (self.high - self.low) * share


@dataclass(frozen=True)
class Option:
    """What might be done."""

    name: str
    """How tables call it."""
    cost: float
    """What it costs, in whatever unit all options share."""
    changes: tuple[Document, ...]
    """The changes, as :func:`clearway.change` takes them."""


@dataclass(frozen=True)
class StudyRequest:
    """What is asked of a study."""

    scenario: Scenario
    answer: Literal["bound", "plan"]
    samples: int
    trajectories: int
    seed: int
    inputs: tuple[Input, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Study:
    """What came of a study. Tables are lists of rows; ``None`` is: never within the planning horizon, or not known of a bound."""

    samples: list[Document]
    """One row per run over all ranges: its inputs and figures."""
    quantiles: list[Document]
    """Per figure what 5, 25, 50, 75 and 95 of 100 runs do not exceed, and in how many runs it is never reached."""
    effects: list[Document]
    """Per input and figure the screening: ``mean_absolute`` (how much it matters), ``mean``, ``deviation`` (that it is not a straight line or
    acts with others), ``steps`` of which they are. What matters most for person-hours comes first."""
    front: list[Document]
    """Options alone and together, at the middle of all ranges: their cost and figures, and whether others are no dearer, no later and no
    worse (``dominated``)."""

    def files(self) -> dict[str, bytes]:
        """The tables as CSV."""
        tables = {"samples.csv": self.samples, "quantiles.csv": self.quantiles, "effects.csv": self.effects, "front.csv": self.front}
        return {name: _csv(rows) for name, rows in tables.items() if rows}

    def save(self, path: PathLike) -> None:
        """Writes the tables into a folder that is not there yet, whole or not at all."""
        target = Path(path)
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        beside.mkdir(parents=True)
        for name, data in self.files().items():
            (beside / name).write_bytes(data)
        beside.rename(target)

    def __str__(self) -> str:
        lines = [f"{len(self.samples)} runs over all ranges."]
        middle = next((row for row in self.quantiles if row["figure"] == "clearance_s"), None)
        if middle is not None and middle["p50"] is not None:
            lines.append(f"Half of them are through after {middle['p50'] / 3600:.2f} h or earlier.")
        mattering = [row for row in self.effects if row["figure"] == "person_hours"]
        lines += [f"{row['input']}: {row['mean_absolute']:,.0f} person-hours over its range." for row in mattering]
        lines += [f"Not dominated: {row['options'] or 'nothing done'}, cost {row['cost']:g}." for row in self.front if not row["dominated"]]
        return "\n".join(lines)


def read(given: PathLike | Mapping[str, Any]) -> StudyRequest:
    """Reads a study. Raises :class:`clearway.InvalidRequest` with everything that is wrong with it."""
    beside = Path()
    if isinstance(given, Mapping):
        document: dict[str, Any] = dict(given)
    else:
        beside = Path(given).parent
        document = _toml(Path(given))
    wrong: list[str] = []
    usual: dict[str, Any] = {"answer": "bound", "samples": 100, "trajectories": 10, "seed": 1, "input": [], "option": []}
    wrong += [f"{key}: expected one of scenario, {', '.join(usual)}" for key in document if key not in {"scenario", *usual}]
    document = usual | document
    if document["answer"] not in ("bound", "plan"):
        wrong.append(f"answer is {document['answer']!r}, expected 'bound' or 'plan'")
    for key in ("samples", "trajectories", "seed"):
        if not isinstance(document[key], int) or document[key] < 0:
            wrong.append(f"{key} is {document[key]!r}, expected a whole number from 0")
    inputs = [_input(number, row, wrong) for number, row in enumerate(document["input"], 1)]
    options = [_option(number, row, wrong) for number, row in enumerate(document["option"], 1)]
    if len(options) > MOST_OPTIONS:
        wrong.append(f"there are {len(options)} options, expected at most {MOST_OPTIONS}, which are tried in all combinations")
    names = [one.name for one in (*inputs, *options) if one is not None]
    wrong += [f"the name {name!r} is there twice" for name in sorted({name for name in names if names.count(name) > 1})]
    if "scenario" not in document:
        wrong.append("scenario: expected a folder or a scenario")
    if wrong:
        raise InvalidRequest("\n".join(wrong))
    scenario = document["scenario"]
    if isinstance(scenario, (str, os.PathLike)):
        scenario = beside / scenario
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    made = [one for one in inputs if one is not None]
    _check_ids(loaded, made)
    return StudyRequest(
        loaded,
        document["answer"],
        document["samples"],
        document["trajectories"],
        document["seed"],
        tuple(made),
        tuple(one for one in options if one is not None),
    )


def _toml(path: Path) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib

        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise InvalidRequest(f"{path}: {problem}") from problem
    raise InvalidRequest("a study as TOML needs Python 3.11; give it as a document")


def _input(number: int, row: Mapping[str, Any], wrong: list[str]) -> Input | None:
    where = f"input {number}"
    kinds = [kind for kind in KINDS if kind in row]
    unknown = [key for key in row if key not in {"name", "low", "high", *KINDS}]
    wrong += [f"{where}: {key} is none of name, low, high, {', '.join(KINDS)}" for key in unknown]
    if len(kinds) != 1:
        wrong.append(f"{where}: expected one of {', '.join(KINDS)}")
        return None
    low, high, of = row.get("low"), row.get("high"), row[kinds[0]]
    if not all(isinstance(end, (int, float)) and end >= 0 for end in (low, high)) or not low < high:  # type: ignore[operator]
        wrong.append(f"{where}: low is {low!r} and high {high!r}, expected numbers from 0 in this order")
        return None
    ids = (of,) if isinstance(of, str) else tuple(of)
    if not ids:
        wrong.append(f"{where}: {kinds[0]} names nothing")
    return Input(str(row.get("name", where)), float(row["low"]), float(row["high"]), kinds[0], ids)


def _option(number: int, row: Mapping[str, Any], wrong: list[str]) -> Option | None:
    where = f"option {number}"
    cost = row.get("cost", 0.0)
    wrong += [f"{where}: {key} is none of name, cost, changes" for key in row if key not in {"name", "cost", "changes"}]
    if not isinstance(cost, (int, float)) or cost < 0 or not row.get("changes"):
        wrong.append(f"{where}: expected changes, and as cost a number from 0")
        return None
    return Option(str(row.get("name", where)), float(cost), tuple(dict(one) for one in row["changes"]))


def _rows(scenario: Scenario, file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(scenario.read(file).decode("utf-8-sig"))))


def _check_ids(scenario: Scenario, inputs: Sequence[Input]) -> None:
    zones = {row["zone_id"] for row in _rows(scenario, "zones.csv")} | {"*"}
    links = {row["link_id"]: row for row in _rows(scenario, "link.csv")}
    wrong = []
    for one in inputs:
        known = zones if one.kind == "people" else None if one.kind == "fleet" else set(links)
        if known is not None:
            wrong += [f"{one.name}: {id} is not in the scenario" for id in one.of if id not in known]
        column = {"capacity": "capacity_pcu_h", "lanes": "lanes"}.get(one.kind)
        if column is not None:
            wrong += [f"{one.name}: {id} has no {column} of its own" for id in one.of if not links.get(id, {column: "1"}).get(column)]
    if wrong:
        raise InvalidRequest("\n".join(wrong))


def changes_of(study: StudyRequest, values: Mapping[str, float]) -> list[Document]:
    """The changes of a scenario in which inputs have values; whole people and vehicles, the nearest."""
    changes: list[Document] = []
    zones = {row["zone_id"]: float(row["people"]) for row in _rows(study.scenario, "zones.csv")}
    links = {row["link_id"]: row for row in _rows(study.scenario, "link.csv")}
    people = dict.fromkeys(zones, 1.0)
    for one in study.inputs:
        value = values[one.name]
        for id in one.of:
            if one.kind == "people":
                for zone in zones if id == "*" else [id]:
                    people[zone] *= value
            elif one.kind == "capacity":
                changes.append({"change": "road", "link_id": id, "capacity_pcu_h": float(links[id]["capacity_pcu_h"]) * value})
            elif one.kind == "lanes":
                changes.append({"change": "road", "link_id": id, "lanes": float(links[id]["lanes"]) * value})
            elif one.kind == "closes_h":
                changes.append({"change": "close_link", "link_id": id, "from_ms": round(value * 3_600_000)})
            else:
                changes.append({"change": "fleet", "vehicle_type_id": id, "count": round(value)})
    for zone, factor in people.items():
        if factor != 1.0:
            changes.append({"change": "zone", "zone_id": zone, "people": round(zones[zone] * factor)})
    return [row | {"source": "study"} for row in changes]


def run(given: PathLike | Mapping[str, Any], *, session: Session | None = None, heard: Callable[[int, int], object] | None = None) -> Study:
    """Runs a study. ``heard`` is called with how many runs are done, and of how many. The same study gives the same tables."""
    study = read(given)
    samples = list(_samples(study))
    steps = list(_trajectories(study))
    sets = [one for size in range(len(study.options) + 1) for one in itertools.combinations(study.options, size)]
    middle = {one.name: one.at(0.5) for one in study.inputs}
    sets = sets if study.options else []
    cases: list[tuple[dict[str, float], tuple[Option, ...]]] = [(values, ()) for values in samples]
    cases += [(values, ()) for path in steps for values in path]
    cases += [(middle, options) for options in sets]
    known: dict[str, Document] = {}
    figures: list[Document] = []
    for number, (values, options) in enumerate(cases, 1):
        key = json.dumps([values, [one.name for one in options]], sort_keys=True)
        if key not in known:
            known[key] = _figures(study, values, options, session)
        figures.append(known[key])
        if heard is not None:
            heard(number, len(cases))
    of_samples, rest = figures[: len(samples)], figures[len(samples) :]
    of_steps, of_sets = rest[: len(rest) - len(sets)], rest[len(rest) - len(sets) :]
    rows = [values | found for values, found in zip(samples, of_samples, strict=True)]
    return Study(rows, _quantiles(of_samples), _effects(study, steps, of_steps), _front(sets, of_sets))


def _figures(study: StudyRequest, values: Mapping[str, float], options: Sequence[Option], session: Session | None) -> Document:
    changes = changes_of(study, values) + [row for option in options for row in option.changes]
    scenario = change(study.scenario, changes, session=session)[0] if changes else study.scenario
    if study.answer == "bound":
        proved = bound(scenario, session=session)
        times = {name: getattr(proved, name).bound for name in ("t90_s", "clearance_s", "person_hours")}
        return times | {"not_arrived": None, "overtaken": None}
    made = plan(scenario, session=session)
    people = made.summary["people"]
    times = {name: getattr(made, name).plan for name in ("t90_s", "clearance_s", "person_hours")}
    return times | {"not_arrived": people["total"] - people["arrived"], "overtaken": people["overtaken"]}


def _shuffled(count: int, chance: random.Random) -> list[int]:
    """The numbers below ``count`` in any order; of ``random`` only what stays the same from one Python to the next."""
    order = list(range(count))
    for last in range(count - 1, 0, -1):
        other = int(chance.random() * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order


def _samples(study: StudyRequest) -> Iterator[dict[str, float]]:
    """A Latin hypercube: of each range every equal part is drawn from once."""
    chance = random.Random(study.seed)
    count = study.samples
    columns = [[(part + chance.random()) / count for part in _shuffled(count, chance)] for _ in study.inputs]
    for number in range(count):
        yield {one.name: one.at(column[number]) for one, column in zip(study.inputs, columns, strict=True)}


def _trajectories(study: StudyRequest) -> Iterator[list[dict[str, float]]]:
    """Paths of the screening: from any point of the grid each input makes one step, one after the other in any order."""
    chance = random.Random(study.seed + 1)
    step = LEVELS / (2 * (LEVELS - 1))
    for _ in range(study.trajectories if study.inputs else 0):
        lower = LEVELS // 2
        shares, ways = [], []
        for _ in study.inputs:
            start = int(chance.random() * lower) / (LEVELS - 1)
            up = chance.random() < 0.5
            shares.append(start if up else start + step)
            ways.append(step if up else -step)
        path = [list(shares)]
        for moved in _shuffled(len(shares), chance):
            shares[moved] += ways[moved]
            path.append(list(shares))
        yield [{one.name: one.at(round(share, 12)) for one, share in zip(study.inputs, point, strict=True)} for point in path]


def _quantiles(figures: Sequence[Document]) -> list[Document]:
    """The least value that so many of 100 runs do not exceed; one that is never reached is later than all others."""
    rows = []
    for name in FIGURES:
        values = [found[name] for found in figures]
        if not values or (name in ("not_arrived", "overtaken") and None in values):
            continue
        ordered = sorted(math.inf if value is None else value for value in values)
        at = {f"p{share}": ordered[math.ceil(share / 100 * len(ordered)) - 1] for share in (5, 25, 50, 75, 95)}
        finite: Document = {key: None if math.isinf(value) else value for key, value in at.items()}
        rows.append({"figure": name, "unit": name.rsplit("_", 1)[-1]} | finite | {"never": values.count(None), "runs": len(values)})
    for row in rows:
        row["unit"] = {"t90_s": "s", "clearance_s": "s", "person_hours": "person-hours"}.get(str(row["figure"]), "people")
    return rows


def _effects(study: StudyRequest, paths: Sequence[list[dict[str, float]]], figures: Sequence[Document]) -> list[Document]:
    """Elementary effects, each as what a figure changes over the whole range of an input."""
    found: dict[tuple[str, str], list[float]] = {}
    at = 0
    for path in paths:
        for before, after in itertools.pairwise(range(len(path))):
            [moved] = [one for one in study.inputs if path[before][one.name] != path[after][one.name]]
            step = (path[after][moved.name] - path[before][moved.name]) / (moved.high - moved.low)
            for name in FIGURES:
                values = found.setdefault((moved.name, name), [])
                ends = figures[at + before][name], figures[at + after][name]
                if None not in ends:
                    values.append((ends[1] - ends[0]) / step)
        at += len(path)
    rows = []
    for (moved_name, name), values in found.items():
        if not values:
            continue
        mean = math.fsum(values) / len(values)
        spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)) if len(values) > 1 else None
        absolute = math.fsum(map(abs, values)) / len(values)
        rows.append({"input": moved_name, "figure": name, "mean_absolute": absolute, "mean": mean, "deviation": spread, "steps": len(values)})
    places = {name: place for place, name in enumerate(FIGURES)}
    matter = {row["input"]: row["mean_absolute"] for row in rows if row["figure"] == "person_hours"}
    return sorted(rows, key=lambda row: (-float(str(matter.get(row["input"], 0.0))), str(row["input"]), places[str(row["figure"])]))


def _front(sets: Sequence[tuple[Option, ...]], figures: Sequence[Document]) -> list[Document]:
    """Sets of options; one is dominated where another is at least as good in cost, 90 % time and people overtaken, and better in one."""
    rows: list[Document] = []
    for options, found in zip(sets, figures, strict=True):
        names = ", ".join(one.name for one in options)
        rows.append({"options": names, "cost": math.fsum(one.cost for one in options)} | found)
    keys = [(row["cost"], math.inf if row["t90_s"] is None else row["t90_s"], row["overtaken"] or 0) for row in rows]
    for row, own in zip(rows, keys, strict=True):
        row["dominated"] = any(all(a <= b for a, b in zip(other, own, strict=True)) and other != own for other in keys)
    return rows


def _csv(rows: Sequence[Document]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
