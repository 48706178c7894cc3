"""What is given to verbs: folders, files and tables, from a disk or from memory."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Union, runtime_checkable

from . import _clearway
from ._errors import InvalidRequest

if TYPE_CHECKING:
    from ._answers import Answer, Scenario


@runtime_checkable
class ArrowTable(Protocol):
    """Any table with the Arrow PyCapsule interface: pyarrow, pandas, Polars, DuckDB, ..."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


PathLike = Union[str, "os.PathLike[str]"]
File = Union[PathLike, "tuple[str, bytes | str]", ArrowTable, Any]
"""A file: a path, ``(name, contents)``, a table (its rows as CSV), or shapes with ``__geo_interface__`` such as a GeoDataFrame (as GeoJSON in
WGS 84)."""
Folder = Union[PathLike, "Mapping[str, bytes | str | ArrowTable]", "Answer", "Scenario"]
"""A folder: a path (also of a ZIP archive), files by name, or what another verb has given."""


def csv_bytes(table: ArrowTable) -> bytes:
    """The rows of a table as CSV; what is missing is empty."""
    return _clearway.csv_of_arrow(table.__arrow_c_stream__(None))


def geojson_bytes(shapes: Any) -> bytes:
    """Shapes as GeoJSON, longitude first in WGS 84."""
    crs = getattr(shapes, "crs", None)
    if crs is not None and hasattr(shapes, "to_crs"):
        shapes = shapes.to_crs(4326)
    return json.dumps(shapes.__geo_interface__).encode()


def content(name: str, given: object) -> bytes:
    """What is in a file that is given in memory."""
    if isinstance(given, bytes):
        return given
    if isinstance(given, (bytearray, memoryview)):
        return bytes(given)
    if isinstance(given, str):
        return given.encode()
    if hasattr(given, "__geo_interface__"):
        return geojson_bytes(given)
    if isinstance(given, ArrowTable):
        return csv_bytes(given)
    raise InvalidRequest(
        f"{name}: expected bytes, text, a table with __arrow_c_stream__ or shapes with __geo_interface__, not {type(given).__name__}"
    )


def folder(given: Folder, label: str = "files in memory") -> _clearway.Folder:
    """A folder as the native module takes it."""
    native = getattr(given, "_folder", None)
    if isinstance(native, _clearway.Folder):
        return native
    if isinstance(given, Mapping):
        return _clearway.Folder.of_files(label, {name: content(name, value) for name, value in given.items()})
    if isinstance(given, (str, os.PathLike)):
        return _clearway.Folder.at(Path(given))
    raise InvalidRequest(f"expected a path, files by name or an answer of clearway, not {type(given).__name__}")


class Request:
    """A request as JSON, with its files beside it."""

    def __init__(self) -> None:
        self._fields: dict[str, Any] = {}
        self.files: list[tuple[str, bytes]] = []

    def set(self, **fields: object) -> Request:
        """With values."""
        self._fields.update(fields)
        return self

    def maybe(self, **fields: object) -> Request:
        """With values; one that is ``None`` stays as it is when nothing is asked for."""
        return self.set(**{name: value for name, value in fields.items() if value is not None})

    def file(self, field: str, given: File | None, name: str) -> Request:
        """With a file, unless it is ``None``; ``name`` is what it is called where it has no name."""
        if given is not None:
            self._fields[field] = self.given(given, name)
        return self

    def given(self, given: File, name: str) -> dict[str, str]:
        """A file as it stands in the JSON: its place in the list of files."""
        if isinstance(given, tuple):
            name, given = given
            data = content(name, given)
        elif isinstance(given, (str, os.PathLike)):
            name = os.fspath(given)
            data = read(given)
        else:
            data = content(name, given)
            if hasattr(given, "__geo_interface__"):
                name = str(Path(name).with_suffix(".geojson"))
        self.files.append((name, data))
        return {"name": str(len(self.files) - 1), "content": ""}

    def json(self) -> str:
        """The request."""
        return json.dumps(self._fields)


def read(path: PathLike) -> bytes:
    """The contents of a file."""
    from ._errors import Unreadable

    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise Unreadable(f"cannot read '{os.fspath(path)}': {problem.strerror}") from problem
