#!/usr/bin/env bash
# All tests: those of the Rust crates, those of the map application in a browser and of its interface, reports as PDF, those of the Python
# package and of the packages. Installs what they need where it is missing (with apt-get, npm and pip: Python, Node, Chromium, tools of Python).
#
#     bash scripts/test.sh
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/python.sh
bash scripts/browser.sh

# With the tests of the command line cargo builds the program, which the browser tests then start. What the Python package needs is asked for here
# already: it changes features far down, and asked for later almost everything would be compiled once more.
cargo test --workspace --features clearway-python/extension

# The browser tests need hardly more than one processor, and take long: what they say is kept until the rest is through.
browser=$(mktemp)
(cd web && npm test) > "$browser" 2>&1 &
# also where the rest fails, nothing goes on in the background
trap 'wait; rm -f "$browser"' EXIT

bash scripts/api.sh
bash scripts/pdf.sh
# The wheel is built of what cargo has compiled for the tests.
bash scripts/wheel.sh
bash scripts/packages.sh

passed=0
wait $! || passed=$?
cat "$browser"
exit "$passed"
