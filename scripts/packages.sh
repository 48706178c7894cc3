#!/usr/bin/env bash
# Packs the program that cargo has built for the tests, unpacks archive and Debian package into empty folders, and starts each once with
# nothing of this machine's settings. Needs dpkg-deb.
#
#     bash scripts/packages.sh
set -euo pipefail
cd "$(dirname "$0")/.."
command -v dpkg-deb > /dev/null || { echo "packages: dpkg-deb is missing; on Debian: apt-get install -y dpkg" >&2; exit 1; }
program=${CARGO_TARGET_DIR:-target}/debug/clearway
[ -x "$program" ] || cargo build --workspace --bins
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
OUT=$work/out PROGRAM=$program bash scripts/release.sh > "$work/said"
archive=$(grep '\.tar\.gz$' "$work/said"); package=$(grep '\.deb$' "$work/said")
(cd "$work/out" && sha256sum --quiet -c ./*.sha256)

# starts a program of a package: it plans an example that is in the package, and verifies it
started() { # PROGRAM EXAMPLES
    local to; to=$(mktemp -d -p "$work")
    env -i HOME="$to" PATH=/usr/bin:/bin "$1" plan "$2/one-road" --out "$to/plan" > /dev/null
    env -i HOME="$to" PATH=/usr/bin:/bin "$1" verify "$to/plan" > /dev/null
}
mkdir "$work/archive" "$work/root"
tar -xzf "$archive" -C "$work/archive" --strip-components 1
started "$work/archive/clearway" "$work/archive/examples"
dpkg-deb -x "$package" "$work/root"
started "$work/root/usr/bin/clearway" "$work/root/usr/share/doc/clearway/examples"
version=$("$program" --version | cut -d' ' -f2)
[ "$(dpkg-deb -f "$package" Package Version | tr '\n' ' ')" = "Package: clearway Version: $version " ] || { dpkg-deb -f "$package" >&2; exit 1; }
for file in usr/share/man/man1/clearway.1.gz usr/share/bash-completion/completions/clearway usr/share/doc/clearway/copyright; do
    [ -s "$work/root/$file" ] || { echo "the package lacks $file" >&2; exit 1; }
done
echo "archive and Debian package: unpacked, started, planned and verified"
