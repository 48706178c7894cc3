#!/usr/bin/env bash
# Makes a Python virtual environment with readers of maps, workbooks, tables and traffic from PyPI (readers-requirements.txt), for the
# tests of `clearway export`, of the files that `clearway new` takes and of the indices of studies.
#
#   bash scripts/readers.sh [FOLDER [REQUIREMENTS]]
#
# FOLDER: target/readers unless given; REQUIREMENTS: other programs than these readers, for other tests. What is there already and of the
# same requirements is kept. Prints the path of its Python.
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
FOLDER=${1:-${CARGO_TARGET_DIR:-$ROOT/target}/readers}
REQUIREMENTS=${2:-$ROOT/scripts/readers-requirements.txt}
PYTHON=$FOLDER/bin/python
mkdir -p "$(dirname "$FOLDER")"
# tests run side by side: the first makes it, the others wait
exec 9>"$FOLDER.lock"
if command -v flock >/dev/null; then flock 9; fi
if ! cmp -s "$REQUIREMENTS" "$FOLDER/requirements.txt"; then
    rm -rf "$FOLDER"
    if ! command -v python3 >/dev/null || ! python3 -m venv "$FOLDER" >&2; then
        echo "readers: there is no python3 with venv; on Debian: apt-get install -y python3 python3-venv" >&2
        exit 1
    fi
    if ! "$PYTHON" -m pip install --quiet --disable-pip-version-check -r "$REQUIREMENTS" >&2; then
        echo "readers: PyPI cannot be reached; elsewhere: python3 -m venv $FOLDER && $PYTHON -m pip install -r $REQUIREMENTS" >&2
        exit 1
    fi
    cp "$REQUIREMENTS" "$FOLDER/requirements.txt"
fi
echo "$PYTHON"
