"""Studies, on a road whose answer can be worked out: people / (3,000 people/h) + 10 min."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import EXAMPLES

import clearway
from clearway import study

# 12,000 people, 0.8 to 1.2 times as many: 1.6 h over the range
PEOPLE = {"name": "people", "low": 0.8, "high": 1.2, "people": "*"}


def document(**more: Any) -> dict[str, Any]:
    return {"scenario": EXAMPLES / "one-road", "samples": 20, "trajectories": 4, "input": [PEOPLE]} | more


def test_an_input_has_the_effect_that_can_be_worked_out() -> None:
    found = study.run(document())
    [effect] = [row for row in found.effects if row["figure"] == "clearance_s"]
    assert effect["mean_absolute"] == effect["mean"] == pytest.approx(5760, abs=2)
    assert effect["deviation"] == pytest.approx(0, abs=2) and effect["steps"] == 4
    for row in found.samples:
        people = round(12_000 * row["people"])
        assert row["clearance_s"] == pytest.approx(people * 1.2 + 600, abs=0.01)
    [quantiles] = [row for row in found.quantiles if row["figure"] == "clearance_s"]
    assert quantiles["p5"] == min(row["clearance_s"] for row in found.samples)
    assert quantiles["never"] == 0 and quantiles["unit"] == "s"


def test_of_each_range_every_equal_part_is_drawn_once() -> None:
    asked = study.read(document(samples=50))
    drawn = sorted(row["people"] for row in study._samples(asked))
    assert [int((value - 0.8) / 0.4 * 50) for value in drawn] == list(range(50))


def test_what_acts_with_another_shows_in_the_deviation() -> None:
    # half the capacity doubles what each person costs: the effect of people depends on it
    link = clearway.load(EXAMPLES / "one-road").read("link.csv").decode().splitlines()[1].split(",")[0]
    lanes = {"name": "lanes", "low": 0.5, "high": 1.0, "lanes": link}
    found = study.run(document(input=[PEOPLE, lanes], samples=0, trajectories=8))
    effects = {row["input"]: row for row in found.effects if row["figure"] == "clearance_s"}
    assert effects["lanes"]["mean"] < 0 < effects["people"]["mean"]
    assert effects["people"]["deviation"] > 100
    hours = [row["mean_absolute"] for row in found.effects if row["figure"] == "person_hours"]
    assert hours == sorted(hours, reverse=True) and len(hours) == 2
    assert found == study.run(document(input=[PEOPLE, lanes], samples=0, trajectories=8))


def test_options_are_on_the_front_or_dominated(tmp_path: Path) -> None:
    link = clearway.load(EXAMPLES / "one-road").read("link.csv").decode().splitlines()[1].split(",")[0]
    wider = {"change": "road", "link_id": link, "lanes": 2}
    options: list[dict[str, Any]] = [
        {"name": "a lane more", "cost": 2, "changes": [wider]},
        {"name": "a sign", "cost": 1, "changes": [{"change": "road", "link_id": link, "lanes": 1}]},
    ]
    found = study.run(document(option=options, samples=0, trajectories=0))
    dominated = {row["options"]: row["dominated"] for row in found.front}
    assert dominated == {"": False, "a lane more": False, "a sign": True, "a lane more, a sign": True}
    assert [row["cost"] for row in found.front] == [0, 2, 1, 3]
    # the same as a file
    text = f'scenario = "{EXAMPLES / "one-road"}"\nsamples = 0\ntrajectories = 0\n'
    for option in options:
        [only] = option["changes"]
        pairs = ", ".join(f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in only.items())
        text += f'[[option]]\nname = "{option["name"]}"\ncost = {option["cost"]}\nchanges = [{{ {pairs} }}]\n'
    (tmp_path / "study.toml").write_text(text)
    assert study.run(tmp_path / "study.toml").front == found.front
    found.save(tmp_path / "study")
    assert (tmp_path / "study/front.csv").read_text().startswith("options,cost,t90_s,")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = {"scenario": EXAMPLES / "one-road", "sample": 3, "answer": "both", "input": [{"low": 2, "high": 1, "people": "*"}, {}]}
    with pytest.raises(clearway.InvalidRequest) as caught:
        study.run(wrong)
    for named in ("sample:", "answer is 'both'", "input 1: low is 2", "input 2: expected one of people"):
        assert named in str(caught.value)
    with pytest.raises(clearway.InvalidRequest, match="Z9 is not in the scenario"):
        study.run(document(input=[PEOPLE | {"people": "Z9"}]))
