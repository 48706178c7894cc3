"""What goes wrong, as exceptions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._answers import Answer
    from ._clearway import Answer as NativeAnswer


@dataclass(frozen=True)
class Fault:
    """A fault in something that was given: where, what was found, what was expected."""

    severity: str
    """``error``, or ``warning``, with which work goes on."""
    file: str
    """Name of the file within its folder."""
    place: str
    """Line (1-based, with the header), id of the row, or feature; empty: the whole file."""
    field: str
    """Column or key; may be empty."""
    found: str
    """The value found; may be empty."""
    expected: str
    """What was expected there instead."""
    hint: str
    """What to do about it; may be empty."""

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        what = f", {self.field} = '{self.found}'" if self.field else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{what}: expected {self.expected}{hint}"


def faults_of(rows: list[dict[str, str]]) -> list[Fault]:
    """Faults as the library lists them."""
    return [Fault(**row) for row in rows]


class ClearwayError(Exception):
    """What the library says when it does not do what was asked."""


class InvalidInput(ClearwayError, ValueError):
    """Faults in what was given, all of them at once."""

    of: str
    """What has them, e.g. the path of a folder."""
    faults: list[Fault]
    """All faults in the order of the files; those whose severity is ``error`` have to be mended."""

    def __init__(self, text: str, of: str = "", faults: list[Fault] | None = None) -> None:
        super().__init__(text)
        self.of = of
        self.faults = faults or []


class InvalidRequest(ClearwayError, ValueError):
    """A request that makes no sense: a value out of its range, things that do not go together, a folder of another kind."""


class RoadMapError(ClearwayError, ValueError):
    """A road map that cannot be read as one."""


class DoesNotHold(ClearwayError):
    """A plan whose claims do not follow from its scenario, where they have to."""


class TooLarge(ClearwayError, MemoryError):
    """A plan that does not fit into the memory, not even with the longest steps."""

    usual_bytes: int
    """Memory with the usual steps."""
    least_bytes: int
    """Memory with the longest steps."""
    allowed_bytes: int
    """Memory that may be used."""

    def __init__(self, text: str, usual_bytes: int, least_bytes: int, allowed_bytes: int) -> None:
        super().__init__(text)
        self.usual_bytes, self.least_bytes, self.allowed_bytes = usual_bytes, least_bytes, allowed_bytes


class Unreadable(ClearwayError, OSError):
    """A file or a plan folder that cannot be read."""


class Unwritten(ClearwayError, OSError):
    """A folder or file that was not written; what was there before is still there."""


class InternalError(ClearwayError, RuntimeError):
    """Something that should not happen. It is a fault of Clearway."""


class Cancelled(ClearwayError):
    """A verb was ended by the :class:`clearway.Cancel` of its session."""

    partial: Answer | None
    """What was proved by then; all of it holds. ``None``: nothing yet."""

    def __init__(self, text: str, partial: Answer | None = None) -> None:
        super().__init__(text)
        self.partial = partial


class Interrupted(KeyboardInterrupt):
    """A verb was ended by Ctrl-C."""

    partial: Answer | None
    """What was proved by then; all of it holds. ``None``: nothing yet."""

    def __init__(self, text: str, partial: Answer | None = None) -> None:
        super().__init__(text)
        self.partial = partial


_KINDS: dict[str, type[ClearwayError]] = {
    "request": InvalidRequest,
    "road_map": RoadMapError,
    "does_not_hold": DoesNotHold,
    "unreadable": Unreadable,
    "unwritten": Unwritten,
}


def raised(kind: str, text: str, facts: str, partial: tuple[str, NativeAnswer] | None) -> BaseException:
    """The exception of an error of the library; the native module calls it."""
    from ._answers import proved

    known: Any = json.loads(facts)
    if kind == "invalid":
        return InvalidInput(text.rstrip("\n"), known["of"], faults_of(known["faults"]))
    if kind == "too_large":
        return TooLarge(text, **known)
    if kind == "cancelled":
        return Cancelled(text, proved(partial))
    if kind == "interrupted":
        return Interrupted(text, proved(partial))
    if kind in _KINDS:
        return _KINDS[kind](text)
    return InternalError(text)
