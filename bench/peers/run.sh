#!/usr/bin/env bash
# Ours and general solvers on the same time-expanded networks, in one session: the table of docs/COMPARE.md.
#
#   bash bench/peers/run.sh OUT
#
# OUT gets a virtual environment with the peers from PyPI and the instances. LIMIT: seconds that a solver may take, 300 unless given.
# WRITE=docs/COMPARE.md puts the table there, between the marks, instead of printing it. Ends with 1 if two solvers disagree.
set -euo pipefail
if [ $# -ne 1 ]; then
    sed -n '2,8p' "$0" >&2
    exit 2
fi
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
OUT=$1
mkdir -p "$OUT"
source "$ROOT/bench/peers/setup.sh"
environment
(cd "$ROOT" && cargo build --release -q -p clearway-flow --example peers)
PROGRAM=${CARGO_TARGET_DIR:-$ROOT/target}/release/examples/peers
"$OUT/venv/bin/python" "$ROOT/bench/peers/run.py" "$PROGRAM" "$OUT" "${LIMIT:-300}" | tee "$OUT/table.md"
put peers "$OUT/table.md"
