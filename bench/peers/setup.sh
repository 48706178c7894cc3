# What the comparisons share; sourced by run.sh, everyone.sh and traffic.sh, which set ROOT and OUT.

# A virtual environment in OUT/venv with what REQUIREMENTS lists, the solvers unless given.
environment() {
    if [ ! -x "$OUT/venv/bin/pip" ]; then
        rm -rf "$OUT/venv"
        if ! python3 -m venv "$OUT/venv" && command -v apt-get >/dev/null; then
            apt-get update -qq
            apt-get install -y -qq python3-venv
            python3 -m venv "$OUT/venv"
        fi
    fi
    "$OUT/venv/bin/pip" install -q -r "$ROOT/bench/peers/${REQUIREMENTS:-requirements.txt}"
}

# Puts a table between the marks NAME of the page WRITE, if there is to be one: put NAME TABLE
put() {
    [ -n "${WRITE:-}" ] || return 0
    python3 - "$ROOT/$WRITE" "$1" "$2" <<'PY'
import pathlib, re, sys
page, name, table = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]).read_text().strip()
text = re.sub(rf"(<!-- {name}: begin[^\n]*-->\n).*?(<!-- {name}: end -->)",
              lambda m: m.group(1) + "\n" + table + "\n\n" + m.group(2), page.read_text(), flags=re.S)
page.write_text(text)
PY
}
