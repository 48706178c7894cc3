"""The verbs: prepare scenarios, plan, prove, check."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from . import _clearway
from ._answers import (
    Answer,
    Bound,
    Changed,
    Check,
    Interventions,
    Made,
    Plan,
    RoadMap,
    Scenario,
    Verification,
    _of,
)
from ._errors import InvalidRequest
from ._given import File, Folder, Request, folder
from ._session import Session

ScenarioLike = Scenario | Folder
"""A scenario that was loaded, or what :func:`load` takes."""
Private = Literal["nobody", "residents", "everybody"]
Context = Literal["disaster", "armed_conflict", "exercise", "other"]
Climate = Literal["warm", "cold"]


def _run(session: Session | None) -> _clearway.Run:
    return (session or Session()).run()


def _loaded(given: ScenarioLike, session: Session | None) -> _clearway.Scenario:
    return given._native if isinstance(given, Scenario) else load(given, session=session)._native


def load(scenario: Folder, *, session: Session | None = None) -> Scenario:
    """Reads a scenario folder and checks it. Raises :class:`clearway.InvalidInput` with all faults at once.

    ``scenario``: a path, also of a ZIP archive, or files by name, whose values may be bytes, text or tables of pandas, Polars or pyarrow::

        files = clearway.load("my-town").files()
        zones = pandas.read_csv(io.BytesIO(files["zones.csv"]), dtype={"zone_id": str})
        zones["people"] *= 2
        town = clearway.load(files | {"zones.csv": zones})
    """
    return Scenario(_clearway.load(_run(session), folder(scenario, "scenario in memory")))


def check(scenario: Folder, *, session: Session | None = None) -> Check:
    """Checks a scenario and says what could change an answer most. Raises :class:`clearway.InvalidInput` with all faults at once."""
    found = _clearway.check(_run(session), folder(scenario, "scenario in memory"))
    return Check(found.words, json.loads(found.facts))


def _roads(roads: Folder, map: str | None) -> tuple[_clearway.Folder, str | None]:
    """A road map by its path is a file in its folder."""
    if isinstance(roads, (str, os.PathLike)) and Path(roads).is_file() and Path(roads).suffix != ".zip":
        path = Path(roads)
        return _clearway.Folder.at(path.parent), path.name
    return folder(roads, "road map in memory"), map


def compose(
    roads: Folder,
    *,
    map: str | None = None,
    area: File | None = None,
    people: int | None = None,
    people_low: int | None = None,
    people_high: int | None = None,
    population: File | None = None,
    zones: File | None = None,
    zone_count: int | None = None,
    sites: File | None = None,
    exits: File | None = None,
    join_within_m: float | None = None,
    hazards: File | None = None,
    fire_buffer_m: float | None = None,
    flood: Mapping[str, Any] | None = None,
    mode: Literal["vehicle", "walk"] = "vehicle",
    people_per_vehicle: float | None = None,
    mobilization: Literal["fast", "medium", "slow", "instant"] | None = None,
    start: str | None = None,
    time_zone: str | None = None,
    horizon_ms: int | None = None,
    name: str = "scenario",
    context: Context = "disaster",
    private_roads: Private = "nobody",
    junctions: bool = False,
    tntp: Mapping[str, Any] | None = None,
    session: Session | None = None,
) -> Made:
    """Makes a scenario of a road map, an area and a number of people (``clearway new``).

    ``roads``: path of a map (OpenStreetMap, TNTP) or of a folder with GMNS tables, or files by name with ``map`` the one to read. Files are
    paths, tables, or shapes such as a GeoDataFrame. ``flood``: ``terrain`` (a GeoTIFF), ``levels`` (of the water, each with ``at_ms`` and ``level_m``),
    and if it is known ``water`` (a map of where the water comes from). ``junctions``: take stops, give-ways and roundabouts of the map into
    ``junctions.csv``, which the simulation reads. What is not given gets a default, which ``sources.csv`` names with its source.
    """
    store, map = _roads(roads, map)
    request = Request().set(
        map=map,
        people=people,
        people_low=people_low,
        people_high=people_high,
        zone_count=zone_count,
        join_within_m=join_within_m,
        fire_buffer_m=fire_buffer_m,
        mode=mode,
        people_per_vehicle=people_per_vehicle,
        mobilization=mobilization,
        start=start,
        time_zone=time_zone,
        horizon_ms=horizon_ms,
        name=name,
        context=context,
        private_roads=private_roads,
        junctions=junctions,
    )
    request.maybe(tntp=None if tntp is None else dict(tntp))
    files = {"area": area, "population": population, "zones": zones, "sites": sites, "exits": exits, "hazards": hazards}
    for field, given in files.items():
        request.file(field, given, f"{field}.csv")
    request.set(flood=_flood(request, flood))
    made: Made = _of(Made, _clearway.compose(_run(session), store, request.json(), request.files))
    return made


def _flood(request: Request, flood: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A flood with its files."""
    if flood is None:
        return None
    names = {"terrain": "terrain.tif", "water": "water.geojson"}
    files = {key: request.given(flood[key], name) for key, name in names.items() if flood.get(key) is not None}
    return dict(flood) | files


