#!/usr/bin/env bash
# Makes the fonts in this folder from those that the Noto project publishes: one weight each, only the letters that reports are likely to
# have, without hints for screens.
#
#   bash crates/pdf/fonts/make.sh FOLDER
#
# FOLDER has NotoSans[wdth,wght].ttf 2.015 and NotoSansArabic[wdth,wght].ttf 2.012 (ofl/notosans and ofl/notosansarabic of Google Fonts).
# Needs fonttools of PyPI (4.68).
set -euo pipefail
FROM=$1
cd "$(dirname "$0")"
# Latin, Greek and Cyrillic with their marks, punctuation, currencies, arrows, signs
LATIN=U+0020-052F,U+1E00-1EFF,U+2000-209F,U+20A0-20C0,U+2100-214F,U+2190-22FF,U+25A0-25FF,U+FB00-FB06,U+FEFF,U+FFFC,U+FFFD
# Arabic script of all languages, with what stands between its words
ARABIC=U+0020-007E,U+00A0,U+00AB,U+00BB,U+0600-06FF,U+0750-077F,U+0870-08FF,U+200B-200F,U+2010-2015,U+2018-201E,U+2026,U+2039,U+203A,U+2066-2069,U+FB50-FDFF,U+FE70-FEFF

make() { # variable font, weight, letters, file
    local whole
    whole=$(mktemp --suffix .ttf)
    fonttools varLib.instancer "$1" wght="$2" wdth=100 --static --update-name-table -o "$whole"
    pyftsubset "$whole" --unicodes="$3" --layout-features='*' --no-hinting --desubroutinize --name-IDs='*' --notdef-outline --output-file="$4"
    rm "$whole"
}
make "$FROM/NotoSans[wdth,wght].ttf" 400 "$LATIN" NotoSans-Regular.ttf
make "$FROM/NotoSans[wdth,wght].ttf" 700 "$LATIN" NotoSans-Bold.ttf
make "$FROM/NotoSansArabic[wdth,wght].ttf" 400 "$ARABIC" NotoSansArabic-Regular.ttf
make "$FROM/NotoSansArabic[wdth,wght].ttf" 700 "$ARABIC" NotoSansArabic-Bold.ttf
