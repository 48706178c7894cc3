#!/usr/bin/env bash
# What each step costs, as ratios from one run: seconds differ from machine to machine and from day to day, and
# what is compared must have run under the same load.
#
#   bash bench/time.sh MAPS OUT [CASE...]
#
# MAPS and OUT are as for gaps.sh. One row a case: seconds, and in brackets the share of the plan with two threads.
set -euo pipefail
if [ $# -lt 2 ]; then
    sed -n '2,7p' "$0" >&2
    exit 2
fi
ROOT=$(cd "$(dirname "$0")/.." && pwd)
CLEARWAY=${CLEARWAY:-$ROOT/target/release/clearway}
MAPS=$1
OUT=$2
shift 2
source "$ROOT/bench/cases.sh"

seconds() { # COMMAND...: wall seconds; what it prints goes to standard error if it fails
    local TIMEFORMAT=%R
    { time "$@" >"$OUT.log" 2>&1; } 2>&1 || { cat "$OUT.log" >&2; return 1; }
}
share() { # SECONDS OF: "S (SHARE)"
    python3 -c 'import sys; s, of = map(float, sys.argv[1:]); print(f"{s:.1f} ({s / max(of, 1e-9):.2f})")' "$1" "$2"
}

echo "| case | new, map to scenario | plan, 2 threads | plan, 1 thread | verify | check.py | peak memory |"
echo "|---|---|---|---|---|---|---|"
for name in $(wanted "$MAPS" "$@"); do
    mkdir -p "$OUT/$name"
    scenario=$OUT/$name/scenario
    new=$(seconds make_case "$name" "$MAPS" "$OUT")
    two=$(seconds "$CLEARWAY" plan "$scenario" --out "$OUT/$name/time-2" --threads 2 --replace)
    one=$(seconds "$CLEARWAY" plan "$scenario" --out "$OUT/$name/time-1" --threads 1 --replace)
    verify=$(seconds "$CLEARWAY" verify "$OUT/$name/time-2")
    python=$(seconds python3 "$ROOT/docs/reference/check.py" "$OUT/$name/time-2")
    memory=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["peak_rss_bytes"] // 2**20)' "$OUT/$name/time-2/summary.json")
    echo "| $name | $(share "$new" "$two") | $two (1) | $(share "$one" "$two") | $(share "$verify" "$two") | $(share "$python" "$two") | $memory MiB |"
    # The two plans are the same plan: everything but what describes the run.
    for file in plan.json certificate.json orders.csv curve.csv zones.csv bottlenecks.csv overflow.csv; do
        cmp "$OUT/$name/time-1/$file" "$OUT/$name/time-2/$file"
    done
done
rm -f "$OUT.log"
