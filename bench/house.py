#!/usr/bin/env python3
"""How the code of this workspace reads, as numbers: file and function lengths, comments, casts, names.

    python3 bench/house.py [ROOT]                 the table, beside the goals
    python3 bench/house.py --list NAME [ROOT]     the worst places of one measure
    python3 bench/house.py --check [ROOT]         ends with 1 where a goal is missed

Only product code is counted: no tests (modules under `#[cfg(test)]`, folders `tests`, files `*_tests.rs`), no benches and
examples, not `crates/fuzz` and not the tampering of `crates/verify`. The numbers are a mirror and not the aim.
Python 3.9 or later, standard library only.
"""

import argparse
import bisect
import collections
import pathlib
import re
import statistics
import sys

LONG_FILE = 400
LONG_FUNCTION = 60
SHORT_DOC = 3

NUMERIC = "u8|u16|u32|u64|u128|usize|i8|i16|i32|i64|i128|isize|f32|f64"

CAST = re.compile(rf"\bas\s+(?:{NUMERIC})\b")
SENTINEL = re.compile(rf"\b(?:{NUMERIC})::MAX\b")
UNWRAP = re.compile(r"\.(?:unwrap|expect)\s*\(")
TYPE = re.compile(r"\b(?:struct|enum|union|trait)\s+([A-Za-z_]\w*)")
LET = re.compile(r"\blet\s+(?:mut\s+)?([a-z_][a-z0-9_]*)\s*(?=[:=;])")
FUNCTION = re.compile(r"\bfn\s+([A-Za-z_]\w*)")
TEST_ONLY = re.compile(r"#\[cfg\((?:test|all\(test\b[^\]]*)\)\]")
MODULE = re.compile(r"(?:\s*#\[[^\]]*\])*\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*([;{])")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")

RAW_STRING = re.compile(r'(?:b|c)?r(#*)"')
CHARACTER = re.compile(r"b?'(?:\\(?:u\{[0-9a-fA-F_]*\}|x[0-9a-fA-F]{2}|.)|[^\\'\n])'")


def blank(text):
    """The text with everything but the line breaks gone."""
    return re.sub(r"[^\n]", " ", text)


def strip(text):
    """(code, comments): the code with comments and the insides of strings blank, and the comments as (offset, text)."""
    code, comments, at = [], [], 0
    while at < len(text):
        end = None
        if text.startswith("//", at):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            comments.append((at, text[at:end]))
        elif text.startswith("/*", at):
            depth, end = 1, at + 2
            while depth and end < len(text):
                step = {"/*": 1, "*/": -1}.get(text[end : end + 2], 0)
                depth += step
                end += 2 if step else 1
            comments.append((at, text[at:end]))
        elif text[at] == '"':
            end = at + 1
            while end < len(text) and text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            end += 1
        elif text[at] in "bcr'" and (at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "_")):
            raw = RAW_STRING.match(text, at)
            character = CHARACTER.match(text, at)
            if raw:
                close = '"' + raw.group(1)
                end = text.find(close, raw.end())
                end = len(text) if end < 0 else end + len(close)
            elif character:
                end = character.end()
        if end is None:
            code.append(text[at])
            at += 1
        else:
            code.append(blank(text[at:end]))
            at = end
    return "".join(code), comments


def closing(code, at):
    """The offset behind the bracket that closes the one at `at`."""
    pairs, depth = {"{": "}", "(": ")", "[": "]"}, 0
    opening = code[at]
    close = pairs[opening]
    for offset in range(at, len(code)):
        if code[offset] == opening:
            depth += 1
        elif code[offset] == close:
            depth -= 1
            if depth == 0:
                return offset + 1
    return len(code)


