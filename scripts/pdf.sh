#!/usr/bin/env bash
# Reports as PDF, of every kind and in every language, read back by a program that is not ours (pypdf, from PyPI): the figures of
# summary.json, every word of the page, pages, fonts, and the same bytes on a second run.
#
#   bash scripts/pdf.sh [PROGRAM]
#
# PROGRAM makes plans and pages: target/debug/clearway unless given, a build without PDF does. Only what typesets pages is compiled here, by
# itself: a whole program with PDF would compile all the others again.
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
PROGRAM=$(realpath "${1:-$CARGO_TARGET_DIR/debug/clearway}")
if [ ! -x "$PROGRAM" ]; then
    echo "pdf: there is no $PROGRAM; build it: cargo build" >&2
    exit 1
fi
cd "$ROOT"
PDF=(--locked -p clearway-pdf --features typst)
cargo test "${PDF[@]}" --test it
cargo build "${PDF[@]}" --example page_pdf
PYTHON=$(bash scripts/readers.sh "$CARGO_TARGET_DIR/pdf-reader" crates/pdf/tests/requirements.txt)
"$PYTHON" crates/pdf/tests/read.py "$PROGRAM" "$CARGO_TARGET_DIR/debug/examples/page_pdf"
