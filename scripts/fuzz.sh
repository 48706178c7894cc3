#!/usr/bin/env bash
# Fuzzing by coverage (libFuzzer) of everything that reads bytes: bash scripts/fuzz.sh SECONDS [TARGET...], so many seconds for each target.
#
# Targets are in fuzz/fuzz_targets. What was tried is kept under target/fuzz-corpus and begun from the next time; what breaks something is
# kept under target/fuzz-found, and the exit code is 1. Needs a C++ compiler; no nightly toolchain, as no sanitizer takes part: the code has
# no unsafe parts, and panics, sums that wrap, hangs (over 25 s) and more than 2 GB of memory are what is looked for.
set -euo pipefail
cd "$(dirname "$0")/.."
SECONDS_EACH=${1:?how many seconds for each target}
shift
TARGET=${CARGO_TARGET_DIR:-$PWD/target}
HOST=$(rustc -vV | sed -n 's/^host: //p')

export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table --cfg fuzzing"
# with a target of its own, so that build scripts and macros are not instrumented
cargo build --quiet --locked --release --manifest-path fuzz/Cargo.toml --target "$HOST" --target-dir "$TARGET/fuzz"
python3 fuzz/seeds.py "$TARGET/fuzz-seeds"

targets=("$@")
if [ ${#targets[@]} = 0 ]; then
    for file in fuzz/fuzz_targets/*.rs; do targets+=("$(basename "$file" .rs)"); done
fi
failed=0
for target in "${targets[@]}"; do
    corpus=$TARGET/fuzz-corpus/$target found=$TARGET/fuzz-found/$target
    mkdir -p "$corpus" "$found"
    echo "== $target"
    "$TARGET/fuzz/$HOST/release/$target" -max_total_time="$SECONDS_EACH" -timeout=25 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 \
        -artifact_prefix="$found/" "$corpus" "$TARGET/fuzz-seeds/$target" 2> "$TARGET/fuzz-found/$target.log" || { failed=1; tail -n 40 "$TARGET/fuzz-found/$target.log"; }
    grep -E "^stat::(number_of_executed_units|average_exec)|^#.*(DONE|INITED)" "$TARGET/fuzz-found/$target.log" || true
done
exit $failed
