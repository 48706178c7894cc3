#!/usr/bin/env bash
# Makes a Debian package of a folder that scripts/release.sh has made. Needs dpkg-deb, nothing else of Debian.
#
#     bash scripts/deb.sh dist/clearway-VERSION-TARGET
#
# Writes FOLDER.deb: /usr/bin/clearway, man pages, completions, documents, examples and all licences. The same folder gives the same package.
set -euo pipefail
folder=${1:?"usage: bash scripts/deb.sh dist/clearway-VERSION-TARGET"}
folder=${folder%/}
name=$(basename "$folder")
version=${name#clearway-}; target=${version#*-}; version=${version%%-*}
case $target in
    x86_64-*) architecture=amd64 ;;
    aarch64-*) architecture=arm64 ;;
    armv7-*) architecture=armhf ;;
    i686-*) architecture=i386 ;;
    riscv64gc-*) architecture=riscv64 ;;
    *) echo "deb: no Debian architecture is known for $target" >&2; exit 2 ;;
esac

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
shared=$root/usr/share
mkdir -p "$root/DEBIAN" "$root/usr/bin" "$shared/doc/clearway"
cp "$folder/clearway" "$root/usr/bin/"
cp -r "$folder"/{README.md,CHANGELOG.md,GLOSSARY.md,docs,examples,licences,PACKAGES.txt} "$shared/doc/clearway/"
cat "$folder/LICENSE-MIT" "$folder/LICENSE-APACHE" > "$shared/doc/clearway/copyright"
if [ -d "$folder/man1" ]; then
    mkdir -p "$shared/man"
    cp -r "$folder/man1" "$shared/man/"
    gzip -9n "$shared"/man/man1/*
fi
if [ -d "$folder/completions" ]; then
    mkdir -p "$shared"/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}
    cp "$folder/completions/clearway.bash" "$shared/bash-completion/completions/clearway"
    cp "$folder/completions/_clearway" "$shared/zsh/vendor-completions/"
    cp "$folder/completions/clearway.fish" "$shared/fish/vendor_completions.d/"
fi

# The newest version of the C library that the program asks for; a static one asks for none.
needs=$(grep -ao 'GLIBC_2\.[0-9.]*' "$folder/clearway" | sed 's/GLIBC_//; s/\.$//' | sort -uV | tail -1 || true)
{
    echo "Package: clearway"
    echo "Version: $version"
    echo "Architecture: $architecture"
    echo "Maintainer: The Clearway authors"
    echo "Installed-Size: $(du -ks "$root/usr" | cut -f1)"
    [ -z "$needs" ] || echo "Depends: libc6 (>= $needs), libgcc-s1"
    echo "Section: science"
    echo "Priority: optional"
    echo "Description: evacuation plans, and the bounds that no plan can beat"
    echo " Plans, proves, simulates and audits the movement of people out of harm's way:"
    echo " from a road map, people, hazards, receiving sites, vehicles and supplies."
    echo " Works without a network."
} > "$root/DEBIAN/control"

find "$root" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-$(stat -c %Y "$folder")}" {} +
chmod -R u=rwX,go=rX "$root"
dpkg-deb --root-owner-group -Zxz --build "$root" "$folder.deb" > /dev/null
echo "$folder.deb"
