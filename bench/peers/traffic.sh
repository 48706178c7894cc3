#!/usr/bin/env bash
# The same trips in our simulation, SUMO's mesoscopic model and UXsim, in one session: the table of docs/COMPARE.md.
#
#   bash bench/peers/traffic.sh OUT [MAPS]
#
# OUT gets a virtual environment with the peers from PyPI, the networks, plans and simulations. MAPS is a folder with the maps of
# bench/library.md; without it only the grid, which is made here, is compared. LIMIT: seconds that a simulator may take, 300 unless given.
# WRITE=docs/COMPARE.md puts the table there, between the marks, instead of printing it.
set -euo pipefail
if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    sed -n '2,8p' "$0" >&2
    exit 2
fi
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
OUT=$1
MAPS=${2:-}
mkdir -p "$OUT"
source "$ROOT/bench/peers/setup.sh"
REQUIREMENTS=traffic-requirements.txt environment
PROGRAMS=${CARGO_TARGET_DIR:-$ROOT/target}/release
(cd "$ROOT" && cargo build --release -q -p clearway-cli -p clearway-benchmarks)
"$OUT/venv/bin/python" "$ROOT/bench/peers/traffic_cases.py" "$OUT"
CASES="one-road diverge merge grid"
if [ -n "$MAPS" ]; then
    for name in siouxfalls anaheim liechtenstein; do
        [ -d "$OUT/$name" ] || "$PROGRAMS/instance" make "$name" --maps "$MAPS" --out "$OUT/$name"
        # orders by default, made so that queues fit on their roads
        [ -d "$OUT/$name-metered-plan" ] ||
            "$PROGRAMS/clearway" plan "$OUT/$name" --out "$OUT/$name-metered-plan" >"$OUT/$name-metered-plan.log"
        CASES="$CASES $name $name-metered"
    done
fi
# orders that ignore space make queues that fill roads: in these simulators differ most
for name in $CASES; do
    [ -d "$OUT/$name-plan" ] ||
        "$PROGRAMS/clearway" plan "$OUT/$name" --out "$OUT/$name-plan" --queues ignore-space >"$OUT/$name-plan.log"
done
"$OUT/venv/bin/python" "$ROOT/bench/peers/traffic.py" "$PROGRAMS/clearway" "$OUT" "${LIMIT:-300}" $CASES | tee "$OUT/traffic.md"
put traffic "$OUT/traffic.md"
