"""A study: one scenario with many figures, to see how sure an answer is, which input matters most, and which options are worth their cost.

A study is a TOML file, or the same as a document; ``docs/reference/study.md`` lists its keys, designs, methods and figures, and
``clearway study`` on the command line gives the same results, byte for byte::

    scenario = "town"                 # folder, beside the file
    answer = "bound"                  # or "plan", "simulation"
    design = "sobol"                  # or "morris", "sample", "factorial"
    samples = 64
    seed = 1

    [[input]]                         # what is not known well
    name = "people"
    vary = "people"                   # times the people
    of = "*"                          # of all zones
    range = [0.8, 1.2]

    [[option]]                        # what might be done, alone and together with the others
    name = "contraflow on East Way"
    cost = 2.0                        # in whatever unit all options share
    changes = [{ change = "contraflow", link_id = "4" }]
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _clearway
from ._answers import Answer, Document, Scenario, _of
from ._errors import InvalidRequest
from ._given import PathLike
from ._session import Session
from ._verbs import ScenarioLike, load

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class StudyRequest:
    """What is asked of a study: :func:`read`."""

    scenario: Scenario
    """The scenario that is varied."""
    request: str
    """Everything else, as JSON of the library's request."""

    @property
    def document(self) -> Document:
        """Everything else."""
        read: Document = json.loads(self.request)
        return read

    def runs(self, *, session: Session | None = None) -> int:
        """How many runs it has. Raises :class:`clearway.InvalidInput` with everything that does not fit the scenario."""
        return _clearway.study_runs((session or Session()).run(), self.scenario._native, self.request)

    def part(self, first: int, end: int, *, session: Session | None = None) -> bytes:
        """Its runs from ``first`` to before ``end`` as a Parquet file, for :func:`merge`. It depends on nothing but the study and the numbers."""
        runner = (session or Session()).run()
        return bytes(_clearway.study_part(runner, self.scenario._native, self.request, first, end))


class Study(Answer):
    """What came of a study."""

    _kind = "study"

    @cached_property
    def report(self) -> Document:
        """All of it: ``study.json``."""
        return self.document("study.json")

    @property
    def quantiles(self) -> list[Document]:
        """Per figure what 5, 10, 25, 50, 75, 90 and 95 of 100 draws do not exceed, and in which share of them it is never reached."""
        return list(self.report["quantiles"])

    @property
    def indices(self) -> list[Document]:
        """Per figure and input which share of the variance goes back to the input alone (``first``) and with others (``total``)."""
        return list(self.report["indices"])

    @property
    def effects(self) -> list[Document]:
        """Per figure and input what it changes over the whole spread of the input."""
        return list(self.report["effects"])

    @property
    def front(self) -> list[Document]:
        """Options alone and together: their cost and figures, in the order of ``report["figures"]``, and whether they are ``on_front``."""
        return list(self.report["front"])

    @property
    def failed(self) -> list[Document]:
        """Runs that could not be made, and why."""
        return list(self.report["failed"])

    def to_parquet(self) -> bytes:
        """All runs as a Parquet file, which is also a part for :func:`merge`."""
        return self.read("runs.parquet")

    def to_pandas(self) -> pandas.DataFrame:
        """All runs: inputs, options and figures. Needs pyarrow."""
        import pandas

        return pandas.read_parquet(io.BytesIO(self.to_parquet()))


def read(
    given: PathLike | Mapping[str, Any], *, scenario: ScenarioLike | None = None, session: Session | None = None
) -> StudyRequest:
    """Reads a study: the path of a TOML file, or a document in the same shape, in which ``scenario`` may also be a scenario that was loaded.
    ``scenario`` as keyword takes the place of the one that it names. Raises :class:`clearway.InvalidInput` with everything that is wrong."""
    base, is_json = Path(), isinstance(given, Mapping)
    if isinstance(given, Mapping):
        name = "study"
        document = dict(given)
        inside = document.get("scenario")
        if inside is not None and not isinstance(inside, str):
            document.pop("scenario")
            scenario = scenario if scenario is not None else inside
        text = json.dumps(document)
    else:
        name, base = os.fspath(given), Path(given).parent
        text = Path(given).read_text(encoding="utf-8")
    named, request = _clearway.study_request(name, text, is_json, base)
    if scenario is None:
        if not named:
            raise InvalidRequest(f"{name}: expected scenario, the folder that is varied")
        scenario = base / named
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario, session=session)
    return StudyRequest(loaded, request)


def run(
    given: PathLike | Mapping[str, Any] | StudyRequest,
    *,
    scenario: ScenarioLike | None = None,
    session: Session | None = None,
) -> Study:
    """Makes all runs of a study, as many at the same time as the session has threads. The same study gives the same results."""
    asked = given if isinstance(given, StudyRequest) else read(given, scenario=scenario, session=session)
    made: Study = _of(Study, _clearway.study((session or Session()).run(), asked.scenario._native, asked.request))
    return made


def merge(parts: Mapping[str, bytes], *, session: Session | None = None) -> Study:
    """Puts parts together that were made apart, each by its name; runs that are in several count once."""
    made: Study = _of(Study, _clearway.merge_study((session or Session()).run(), list(parts.items())))
    return made
