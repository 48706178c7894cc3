#!/usr/bin/env python3
"""Do the documents lead where they say?

    python3 scripts/documents.py

Looks at every Markdown file of the project: each relative link must lead to a file that is there and, after `#`, to a heading
of it. Each path in backticks that begins with a folder of the project must be there, too; in ARCHITECTURE.md also the bare
names of source files, beside or below the crate that was named last in the same line. Prints what does not, and ends with
exit code 1 if there is any.
"""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"target", ".git", "out", "dist", ".cache", "__pycache__", "node_modules"}
FOLDERS = ("crates/", "docs/", "bench/", "examples/", "scripts/")


def documents():
    for folder, below, files in os.walk(ROOT):
        below[:] = sorted(set(below) - NOT_OURS)
        for name in sorted(files):
            if name.endswith(".md"):
                yield Path(folder) / name


def without_code(text):
    return re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)


def anchors(document):
    """The anchors of a document's headings, as GitHub makes them."""
    found, times = set(), {}
    for title in re.findall(r"^#{1,6} +(.*?) *$", without_code(document.read_text("utf-8")), flags=re.M):
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
        anchor = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        seen = times.get(anchor, 0)
        times[anchor] = seen + 1
        found.add(f"{anchor}-{seen}" if seen else anchor)
    return found


def broken_links(document, text):
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(text)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists():
            yield f"{link} is not there"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{link}: no such heading"


def missing_paths(document, text):
    with_names = document.name == "ARCHITECTURE.md"
    for line in without_code(text).split("\n"):
        crate = None
        for path in re.findall(r"`([\w./-]+)`", line):
            if path.startswith(FOLDERS):
                crate = "/".join(path.split("/")[:2])
                # capitals stand for a name of your own
                if not re.search(r"[A-Z]{4}", path) and not (ROOT / path).exists():
                    yield f"`{path}` is not there"
            elif with_names and crate and path.endswith(".rs") and not any((ROOT / crate).rglob(path)):
                yield f"`{path}` is not in {crate}"


def main():
    wrong = 0
    for document in documents():
        text = document.read_text("utf-8")
        for what in [*broken_links(document, text), *missing_paths(document, text)]:
            print(f"{document.relative_to(ROOT)}: {what}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
