#!/usr/bin/env bash
# Installs Python where there is none: the second checker reads TOML with its standard library, which has it since 3.11; the readers of
# exports (scripts/readers.sh) are put into a virtual environment.
set -euo pipefail

python_is_there() { python3 -c 'import tomllib, venv, ensurepip' 2>/dev/null; }
if ! python_is_there; then
    if command -v apt-get >/dev/null; then
        apt-get update -qq
        apt-get install -y -qq python3 python3-venv >/dev/null
    fi
    python_is_there || { echo "python3 (3.11 or later) with venv is needed" >&2; exit 1; }
fi
