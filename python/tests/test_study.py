"""Studies, on a road whose answer can be worked out: people / (3,000 people/h) + 10 min."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import EXAMPLES

import clearway
from clearway import study

# 12,000 people, 0.8 to 1.2 times as many: 1.6 h over the range
PEOPLE = {"name": "people", "vary": "people", "of": "*", "range": [0.8, 1.2]}
LANES = {"name": "lanes", "vary": "lanes", "of": ["1"], "list": [1, 2]}
OPTION = {"name": "a lane more", "cost": 2, "changes": [{"change": "road", "link_id": "1", "lanes": 2}]}


def document(**more: Any) -> dict[str, Any]:
    return {"scenario": EXAMPLES / "one-road", "design": "sample", "samples": 20, "input": [PEOPLE]} | more


def test_runs_have_the_closed_form() -> None:
    found = study.run(document(input=[PEOPLE, LANES]))
    table = found.to_pandas()
    assert len(table) == 20 and set(table["input.lanes"]) == {1.0, 2.0}
    for _, row in table.iterrows():
        people = round(12_000 * row["input.people"])
        assert row["clearance_bound_s"] == pytest.approx(people * 1.2 / row["input.lanes"] + 600, abs=0.01)
    [quantiles] = [row for row in found.quantiles if row["figure"] == "clearance_bound_s"]
    assert quantiles["p5"] == table["clearance_bound_s"].min() and quantiles["unit"] == "s"
    assert not found.failed and "In the median of 20 draws" in str(found)


def test_effects_and_the_front_by_hand() -> None:
    found = study.run(document(design="morris", trajectories=4, option=[OPTION]))
    [effect] = [row for row in found.effects if row["figure"] == "clearance_bound_s"]
    assert effect["mean_absolute"] == effect["mean"] == pytest.approx(5760, abs=2)
    assert [(row["options"], row["cost"], row["on_front"]) for row in found.front] == [([], 0, True), (["a lane more"], 2, True)]


def test_the_command_line_gives_the_same_files(tmp_path: Path) -> None:
    text = f'scenario = "{EXAMPLES / "one-road"}"\ndesign = "sobol"\nsamples = 8\n'
    text += '[[input]]\nname = "people"\nvary = "people"\nof = "*"\nrange = [0.8, 1.2]\n'
    (tmp_path / "study.toml").write_text(text)
    found = study.run(tmp_path / "study.toml", session=clearway.Session(threads=2))
    program = os.environ["CLEARWAY_PROGRAM"]
    subprocess.run([program, "study", "study.toml", "--out", "said"], cwd=tmp_path, check=True, capture_output=True)
    for name, data in found.files().items():
        assert (tmp_path / "said" / name).read_bytes() == data, name
    found.save(tmp_path / "saved")
    assert (tmp_path / "saved" / "manifest.json").read_bytes() == (tmp_path / "said" / "manifest.json").read_bytes()
    assert study.run(document(design="sobol", samples=8)).files() == found.files()


def test_groups_go_with_the_people_of_their_zone() -> None:
    found = study.run({"scenario": EXAMPLES / "train", "design": "factorial", "input": [{"name": "p", "vary": "people", "of": "*", "list": [0.5, 1]}]})
    half, whole = found.to_pandas()["person_hours_bound"]
    assert not found.failed and half < whole


def test_parts_make_the_whole() -> None:
    asked = study.read(document(), scenario=clearway.load(EXAMPLES / "one-road"))
    assert asked.runs() == 20 and asked.document["samples"] == 20
    whole = study.run(asked)
    merged = study.merge({"b": asked.part(9, 20), "a": asked.part(0, 9)})
    assert merged.files() == whole.files()
    assert study.merge({"a": asked.part(0, 9)}).report["missing"] == ["9..20"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = {"scenario": "town", "sample": 3, "answer": "both", "input": [PEOPLE | {"range": [2, 1]}, {}]}
    with pytest.raises(clearway.InvalidInput) as caught:
        study.run(wrong)
    for named in ("sample = '3'", "answer = 'both'", "input 1 (people), range = '[2, 1]'", "input 2, vary"):
        assert named in str(caught.value)
    assert all(fault.expected for fault in caught.value.faults)
    with pytest.raises(clearway.InvalidInput, match="of = 'Z9': expected an id of zones.csv"):
        study.run(document(input=[PEOPLE | {"of": "Z9"}]))
    with pytest.raises(clearway.InvalidRequest, match="expected scenario"):
        study.read({"input": [PEOPLE]})
