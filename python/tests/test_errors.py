"""What goes wrong is an exception that says all of it."""

from __future__ import annotations

import io
import signal
import threading
import time
from pathlib import Path
from types import FrameType

import pandas
import pytest
from conftest import EXAMPLES, ROOT

import clearway


def test_all_faults_are_listed_at_once_with_place_value_and_hint() -> None:
    files = clearway.load(EXAMPLES / "one-road").files()
    zones = pandas.read_csv(io.BytesIO(files["zones.csv"]))
    zones["people"] = -5
    with pytest.raises(clearway.InvalidInput) as caught:
        clearway.load({name: data for name, data in files.items() if name != "sites.csv"} | {"zones.csv": zones})
    faults = caught.value.faults
    assert {fault.file for fault in faults} >= {"zones.csv", "sites.csv"}
    [people] = [fault for fault in faults if fault.file == "zones.csv"]
    assert (people.severity, people.field, people.found) == ("error", "people", "-5")
    assert people.place and people.expected
    [missing] = [fault for fault in faults if fault.file == "sites.csv"]
    assert missing.hint == "the file is missing"
    assert isinstance(caught.value, ValueError)
    assert str(people) in str(caught.value)


def test_a_folder_of_another_kind_is_named(tmp_path: Path, one_road: clearway.Plan) -> None:
    with pytest.raises(clearway.InvalidRequest, match="no plan folder"):
        clearway.open_plan(EXAMPLES / "one-road")
    with pytest.raises(clearway.InvalidRequest, match="scenario folder"):
        clearway.verify(EXAMPLES / "one-road")
    with pytest.raises(clearway.Unreadable):
        clearway.observed(one_road, tmp_path / "no-such-file.csv")
    with pytest.raises(clearway.InvalidRequest, match="float"):
        clearway.load(3.0)  # type: ignore[arg-type]


def test_a_plan_that_does_not_hold_is_not_built_upon(one_road: clearway.Plan) -> None:
    files = one_road.files()
    forged = files | {"summary.json": files["summary.json"].replace(b"15000", b"14000")}
    assert forged != files
    found = clearway.verify(forged)
    assert not found and found.findings
    with pytest.raises(clearway.DoesNotHold):
        found.must_hold()
    for verb in (clearway.needs, lambda plan: clearway.export(plan, "kml")):
        with pytest.raises(clearway.DoesNotHold):
            verb(forged)
    with pytest.raises(clearway.DoesNotHold):
        _ = clearway.open_plan(forged).tables


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Path, one_road: clearway.Plan) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("mine")
    with pytest.raises(clearway.Unwritten, match="not empty"):
        one_road.save(tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    one_road.save(tmp_path / "plan")
    one_road.save(tmp_path / "plan", replace=True)
    with pytest.raises(clearway.Unwritten):
        clearway.load(EXAMPLES / "one-road").save(tmp_path / "plan", replace=True)
    assert clearway.verify(tmp_path / "plan")


def test_too_little_memory_is_said_with_figures() -> None:
    with pytest.raises(clearway.TooLarge) as caught:
        clearway.plan(EXAMPLES / "helsinki", session=clearway.Session(memory_bytes=1))
    assert caught.value.least_bytes > caught.value.allowed_bytes == 1


def test_ctrl_c_ends_it() -> None:
    told: list[str] = []
    pressed: list[float] = []

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        pressed.append(time.monotonic())
        raise KeyboardInterrupt

    def heard(event: clearway._session.Event) -> None:
        told.append(event["event"])
        if event["event"] == "bound_so_far":
            signal.setitimer(signal.ITIMER_REAL, 0.05)

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with pytest.raises(clearway.Interrupted) as caught:
            clearway.plan(EXAMPLES / "helsinki", effort=100, session=clearway.Session(progress=heard))
    finally:
        signal.signal(signal.SIGALRM, before)
    # a second, and what a machine with other things to do adds
    assert len(pressed) == 1 and time.monotonic() - pressed[0] < 10
    assert "progress" in told
    assert isinstance(caught.value, KeyboardInterrupt)
    assert caught.value.partial is None or clearway.verify(caught.value.partial)


def test_another_thread_ends_it_with_what_was_proved() -> None:
    cancel = clearway.Cancel()

    def heard(event: clearway._session.Event) -> None:
        if event["event"] == "variation_begun" and event["number"] >= 2:
            cancel.cancel()

    with pytest.raises(clearway.Cancelled) as caught:
        clearway.interventions(EXAMPLES / "helsinki", session=clearway.Session(progress=heard, cancel=cancel))
    assert cancel.is_cancelled
    partial = caught.value.partial
    # the bound as it is was proved, and is in the files with its proof
    assert partial is not None and any(name.endswith("certificate.json") for name in partial.names())


def test_what_a_callback_raises_ends_it() -> None:
    def heard(event: clearway._session.Event) -> None:
        raise RuntimeError(event["event"])

    with pytest.raises(RuntimeError, match="progress"):
        clearway.plan(EXAMPLES / "helsinki", effort=100, session=clearway.Session(progress=heard))


def test_progress_rises_to_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[float] = []

    def heard(event: clearway._session.Event) -> None:
        if event["event"] == "progress":
            done.append(event["done"])

    clearway.plan(EXAMPLES / "one-road", session=clearway.Session(progress=heard))
    assert done == sorted(done) and done[-1] > 0.9
    clearway.plan(EXAMPLES / "one-road", session=clearway.Session(progress=True))
    assert "% after" in capsys.readouterr().err


def test_threads_run_side_by_side_with_the_same_result(one_road: clearway.Plan) -> None:
    plans: list[clearway.Plan] = []
    threads = [threading.Thread(target=lambda: plans.append(clearway.plan(EXAMPLES / "one-road"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [plan.read("plan.json") for plan in plans] == [one_road.read("plan.json")] * 3


def test_the_version_is_that_of_the_workspace() -> None:
    assert f'version = "{clearway.__version__}"' in (ROOT / "Cargo.toml").read_text()
