#!/usr/bin/env bash
# How near the orders come to the bound, with 5, 3 and 1 routes per zone and with the flow split freely.
#
#   bash bench/gaps.sh MAPS OUT [CASE...]
#
# MAPS is a folder with the maps named in bench/README.md (a case whose map is not there is left out), OUT gets the
# scenario and plan folders. Every plan is verified; a plan that does not hold ends the run. The table is printed;
# WRITE=docs/figures.md puts it there, between the marks, instead.
set -euo pipefail
if [ $# -lt 2 ]; then
    sed -n '2,9p' "$0" >&2
    exit 2
fi
ROOT=$(cd "$(dirname "$0")/.." && pwd)
CLEARWAY=${CLEARWAY:-$ROOT/target/release/clearway}
MAPS=$1
OUT=$2
shift 2
source "$ROOT/bench/cases.sh"

names=$(wanted "$MAPS" "$@")
for name in $names; do
    make_case "$name" "$MAPS" "$OUT" >"$OUT.log" 2>&1 || { cat "$OUT.log" >&2; exit 1; }
    for routes in 5 3 1; do
        plan=$OUT/$name/plan-$routes
        echo "$name, $routes per zone" >&2
        "$CLEARWAY" plan "$OUT/$name/scenario" --out "$plan" --routes-per-zone "$routes" --replace >"$OUT.log"
        "$CLEARWAY" verify "$plan" >"$OUT.log" || { cat "$OUT.log" >&2; exit 1; }
    done
done
rm -f "$OUT.log"
python3 "$ROOT/bench/gaps.py" "$OUT" ${WRITE:+--write "$WRITE"} $names
