"""What the package gives is byte for byte what the command line writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import EXAMPLES, assert_same, same_words, without_run_data, written

import clearway

Program = Callable[..., str]


def test_the_answer_that_can_be_worked_out_by_hand(one_road: clearway.Plan) -> None:
    # 12,000 people, 3,000 people/h, 10 min: 4 h 10 min. The plan is rounded up, the bound down.
    assert one_road.clearance_s == clearway.PlanAndBound(15_000.0, 14_999.999)
    assert clearway.bound(EXAMPLES / "one-road").clearance_s == clearway.PlanAndBound(None, 14_999.999)
    assert clearway.load(EXAMPLES / "one-road").people == 12_000


@pytest.mark.parametrize(
    ("example", "options", "request_"),
    [
        ("one-road", [], {}),
        ("one-road", ["--window", "1h", "--prices"], {"window_ms": 3_600_000, "prices": True}),
        ("one-road", ["--routes-per-zone", "unlimited"], {"routes_per_zone": None}),
        ("bicycles", [], {}),
    ],
)
def test_a_plan(program: Program, tmp_path: Path, example: str, options: list[str], request_: dict[str, int]) -> None:
    said = program("plan", EXAMPLES / example, "--out", tmp_path / "plan", *options)
    town = clearway.load(EXAMPLES / example)
    plan = clearway.plan(town, **request_)  # type: ignore[arg-type]
    assert_same(plan, tmp_path / "plan")
    assert same_words(plan, said)
    # saved and opened again it is the same, and holds
    plan.save(tmp_path / "saved")
    assert written(tmp_path / "saved") == plan.files()
    assert (tmp_path / "saved/manifest.json").exists()
    for one in (plan, clearway.open_plan(tmp_path / "saved"), plan.files()):
        assert clearway.verify(one).must_hold()
    assert clearway.verify(plan, town)


def test_a_bound(program: Program, tmp_path: Path) -> None:
    program("plan", EXAMPLES / "helsinki", "--out", tmp_path / "bound", "--bound-only")
    assert_same(clearway.bound(EXAMPLES / "helsinki", routes_per_zone=3), tmp_path / "bound")


def test_a_plan_that_stays_close_to_an_earlier_one(program: Program, tmp_path: Path, one_road: clearway.Plan) -> None:
    one_road.save(tmp_path / "earlier")
    said = program("plan", EXAMPLES / "one-road", "--out", tmp_path / "plan", "--like", tmp_path / "earlier")
    like = clearway.plan(EXAMPLES / "one-road", like=one_road)
    assert_same(like, tmp_path / "plan")
    assert same_words(like, said) and "keep the route" in str(like)


def test_what_is_verified(program: Program, tmp_path: Path, helsinki: clearway.Plan) -> None:
    helsinki.save(tmp_path / "plan")
    found = clearway.verify(tmp_path / "plan")
    assert str(found) == program("verify", tmp_path / "plan").rstrip("\n")
    assert found.document["recomputed"]["single"]["people"] == 10_000


def test_what_is_checked(program: Program) -> None:
    assert str(clearway.check(EXAMPLES / "helsinki")) == program("check", EXAMPLES / "helsinki").rstrip("\n")


def test_a_simulation_with_everything(program: Program, tmp_path: Path, one_road: clearway.Plan) -> None:
    one_road.save(tmp_path / "plan")
    said = program("simulate", tmp_path / "plan", "--out", tmp_path / "sim", "--members", 5, "--seed", 3, "--lose", 2)
    simulated = clearway.simulate(one_road, members=5, seed=3, lose=2)
    assert_same(simulated, tmp_path / "sim")
    assert same_words(simulated, said)
    assert simulated.report["not_arrived"] == 0
    assert simulated.ensemble is not None and simulated.ensemble["members"] == 5
    assert [row["kind"] for row in clearway.losses(one_road, links=2).rows] == ["none", "link"]


def test_a_simulation_without_a_plan(program: Program, tmp_path: Path) -> None:
    program("simulate", EXAMPLES / "helsinki", "--baseline", "--out", tmp_path / "sim")
    assert_same(clearway.simulate_baseline(EXAMPLES / "helsinki"), tmp_path / "sim")


def test_an_ensemble_in_parts_is_the_whole(program: Program, tmp_path: Path, one_road: clearway.Plan) -> None:
    one_road.save(tmp_path / "plan")
    program("ensemble", "run", tmp_path / "plan", "--members", "0..6", "--part", "3", "--out", tmp_path / "parts")
    program("ensemble", "merge", tmp_path / "parts", "--out", tmp_path / "merged")
    whole = clearway.ensemble(one_road, 6)
    parts = [clearway.ensemble(one_road, range(3, 6)), clearway.ensemble(one_road, range(3))]
    merged = clearway.merge_ensemble(parts)
    assert_same(merged, tmp_path / "merged")
    assert whole.to_parquet() == merged.to_parquet()
    assert whole.report == merged.report


def test_needs(program: Program, tmp_path: Path, helsinki: clearway.Plan) -> None:
    helsinki.save(tmp_path / "plan")
    said = program("needs", tmp_path / "plan", "--out", tmp_path / "needs", "--climate", "cold")
    needs = clearway.needs(helsinki, climate="cold")
    assert_same(needs, tmp_path / "needs")
    assert same_words(needs, said)
    assert clearway.needs_of(1000) == program("needs", "--people", 1000).rstrip("\n")


def test_interventions(program: Program, tmp_path: Path) -> None:
    program("interventions", EXAMPLES / "one-road", "--out", tmp_path / "tried", "--most", 2)
    tried = clearway.interventions(EXAMPLES / "one-road", most=2)
    assert_same(tried, tmp_path / "tried")
    assert tried.gains[0]["clearance_s"] > 0
    assert tried.base["clearance_s"] == 14_999.999


def test_an_audit_of_a_plan_and_of_a_blueprint(program: Program, tmp_path: Path, one_road: clearway.Plan) -> None:
    one_road.save(tmp_path / "plan")
    blueprint = 'schema = "clearway-blueprint/1"\nname = "By noon"\ncontext = "exercise"\nplan = "plan"\n'
    (tmp_path / "blueprint.toml").write_text(blueprint)
    beside = {f"plan/{name}": data for name, data in one_road.files().items()} | {"blueprint.toml": blueprint}
    of_path = clearway.audit(tmp_path / "blueprint.toml")
    of_memory = clearway.audit(beside, blueprint="blueprint.toml")
    assert of_path.report == of_memory.report
    assert not of_path.holds and of_path.report["findings"]
    of_plan = clearway.audit(one_road)
    of_plan.save(tmp_path / "audit")
    assert not clearway.diff(of_plan, tmp_path / "audit").document["rules"]
    assert "[[claim]]" in clearway.audit_form() and clearway.audit_rules().startswith("id,")


def test_an_audit_is_that_of_the_command_line(program: Program, tmp_path: Path) -> None:
    [blueprint, *_] = sorted((EXAMPLES / "rafah-2024/claims").glob("*.toml"))
    ours = clearway.audit(blueprint, deadline_days=10)
    assert json.loads(ours.read("audit.json"))["headline"]
    # a plan that does not hold ends with 1, which the fixture refuses: the files alone are compared
    try:
        program("audit", blueprint, "--deadline", "10d", "--out", tmp_path / "audit")
    except AssertionError:
        assert (tmp_path / "audit/audit.json").exists()
    assert_same(ours, tmp_path / "audit")


def test_plans_side_by_side(program: Program, tmp_path: Path, one_road: clearway.Plan) -> None:
    hourly = clearway.plan(EXAMPLES / "one-road", window_ms=3_600_000)
    one_road.save(tmp_path / "usual")
    hourly.save(tmp_path / "hourly")
    program("compare", tmp_path / "usual", tmp_path / "hourly", "--out", tmp_path / "both")
    assert_same(clearway.compare({"usual": one_road, "hourly": hourly}), tmp_path / "both")


def test_a_plan_goes_on_in_the_middle(one_road: clearway.Plan) -> None:
    assert clearway.replan_template(one_road, 7_200_000).count("\n") > 1
    left = clearway.replan(one_road, at_ms=7_200_000)
    # 12,000 people, 3,000 people/h, 10 min: after two hours nothing was counted, and all goes on as ordered
    assert left.report["options"][0]["changed_people"] == 0
    assert left.clearance_s.plan is not None and left.clearance_s.plan <= 15_000 - 7_200
    with pytest.raises(clearway.ClearwayError):
        clearway.replan(one_road, [("counts.csv", "nothing\n")], at_ms=7_200_000)


def test_an_early_warning(program: Program, tmp_path: Path, one_road: clearway.Plan) -> None:
    warning = clearway.early_warning(one_road, 5 * 3_600_000)
    # 12,000 people at 3,000 people/h and 10 min: whoever all begin after 50 min are late for 5 h
    assert warning.lost_from_if_nobody_left_ms == 3_600_000
    first, second = warning.times[:2]
    assert (first["at_ms"], first["lost_with_waiting"], first["waiting_by_plan"]) == (0, None, 12_000)
    # after 1 h there are 3 h 50 min left for those on the road, of which 3,000 an hour get through
    assert 11_500 <= second["lost_with_waiting"] <= 12_000 and not second["is_lost_by_plan"]
    one_road.save(tmp_path / "plan")
    said = program("early-warning", tmp_path / "plan", "--deadline", "5h", "--out", tmp_path / "warning.csv")
    assert (tmp_path / "warning.csv").read_text() == warning.csv and str(warning).splitlines()[0] in said
    assert len(clearway.early_warning(one_road, 5 * 3_600_000, every_ms=7_200_000).times) == 3
    with pytest.raises(clearway.InvalidRequest, match="must be within the planning horizon"):
        clearway.early_warning(one_road, 99 * 3_600_000)


def test_a_report(program: Program, tmp_path: Path, one_road: clearway.Plan) -> None:
    simulated = clearway.simulate(one_road)
    one_road.save(tmp_path / "plan")
    simulated.save(tmp_path / "sim")
    options = ["--date", "2026-11-30", "--simulation", tmp_path / "sim", "--language", "fr"]
    program("report", tmp_path / "plan", "--out", tmp_path / "report", *options)
    assert_same(clearway.report(one_road, date="2026-11-30", language="fr", simulation=simulated), tmp_path / "report")


@pytest.mark.parametrize("format", ["gpkg", "kml", "gmns", "geoparquet", "cap"])
def test_an_export(program: Program, tmp_path: Path, helsinki: clearway.Plan, format: str) -> None:
    helsinki.save(tmp_path / "plan")
    program("export", tmp_path / "plan", "--format", format, "--out", tmp_path / "theirs")
    exported = clearway.export(helsinki, format)  # type: ignore[arg-type]
    exported.save(tmp_path / "ours")
    if exported.is_folder:
        assert written(tmp_path / "ours") == written(tmp_path / "theirs")
    else:
        assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()


def test_a_replay_counts_everybody(helsinki: clearway.Plan) -> None:
    replayed = clearway.replay(helsinki)
    people = helsinki.summary["people"]
    assert sum(zone["arrived"] for zone in replayed.zones) == people["arrived"]
    assert replayed.document["arrived"][-1] == sum(site["arrived"] for site in replayed.sites)


def test_a_scenario_is_made_changed_and_planned(program: Program, tmp_path: Path) -> None:
    roads = {
        "node.csv": "node_id,x_coord,y_coord\nA,0.000,0.0\nB,0.005,0.0\nC,0.030,0.0\n",
        "link.csv": "link_id,name,from_node_id,to_node_id,directed,facility_type,length,lanes,free_speed\n"
        "1,Long Street,A,B,0,residential,556,1,30\n2,Way Out,B,C,1,primary,2783,1,60\n",
    }
    area = {
        "type": "Polygon",
        "coordinates": [[[-0.001, -0.001], [0.007, -0.001], [0.007, 0.001], [-0.001, 0.001], [-0.001, -0.001]]],
    }
    (tmp_path / "roads").mkdir()
    for name, text in roads.items():
        (tmp_path / "roads" / name).write_text(text)
    (tmp_path / "area.geojson").write_text(json.dumps(area))
    options = ["--people", 500, "--zone-count", 1, "--area", tmp_path / "area.geojson"]
    program("new", tmp_path / "town", "--roads", tmp_path / "roads", *options)
    shape = ("area.geojson", json.dumps(area))
    of_path = clearway.compose(tmp_path / "roads", area=tmp_path / "area.geojson", people=500, zone_count=1, name="town")
    assert_same(of_path, tmp_path / "town")
    made = clearway.compose(roads, area=shape, people=500, zone_count=1, name="town")
    assert made.read("zones.csv") == of_path.read("zones.csv")
    town = clearway.load(made)
    plan = clearway.plan(town)
    assert plan.summary["people"]["arrived"] == 500
    closed, said = clearway.change(town, [{"change": "close_link", "link_id": "2", "source": "an exercise"}])
    assert len(said) == 1 and clearway.bound(closed).clearance_s.bound is None
    assert b"an exercise" in closed.read("sources.csv")
    assert clearway.import_roads(roads).read("link.csv")


def test_run_data_is_all_that_is_left_out() -> None:
    assert without_run_data("summary.json", b'{"wall_s": 1, "people": {"peak_rss_bytes": 2, "total": 3}}') == {"people": {"total": 3}}