class Source:
    """One file of product code, without its tests."""

    def __init__(self, path, name):
        self.path, self.name = path, name
        text = path.read_text(encoding="utf-8")
        code, comments = strip(text)
        self.test_files = []
        tests = []
        for mark in TEST_ONLY.finditer(code):
            module = MODULE.match(code, mark.end())
            if module and module.group(2) == ";":
                self.test_files.append(module.group(1))
                tests.append((mark.start(), module.end()))
            else:
                brace, end = code.find("{", mark.end()), code.find(";", mark.end())
                if brace >= 0 and (end < 0 or brace < end):
                    tests.append((mark.start(), closing(code, brace)))
                elif end >= 0:
                    tests.append((mark.start(), end + 1))
        for start, end in tests:
            code = code[:start] + blank(code[start:end]) + code[end:]
        self.code = code
        self.comments = [c for c in comments if not any(s <= c[0] < e for s, e in tests)]
        self.starts = [0] + [m.end() for m in re.finditer("\n", text)]
        lines = text.count("\n") + (not text.endswith("\n") and text != "")
        dropped = set()
        for start, end in tests:
            dropped.update(range(self.line(start), self.line(end - 1) + 1))
        self.lines = lines - len(dropped)

    def line(self, offset):
        """The line, counted from 1, that an offset lies in."""
        return bisect.bisect_right(self.starts, offset)

    def place(self, offset):
        """File and line of an offset."""
        return f"{self.name}:{self.line(offset)}"

    def found(self, pattern):
        """Every match of a pattern in the code, as (place, line of code)."""
        for match in pattern.finditer(self.code):
            line = self.line(match.start())
            start = self.starts[line - 1]
            yield self.place(match.start()), self.code[start : self.code.find("\n", start)].strip()

    def doc_blocks(self):
        """Doc comments, the lines of one behind each other put together, as (place, lines, text)."""
        blocks = []
        for offset, text in self.comments:
            if not is_doc(text):
                continue
            line, inner = self.line(offset), re.sub(r"^//[/!]|^/\*[*!]|\*/$", "", text)
            kind = text[:3]
            if blocks and blocks[-1][3] == line - 1 and blocks[-1][4] == kind:
                blocks[-1][1] += 1
                blocks[-1][2] += " " + inner
                blocks[-1][3] = line
            else:
                blocks.append([self.place(offset), 1 + text.count("\n"), inner, line, kind])
        return [(place, lines, text.strip()) for place, lines, text, _, _ in blocks]

    def functions(self):
        """Functions with a body, as (place, name, lines, parameters)."""
        for match in FUNCTION.finditer(self.code):
            at = match.end()
            if self.code[at : at + 1] == "<":
                at = after_generics(self.code, at)
            if self.code[at : at + 1] != "(":
                continue
            behind = closing(self.code, at)
            parameters = self.code[at + 1 : behind - 1]
            brace, end = self.code.find("{", behind), body_or_end(self.code, behind)
            if brace < 0 or end < brace:
                continue
            last = closing(self.code, brace)
            lines = self.line(last - 1) - self.line(match.start()) + 1
            yield self.place(match.start()), match.group(1), lines, parameters


def after_generics(code, at):
    """The offset behind the `>` that closes the `<` at `at`; the one of an arrow closes nothing."""
    depth = 0
    for offset in range(at, len(code)):
        if code[offset] == "<":
            depth += 1
        elif code[offset] == ">" and code[offset - 1] not in "-=":
            depth -= 1
            if depth == 0:
                return offset + 1
    return len(code)


def body_or_end(code, at):
    """Where a function without a body ends: the first `;` outside brackets, which the type `[u8; 4]` has inside."""
    depth = 0
    for offset in range(at, len(code)):
        if code[offset] in "([":
            depth += 1
        elif code[offset] in ")]":
            depth -= 1
        elif depth == 0 and code[offset] in ";{":
            return offset
    return len(code)


def is_doc(text):
    """Whether a comment is documentation."""
    return bool(re.match(r"///(?!/)|//!|/\*\*(?!\*)|/\*!", text))


