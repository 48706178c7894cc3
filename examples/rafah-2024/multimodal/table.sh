#!/usr/bin/env bash
# Plans the example with several fleets and lanes and prints bounds and plans as a table.
#
#   bash examples/rafah-2024/multimodal/table.sh OUT
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
ROOT=$(cd "$(dirname "$0")/../../.." && pwd)
CLEARWAY=${CLEARWAY:-$ROOT/target/release/clearway}
OUT=$1
mkdir -p "$OUT"
echo "| lanes per road and direction | buses | with vehicles: bound / plan, h | on foot | seat | wheelchair | stretcher | all: bound / plan, h |"
echo "|---|---|---|---|---|---|---|---|"
for lanes in 1 2; do
    for buses in 50 100 200 400; do
        base=$OUT/base-$lanes
        scenario=$OUT/$lanes-$buses
        rm -rf "$base" && cp -r "$ROOT/examples/rafah-2024" "$base"
        # The example's capacity is that of one lane and direction; GMNS `capacity` is per lane and is left out.
        python3 - "$base/link.csv" "$lanes" <<'PY'
import csv, sys
path, lanes = sys.argv[1], int(sys.argv[2])
with open(path, encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
for row in rows:
    row["lanes"] = str(lanes)
    for column in ("capacity_pcu_h", "capacity_pcu_h_low", "capacity_pcu_h_high"):
        row[column] = str(float(row[column]) * lanes)
with open(path, "w", encoding="utf-8", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
PY
        sed "s/^bus,Bus,[0-9]*/bus,Bus,$buses/" "$ROOT/examples/rafah-2024/multimodal/fleet.csv" >"$OUT/fleet.csv"
        "$CLEARWAY" groups "$base" --out "$scenario" --replace --walk 0.3 --seat 0.08 --wheelchair 0.01 --stretcher 0.0005 \
            --source assumed --fleet "$OUT/fleet.csv" --settings "$ROOT/examples/rafah-2024/multimodal/multimodal.toml" >"$OUT/log" 2>&1
        "$CLEARWAY" plan "$scenario" --out "$scenario-plan" --replace >"$OUT/log" 2>&1
        "$CLEARWAY" verify "$scenario-plan" >"$OUT/log" 2>&1 || { cat "$OUT/log" >&2; exit 1; }
        python3 - "$scenario-plan/multimodal.json" "$lanes" "$buses" <<'PY'
import json, sys
summary = json.load(open(sys.argv[1], encoding="utf-8"))
def hours(figure):
    shown = [f"{figure[side] / 3600:.0f}" if figure[side] is not None else "not all" for side in ("bound", "plan")]
    return " / ".join(shown)
cells = {one["means"]: hours(one["clearance_s"]) for one in summary["means"]}
order = ["vehicle", "walk", "seat", "wheelchair", "stretcher"]
print("|", " | ".join([sys.argv[2], sys.argv[3], *(cells.get(m, "-") for m in order), hours(summary["clearance_s"])]), "|")
PY
    done
done