def import_roads(
    roads: Folder,
    *,
    map: str | None = None,
    walk: bool = False,
    tracks: bool = False,
    private_roads: Private = "nobody",
    tntp: Mapping[str, Any] | None = None,
    session: Session | None = None,
) -> RoadMap:
    """Reads a road map as tables (``clearway import``)."""
    store, map = _roads(roads, map)
    request = Request().set(map=map, walk=walk, tracks=tracks, private_roads=private_roads)
    request.maybe(tntp=None if tntp is None else dict(tntp))
    read: RoadMap = _of(RoadMap, _clearway.import_roads(_run(session), store, request.json()))
    return read


def _changed(native: _clearway.Answer, before: _clearway.Folder) -> Changed:
    files = native.folder or _clearway.Folder.of_files("", {})
    return Changed(files, native.words, json.loads(native.facts), before)


def connect(
    scenario: Folder, *, sites: Sequence[str] = (), all_sites: bool = False, session: Session | None = None
) -> Changed:
    """Joins the places of an edited scenario to its roads again."""
    store = folder(scenario, "scenario in memory")
    request = Request().set(sites=list(sites), all_sites=all_sites)
    return _changed(_clearway.connect(_run(session), store, request.json()), store)


def resolve(
    scenario: Folder,
    *,
    arrival: File | None = None,
    unit: Literal["second", "minute", "hour"] | None = None,
    lasts_ms: int | None = None,
    depth: File | None = None,
    from_ms: int = 0,
    until_ms: int | None = None,
    flood: Mapping[str, Any] | None = None,
    hazard_id: str = "raster",
    session: Session | None = None,
) -> Changed:
    """Turns hazards into closures: the scenario's ``hazards.geojson``, or a raster of arrival times (``arrival`` with its ``unit``) or of
    depths of water (``depth``, from and until a time), or a ``flood`` as in :func:`compose`."""
    store = folder(scenario, "scenario in memory")
    request = Request().set(hazard_id=hazard_id)
    if arrival is not None and depth is not None:
        raise InvalidRequest("arrival and depth: expected one raster")
    if arrival is not None:
        if unit is None:
            raise InvalidRequest("unit: expected second, minute or hour, which a raster of arrival times does not say")
        file = request.given(arrival, "arrival.tif")
        request.set(raster={"arrival": {"file": file, "unit": unit, "lasts_ms": lasts_ms}})
    elif depth is not None:
        file = request.given(depth, "depth.tif")
        request.set(raster={"depth": {"file": file, "from_ms": from_ms, "until_ms": until_ms}})
    request.set(flood=_flood(request, flood))
    return _changed(_clearway.resolve(_run(session), store, request.json(), request.files), store)


Share = float | tuple[float, float, float]
"""A share from 0 to 1, or low end, share, high end."""


def _share(share: Share) -> dict[str, float]:
    low, central, high = share if isinstance(share, tuple) else (share, share, share)
    return {"low": low, "share": central, "high": high}


def groups(
    scenario: Folder,
    *,
    walk: Share = 0.0,
    seat: Share = 0.0,
    wheelchair: Share = 0.0,
    stretcher: Share = 0.0,
    source: str | None = None,
    first: Literal["assistance", "hazard"] = "assistance",
    facilities: File | None = None,
    fleet: File | None = None,
    settings: File | None = None,
    label: str = "the scenario with groups",
    session: Session | None = None,
) -> Made:
    """Divides the people of a scenario by how they can move; those who are in no share have vehicles."""
    shares = {"walk": walk, "seat": seat, "wheelchair": wheelchair, "stretcher": stretcher}
    request = Request().set(source=source, first=first, label=label, **{name: _share(share) for name, share in shares.items()})
    request.file("facilities", facilities, "facilities.csv").file("fleet", fleet, "fleet.csv")
    request.file("settings", settings, "multimodal.toml")
    store = folder(scenario, "scenario in memory")
    made: Made = _of(Made, _clearway.groups(_run(session), store, request.json(), request.files))
    return made


def upgrade(scenario: Folder, *, session: Session | None = None) -> Made:
    """A scenario of an earlier version as this one writes it."""
    made: Made = _of(Made, _clearway.upgrade(_run(session), folder(scenario, "scenario in memory")))
    return made


