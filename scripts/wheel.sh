#!/usr/bin/env bash
# Builds the wheel of the Python package and runs its tests; or, with --only-build, builds the wheel to hand on.
#
#     bash scripts/wheel.sh                # for tests: into target/wheel, with what cargo has compiled for the tests of the workspace
#     bash scripts/wheel.sh --only-build   # optimised: into dist/
#
# Needs a Rust toolchain and Python 3.10 or later with venv; for the tests also npm (scripts/browser.sh installs it), from which pyright comes. Tools come from PyPI (python/requirements-test.txt) into target/wheel-tools,
# where they stay. The tests start the command line, which `cargo test --workspace` has built; where it is missing it is built here.
set -euo pipefail
cd "$(dirname "$0")/.."
TARGET=${CARGO_TARGET_DIR:-$PWD/target}
TOOLS=$TARGET/wheel-tools
export CARGO_TARGET_DIR=$TARGET

# what is there already and of the same requirements is kept
if ! cmp -s python/requirements-test.txt "$TOOLS/requirements.txt"; then
    rm -rf "$TOOLS"
    mkdir -p "$TARGET"
    python3 -m venv "$TOOLS"
    "$TOOLS/bin/python" -m pip install --quiet --disable-pip-version-check -r python/requirements-test.txt
    cp python/requirements-test.txt "$TOOLS/requirements.txt"
fi


# One wheel for Python 3.10 and all later ones, on machines like this one.
if [ "${1:-}" = --only-build ]; then
    (cd python && "$TOOLS/bin/maturin" build --quiet --locked --release --compatibility linux --out ../dist)
    ls dist/clearway-*-cp310-abi3-*.whl
    exit
fi

# maturin asks cargo for one crate, of which cargo then compiles almost all others again: without the rest of the workspace a few of them have
# other features. So the cargo that maturin finds builds the library of every crate, one of them with what only tests need, as
# scripts/test.sh has it.
rm -rf "$TARGET/wheel" "$TARGET/wheel-cargo"
mkdir -p "$TARGET/wheel-cargo"
cat > "$TARGET/wheel-cargo/cargo" <<END
#!/bin/sh
[ "\$1" = rustc ] || exec "$(command -v cargo)" "\$@"
cd "$PWD"
exec "$(command -v cargo)" build --locked --workspace --features clearway-python/extension --lib --example verify_folder \\
    --message-format json-render-diagnostics
END
chmod +x "$TARGET/wheel-cargo/cargo"
(cd python && PATH=$TARGET/wheel-cargo:$PATH "$TOOLS/bin/maturin" build --quiet --locked --profile dev --compatibility linux --out "$TARGET/wheel")
wheel=$(ls "$TARGET"/wheel/clearway-*-cp310-abi3-*.whl) || { echo "the wheel is not for Python 3.10 and later: $(ls "$TARGET/wheel")" >&2; exit 1; }

# Into a clean environment: it needs nothing but Python.
rm -rf "$TARGET/wheel-clean"
python3 -m venv "$TARGET/wheel-clean"
"$TARGET/wheel-clean/bin/python" -m pip install --quiet --disable-pip-version-check --no-index "$wheel"
"$TARGET/wheel-clean/bin/python" -c 'import clearway; print(clearway.load("examples/one-road"))'

"$TOOLS/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall "$wheel"
if [ -n "${CLEARWAY_PROGRAM:-}" ]; then :; elif [ -x "$TARGET/debug/clearway" ]; then CLEARWAY_PROGRAM=$TARGET/debug/clearway
else cargo build --quiet -p clearway-cli && CLEARWAY_PROGRAM=$TARGET/debug/clearway; fi
export CLEARWAY_PROGRAM

# types of the package, of its tests, and of what is compiled against its stub, by two checkers
cd python
MYPYPATH=tests "$TOOLS/bin/mypy" --no-incremental clearway tests
cmp -s package-lock.json node_modules/.lock || { npm ci --no-audit --no-fund --loglevel=error && cp package-lock.json node_modules/.lock; }
node_modules/.bin/pyright --pythonpath "$TOOLS/bin/python"
(cd tests && "$TOOLS/bin/stubtest" --allowlist ../stubtest-allowlist.txt clearway._clearway)
# not as a module, which would find the sources in place of what is installed
"$TOOLS/bin/pytest" -q -p no:cacheprovider "${@:-tests}"
# figures of the study are bounds, which no better search changes; of the others it is looked at that they run
cd notebooks
"$TOOLS/bin/pytest" -q -p no:cacheprovider -W default --nbval --nbval-current-env study.ipynb
"$TOOLS/bin/pytest" -q -p no:cacheprovider -W default --nbval-lax --nbval-current-env first_plan.ipynb what_would_change_it.ipynb
