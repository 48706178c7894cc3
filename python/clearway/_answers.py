"""What verbs give: files with their documents, tables and words."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from . import _clearway
from ._errors import DoesNotHold, Fault, InvalidRequest, faults_of
from ._given import Folder, PathLike, folder
from ._session import Session

if TYPE_CHECKING:
    import geopandas
    import pandas
    import polars
    import pyarrow

Document = dict[str, Any]
"""A JSON document; what its keys mean is in ``docs/reference``."""


class Answer:
    """What a verb gives: the files of a folder, and what the command line would say."""

    _kind: ClassVar[str | None] = None
    """What the folder is, where it comes from a disk."""

    def __init__(self, files: _clearway.Folder, words: str = "", facts: Any = None) -> None:
        self._folder = files
        self._words = words
        self._facts: Any = {} if facts is None else facts

    def files(self) -> dict[str, bytes]:
        """All files by name, byte for byte as :meth:`save` and the command line write them; ``manifest.json`` apart."""
        return self._folder.files()

    def names(self) -> list[str]:
        """Names of all files."""
        return self._folder.names()

    def read(self, name: str) -> bytes:
        """What is in a file."""
        found = self._folder.read(name)
        if found is None:
            raise KeyError(name)
        return found

    def document(self, name: str) -> Document:
        """A JSON file."""
        loaded: Document = json.loads(self.read(name))
        return loaded

    def save(self, path: PathLike, *, replace: bool = False) -> list[str]:
        """Writes the folder, whole or not at all, with a manifest. ``replace``: take the place of an earlier folder of the same kind; files in
        it that Clearway did not write stay. Returns what somebody should know."""
        return self._folder.save(Path(path), replace, self._kind)

    @property
    def warnings(self) -> list[Fault]:
        """What was found in the input that is no error."""
        return faults_of(self._facts.get("warnings", []))

    def __str__(self) -> str:
        return self._words

    def __repr__(self) -> str:
        return f"<clearway.{type(self).__name__} of {self._folder.label}>"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self._words)}</pre>" if self._words else html.escape(repr(self))


def _of(cls: type[Any], native: _clearway.Answer) -> Any:
    files = native.folder or _clearway.Folder.of_files("", {})
    return cls(files, native.words, json.loads(native.facts))


class Scenario(Answer):
    """A scenario that was read and checked: settings and tables of who has to go where by which roads."""

    _kind = "scenario"

    def __init__(self, native: _clearway.Scenario) -> None:
        facts = json.loads(native.facts)
        super().__init__(native.folder, facts=facts)
        self._native = native

    @property
    def digest(self) -> str:
        """The digest by which plans and proofs name it."""
        return str(self._facts["digest_with_groups"] or self._facts["digest"])

    @property
    def settings(self) -> Document:
        """What holds for the whole scenario (``scenario.toml``)."""
        return dict(self._facts["settings"])

    @property
    def people(self) -> int:
        """People of all zones, the central value of their ranges."""
        return int(self._facts["people"])

    @property
    def size(self) -> dict[str, int]:
        """How many ``nodes``, ``links``, ``zones`` and ``sites`` it has."""
        return {name: self._facts[name] for name in ("nodes", "links", "zones", "sites")}

    def __str__(self) -> str:
        words = ", ".join(f"{count:,} {name}" for name, count in self.size.items())
        return f"{self.settings['name']}: {self.people:,} people; {words}"

    def __repr__(self) -> str:
        return f"<clearway.Scenario {self.settings['name']!r}, {self.people:,} people>"


@dataclass(frozen=True)
class PlanAndBound:
    """A figure of a plan beside what no plan can beat, s or person-hours."""

    plan: float | None
    """Of the plan; ``None``: never within the planning horizon, or there are no orders."""
    bound: float | None
    """Before when, or below which, no plan can be; ``None``: no plan reaches it within the planning horizon."""


def _pair(document: Document) -> PlanAndBound:
    return PlanAndBound(document.get("plan"), document.get("bound"))


class Plan(Answer):
    """A plan with its proof and its figures, as a plan folder has them."""

    _kind = "plan"

    @cached_property
    def is_multimodal(self) -> bool:
        """Whether it is of population groups by how they can move; each part is then a plan of its own (:meth:`part`)."""
        return self._folder.read("multimodal.json") is not None

    @cached_property
    def summary(self) -> Document:
        """All figures: ``summary.json``, of a multimodal plan ``multimodal.json``."""
        return self.document("multimodal.json" if self.is_multimodal else "summary.json")

    @cached_property
    def orders(self) -> Document:
        """Routes and orders: ``plan.json``."""
        return self.document("plan.json")

    @cached_property
    def certificate(self) -> Document:
        """The proof of the bound: ``certificate.json``."""
        return self.document("certificate.json")

    @property
    def t90_s(self) -> PlanAndBound:
        """When nine of ten have arrived, s after time 0. Of a multimodal plan each part has its own."""
        return _pair(self.summary["t90_s"]) if "t90_s" in self.summary else PlanAndBound(None, None)

    @property
    def clearance_s(self) -> PlanAndBound:
        """When all have arrived, s after time 0."""
        return _pair(self.summary["clearance_s"])

    @property
    def person_hours(self) -> PlanAndBound:
        """Hours of all people from time 0 until they arrive."""
        return _pair(self.summary["person_hours"])

    @property
    def sentences(self) -> list[str]:
        """The answer in sentences; empty for a plan that was opened."""
        return list(self._facts.get("sentences", []))

    @cached_property
    def scenario_files(self) -> dict[str, bytes]:
        """The copy of the scenario in the plan."""
        inside = (name for name in self.names() if name.startswith("scenario/"))
        return {name.removeprefix("scenario/"): self.read(name) for name in inside}

    def part(self, name: str) -> Plan:
        """A part of a multimodal plan, e.g. ``vehicle`` or ``walk``."""
        files = {
            file.removeprefix(f"{name}/"): self.read(file) for file in self.names() if file.startswith(f"{name}/")
        }
        if "plan.json" not in files:
            raise KeyError(name)
        return Plan(_clearway.Folder.of_files(f"{self._folder.label}/{name}", files))

    @cached_property
    def tables(self) -> Tables:
        """Its figures as tables, with unit and meaning of every column. It is verified first: :class:`clearway.DoesNotHold`."""
        return self.tables_of("")

    def tables_of(self, part: str) -> Tables:
        """The tables of a part of a multimodal plan."""
        parts = dict(_clearway.plan_tables(Session().run(), self._folder))
        if part not in parts:
            raise InvalidRequest(f"it has the parts {', '.join(parts)}: tables_of({next(iter(parts))!r})")
        return Tables(parts[part])

    def _repr_html_(self) -> str:
        if self.is_multimodal:
            return super()._repr_html_()
        return _clearway.picture(Session().run(), self._folder)


class Bound(Plan):
    """What no plan can beat, with its proof: a plan without orders."""


class Table:
    """A table with the Arrow PyCapsule interface, which pyarrow, pandas, Polars, DuckDB and GeoPandas read without a copy by hand."""

    def __init__(self, native: _clearway.Table) -> None:
        self._native = native

    @property
    def name(self) -> str:
        """Its name."""
        return self._native.name

    @property
    def about(self) -> str:
        """What a row of it is."""
        return self._native.about

    @property
    def columns(self) -> dict[str, tuple[str, str]]:
        """Its columns by name: unit and meaning."""
        return {name: (unit, about) for name, unit, about in self._native.columns}

    @property
    def has_geometry(self) -> bool:
        """Whether rows have shapes: WKB in the column ``geometry``, longitude first in WGS 84."""
        return self._native.has_geometry

    def __len__(self) -> int:
        return len(self._native)

    def __repr__(self) -> str:
        return f"<clearway.Table {self.name}: {len(self)} rows>"

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._native.__arrow_c_stream__(requested_schema)

    def to_pyarrow(self) -> pyarrow.Table:
        """As a pyarrow table."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """As a pandas table; shapes stay WKB."""
        frame: pandas.DataFrame = self.to_pyarrow().to_pandas()
        return frame

    def to_geopandas(self) -> geopandas.GeoDataFrame:
        """As a GeoPandas table in WGS 84."""
        import geopandas

        return geopandas.GeoDataFrame.from_arrow(self)

    def to_polars(self) -> polars.DataFrame:
        """As a Polars table."""
        import polars

        return polars.DataFrame(self)


class Tables(Mapping[str, Table]):
    """The tables of a plan by name: ``zones``, ``sites``, ``links``, ``link_hours``, ``routes``, ``orders``, ``curve``, ``bottlenecks``, ..."""

    def __init__(self, tables: list[_clearway.Table]) -> None:
        self._tables = {table.name: Table(table) for table in tables}

    def __getitem__(self, name: str) -> Table:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return f"<clearway.Tables: {', '.join(self)}>"


class Simulation(Answer):
    """What becomes of orders on roads on which queues take space."""

    @cached_property
    def report(self) -> Document:
        """All figures: ``simulation.json``."""
        return self.document("simulation.json")

    @property
    def t90_s(self) -> float | None:
        """When nine of ten have arrived, s after time 0; ``None``: never."""
        return self.report.get("t90_s")

    @property
    def clearance_s(self) -> float | None:
        """When all have arrived, s after time 0; ``None``: never."""
        return self.report.get("t100_s")

    @cached_property
    def ensemble(self) -> Document | None:
        """Under chance, where that was asked for: ``ensemble.json``."""
        return self.document("ensemble.json") if self._folder.read("ensemble.json") is not None else None


class Ensemble(Answer):
    """A plan simulated many times under chance."""

    @cached_property
    def report(self) -> Document:
        """All figures: ``ensemble.json``."""
        return self.document("ensemble.json")

    def to_parquet(self) -> bytes:
        """The members as a Parquet file, which is also a part for :func:`clearway.merge_ensemble`."""
        return self.read("members.parquet")


class Needs(Answer):
    """What people need, place by place and hour by hour, and what is short."""

    @cached_property
    def report(self) -> Document:
        """All figures: ``needs.json``."""
        return self.document("needs.json")


class Audit(Answer):
    """What holds of somebody's plan, what is missing, what is impossible."""

    @cached_property
    def report(self) -> Document:
        """Verdict, findings and all figures: ``audit.json``."""
        return self.document("audit.json")

    @property
    def holds(self) -> bool:
        """Whether no critical criterion is open."""
        return bool(self._facts["holds"])