def change(
    scenario: ScenarioLike, changes: Sequence[Mapping[str, Any]], *, session: Session | None = None
) -> tuple[Scenario, list[str]]:
    """Changes a scenario: the changed one, and what was changed, a sentence each. Every new value has a row in ``sources.csv``.

    A change is a document with ``change`` (``close_link``, ``reopen_link``, ``road``, ``contraflow``, ``close_site``, ``open_site``, ``site``,
    ``zone``, ``fleet``) and what goes with it; ``source`` and ``note`` say where new values are from::

        wider, said = clearway.change(town, [{"change": "road", "link_id": "12", "lanes": 2, "source": "works plan of May"}])
    """
    beside = ("source", "note")
    rows = []
    for one in changes:
        what = {key: value for key, value in one.items() if key not in beside}
        rows.append({"what": what} | {key: one[key] for key in beside if key in one})
    changed, answer = _clearway.change(_run(session), _loaded(scenario, session), json.dumps(rows))
    return Scenario(changed), list(json.loads(answer.facts))


def plan(
    scenario: ScenarioLike,
    *,
    routes_per_zone: int | None = 3,
    window_ms: int = 900_000,
    ignore_space: bool = False,
    capacity_share: float | None = None,
    convergent: bool = False,
    effort: int = 1,
    packet_people: int | None = None,
    prices: bool = False,
    bound_only: bool = False,
    like: Plan | Folder | None = None,
    session: Session | None = None,
) -> Plan:
    """Plans a scenario and proves what no plan can beat; of a scenario with population groups a multimodal plan.

    ``routes_per_zone``: most routes per zone, ``None`` for any number. ``window_ms``: length of a departure window. ``ignore_space``: queues stand on top of each
    other. ``capacity_share``: share of each road's capacity that orders use. ``convergent``: at a node all leave the same way. ``effort``:
    1 to 100 times the rounds of the search. ``packet_people``: people moved together. ``prices``: what windows and room cost. ``like``: an
    earlier plan to stay close to.
    """
    request = Request().set(
        routes_per_zone=routes_per_zone,
        window_ms=window_ms,
        ignore_space=ignore_space,
        capacity_share=capacity_share,
        convergent=convergent,
        effort=effort,
        packet_people=packet_people,
        prices=prices,
        bound_only=bound_only,
    )
    earlier = None if like is None else folder(like)
    made: Plan = _of(Plan, _clearway.plan(_run(session), _loaded(scenario, session), request.json(), earlier))
    return made


def plan_robust(
    scenario: ScenarioLike,
    *,
    members: int = 20,
    shares: Sequence[float] = (0.95, 0.9, 0.8, 0.7),
    plan: Mapping[str, Any] | None = None,
    ensemble: Mapping[str, Any] | None = None,
    session: Session | None = None,
) -> Plan:
    """Orders that do well under chance: of plans that use more and less of each road's capacity the one that does best in nine of ten
    members. ``plan`` and ``ensemble``: what :func:`plan` and :func:`clearway.ensemble` take, as documents."""
    robust = Request().set(members=members, shares=list(shares))
    robust.maybe(ensemble=None if ensemble is None else dict(ensemble))
    wanted = json.dumps({} if plan is None else dict(plan))
    native = _clearway.plan(_run(session), _loaded(scenario, session), wanted, None, robust.json())
    made: Plan = _of(Plan, native)
    return made


def bound(
    scenario: ScenarioLike, *, routes_per_zone: int | None = None, session: Session | None = None
) -> Bound:
    """Proves what no plan can beat, without orders. ``routes_per_zone``: of plans with so few routes."""
    request = Request().set(routes_per_zone=routes_per_zone)
    proved: Bound = _of(Bound, _clearway.bound(_run(session), _loaded(scenario, session), request.json()))
    return proved


def interventions(
    scenario: ScenarioLike,
    *,
    most: int = 10,
    bridges: int = 2,
    bridge: Sequence[tuple[str, str]] = (),
    session: Session | None = None,
) -> Interventions:
    """Tries what might be changed and proves what each change gains by the bound. ``most``: changes of roads, sites and windows; ``bridges``:
    places for a new road; ``bridge``: new roads besides, each between two junctions."""
    request = Request().set(most=most, bridges=bridges, bridge=[list(ends) for ends in bridge])
    native = _clearway.interventions(_run(session), _loaded(scenario, session), request.json())
    tried: Interventions = _of(Interventions, native)
    return tried


def verify(plan: Plan | Folder, scenario: Answer | Folder | None = None, *, session: Session | None = None) -> Verification:
    """Recomputes every figure of a plan from its scenario with code of its own; ``scenario``: ``None`` for the copy inside the plan."""
    beside = None if scenario is None else folder(scenario, "scenario in memory")
    found = _clearway.verify(_run(session), folder(plan, "plan in memory"), beside)
    return Verification(found.words, json.loads(found.facts))
