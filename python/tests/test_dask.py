"""Members on many workers are those of one process, whatever becomes of the workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import EXAMPLES
from distributed import Client

import clearway
import clearway.dask

MEMBERS = 60

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with clearway.dask.local(workers=2) as client:
        yield client


@pytest.fixture(scope="module")
def alone(one_road: clearway.Plan) -> clearway.Ensemble:
    return clearway.ensemble(one_road, MEMBERS)


def test_a_killed_worker_costs_nothing_and_counts_nothing_twice(
    client: Client, one_road: clearway.Plan, alone: clearway.Ensemble
) -> None:
    killed: list[int] = []

    def heard(done: int, of: int) -> None:
        if done >= of // 3 and not killed:
            processes: dict[str, int] = client.run(os.getpid)  # pyright: ignore[reportAssignmentType]
            [victim, *_] = processes.values()
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

    together = clearway.dask.ensemble(one_road, MEMBERS, client=client, members_a_task=5, heard=heard)
    assert killed
    assert together.files() == alone.files()
    assert together.report["members"] == MEMBERS


def test_what_was_killed_goes_on(
    client: Client, one_road: clearway.Plan, alone: clearway.Ensemble, tmp_path: Path
) -> None:
    class Killed(Exception):
        pass

    def heard(done: int, of: int) -> None:
        if done >= of // 2:
            raise Killed

    with pytest.raises(Killed):
        clearway.dask.ensemble(one_road, MEMBERS, client=client, members_a_task=6, folder=tmp_path, heard=heard)
    kept = sorted(tmp_path.iterdir())
    assert 5 <= len(kept) < 10 and all(path.suffix == ".parquet" for path in kept)
    # a damaged part and one of another seed are none
    kept[0].write_bytes(kept[0].read_bytes()[:-20])
    other = clearway.ensemble(one_road, range(6, 12), seed=2)
    kept[1].write_bytes(other.to_parquet())
    told: list[int] = []
    together = clearway.dask.ensemble(
        one_road, MEMBERS, client=client, members_a_task=6, folder=tmp_path, heard=lambda done, of: told.append(done)
    )
    assert told[0] == 6 * (len(kept) - 2)
    assert together.files() == alone.files()
    assert len(list(tmp_path.glob("*.parquet"))) == 10
    # the command line takes the same parts
    assert clearway.merge_ensemble(sorted(tmp_path.iterdir()), plan=one_road).files() == alone.files()


def test_a_sweep_is_the_plans_one_by_one(client: Client, one_road: clearway.Plan, tmp_path: Path) -> None:
    requests = {"usual": {}, "by the hour": {"window_ms": 3_600_000}}
    swept = clearway.dask.plans(EXAMPLES / "one-road", requests, client=client, folder=tmp_path)
    assert list(swept) == ["usual", "by the hour"]
    assert swept["usual"].read("plan.json") == one_road.read("plan.json")
    assert all(clearway.verify(plan) for plan in swept.values())
    assert len(list(tmp_path.iterdir())) == 2
    again = clearway.dask.plans(EXAMPLES / "one-road", requests, client=client, folder=tmp_path)
    # not made again: the same down to how long it took
    assert [plan.files() for plan in again.values()] == [plan.files() for plan in swept.values()]


def test_members_a_task_are_enough_and_leave_all_something_to_do(one_road: clearway.Plan) -> None:
    store = clearway.dask._what_is_simulated(one_road)
    request = clearway._beside.ensemble_request()
    assert clearway.dask._members_a_task(store, request, range(10_000), 2) >= clearway.dask.MEMBERS_A_TASK
    assert clearway.dask._members_a_task(store, request, range(10), 4) == 3
