"""Proposals of what a scenario can be made of. Nothing counts before somebody accepts it."""

from __future__ import annotations

import json

from . import _clearway
from ._answers import Proposals
from ._given import File, Folder, Request, folder
from ._session import Session
from ._verbs import ScenarioLike, _roads, _run


def _proposed(native: _clearway.Answer) -> Proposals:
    return Proposals(native.words, json.loads(native.facts))


def propose_sites(
    roads: Folder,
    area: File,
    *,
    map: str | None = None,
    hazards: File | None = None,
    fire_buffer_m: float | None = None,
    within_m: float = 20_000.0,
    session: Session | None = None,
) -> Proposals:
    """Places of a map of OpenStreetMap that might receive people: shelters, assembly points, schools, halls, places of worship, each with its
    area, a capacity that follows from it, and distances from ``area`` and ``hazards``. None is called safe, and none counts before ``yes``
    stands in its column ``use``::

        found = clearway.propose_sites("region.osm.pbf", "area.geojson")
        sites = pandas.read_csv(io.StringIO(found.csv))
        sites.loc[sites["name"] == "Sports hall", "use"] = "yes"
        clearway.compose("region.osm.pbf", area="area.geojson", people=40_000, sites=sites)

    ``within_m``: farthest from the area. ``fire_buffer_m``: how far around each of active fires (NASA FIRMS) given as ``hazards`` belongs to it.
    """
    store, map = _roads(roads, map)
    request = Request().set(map=map, fire_buffer_m=fire_buffer_m, within_m=within_m)
    request.file("area", area, "area.geojson")
    request.file("hazards", hazards, "hazards.geojson")
    return _proposed(_clearway.propose_sites(_run(session), store, request.json(), request.files))


def propose_fleet(
    scenario: ScenarioLike,
    feed: File,
    *,
    date: str | None = None,
    session: Session | None = None,
) -> Proposals:
    """Buses of a timetable (a GTFS feed, zipped) that are in use at the same time, by where they begin, as a table for ``groups(fleet=...)``.
    ``date``: the day, e.g. ``2026-03-04``; ``None``: the one with most of them."""
    request = Request().set(date=date)
    request.file("feed", feed, "feed.zip")
    store = folder(scenario, "scenario in memory")
    return _proposed(_clearway.propose_fleet(_run(session), store, request.json(), request.files))


def propose_people(
    buildings: Folder,
    area: File,
    people: int,
    *,
    map: str | None = None,
    session: Session | None = None,
) -> Proposals:
    """``people`` shared out over the buildings of an area by floor area, as a table for ``compose(population=...)``. ``buildings``: a map of
    OpenStreetMap, or a GeoParquet file of polygons such as Overture's."""
    store, map = _roads(buildings, map)
    request = Request().set(map=map, people=people)
    request.file("area", area, "area.geojson")
    return _proposed(_clearway.propose_people(_run(session), store, request.json(), request.files))
