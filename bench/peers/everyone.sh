#!/usr/bin/env bash
# Multimodal plans on random small cases against exact optima by HiGHS and SCIP: the second table of docs/COMPARE.md.
#
#   bash bench/peers/everyone.sh OUT
#
# OUT gets a virtual environment with the solvers from PyPI (SCIP comes with OR-tools), the cases and their plans. CASES of each of four
# families, 20 unless given; SEED, 1 unless given; LIMIT: seconds for one question to a solver, 120 unless given.
# WRITE=docs/COMPARE.md puts the table there, between the marks, besides printing it. Ends with 1 if a limit is above an optimum, an
# optimum above a plan, a plan does not verify, or the two solvers disagree.
set -euo pipefail
if [ $# -ne 1 ]; then
    sed -n '2,9p' "$0" >&2
    exit 2
fi
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
OUT=$1
mkdir -p "$OUT"
source "$ROOT/bench/peers/setup.sh"
environment
(cd "$ROOT" && cargo build --release -q -p clearway)
PROGRAM=${CARGO_TARGET_DIR:-$ROOT/target}/release/clearway
"$OUT/venv/bin/python" "$ROOT/bench/peers/everyone.py" "$PROGRAM" "$OUT" "${CASES:-20}" "${LIMIT:-120}" "${SEED:-1}" \
    2> >(tee "$OUT/cases.log" >&2) | tee "$OUT/everyone.md"
put everyone "$OUT/everyone.md"
