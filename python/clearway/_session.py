"""With what verbs run, and what they tell while they do."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from . import _clearway
from ._clearway import Cancel

Event = dict[str, Any]
"""Something that happened while a verb worked: ``event`` says what (``progress``, ``variation_begun``, ``warnings``, ``coarsened``,
``bound_so_far``, ``note``), the other keys what of it."""


@dataclass(frozen=True)
class Session:
    """With what verbs run. Results do not depend on ``threads``.

    A verb runs in a thread of its own with the interpreter released. Ctrl-C ends it within a second and raises
    :class:`clearway.Interrupted`, with what was proved by then.
    """

    threads: int | None = None
    """How many threads; ``None``: as many as there are cores."""
    memory_bytes: int | None = None
    """Memory for a plan; one that needs more is made with longer steps, or refused. ``None``: as much as it takes."""
    progress: bool | Callable[[Event], object] = False
    """Who hears what is being done: a function that is called with each event, or ``True`` for a line that moves, in a notebook and on a
    terminal."""
    cancel: Cancel | None = None
    """By which another thread ends it: :class:`clearway.Cancelled` is raised then."""

    def run(self) -> _clearway.Run:
        """What the native module takes."""
        hear: Callable[[Event], object] | None = None
        if self.progress is True:
            hear = ProgressLine()
        elif self.progress is not False:
            hear = self.progress
        tell = None if hear is None else _Told(hear)
        return _clearway.Run(self.threads, self.memory_bytes, tell, self.cancel)


class _Told:
    """Events of the native module as documents."""

    def __init__(self, hear: Callable[[Event], object]) -> None:
        self._hear = hear

    def __call__(self, event: str) -> None:
        self._hear(json.loads(event))


class ProgressLine:
    """A line that says how far a verb is: in a notebook a display that is updated, else a line on standard error."""

    def __init__(self) -> None:
        self._display: Any = None
        self._shown = 0.0
        self._text = ""
        with suppress(ImportError, NameError):
            from IPython.core.getipython import get_ipython
            from IPython.display import display

            shell = get_ipython()
            if shell is not None and shell.has_trait("kernel"):
                self._display = display({"text/plain": ""}, raw=True, display_id=True)

    def __call__(self, event: Event) -> None:
        kind = event["event"]
        if kind == "progress":
            now = time.monotonic()
            if event["done"] < 1 and now - self._shown < 0.2:
                return
            self._shown = now
            self._show(self._line(event))
        elif kind == "variation_begun":
            self._show(event["name"])
        elif kind == "note":
            self._show(event["text"])

    @staticmethod
    def _line(event: Event) -> str:
        stage = event["stage"]
        word = stage if isinstance(stage, str) else next(iter(stage.values()))
        left = event["left_s"]
        rest = "" if left is None else f", about {left:.0f} s left"
        return f"{word}: {100 * event['done']:.0f} % after {event['elapsed_s']:.0f} s{rest}"

    def _show(self, text: str) -> None:
        if self._display is not None:
            self._display.update({"text/plain": text}, raw=True)
        else:
            end = "\r" if sys.stderr.isatty() else "\n"
            print(text.ljust(len(self._text)), end=end, file=sys.stderr, flush=True)
        self._text = text
