#!/usr/bin/env bash
# Builds the map application from web/ into crates/serve/assets, which the program carries within it.
#
#     bash scripts/web.sh            # builds
#     bash scripts/web.sh --check    # checks types, builds elsewhere and compares with what is committed
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/browser.sh

if [ "${1:-}" = --check ]; then
    (cd web && npm run --silent types:check && npm run --silent check)
    into=$(mktemp -d)
    trap 'rm -rf "$into"' EXIT
    (cd web && npx vite build --logLevel warn --outDir "$into" --emptyOutDir)
    diff -r "$into" crates/serve/assets || { echo "crates/serve/assets is not what web/ gives: bash scripts/web.sh" >&2; exit 1; }
else
    (cd web && npx vite build --logLevel warn)
fi
