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
if [ ! -x "$OUT/venv/bin/pip" ]; then
    rm -rf "$OUT/venv"
    if ! python3 -m venv "$OUT/venv" && command -v apt-get >/dev/null; then
        apt-get update -qq
        apt-get install -y -qq python3-venv
        python3 -m venv "$OUT/venv"
    fi
fi
"$OUT/venv/bin/pip" install -q -r "$ROOT/bench/peers/requirements.txt"
(cd "$ROOT" && cargo build --release -q -p clearway-flow --example peers)
PROGRAM=${CARGO_TARGET_DIR:-$ROOT/target}/release/examples/peers
"$OUT/venv/bin/python" "$ROOT/bench/peers/run.py" "$PROGRAM" "$OUT" "${LIMIT:-300}" | tee "$OUT/table.md"
if [ -n "${WRITE:-}" ]; then
    python3 - "$ROOT/$WRITE" "$OUT/table.md" <<'PY'
import pathlib, re, sys
page, table = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_text().strip()
text = re.sub(r"(<!-- peers: begin[^\n]*-->\n).*?(<!-- peers: end -->)",
              lambda m: m.group(1) + "\n" + table + "\n\n" + m.group(2), page.read_text(), flags=re.S)
page.write_text(text)
PY
fi
