#!/usr/bin/env python3
"""Checks one folder after the other with the checker of the reference: a path a line in, a line of JSON out.

    check_server.py FOLDER_OF_CHECK_PY

Starting Python for every folder would take longer than the check.
"""
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

from check_multimodal import CheckEveryone
from check_folder import Check
from check_scenario import Unreadable

for line in sys.stdin:
    folder = Path(line.rstrip("\n"))
    try:
        kind = CheckEveryone if (folder / "multimodal.json").exists() else Check
        check = kind(folder, folder / "scenario")
        answer = {"codes": sorted({finding["code"] for finding in check.findings}),
                  "findings": [f"{f['code']} ({f['place']}): {f['message']}" for f in check.findings[:3]]}
    except (Unreadable, OSError) as error:
        answer = {"unreadable": str(error)}
    except Exception as error:  # check.py itself would end with exit code 2, but nobody has thought of it
        answer = {"unreadable": repr(error), "unforeseen": repr(error)}
    print(json.dumps(answer), flush=True)
