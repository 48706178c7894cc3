#!/usr/bin/env bash
# How time and memory of the bound alone grow with the links: rows for bench/bound-growth.csv, of which growth.py makes a table and a plot.
#
#   bash bench/bound-growth.sh OUT [NAME...]
#
# OUT gets the scenarios and the table. Without NAME growth-10k to growth-1m (a million links takes minutes and about 2 GB). THREADS=16 takes
# another number than 2, REPEAT=3 runs each as often and keeps the least. User seconds depend on the load far less than wall seconds.
set -euo pipefail
if [ $# -lt 1 ]; then
    sed -n '2,7p' "$0" >&2
    exit 2
fi
ROOT=$(cd "$(dirname "$0")/.." && pwd)
CLEARWAY=${CLEARWAY:-$ROOT/target/release/clearway}
INSTANCE=${INSTANCE:-$ROOT/target/release/instance}
OUT=$1
shift
mkdir -p "$OUT"
if [ $# -eq 0 ]; then
    set -- growth-10k growth-25k growth-50k growth-100k growth-200k growth-500k growth-1m
fi
table=$OUT/bound-growth.csv
echo "instance,links,people,zones,threads,wall_s,user_s,peak_rss_bytes" >"$table"
TIMEFORMAT="%R %U"
for name; do
    scenario=$OUT/$name
    [ -d "$scenario" ] || "$INSTANCE" make "$name" --library "$ROOT/bench/library.toml" --out "$scenario" >&2
    for _ in $(seq "${REPEAT:-1}"); do
        { time "$CLEARWAY" plan "$scenario" --bound-only --threads "${THREADS:-2}" --replace --out "$OUT/$name-bound" >"$OUT/log" 2>&1; } \
            2>"$OUT/times" || { cat "$OUT/log" >&2; exit 1; }
        python3 - "$OUT/$name-bound/summary.json" "$name" $(cat "$OUT/times") >>"$table" <<'PYTHON'
import json, sys
path, name, wall, user = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    summary = json.load(file)
print(",".join(map(str, [name, summary["network"]["links"], summary["people"]["total"], summary["zones"], summary["threads"], wall, user, summary["peak_rss_bytes"]])))
PYTHON
        tail -n 1 "$table" >&2
    done
done
rm -f "$OUT/log" "$OUT/times"
cat "$table"