class Interventions(Answer):
    """What might be changed, and what each change gains by the bound."""

    @property
    def base(self) -> dict[str, float | None]:
        """The bound as it is: ``clearance_s``, ``t90_s``, ``person_hours``."""
        return dict(self._facts["base"])

    @property
    def gains(self) -> list[Document]:
        """What was tried, what helps first."""
        return list(self._facts["gains"])

    @property
    def bottlenecks(self) -> list[Document]:
        """What sets the bound as it is, largest first."""
        return list(self._facts["bottlenecks"])


class Comparison(Answer):
    """Plans of one place side by side."""


class Replanned(Plan):
    """A new plan of what is left of one that is being carried out. Times count from its own begin."""

    @property
    def holds(self) -> bool:
        """Whether nobody is overtaken, everybody who is to leave and has a road arrives, and the deadline is kept."""
        return bool(self._facts["holds"])

    @cached_property
    def report(self) -> Document:
        """What was counted, what was tried, and what it costs to keep the orders: ``replan.json``."""
        return self.document("replan.json")


class ReportPages(Answer):
    """A report for those who decide, to read and to print."""


class Export(Answer):
    """A plan as files for other programs."""

    @property
    def is_folder(self) -> bool:
        """Whether several files come of it."""
        return bool(self._facts["makes_folder"])

    def save(self, path: PathLike, *, replace: bool = False) -> list[str]:
        """Writes the file, or the folder where there are several; whole or not at all."""
        if self.is_folder:
            return super().save(path, replace=replace)
        [(_, only)] = self.files().items()
        _clearway.write_file(Path(path), only, replace)
        return []


