#!/usr/bin/env bash
# Asks the server what its own description allows and what it does not, and compares the answers with the description (Schemathesis,
# https://schemathesis.readthedocs.io). Needs Python and a network for the first time. What it found: docs/guides/map-application.md.
#
#     bash bench/described.sh [SECONDS]        # target/debug/clearway, 120 s
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-120}
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "schemathesis>=4.30,<5"
(cd web && node -e 'import("./tests/town.mjs").then((town) => process.stdout.write(town.osm()))') > "$work/town.osm"
target/debug/clearway serve "$work/projects" --port 0 > "$work/said" 2>&1 &
server=$!
until address=$(grep -o 'http://127[^/]*' "$work/said"); do sleep 0.2; done
json='content-type: application/json'
curl -sf -c "$work/jar" -H "$json" -d '{"name":"Ada"}' "$address/api/session" > /dev/null
curl -sf -b "$work/jar" -H "$json" -d '{"name":"Town"}' "$address/api/projects" > /dev/null
curl -sf -b "$work/jar" -H 'content-type: application/octet-stream' --data-binary "@$work/town.osm" "$address/api/projects/1/files?name=town.osm" > /dev/null
# Accounts would shut it out. That a version is not of the kind that a route is about is a 400 that no description of types can say, and
# so is a whole number that is written with a point.
"$work/venv/bin/schemathesis" run "$address/api/openapi.json" --url "$address" \
    --header "Cookie: $(awk '/clearway/ && NF >= 7 { print "clearway=" $7 }' "$work/jar")" \
    --exclude-path /api/accounts --exclude-path /api/session --exclude-path '/api/jobs/{job}/events' --exclude-path /api/projects/import \
    --exclude-checks positive_data_acceptance \
    --phases coverage,fuzzing --max-examples 15 --max-time "$seconds" --seed 1 --generation-deterministic --continue-on-failure --no-color