def tuple_parameters(parameters):
    """How many parameters of a function are tuples, or references to and slices of them."""
    depth, start, parts = 0, 0, []
    for offset, character in enumerate(parameters):
        if character in "([{<":
            depth += 1
        elif character in ")]}" or (character == ">" and parameters[offset - 1] not in "-="):
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(parameters[start:offset])
            start = offset + 1
    parts.append(parameters[start:])
    return sum(bool(re.search(r":\s*(?:&\s*(?:'\w+\s+)?(?:mut\s+)?)?\(", part)) for part in parts)


def sources(root):
    """The product code of the workspace."""
    crates, found = root / "crates", []
    for path in sorted(crates.rglob("*.rs")):
        inside = path.relative_to(crates)
        parts = inside.parts
        if len(parts) < 3 or parts[1] != "src" or parts[0] == "fuzz" or "tests" in parts:
            continue
        if parts[:3] == ("verify", "src", "tampering") or path.stem.endswith("_tests") or path.stem == "tests":
            continue
        found.append(Source(path, str(path.relative_to(root))))
    tests = set()
    for source in found:
        folder = source.path.parent if source.path.stem in ("lib", "main", "mod") else source.path.with_suffix("")
        for module in source.test_files:
            tests.update((folder / f"{module}.rs", folder / module / "mod.rs"))
    return [source for source in found if source.path not in tests]


class Measures:
    """All measures: for each name a value, and the places behind it, the worst first."""

    def __init__(self, files):
        self.values, self.places = {}, {}
        self.lines = sum(f.lines for f in files)
        self.count(files)
        self.comments(files)
        self.functions(files)
        self.names(files)

    def per_thousand(self, count):
        return 1000 * count / self.lines

    def count(self, files):
        lengths = [f.lines for f in files]
        self.values["median-file"] = statistics.median(lengths)
        self.places["median-file"] = by_size((f.lines, f.name) for f in files)
        long = [f for f in files if f.lines > LONG_FILE]
        self.values["long-files"] = 100 * len(long) / len(files)
        self.places["long-files"] = by_size((f.lines, f.name) for f in long)
        for name, pattern in (("unwrap", UNWRAP), ("casts", CAST), ("max", SENTINEL)):
            hits = [(f, list(f.found(pattern))) for f in files]
            self.values[name] = self.per_thousand(sum(len(h) for _, h in hits))
            hits.sort(key=lambda h: (-len(h[1]), h[0].name))
            self.places[name] = [f"{len(h):5}  {f.name}" for f, h in hits if h]
            if name == "max":
                self.places[name] = [f"{place}  {line}" for _, h in hits for place, line in h]

    def comments(self, files):
        docs = others = 0
        short, blocks, bare = [], 0, []
        for f in files:
            inside = 0
            for _, text in f.comments:
                lines = 1 + text.count("\n")
                if is_doc(text):
                    docs += lines
                    inside += lines
                else:
                    others += lines
            bare.append((100 * inside / max(1, f.lines), f.lines, f.name))
            for place, _, text in f.doc_blocks():
                blocks += 1
                if len(text.split()) <= SHORT_DOC:
                    short.append(f"{place}  {text}")
        self.values["doc-lines"] = 100 * docs / self.lines
        self.places["doc-lines"] = [f"{share:5.1f} % of {lines:4}  {name}" for share, lines, name in sorted(bare)]
        self.values["other-comments"] = 100 * others / self.lines
        without = [f for f in files if not any(not is_doc(t) for _, t in f.comments)]
        self.places["other-comments"] = by_size((f.lines, f.name) for f in without)
        self.values["short-docs"] = 100 * len(short) / max(1, blocks)
        self.places["short-docs"] = short

    def functions(self, files):
        functions = [f for source in files for f in source.functions()]
        long = [f for f in functions if f[2] > LONG_FUNCTION]
        self.values["long-functions"] = 100 * len(long) / max(1, len(functions))
        self.places["long-functions"] = by_size((lines, f"{place}  {name}") for place, name, lines, _ in long)
        tuples = [(tuple_parameters(p), f"{place}  {name}") for place, name, _, p in functions]
        self.values["tuples"] = 100 * sum(n for n, _ in tuples) / max(1, len(functions))
        self.places["tuples"] = by_size(t for t in tuples if t[0])

    def names(self, files):
        """Names of types: of all types those that share theirs, and of all different names those of one word."""
        types = [(m.group(1), f.place(m.start())) for f in files for m in TYPE.finditer(f.code)]
        by_name = collections.defaultdict(list)
        for name, place in types:
            by_name[name].append(place)
        shared = {name: places for name, places in by_name.items() if len(places) > 1}
        self.values["shared-names"] = 100 * sum(map(len, shared.values())) / max(1, len(types))
        self.places["shared-names"] = by_size((len(p), f"{name}  {' '.join(p)}") for name, p in shared.items())
        short = {name: places for name, places in by_name.items() if len(WORD.findall(name)) <= 1}
        self.values["one-word"] = 100 * len(short) / max(1, len(by_name))
        self.places["one-word"] = by_size((len(p), f"{name}  {' '.join(p)}") for name, p in short.items())
        lets = [(m.group(1), f) for f in files for m in LET.finditer(f.code)]
        self.values["let-names"] = statistics.mean(len(name) for name, _ in lets)
        one = collections.Counter(f.name for name, f in lets if len(name) == 1)
        self.places["let-names"] = [f"{count:5}  {name}" for name, count in one.most_common()]


