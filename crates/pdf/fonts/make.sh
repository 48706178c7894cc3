#!/usr/bin/env bash
# Makes the fonts for Latin, Greek and Cyrillic in this folder from what the Noto project publishes: one weight each, only the letters that
# reports are likely to have, without hints for screens.
#
#   bash crates/pdf/fonts/make.sh FONT
#
# FONT: NotoSans[wdth,wght].ttf 2.015 (ofl/notosans of Google Fonts). Needs fonttools of PyPI (4.68).
set -euo pipefail
FONT=$1
cd "$(dirname "$0")"
# with their marks, punctuation, currencies, arrows and signs
LETTERS=U+0020-052F,U+1E00-1EFF,U+2000-209F,U+20A0-20C0,U+2100-214F,U+2190-22FF,U+25A0-25FF,U+FB00-FB06,U+FEFF,U+FFFC,U+FFFD

WHOLE=$(mktemp --suffix .ttf)
trap 'rm -f "$WHOLE"' EXIT
while read -r weight name; do
    fonttools varLib.instancer "$FONT" wght="$weight" wdth=100 --static --update-name-table -o "$WHOLE"
    pyftsubset "$WHOLE" --unicodes="$LETTERS" --layout-features='*' --no-hinting --desubroutinize --name-IDs='*' --notdef-outline \
        --output-file="NotoSans-$name.ttf"
done <<'END'
400 Regular
700 Bold
END
