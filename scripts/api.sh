#!/usr/bin/env bash
# Asks the interface of the map application, by its own description, what that allows and what it does not, thousands of times, with a program
# that is not ours (schemathesis, from PyPI): no answer may be an error of the program, or have another status, kind or shape than described.
#
#   bash scripts/api.sh [PROGRAM [CASES]]
#
# PROGRAM: target/debug/clearway unless given. CASES: made-up requests for each operation at most (60), beside those that the
# description leads to one by one.
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
PROGRAM=$(realpath "${1:-$TARGET/debug/clearway}")
CASES=${2:-60}
if [ ! -x "$PROGRAM" ]; then
    echo "api: there is no $PROGRAM; build it: cargo build" >&2
    exit 1
fi
BIN=$(dirname "$(bash "$ROOT/scripts/readers.sh" "$TARGET/api" "$ROOT/crates/serve/tests/api/requirements.txt")")

WORK=$(mktemp -d)
SERVER=
trap '[ -z "$SERVER" ] || kill "$SERVER" 2>/dev/null || true; rm -rf "$WORK"' EXIT
"$PROGRAM" serve "$WORK/projects" --demo --port 0 > "$WORK/log" 2>&1 &
SERVER=$!
for _ in $(seq 300); do
    ADDRESS=$(sed -n 's|^look at: *\(http://[^ ]*\)/$|\1|p' "$WORK/log")
    [ -z "$ADDRESS" ] || break
    kill -0 "$SERVER" 2>/dev/null || break
    sleep 0.1
done
if [ -z "${ADDRESS:-}" ]; then
    cat "$WORK/log" >&2
    echo "api: the server did not start" >&2
    exit 1
fi

# What a description cannot say (a name that is taken, a version of another kind) may be refused: positive_data_acceptance is left out.
STATUS=0
cd "$WORK" # it keeps failures where it runs
SCHEMATHESIS_HOOKS=$ROOT/crates/serve/tests/api/hooks.py "$BIN/schemathesis" run "$ADDRESS/api/openapi.json" \
    --phases examples,coverage,fuzzing --max-examples "$CASES" --seed 1 --exclude-checks positive_data_acceptance \
    --continue-on-failure --request-timeout 60 --suppress-health-check all > "$WORK/answers" 2>&1 || STATUS=$?
if [ "$STATUS" -ne 0 ]; then
    cat "$WORK/answers" >&2
fi
if grep -q "panicked" "$WORK/log" || ! kill -0 "$SERVER" 2>/dev/null; then
    cat "$WORK/log" >&2
    echo "api: the server panicked, or is gone" >&2
    STATUS=1
fi
grep -A2 "^Test cases:" "$WORK/answers" || true
exit "$STATUS"
