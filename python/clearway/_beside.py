"""The verbs that take plans: simulate, needs, audit, hand on."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from . import _clearway
from ._answers import (
    Answer,
    Audit,
    AuditDifference,
    Comparison,
    EarlyWarning,
    Ensemble,
    Export,
    Interventions,
    Losses,
    Needs,
    Observed,
    Plan,
    Replanned,
    Replay,
    ReportPages,
    Simulation,
    _of,
)
from ._errors import InvalidRequest
from ._given import File, Folder, PathLike, Request, folder, read
from ._session import Session
from ._verbs import Climate, Context, ScenarioLike, _loaded, _run

PlanLike = Plan | Folder
"""A plan, or a plan folder."""
Queues = Literal["spatial", "vertical"]
Behaviour = Mapping[str, Any] | PathLike
"""A profile of what people and roads do that no plan orders: a document, or the path of a TOML file."""


def simulate(
    plan: PlanLike,
    *,
    queues: Queues = "spatial",
    spacing_m: float = 7.5,
    wave_km_h: float = 15.0,
    pocket_vehicles: int = 2,
    with_baseline: bool = True,
    with_junctions: bool = True,
    state_step_s: int = 60,
    members: int | None = None,
    seed: int = 1,
    figures: Literal["ranges", "central"] = "ranges",
    behaviour: Behaviour | None = None,
    lose: int | None = None,
    lose_from_ms: int = 0,
    session: Session | None = None,
) -> Simulation:
    """Moves the vehicles of a plan over roads on which queues take space.

    ``spacing_m``, ``wave_km_h``: room of a standing car, speed at which a freed space travels back. ``pocket_vehicles``: so many of a lane may
    be passed at its end by who goes on another way. ``with_baseline``: also everybody by the shortest way at once. ``with_junctions``: junctions
    let through no more than ``junctions.csv`` says. ``members``: also so many times under chance (``seed``, ``figures``, ``behaviour``).
    ``lose``: also without each of so many links and each site, lost ``lose_from_ms`` after the start.
    """
    road = _road(queues, spacing_m, wave_km_h, pocket_vehicles, with_junctions) | {"state_step_s": state_step_s}
    whole = json.dumps(road | {"with_baseline": with_baseline})
    chance = None
    if members is not None:
        chance = (_chance(road, seed, figures, behaviour), members)
    lost = None
    if lose is not None:
        lost = json.dumps({"simulation": json.loads(whole), "links": lose, "from_ms": lose_from_ms})
    native = _clearway.simulate(_run(session), folder(plan, "plan in memory"), whole, chance, lost)
    simulated: Simulation = _of(Simulation, native)
    return simulated


def simulate_baseline(
    scenario: ScenarioLike,
    *,
    queues: Queues = "spatial",
    spacing_m: float = 7.5,
    wave_km_h: float = 15.0,
    pocket_vehicles: int = 2,
    with_junctions: bool = True,
    state_step_s: int = 60,
    session: Session | None = None,
) -> Simulation:
    """What happens without a plan: everybody leaves when they are ready and takes the fastest way on empty roads."""
    request = Request().set(**_road(queues, spacing_m, wave_km_h, pocket_vehicles, with_junctions), state_step_s=state_step_s)
    native = _clearway.simulate_baseline(_run(session), _loaded(scenario, session), request.json())
    simulated: Simulation = _of(Simulation, native)
    return simulated


def _road(queues: Queues, spacing_m: float, wave_km_h: float, pocket_vehicles: int, with_junctions: bool) -> dict[str, Any]:
    """How the road is simulated."""
    room = {"spacing_m": spacing_m, "wave_km_h": wave_km_h, "pocket_vehicles": pocket_vehicles}
    return {"queues": queues, **room, "with_junctions": with_junctions}


def _chance(road: Mapping[str, Any], seed: int, figures: str, behaviour: Behaviour | None) -> str:
    request: dict[str, Any] = {"simulation": dict(road), "seed": seed, "figures": figures}
    if isinstance(behaviour, (str, os.PathLike)):
        name = os.fspath(behaviour)
        request["behaviour"] = json.loads(_clearway.behaviour_of_toml(name, read(behaviour).decode()))
    elif behaviour is not None:
        request["behaviour"] = dict(behaviour)
    return json.dumps(request)


def ensemble_request(
    *,
    queues: Queues = "spatial",
    spacing_m: float = 7.5,
    wave_km_h: float = 15.0,
    pocket_vehicles: int = 2,
    with_junctions: bool = True,
    seed: int = 1,
    figures: Literal["ranges", "central"] = "ranges",
    behaviour: Behaviour | None = None,
) -> str:
    """What is asked of an ensemble, as JSON."""
    return _chance(_road(queues, spacing_m, wave_km_h, pocket_vehicles, with_junctions), seed, figures, behaviour)


def ensemble(
    plan: PlanLike,
    members: int | range,
    *,
    queues: Queues = "spatial",
    spacing_m: float = 7.5,
    wave_km_h: float = 15.0,
    pocket_vehicles: int = 2,
    with_junctions: bool = True,
    seed: int = 1,
    figures: Literal["ranges", "central"] = "ranges",
    behaviour: Behaviour | None = None,
    session: Session | None = None,
) -> Ensemble:
    """Simulates a plan many times under chance: people who leave late, go their own way or were never asked, incidents, figures within their
    ranges. ``members``: how many, or a range of their numbers; parts are put together by :func:`merge_ensemble`."""
    numbers = range(members) if isinstance(members, int) else members
    if numbers.step != 1:
        raise InvalidRequest(f"members is {numbers}, expected a range without gaps")
    request = ensemble_request(
        queues=queues,
        spacing_m=spacing_m,
        wave_km_h=wave_km_h,
        pocket_vehicles=pocket_vehicles,
        with_junctions=with_junctions,
        seed=seed,
        figures=figures,
        behaviour=behaviour,
    )
    store = folder(plan, "plan in memory")
    made: Ensemble = _of(Ensemble, _clearway.ensemble(_run(session), store, request, numbers.start, numbers.stop))
    return made


def merge_ensemble(
    parts: Sequence[File | Ensemble], *, plan: PlanLike | None = None, session: Session | None = None
) -> Ensemble:
    """Puts parts of an ensemble together that were run apart, in any order; a member that is in several counts once. A part is a Parquet file:
    a path, or ``(name, bytes)``. With the ``plan`` that was simulated the page is that of an ensemble that was made at once, too."""
    request = Request()
    for number, part in enumerate(parts):
        request.given(part.to_parquet() if isinstance(part, Ensemble) else part, f"part {number}")
    beside = None if plan is None else folder(plan, "plan in memory")
    made: Ensemble = _of(Ensemble, _clearway.merge_ensemble(_run(session), request.files, beside))
    return made


def behaviour_profile() -> str:
    """The default profile of behaviour as TOML, each figure with its unit, range and source."""
    return _clearway.behaviour_profile().decode()


def losses(
    plan: PlanLike,
    *,
    links: int = 10,
    from_ms: int = 0,
    queues: Queues = "spatial",
    spacing_m: float = 7.5,
    wave_km_h: float = 15.0,
    pocket_vehicles: int = 2,
    with_junctions: bool = True,
    session: Session | None = None,
) -> Losses:
    """Simulates a plan without each of its most used links and without each site, one at a time."""
    road = _road(queues, spacing_m, wave_km_h, pocket_vehicles, with_junctions)
    request = json.dumps({"simulation": road, "links": links, "from_ms": from_ms})
    found = _clearway.losses(_run(session), folder(plan, "plan in memory"), request)
    return Losses(found.words, json.loads(found.facts))


def replay(plan: PlanLike, *, session: Session | None = None) -> Replay:
    """Carries out the orders of a plan by the rules of the semantics: who is where over time."""
    found = _clearway.replay(_run(session), folder(plan, "plan in memory"))
    return Replay(found.words, json.loads(found.facts))


def needs(
    plan: PlanLike,
    *,
    supplies: File | None = None,
    aid: File | None = None,
    climate: Climate = "warm",
    truck_pcu: float = 2.0,
    load_h: float = 1.0,
    unload_h: float = 1.5,
    rest_km: float | None = None,
    rest_minutes: float = 10.0,
    redacted: bool | None = None,
    session: Session | None = None,
) -> Needs:
    """What the people of a plan need by place and hour, what is short against ``supplies`` (``supplies.csv``), what trucks can bring (``aid.csv``).
    The plan is verified first."""
    request = Request().set(
        climate=climate,
        truck_pcu=truck_pcu,
        load_h=load_h,
        unload_h=unload_h,
        rest_km=rest_km,
        rest_minutes=rest_minutes,
        redacted=redacted,
    )
    request.file("supplies", supplies, "supplies.csv").file("aid", aid, "aid.csv")
    store = folder(plan, "plan in memory")
    answer: Needs = _of(Needs, _clearway.needs(_run(session), store, request.json(), request.files))
    return answer


def needs_of(people: int, climate: Climate = "warm") -> str:
    """What a number of people need, in words."""
    return _clearway.needs_of(people, climate == "cold")


def observed(plan: PlanLike, counts: File, *, session: Session | None = None) -> Observed:
    """Draws reported departures beside those of a plan."""
    request = Request()
    request.given(counts, "observed.csv")
    [(name, data)] = request.files
    drawn: Observed = _of(Observed, _clearway.observed(_run(session), folder(plan, "plan in memory"), name, data))
    return drawn


def audit(
    subject: PlanLike | PathLike,
    *,
    blueprint: str | None = None,
    context: Context | None = None,
    profiles: Sequence[str] = (),
    deadline_days: float | None = None,
    supplies: File | None = None,
    aid: File | None = None,
    redacted: bool | None = None,
    session: Session | None = None,
) -> Audit:
    """Audits somebody's plan, of whatever completeness: what holds, what is missing, what is impossible.

    ``subject``: the path of a blueprint (``blueprint.toml``) or of a table of movements (then ``context`` is needed), a plan or the path of a
    plan folder, or files by name of which ``blueprint`` is one.
    """
    request = Request().set(profiles=list(profiles), deadline_days=deadline_days, redacted=redacted)
    request.file("supplies", supplies, "supplies.csv").file("aid", aid, "aid.csv")
    if isinstance(subject, (str, os.PathLike)):
        path = Path(subject)
        if path.is_dir():
            store = _clearway.Folder.beside(Path())
            request.set(subject={"plan": os.fspath(path)})
        else:
            store = _clearway.Folder.beside(path.parent if path.parent != Path() else Path(""))
            _given_plan(request, (path.name, read(path)), context)
    else:
        store = folder(subject, "files in memory")
        if blueprint is None:
            request.set(subject={"plan": ""})
        else:
            data = store.read(blueprint)
            if data is None:
                raise InvalidRequest(f"blueprint is '{blueprint}', expected the name of a file that is given")
            _given_plan(request, (blueprint, data), context)
    audited: Audit = _of(Audit, _clearway.audit(_run(session), store, request.json(), request.files))
    return audited


def _given_plan(request: Request, given: tuple[str, bytes], context: Context | None) -> None:
    is_table = Path(given[0]).suffix.lower() in {".csv", ".xlsx", ".ods", ".xls", ".xlsm"}
    if is_table and context is None:
        raise InvalidRequest(f"'{given[0]}' is a table of movements and does not say what kind of situation it is for: give context")
    file = request.given(given, given[0])
    request.set(subject={"movements": {"table": file, "context": context}} if is_table else {"blueprint": file})


def audit_form() -> str:
    """An empty blueprint that asks for every figure and every piece of evidence, each with its question."""
    return _clearway.audit_form()


def audit_rules() -> str:
    """All rules that come with the program, as CSV."""
    return _clearway.audit_rules().decode()


def diff(before: Audit | Folder, after: Audit | Folder, *, session: Session | None = None) -> AuditDifference:
    """What differs between two audits."""
    found = _clearway.diff(_run(session), folder(before, "audit before"), folder(after, "audit after"))
    return AuditDifference(found.words, json.loads(found.facts))


def compare(
    plans: Mapping[str, PlanLike], *, with_simulation: bool = False, session: Session | None = None
) -> Comparison:
    """Puts plans of one place side by side, each by its name; the first is what the others are compared with."""
    stores = [(name, folder(plan, name)) for name, plan in plans.items()]
    request = Request().set(with_simulation=with_simulation)
    compared: Comparison = _of(Comparison, _clearway.compare(_run(session), stores, request.json()))
    return compared


def replan(
    plan: PlanLike,
    counts: Sequence[File] = (),
    *,
    at_ms: int = 0,
    deadline_ms: int | None = None,
    effort: Literal["keep", "as_needed", "all"] = "as_needed",
    worth_min: float = 15.0,
    take: Literal["keep", "near", "free"] | None = None,
    accept_contradictions: bool = False,
    session: Session | None = None,
) -> Replanned:
    """Makes a new plan of what is left of a plan that is being carried out, from what was ``counts`` (tables; what they do not say is taken from the
    plan). ``at_ms``: when it begins, a whole second after the start of the old plan. ``effort``: ``keep`` the orders and try nothing else,
    try others ``as_needed``, where the bound leaves them something to win and the search that made the plan came nearer to its own, or ``all`` of them.
    ``worth_min``: people are told something else, where they need not be, only if it saves each of them so much.
    ``take``: the option that becomes the new plan, whatever another saves."""
    request = Request().set(
        at_ms=at_ms,
        deadline_ms=deadline_ms,
        effort=effort,
        worth_min=worth_min,
        take=take,
        accept_contradictions=accept_contradictions,
    )
    for number, table in enumerate(counts):
        request.given(table, f"counts-{number}.csv")
    store = folder(plan, "plan in memory")
    made: Replanned = _of(Replanned, _clearway.replan(_run(session), store, request.files, request.json()))
    return made


def replan_template(plan: PlanLike, at_ms: int, *, session: Session | None = None) -> str:
    """A table of counts to fill in: every zone, site and road where the plan expects people, with what it expects."""
    return _clearway.replan_template(_run(session), folder(plan, "plan in memory"), at_ms).decode()


def early_warning(
    plan: PlanLike, deadline_ms: int, *, every_ms: int = 3_600_000, session: Session | None = None
) -> EarlyWarning:
    """With how many people still waiting at which hour no plan of what is left keeps a deadline any more; each is proved. ``deadline_ms``: by
    when everybody is to have arrived, after the start of the plan. ``every_ms``: how far apart the times are that are looked at."""
    request = Request().set(deadline_ms=deadline_ms, every_ms=every_ms)
    found = _clearway.early_warning(_run(session), folder(plan, "plan in memory"), request.json())
    return EarlyWarning(found.words, json.loads(found.facts))


def report(
    plans: PlanLike | Sequence[PlanLike],
    *,
    kind: Literal["plan", "sheets", "ab747", "ete", "med"] = "plan",
    language: Literal["en", "ar", "es", "fr"] = "en",
    date: str = "",
    full: bool = False,
    contact: str = "",
    names: Sequence[str] = (),
    cells: Sequence[Mapping[str, Any]] = (),
    simulation: Simulation | File | None = None,
    interventions: Interventions | File | None = None,
    session: Session | None = None,
) -> ReportPages:
    """A report for those who decide, to read and to print; ``sheets`` to hand out, and reports on a form, of which some take several plans.

    ``date``: what stands on it, e.g. ``2026-11-30``; empty: left to be filled in by hand. ``full``: exact places also in an armed conflict.
    ``contact``: whom people can call, for sheets. ``names``: what each plan is called. ``cells``: for ``ete`` documents with ``region``, ``scenario``, ``plan`` (which, from 0)
    and ``simulation``.
    ``simulation``: of this plan, or its ``simulation.json``. ``interventions``: on the first scenario, or their ``interventions.csv``, for ``ab747``.
    """
    request = Request().set(kind=kind, language=language, date=date, full=full, contact=contact, names=list(names))
    request.file("simulation", _named(simulation, "simulation.json"), "simulation.json")
    request.file("interventions", _named(interventions, "interventions.csv"), "interventions.csv")
    rows = [dict(cell) for cell in cells]
    for row in rows:
        if row.get("simulation") is not None:
            row["simulation"] = request.given(_named(row["simulation"], "simulation.json"), "simulation.json")
    request.set(cells=rows)
    several = plans if isinstance(plans, Sequence) and not isinstance(plans, str) else [plans]
    stores = [folder(plan, "plan in memory") for plan in several]
    made: ReportPages = _of(ReportPages, _clearway.report(_run(session), stores, request.json(), request.files))
    return made


def _named(given: Answer | File | None, name: str) -> File | None:
    """Of an answer the file of a name."""
    return (name, given.read(name)) if isinstance(given, Answer) else given


def export(
    plan: PlanLike,
    format: Literal["gpkg", "xlsx", "kml", "gmns", "sumo", "matsim", "geoparquet", "cap"],
    *,
    full: bool = False,
    with_events: bool = False,
    session: Session | None = None,
) -> Export:
    """A plan as files for other programs; it is verified first. ``full``: also of an armed conflict. ``with_events``: also what happens to each
    vehicle, where the format has a place for it (MATSim)."""
    request = Request().set(format=format, full=full, with_events=with_events)
    exported: Export = _of(Export, _clearway.export(_run(session), folder(plan, "plan in memory"), request.json()))
    return exported
