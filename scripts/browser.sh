#!/usr/bin/env bash
# Installs what the browser tests need: Node, Chromium (Debian's, with fonts) and the packages of web/. Does nothing where it is there.
#
#     bash scripts/browser.sh
set -euo pipefail
cd "$(dirname "$0")/.."

node_is_there() { node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null; }
wanted=()
command -v chromium >/dev/null || wanted+=(chromium fonts-noto-core)
node_is_there && command -v npm >/dev/null || wanted+=(nodejs npm)
if [ ${#wanted[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || { echo "needed: ${wanted[*]} (Node 20.19 or later)" >&2; exit 1; }
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
fi
node_is_there || { echo "Node 20.19 or later is needed, and $(node --version 2>/dev/null || echo none) is there" >&2; exit 1; }

# Only if the lock file has changed since.
if ! cmp -s web/package-lock.json web/node_modules/.lock; then
    (cd web && npm ci --no-audit --no-fund --loglevel=error)
    cp web/package-lock.json web/node_modules/.lock
fi
