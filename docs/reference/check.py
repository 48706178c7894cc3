#!/usr/bin/env python3
"""Checks a plan folder against its scenario, with nothing but Python 3.11 and its standard library.

    check.py PLAN [--scenario DIR] [--json]

Written from scenario.md, semantics.md, plan.md and multimodal.md beside this file and from nothing else, as a second opinion
to `clearway verify`; the files check_*.py belong to it. A folder with multimodal.json is a multimodal plan. Without
--scenario the copy in PLAN/scenario is used. Exit code: 0 the plan holds, 1 it does not, 2 unreadable. What is checked and
what is not stands in docs/guides/verify.md.
"""
import argparse
import json
import sys
from pathlib import Path

# leave no files beside the documentation; elsewhere whoever names a place for them may have them (PYTHONPYCACHEPREFIX)
sys.dont_write_bytecode = sys.pycache_prefix is None

from check_multimodal import CheckEveryone
from check_folder import NOT_CHECKED, Check
from check_scenario import Unreadable


CURRENT = {"plan.json": "clearway-plan/2", "certificate.json": "clearway-certificate/2", "summary.json": "clearway-summary/2",
           "multimodal.json": "clearway-multimodal-plan/2"}


def refuse_older(plan):
    """One word on what to do with a plan of an earlier version, in place of all the keys that are no more."""
    names = list(CURRENT)
    if not (plan / "multimodal.json").exists():
        names.insert(0, "everyone.json")
    for name in names:
        try:
            stated = json.loads((plan / name).read_bytes())
            schema = stated.get("schema")
        except (OSError, ValueError, RecursionError, AttributeError):  # whoever reads it says what is wrong
            if name == "everyone.json" and (plan / name).exists():
                stated, schema = {}, name
            else:
                continue
        schema = schema if isinstance(schema, str) else ""
        kind, _, number = CURRENT.get(name, "").partition("/")
        found, _, version = schema.partition("/")
        is_older = found == kind and version.isascii() and version.isdigit() and len(version) < 9 and int(version) < int(number or 0)
        if name == "everyone.json" or is_older or (schema == CURRENT[name] and stated.get("platoon_people") is not None):
            raise Unreadable(f"{plan}: this plan was made by an earlier version ({schema or name}): make it again with `clearway plan` "
                             "of the scenario, of which a copy is in its folder scenario/")


def main():
    parser = argparse.ArgumentParser(description="Checks a plan folder against its scenario.")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--scenario", type=Path, help="scenario folder; PLAN/scenario unless given")
    parser.add_argument("--json", action="store_true", help="print findings and figures as JSON")
    given = parser.parse_args()
    try:
        refuse_older(given.plan)
        kind = CheckEveryone if (given.plan / "multimodal.json").exists() else Check
        check = kind(given.plan, given.scenario or given.plan / "scenario")
    except Exception as error:  # whatever it is, it is no verdict, and Python's own exit code 1 would look like one
        words = str(error) if isinstance(error, (Unreadable, OSError)) else repr(error)
        print(json.dumps({"unreadable": words}) if given.json else f"unreadable: {words}")
        return 2
    holds = not check.findings
    if given.json:
        print(json.dumps({"holds": holds, "findings": check.findings, "figures": check.figures}))
        return 0 if holds else 1
    for finding in check.findings[:50]:
        print("{code} ({place}): {message}; claimed {claimed}, recomputed {recomputed}".format(**finding))
    if len(check.findings) > 50:
        print(f"... and {len(check.findings) - 50} more")
    print(f"holds\nnot checked: {NOT_CHECKED}" if holds else "DOES NOT HOLD")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