class Observed(Answer):
    """Reported departures drawn beside those of a plan. It is no evidence for or against the plan."""


class RoadMap(Answer):
    """A road map as tables."""


class Changed(Answer):
    """Files of a scenario that were written anew, and the scenario with them."""

    def __init__(self, files: _clearway.Folder, words: str, facts: Any, before: _clearway.Folder) -> None:
        super().__init__(files, words, facts)
        self._before = before

    @cached_property
    def scenario_files(self) -> dict[str, bytes]:
        """All files of the scenario, with those that were written anew."""
        return self._before.files() | self.files()

    @property
    def facts(self) -> Document:
        """What was made and left out."""
        return dict(self._facts)

    def update(self, path: PathLike) -> None:
        """Writes the files anew in the scenario folder; all others stay."""
        self._folder.update(Path(path), self.names(), [])


class Made(Answer):
    """The folder of a scenario that was made."""

    _kind = "scenario"

    @property
    def facts(self) -> Document:
        """Digest, and what else no file holds."""
        return dict(self._facts)


class Verification:
    """What the independent checker found in a plan."""

    def __init__(self, words: str, facts: Document) -> None:
        self._words = words
        self.document: Document = facts
        """All of it."""

    @property
    def holds(self) -> bool:
        """Whether every figure that is checked follows from the scenario."""
        return bool(self.document["holds"])

    @property
    def findings(self) -> list[Document]:
        """What does not follow."""
        return list(self.document["findings"])

    def must_hold(self) -> Verification:
        """Itself; raises :class:`clearway.DoesNotHold` with all findings if it does not hold."""
        if not self.holds:
            raise DoesNotHold(self._words)
        return self

    def __bool__(self) -> bool:
        return self.holds

    def __str__(self) -> str:
        return self._words

    def __repr__(self) -> str:
        return f"<clearway.Verification: {'holds' if self.holds else 'does not hold'}>"