def by_size(pairs):
    """Lines of (size, text), the largest first."""
    return [f"{size:5}  {text}" for size, text in sorted(pairs, key=lambda p: (-p[0], p[1]))]


# Name, what it says, digits, and the goal: at most (<=), at least (>=), or none.
ROWS = (
    ("median-file", "median lines of a file", 0, None),
    ("long-files", f"files over {LONG_FILE} lines, %", 1, None),
    ("doc-lines", "doc lines, %", 1, (">=", 13)),
    ("other-comments", "other comment lines, %", 1, (">=", 2)),
    ("short-docs", f"doc blocks of {SHORT_DOC} words or fewer, %", 1, ("<=", 7)),
    ("unwrap", "unwrap and expect per 1,000 lines", 1, None),
    ("long-functions", f"functions over {LONG_FUNCTION} lines, %", 1, ("<=", 3.5)),
    ("tuples", "tuple parameters per 100 functions", 1, None),
    ("casts", "numeric `as` casts per 1,000 lines", 1, ("<=", 10)),
    ("max", "`MAX` as a value per 1,000 lines", 2, ("<=", 0.3)),
    ("shared-names", "types that share their name, %", 1, ("<=", 12)),
    ("one-word", "type names of one word, %", 1, ("<=", 45)),
    ("let-names", "mean length of a `let` name", 1, None),
)


def met(value, goal):
    """Whether a value meets its goal."""
    return goal is None or (value <= goal[1] if goal[0] == "<=" else value >= goal[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--list", metavar="NAME", choices=[row[0] for row in ROWS], help="the worst places of one measure")
    parser.add_argument("--top", type=int, default=40, help="how many places (40; 0: all)")
    parser.add_argument("--check", action="store_true", help="end with 1 where a goal is missed")
    given = parser.parse_args()
    files = sources(given.root)
    if not files:
        sys.exit(f"no code under {given.root / 'crates'}")
    measures = Measures(files)
    if given.list:
        places = measures.places[given.list]
        shown = places[: given.top] if given.top else places
        print("\n".join(shown))
        if len(places) > len(shown):
            print(f"... and {len(places) - len(shown)} more (--top 0 shows all)")
        return
    print(f"{measures.lines:,} lines of product code in {len(files)} files\n")
    print("| name | measure | now | goal | |\n|---|---|---:|---:|---|")
    missed = 0
    for name, what, digits, goal in ROWS:
        value = measures.values[name]
        missed += not met(value, goal)
        wanted = f"{goal[0]} {goal[1]}" if goal else ""
        print(f"| {name} | {what} | {value:.{digits}f} | {wanted} | {'' if met(value, goal) else 'missed'} |")
    if given.check and missed:
        sys.exit(1)


if __name__ == "__main__":
    main()
