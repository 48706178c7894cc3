"""Many members and many plans on many machines, by any Dask client; without one, on the cores of this machine.

A task is pure: what it gives depends on nothing but its plan, its request and the numbers of its members, and by the digest of these its key is
made. A task whose worker dies is done again elsewhere; a part that is in ``folder`` is not done again. What is put together is byte for byte
what one process gives. Needs ``dask`` and ``distributed``.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, cast

import dask.config
from distributed import Client, Future, LocalCluster, Scheduler, as_completed

from . import _clearway
from ._answers import Ensemble, Plan, Scenario, _of
from ._beside import Behaviour, PlanLike, Queues, ensemble_request, merge_ensemble
from ._errors import InvalidRequest
from ._given import Folder, PathLike, folder
from ._session import Session
from ._verbs import ScenarioLike, load, plan

SECONDS_A_TASK = 1.0
"""A task lasts at least about so long, so that what Dask takes for one (about a millisecond) does not count."""
MEMBERS_A_TASK = 20
"""A task has at least so many members where there are enough: what comes back has a head of its own."""
ALLOWED_FAILURES = 1000
"""So many workers may die under one task. Dask gives up after three, counting every task of a worker that dies whatever killed it."""


@contextmanager
def local(workers: int | None = None) -> Iterator[Client]:
    """A client with workers on this machine, one process each; ``workers``: ``None`` for as many as there are cores."""
    settings = {"distributed.scheduler.allowed-failures": ALLOWED_FAILURES}
    with dask.config.set(settings):
        cluster = LocalCluster(
            n_workers=workers or os.cpu_count() or 1,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,  # pyright: ignore[reportArgumentType] none is allowed, and means no page
        )
        with cluster, Client(cluster) as client:
            yield client


@contextmanager
def _client(given: Client | None) -> Iterator[Client]:
    if given is not None:
        given.run_on_scheduler(_allow_failures)
        yield given
    else:
        with local() as client:
            yield client


def _allow_failures(dask_scheduler: Scheduler | None = None) -> None:
    if dask_scheduler is not None:
        dask_scheduler.allowed_failures = max(dask_scheduler.allowed_failures or 0, ALLOWED_FAILURES)


def _threads(on: Client) -> int:
    threads: dict[str, int] = on.nthreads()  # pyright: ignore[reportAssignmentType] in a client that is not asynchronous
    return sum(threads.values())


def _digest(*parts: object) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else json.dumps(part, sort_keys=True).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _kept(files: bytes) -> bytes:
    """The files of a plan or scenario, as a task of its own: where they are lost with a worker, they are sent again."""
    return files


_begun: dict[str, _clearway.EnsembleMembers] = {}
"""The ensemble of which this worker made members last, by its digest."""


def _members(files: bytes, request: str, digest: str, first: int, end: int) -> bytes:
    """Some members, as a Parquet file. What all of them need a worker works out once."""
    ensemble = _begun.get(digest)
    if ensemble is None:
        store = _clearway.Folder.of_files("plan", pickle.loads(files))
        ensemble = _clearway.EnsembleMembers(store, request)
        # one at a time: a worker that goes on to another ensemble has no more use for it
        _begun.clear()
        _begun[digest] = ensemble
    made: Ensemble = _of(Ensemble, ensemble.members(Session(threads=1).run(), first, end))
    return made.to_parquet()


def ensemble(
    given: PlanLike,
    members: int | range,
    *,
    client: Client | None = None,
    folder: PathLike | None = None,
    members_a_task: int | None = None,
    queues: Queues = "spatial",
    spacing_m: float = 7.5,
    wave_km_h: float = 15.0,
    pocket_vehicles: int = 2,
    with_junctions: bool = True,
    seed: int = 1,
    figures: Literal["ranges", "central"] = "ranges",
    behaviour: Behaviour | None = None,
    heard: Callable[[int, int], object] | None = None,
) -> Ensemble:
    """As :func:`clearway.ensemble` of the plan ``given``, on the workers of ``client``.

    ``folder``: where parts are kept as they come in, each written under another name and renamed; parts of the same ensemble that are there
    are not computed again, so that what was killed goes on. ``members_a_task``: ``None`` for enough that a task lasts a second. ``heard`` is
    called with how many members there are, and of how many.
    """
    numbers = range(members) if isinstance(members, int) else members
    if numbers.step != 1 or not numbers:
        raise InvalidRequest(f"members is {numbers}, expected at least one, without gaps")
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
    store = _what_is_simulated(given)
    head = _clearway.ensemble_head(Session().run(), store, request)
    keep = _PartFolder(folder, store, request)
    with _client(client) as on:
        size = members_a_task or _members_a_task(store, request, numbers, _threads(on))
        ranges = [(first, min(first + size, numbers.stop)) for first in range(numbers.start, numbers.stop, size)]
        parts = {one: part for one in ranges if (part := keep.found(*one)) is not None}
        packed = pickle.dumps(store.files())
        files = on.submit(_kept, packed, key=f"clearway-files-{_digest(packed)}", pure=True)
        digest = _digest(head)
        tasks: dict[Future[Any], tuple[int, int]] = {
            on.submit(_members, files, request, digest, *one, key=f"clearway-members-{digest}-{one[0]}-{one[1]}", pure=True): one
            for one in ranges
            if one not in parts
        }
        _tell(heard, parts, len(numbers))
        for done, part in as_completed(tasks, with_results=True):
            keep.put(*tasks[done], part)
            parts[tasks[done]] = part
            _tell(heard, parts, len(numbers))
            done.release()
    return merge_ensemble([(f"members {first} to {end}", parts[first, end]) for first, end in ranges], plan=given)


def _tell(heard: Callable[[int, int], object] | None, parts: Mapping[tuple[int, int], bytes], of: int) -> None:
    if heard is not None:
        heard(sum(end - first for first, end in parts), of)


def _what_is_simulated(given: PlanLike) -> _clearway.Folder:
    """Of a plan the files that its simulation reads."""
    store = folder(given, "plan in memory")
    wanted = {"plan.json", "summary.json", "curve.csv", "multimodal.json"}
    names = [name for name in store.names() if name in wanted or name.startswith("scenario/")]
    files = {name: data for name in names if (data := store.read(name)) is not None}
    return _clearway.Folder.of_files(store.label, files)


def _members_a_task(store: _clearway.Folder, request: str, numbers: range, threads: int) -> int:
    """How many members a task has: at least a second's worth, and no more than leave every thread something to do."""
    begun = time.perf_counter()
    _clearway.ensemble(Session(threads=1).run(), store, request, numbers.start, numbers.start + 1)
    # with reading and as ordered, which only makes the estimate longer
    member_s = (time.perf_counter() - begun) / 3
    size = max(MEMBERS_A_TASK, int(SECONDS_A_TASK / max(member_s, 1e-6)) + 1)
    return max(1, min(size, -(-len(numbers) // max(threads, 1))))


class _PartFolder:
    """The folder in which parts are kept."""

    def __init__(self, path: PathLike | None, store: _clearway.Folder, request: str) -> None:
        self._path = None if path is None else Path(path)
        self._store, self._request = store, request
        if self._path is not None:
            self._path.mkdir(parents=True, exist_ok=True)

    def _file(self, first: int, end: int) -> Path | None:
        return None if self._path is None else self._path / f"members-{first:010}-{end:010}.parquet"

    def found(self, first: int, end: int) -> bytes | None:
        """A part of this ensemble with just these members that is there, whole."""
        path = self._file(first, end)
        if path is None or not path.exists():
            return None
        part = path.read_bytes()
        is_ours = _clearway.is_part_of(Session().run(), self._store, self._request, part, first, end)
        return part if is_ours else None

    def put(self, first: int, end: int, part: bytes) -> None:
        """Keeps a part, whole or not at all."""
        path = self._file(first, end)
        if path is not None:
            beside = path.with_suffix(f".{os.getpid()}.part")
            beside.write_bytes(part)
            beside.replace(path)


def _plan(files: bytes, request: dict[str, Any]) -> tuple[dict[str, bytes], str]:
    """One plan of a sweep."""
    made = plan(pickle.loads(files), session=Session(threads=1), **request)
    return made.files(), str(made)


def plans(
    scenarios: Mapping[str, ScenarioLike] | ScenarioLike,
    requests: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    client: Client | None = None,
    folder: PathLike | None = None,
) -> dict[str, Plan]:
    """A sweep: plans of scenarios by name, of one scenario by requests, or of each scenario with each request (then named
    ``SCENARIO, REQUEST``). Requests are what :func:`clearway.plan` takes, e.g. ``{"two": {"routes_per_zone": 2}}``.

    ``folder``: where plans are saved as they come in, each in a folder by the digest of scenario, request and version, whole or not at all;
    those that are there are not made again.
    """
    cases: dict[str, tuple[Scenario, dict[str, Any]]] = {}
    named = scenarios if isinstance(scenarios, Mapping) and not _is_folder(scenarios) else {"": scenarios}
    for town, given in named.items():
        loaded = given if isinstance(given, Scenario) else load(cast(Folder, given))
        for asked, request in (requests or {"": {}}).items():
            cases[", ".join(word for word in (str(town), asked) if word) or "plan"] = (loaded, dict(request))
    made: dict[str, Plan] = {}
    keep = None if folder is None else Path(folder)
    with _client(client) as on:
        tasks: dict[Future[Any], tuple[str, str]] = {}
        for name, (scenario, request) in cases.items():
            digest = _digest(_clearway.version(), scenario.digest, request)
            if keep is not None and (keep / digest / "manifest.json").exists():
                made[name] = Plan(_clearway.Folder.at(keep / digest))
                continue
            packed = pickle.dumps(scenario.files())
            files = on.submit(_kept, packed, key=f"clearway-files-{_digest(packed)}", pure=True)
            key = f"clearway-plan-{digest}-{_digest(name)[:8]}"
            tasks[on.submit(_plan, files, request, key=key, pure=True)] = (name, digest)
        for done, (found, words) in as_completed(tasks, with_results=True):
            name, digest = tasks[done]
            made[name] = Plan(_clearway.Folder.of_files(name, found), words)
            if keep is not None:
                made[name].save(keep / digest)
            done.release()
    return {name: made[name] for name in cases}


def _is_folder(given: Mapping[str, Any]) -> bool:
    return "scenario.toml" in given
