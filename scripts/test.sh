#!/usr/bin/env bash
# All tests: those of the Rust crates, and those of the map application in a browser. Installs what they need where it is missing (with
# apt-get and npm: Python, Node, Chromium).
#
#     bash scripts/test.sh
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/python.sh
bash scripts/browser.sh

# With the tests of the command line cargo builds the program, which the browser tests then start.
cargo test --workspace
(cd web && npm test)