class Check:
    """A scenario that has no errors: how large it is, what is worth a look, what could change an answer most."""

    def __init__(self, words: str, facts: Document) -> None:
        self._words = words
        self.document: Document = facts
        """Digest, assumptions and warnings."""

    @property
    def digest(self) -> str:
        """The digest by which plans and proofs name it."""
        return str(self.document["digest_with_groups"] or self.document["digest"])

    @property
    def warnings(self) -> list[Fault]:
        """What was found that is no error."""
        return faults_of(self.document["warnings"])

    @property
    def assumptions(self) -> list[Document]:
        """What could change the answer most."""
        return list(self.document["assumptions"])

    def __str__(self) -> str:
        return self._words

    def __repr__(self) -> str:
        return f"<clearway.Check of {self.digest}>"


class Report:
    """Something that is said, with its figures."""

    def __init__(self, words: str, document: Document) -> None:
        self._words = words
        self.document: Document = document
        """All figures."""

    def __str__(self) -> str:
        return self._words

    def __repr__(self) -> str:
        return f"<clearway.{type(self).__name__}>"


class Losses(Report):
    """What becomes of a plan without each of some places, one at a time."""

    @property
    def rows(self) -> list[Document]:
        """Nothing lost, then without each place; most people who do not arrive first."""
        return list(self.document["rows"])


class EarlyWarning(Report):
    """With which counts at which hour a deadline can no longer be kept."""

    @property
    def times(self) -> list[Document]:
        """Time after time, ms after the start of the plan: who is still waiting and who has left by the plan, and from how many still waiting
        on no plan keeps the deadline (``lost_with_waiting``; ``None``: that is not proved even if nobody has left)."""
        return list(self.document["warning"]["times"])

    @property
    def lost_from_if_nobody_left_ms(self) -> int | None:
        """From this time on no plan keeps the deadline if nobody has left by then, ms; ``None``: that is proved for no time looked at."""
        found: int | None = self.document["warning"]["lost_from_if_nobody_left_ms"]
        return found

    @property
    def csv(self) -> str:
        """The table that the command line writes."""
        return str(self.document["csv"])


class Proposals(Report):
    """A table of what a scenario can be made of; nothing counts before somebody accepts it."""

    @property
    def csv(self) -> str:
        """The table that the command line writes."""
        return str(self.document["csv"])

    @property
    def rows(self) -> list[dict[str, str]]:
        """Its rows, by column."""
        return list(csv.DictReader(io.StringIO(self.csv)))

    @property
    def warnings(self) -> list[Fault]:
        """What was found in the input that is no error."""
        return faults_of(self.document["warnings"])

    def save(self, path: PathLike, *, replace: bool = False) -> None:
        """Writes the table. ``replace``: also over one that is there."""
        _clearway.write_file(Path(path), self.csv.encode(), replace)


class AuditDifference(Report):
    """What differs between two audits."""


class Replay(Report):
    """The orders of a plan carried out by the rules of the semantics, road by road and zone by zone over time."""

    @property
    def zones(self) -> list[Document]:
        """What becomes of each zone."""
        return list(self.document["zones"])

    @property
    def sites(self) -> list[Document]:
        """Who comes to each site, and how many are there at the end of each step."""
        return list(self.document["sites"])

    @property
    def links(self) -> list[Document]:
        """Who is on each link that somebody uses."""
        return list(self.document["links"])


def proved(partial: tuple[str, _clearway.Answer] | None) -> Answer | None:
    """What was proved before a verb was ended."""
    if partial is None:
        return None
    kinds: dict[str, type[Answer]] = {"plan": Plan, "interventions": Answer, "audit": Answer, "map": Answer}
    kind, native = partial
    made: Answer = _of(kinds[kind], native)
    return made


def open_plan(given: Folder) -> Plan:
    """A plan folder that was written before, from a path, a ZIP archive or files by name. It is read as it is; :func:`clearway.verify` says
    whether it holds."""
    files = folder(given)
    if files.read("plan.json") is None and files.read("multimodal.json") is None:
        raise InvalidRequest(f"{files.label} is no plan folder: it has no plan.json")
    return Plan(files)
