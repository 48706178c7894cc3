"""Holds reports as PDF against their pages and against summary.json, read by pypdf.

    python crates/pdf/tests/read.py PROGRAM TYPESETTER

PROGRAM: clearway; TYPESETTER: the example page_pdf of the crate. Called by scripts/pdf.sh, which installs pypdf.
"""

import csv
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import pypdf

EXAMPLE = pathlib.Path(__file__).parents[3] / "examples" / "one-road"
KINDS = ("plan", "ete", "ab747", "med")
LANGUAGES = ("en", "ar", "es", "fr")
# names that would do something in markup, and one from right to left
ZONE = '#panic() $ * _ @ < "'
SITE = "حي الزيتون"
# marks without width, and vowel marks, which readers put anywhere
UNSEEN = re.compile("[\u200b-\u200f\u2066-\u2069\u064b-\u065f\u0670]")


class Page(html.parser.HTMLParser):
    """Texts and figures of a page, without pictures and what stands in its head."""

    def __init__(self, text):
        super().__init__()
        self.words, self.figures = [], []
        self.outside = self.figure = None
        self.feed(text[text.index("<body>") :])

    def handle_starttag(self, tag, attributes):
        if tag == "svg":
            self.outside = tag
        if tag == "data":
            given = dict(attributes)
            self.figure = (given["data-figure"], float(given["value"]), [])

    def handle_endtag(self, tag):
        if tag == self.outside:
            self.outside = None
        if tag == "data":
            key, value, shown = self.figure
            self.figures.append((key, value, "".join(shown)))
            self.figure = None

    def handle_data(self, text):
        if self.outside is None:
            # what points north is drawn
            self.words += text.replace("\u25b2", "").split()
        if self.figure:
            self.figure[2].append(text)


def run(*arguments):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    assert done.returncode == 0, f"{arguments}:\n{done.stdout}\n{done.stderr}"


def renamed(path, column, name):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0][column] = name
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def plain(text):
    """A text as every reader has it: without spaces and without marks."""
    return UNSEEN.sub("", "".join(text.split()))


def in_summary(summary, key):
    if key == "people.total - people.staying":
        return summary["people"]["total"] - summary["people"]["staying"]
    at = summary
    for name in key.split("."):
        at = at[name]
    return at


def fonts(reader):
    found = {}
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            below = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found[font["/BaseFont"].split("+")[-1]] = any(key.startswith("/FontFile") for key in below)
    return found


def hold(kind, language, page, path, summary):
    where = f"{kind} {language}"
    reader = pypdf.PdfReader(path)
    texts = [sheet.extract_text() for sheet in reader.pages]
    text = plain("".join(texts))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == language and root["/MarkInfo"]["/Marked"], where
    assert "/CreationDate" not in (reader.metadata or {}), where
    embedded = fonts(reader)
    assert embedded and all(embedded.values()), f"{where}: {embedded}"
    is_arabic = language == "ar"
    assert is_arabic <= any("Arabic" in name for name in embedded), f"{where}: {embedded}"
    for number, sheet in enumerate(texts, 1):
        assert f"{number}/{len(texts)}" in plain(sheet), f"{where}: page {number}"
    keys = 0
    for key, value, shown in page.figures:
        if kind == "plan" and key != "curve.last.bound":
            assert value == in_summary(summary, key), f"{where}: {key} is {value}"
            keys += 1
        # in a line of both directions the order of its parts is the reader's guess
        for part in re.findall(r"\d[\d.,:]*\d|\d", shown) if is_arabic else [shown]:
            assert plain(part) in text, f"{where}: {key} is not shown as {part}"
    assert kind != "plan" or keys > 10, where
    # a reader guesses the order of words from right to left, and letters where a mark stands on one
    words = [word for word in map(plain, page.words) if word]
    missing = [word for word in words if word not in text]
    if is_arabic:
        arabic = [word for word in page.words if re.fullmatch("[\u0620-\u064a]{3,}", word)]
        missing = [word for word in arabic if word not in text]
        assert len(arabic) > 100 and len(missing) < 0.1 * len(arabic), f"{where}: {len(missing)} of {len(arabic)}: {missing}"
    else:
        assert not missing, f"{where}: {missing}"
    return len(texts)


def main():
    program, typesetter = sys.argv[1:]
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        shutil.copytree(EXAMPLE, work / "road")
        renamed(work / "road" / "zones.csv", "name", ZONE)
        renamed(work / "road" / "sites.csv", "name", SITE)
        run(program, "plan", work / "road", "--out", work / "plan")
        summary = json.loads((work / "plan" / "summary.json").read_text(encoding="utf-8"))
        made = {}
        for kind in KINDS:
            for language in LANGUAGES:
                given = ["--cell", f"All:Night={work / 'plan'}"] if kind == "ete" else [work / "plan"]
                out = work / f"{kind}-{language}"
                options = ["--kind", kind, "--language", language, "--date", "2026-11-30", "--out", out]
                run(program, "report", *given, *options)
                made[kind, language] = out
        english = {key: out for key, out in made.items() if key[1] == "en"}
        for paper, name, some in (("a4", "a4.pdf", made), ("a4", "again.pdf", made), ("letter", "letter.pdf", english)):
            run(typesetter, paper, *(path / end for path in some.values() for end in ("index.html", name)))
        pages = 0
        for (kind, language), out in made.items():
            page = Page((out / "index.html").read_text(encoding="utf-8"))
            assert (out / "a4.pdf").read_bytes() == (out / "again.pdf").read_bytes(), f"{kind} {language}"
            for name, size in (("a4.pdf", (595, 842)), ("letter.pdf", (612, 792))):
                if (out / name).exists():
                    pages += hold(kind, language, page, out / name, summary)
                    box = pypdf.PdfReader(out / name).pages[0].mediabox
                    assert (round(box.width), round(box.height)) == size, f"{kind} {language}: {box}"
        print(f"{len(made) + len(english)} reports as PDF with {pages} pages hold what their pages say")


if __name__ == "__main__":
    main()
