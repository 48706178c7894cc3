#!/usr/bin/env bash
# How much sooner several threads have a bound: wall seconds with one thread and with N, in turn, and whether all bytes are the same.
#
#   bash bench/threads.sh SCENARIO [N=2] [ROUNDS=5]
#
# The least of the rounds counts: what else runs on the machine only ever adds. User seconds show work that is done in vain. Ends with
# an error if a file differs in more than what describes the run.
set -euo pipefail
if [ $# -lt 1 ]; then
    sed -n '2,7p' "$0" >&2
    exit 2
fi
ROOT=$(cd "$(dirname "$0")/.." && pwd)
CLEARWAY=${CLEARWAY:-$ROOT/target/release/clearway}
SCENARIO=$1
N=${2:-2}
ROUNDS=${3:-5}
OUT=$(mktemp -d)
trap 'rm -r "$OUT"' EXIT

run() { # THREADS: appends wall and user seconds
    local TIMEFORMAT="%R %U"
    { time "$CLEARWAY" plan "$SCENARIO" --bound-only --threads "$1" --replace --out "$OUT/$1" >"$OUT/log" 2>&1; } 2>>"$OUT/times-$1" ||
        { cat "$OUT/log" >&2; return 1; }
}
for _ in $(seq "$ROUNDS"); do
    run 1
    run "$N"
done
# Everything but the folder's own list of digests and the lines of the summary that describe the run.
for file in $(cd "$OUT/1" && find . -type f ! -name manifest.json | sort); do
    cmp -s "$OUT/1/$file" "$OUT/$N/$file" ||
        diff <(grep -v '"threads"\|"wall_s"\|"peak_rss_bytes"' "$OUT/1/$file") <(grep -v '"threads"\|"wall_s"\|"peak_rss_bytes"' "$OUT/$N/$file") ||
        { echo "$file differs" >&2; exit 1; }
done
python3 - "$OUT" "$N" <<'PYTHON'
import json, os, sys
out, n = sys.argv[1], sys.argv[2]
def rows(threads):
    with open(f"{out}/times-{threads}", encoding="utf-8") as file:
        return [tuple(map(float, line.split())) for line in file]
def peak(threads):
    with open(f"{out}/{threads}/summary.json", encoding="utf-8") as file:
        return json.load(file)["peak_rss_bytes"] / 2**20
one, more = rows("1"), rows(n)
for threads, of in (("1", one), (n, more)):
    walls = ", ".join(f"{wall:.2f}" for wall, _ in of)
    print(f"{threads} threads: wall {walls} s; least user {min(user for _, user in of):.2f} s; peak {peak(threads):.0f} MiB")
print(f"ratio of the least: {min(one)[0] / min(more)[0]:.2f} (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores); all files the same")
PYTHON
