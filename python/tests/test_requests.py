"""Keyword arguments are the fields of the library's requests, with their defaults."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest
from conftest import EXAMPLES

import clearway
from clearway import _clearway

DEFAULTS: dict[str, dict[str, Any]] = json.loads(_clearway.request_defaults())
# what stands in a request in another way: beside it, in parts, or with a name that says more
OTHERWISE = {
    "plan": {"like_parts"},
    "audit": {"subject"},
    "ensemble": {"simulation"},
    "losses": {"simulation"},
    "resolve": {"raster"},
    "plan_robust": set(),
}


@pytest.mark.parametrize("verb", sorted(DEFAULTS))
def test_every_field_is_a_keyword_with_its_default(verb: str) -> None:
    parameters = inspect.signature(getattr(clearway, verb)).parameters
    for field, value in DEFAULTS[verb].items():
        if field in OTHERWISE.get(verb, set()):
            continue
        assert field in parameters, f"{verb} has no {field}"
        default = parameters[field].default
        if default is inspect.Parameter.empty:
            continue
        given = value
        if isinstance(value, list):
            default = list(default)
        if isinstance(value, dict) and set(value) == {"low", "share", "high"}:
            given = value["share"]
        # documents that are left out are left to the library
        left_out = default is None and isinstance(value, dict)
        assert left_out or default == given, f"{verb}: {field} is {default!r}, in the library {value!r}"


def test_a_keyword_that_is_none_of_them_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="routes_a_zone"):
        clearway.plan(EXAMPLES / "one-road", routes_a_zone=1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        ({"routes_per_zone": -1}, "routes_per_zone"),
        ({"window_ms": "soon"}, "window_ms"),
        ({"capacity_share": 7.0}, "capacity"),
        ({"effort": 0}, "effort"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(request_: dict[str, Any], named: str) -> None:
    with pytest.raises(clearway.InvalidRequest, match=named):
        clearway.plan(EXAMPLES / "one-road", **request_)


def test_a_field_of_a_document_that_is_none_is_refused_by_name(one_road: clearway.Plan) -> None:
    with pytest.raises(clearway.InvalidRequest, match="unknown field `late`"):
        clearway.ensemble(one_road, 1, behaviour={"late": {}})
    with pytest.raises(clearway.InvalidRequest, match="closed_link"):
        clearway.change(EXAMPLES / "one-road", [{"change": "closed_link"}])


@pytest.mark.parametrize("verb", ["ensemble", "losses", "simulate_baseline"])
def test_the_road_is_simulated_the_same_everywhere(verb: str) -> None:
    parameters = inspect.signature(getattr(clearway, verb)).parameters
    for field in ("queues", "spacing_m", "wave_km_h", "pocket_vehicles", "with_junctions"):
        assert parameters[field].default == DEFAULTS["simulate"][field]
