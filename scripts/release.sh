#!/usr/bin/env bash
# Packs the program for machines without a toolchain: one archive with the program, all licences, documents and examples. Needs git and
# Python 3.
#
#     bash scripts/release.sh            # for this machine
#     bash scripts/release.sh TARGET     # for another one, e.g. x86_64-unknown-linux-musl: static, for any Linux. Needs
#                                        # `rustup target add TARGET`, and on Debian `apt-get install musl-tools`
#
# Writes dist/clearway-VERSION-TARGET.tar.gz and its SHA-256 and, where there is dpkg-deb, a Debian package. The same sources and toolchain
# give the same archive. PROGRAM=FILE packs a program that is built already (which the tests do, into OUT in place of dist).
set -euo pipefail
cd "$(dirname "$0")/.."

host=$(rustc -vV | sed -n 's/^host: //p')
target=${1:-$host}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
name=clearway-$version-$target
out=${OUT:-dist}
folder=$out/$name

# What is printed after a crash names paths of this machine unless they are mapped; symbols are not needed by those who run it.
if [ -z "${PROGRAM:-}" ]; then
    export RUSTFLAGS="${RUSTFLAGS:-} --remap-path-prefix=$PWD=. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
    CARGO_PROFILE_RELEASE_STRIP=symbols cargo build --release --locked -p clearway-cli --target "$target"
    PROGRAM=${CARGO_TARGET_DIR:-target}/$target/release/clearway
    [ -f "$PROGRAM" ] || PROGRAM=$PROGRAM.exe
fi
program=$PROGRAM

rm -rf "$folder"
mkdir -p "$folder"
cp "$program" LICENSE-APACHE LICENSE-MIT packaging/Containerfile "$folder/"
# Documents and examples as they are tracked, so that links and commands in them work in the archive as well. The map of the demo is
# inside the program; its licence is in examples/helsinki.
git archive HEAD -- README.md CHANGELOG.md GLOSSARY.md docs examples | tar -xf - -C "$folder"

# Completions go where the shell looks for them, man pages into a folder man1 of the manual path.
if [ "$target" = "$host" ]; then
    mkdir -p "$folder/completions"
    "$program" completions bash > "$folder/completions/clearway.bash"
    "$program" completions zsh > "$folder/completions/_clearway"
    "$program" completions fish > "$folder/completions/clearway.fish"
    "$program" manual --out "$folder/man1" > /dev/null
    rm -f "$folder/man1/manifest.json"
fi

# What is linked into it, and the licence texts that come with each package.
cargo tree --locked -p clearway-cli -e normal --target "$target" --prefix none --format '{p} {l}' |
    sed -E 's/ \(\*\)$//; s/ \([^)]*\)//' | sort -u > "$folder/PACKAGES.txt"
cargo metadata --locked --format-version 1 --filter-platform "$target" | python3 -c '
import json, os, shutil, sys
folder = sys.argv[1]
linked = {tuple(line.split()[:2]) for line in open(os.path.join(folder, "PACKAGES.txt"))}
for package in json.load(sys.stdin)["packages"]:
    name, version = package["name"], package["version"]
    if package["source"] is None or (name, "v" + version) not in linked:
        continue
    home = os.path.dirname(package["manifest_path"])
    texts = [f for f in sorted(os.listdir(home)) if f.upper().startswith(("LICEN", "COPYING", "UNLICENSE", "NOTICE"))]
    for text in texts:
        if os.path.isfile(os.path.join(home, text)):
            into = os.path.join(folder, "licences", f"{name}-{version}")
            os.makedirs(into, exist_ok=True)
            shutil.copyfile(os.path.join(home, text), os.path.join(into, text))
' "$folder"

time=$(git log -1 --format=%ct 2>/dev/null || echo 0)
tar --sort=name --mode=u=rwX,go=rX --owner=0 --group=0 --numeric-owner --mtime="@$time" -C "$out" -cf - "$name" | gzip -n > "$folder.tar.gz"
(cd "$out" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
echo "$folder.tar.gz"
if command -v dpkg-deb > /dev/null && [[ $target == *-linux-* ]]; then SOURCE_DATE_EPOCH=$time bash scripts/deb.sh "$folder"; fi
