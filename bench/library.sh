#!/usr/bin/env bash
# Makes instances of the library, plans them with 5 and with 1 routes per zone, verifies every plan, and keeps what is
# better than the best known in bench/results.csv.
#
#   bash bench/library.sh MAPS OUT [NAME...]
#
# MAPS is a folder with the maps named in bench/library.md, in it or in folders in it (an instance whose map is not
# there is left out), OUT gets the scenario and plan folders. One after the other; a plan that does not hold ends the
# run. Without NAME all instances. RESULTS=FILE takes another file than bench/results.csv, ROUTES="3" other numbers of
# routes, EFFORT=4 a longer search for orders (--effort), BY="Name" who is named beside the figures.
# WRITE=bench/RESULTS.md writes the tables there; else they are printed.
set -euo pipefail
if [ $# -lt 2 ]; then
    sed -n '2,13p' "$0" >&2
    exit 2
fi
ROOT=$(cd "$(dirname "$0")/.." && pwd)
CLEARWAY=${CLEARWAY:-$ROOT/target/release/clearway}
INSTANCE=${INSTANCE:-$ROOT/target/release/instance}
RESULTS=${RESULTS:-$ROOT/bench/results.csv}
MAPS=$1
OUT=$2
shift 2
mkdir -p "$OUT"

if [ $# -eq 0 ]; then
    set -- $("$INSTANCE" list | cut -f1)
fi
for name; do
    scenario=$OUT/$name/scenario
    mkdir -p "$OUT/$name"
    map=$("$INSTANCE" list | awk -F'\t' -v name="$name" '$1 == name { print $3 }')
    if [ -n "$map" ] && [ "$map" != "made up" ] && [ -z "$(find "$MAPS" -maxdepth 2 -name "$map" -print -quit 2>/dev/null)" ]; then
        echo "left out: $name, there is no $map in $MAPS" >&2
        continue
    fi
    made=$("$INSTANCE" make "$name" --maps "$MAPS" --out "$scenario")
    echo "$made" >&2
    # Departure windows of at most a hundredth of the time that the sites alone need.
    window=$(python3 -c 'import re, sys
hours = float(re.search(r"at least ([0-9.]+) h", sys.argv[1])[1])
print(max((s for s in (30, 60, 120, 300, 600, 900) if s <= 36 * hours), default=30))' "$made")s
    for routes in ${ROUTES:-5 1}; do
        plan=$OUT/$name/plan-$routes
        search=(--routes-per-zone "$routes" --window "$window" ${EFFORT:+--effort "$EFFORT"})
        command="clearway plan $name ${search[*]}"
        echo "$command" >&2
        "$CLEARWAY" plan "$scenario" --out "$plan" "${search[@]}" --replace >"$OUT/log" 2>&1 \
            || { cat "$OUT/log" >&2; exit 1; }
        begin=$(date +%s.%N)
        "$CLEARWAY" verify "$plan" >"$OUT/log" 2>&1 || { cat "$OUT/log" >&2; exit 1; }
        verify=$(python3 -c 'import sys; print(f"{float(sys.argv[2]) - float(sys.argv[1]):.1f}")' "$begin" "$(date +%s.%N)")
        python3 "$ROOT/bench/results.py" add "$RESULTS" "$name" "$plan" --verify-s "$verify" --command "$command" \
            --by "${BY:-clearway}"
    done
done
rm -f "$OUT/log"
python3 "$ROOT/bench/results.py" tables "$RESULTS" ${WRITE:+--write "$WRITE"}
