#!/usr/bin/env bash
# All tests: those of the Rust crates, and those of the map application in a browser. Installs what they need where it is missing (with
# apt-get and npm: Python, Node, Chromium).
#
#     bash scripts/test.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# The second checker reads TOML with Python's standard library, which has it since 3.11.
python_is_there() { python3 -c 'import tomllib' 2>/dev/null; }
if ! python_is_there; then
    if command -v apt-get >/dev/null; then
        apt-get update -qq
        apt-get install -y -qq python3 >/dev/null
    fi
    python_is_there || { echo "python3 (3.11 or later) is needed" >&2; exit 1; }
fi
bash scripts/browser.sh

# With the tests of the command line cargo builds the program, which the browser tests then start.
cargo test --workspace
(cd web && node --test --test-concurrency=1 tests/)
