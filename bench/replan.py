"""Re-planning hour by hour against made-up counts: how long each new plan takes beside one from scratch, and whether it holds.

    python3 bench/replan.py PROGRAM PLAN OUT [HOURS]

PLAN is a plan folder. At each hour from 1 to HOURS (6) people are counted as `clearway exercise` makes it up (member = hour, seed 1), a new
plan is made of the plan with default options, verified, and a plan of the same rest is made from scratch beside it. Nothing of it was ever
observed. Prints a table; times are ratios of one run.
"""

import json
import pathlib
import subprocess
import sys
import time


def timed(*command):
    begin = time.monotonic()
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return time.monotonic() - begin, done.returncode


def main():
    program, plan, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    hours = int(sys.argv[4]) if len(sys.argv) > 4 else 6
    out.mkdir(parents=True, exist_ok=True)
    print("| hour | waiting, on the way, arrived | re-plan, s | from scratch, s | ratio | tried | told otherwise | clearance over bound | scratch over bound | verified |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for hour in range(1, hours + 1):
        counts, made, scratch = out / f"counts-{hour}.csv", out / f"replan-{hour}", out / f"scratch-{hour}"
        timed(program, "exercise", plan, "--at", f"{hour}h", "--member", hour, "--out", counts, "--replace")
        again, _ = timed(program, "replan", plan, "--at", f"{hour}h", "--observed", counts, "--accept-contradictions", "--out", made, "--replace")
        anew, _ = timed(program, "plan", made / "scenario", "--out", scratch, "--replace")
        _, fails = timed(program, "verify", made)
        report = json.loads((made / "replan.json").read_text())
        summary = json.loads((scratch / "summary.json").read_text())
        chosen = next(option for option in report["options"] if option["option"] == report["chosen"])
        bound = report["bound"]["clearance_s"]
        of = lambda time_s: f"{time_s / bound:.3f}" if time_s and bound else "never"
        people = report["people"]
        print(
            f"| {hour} | {people['waiting']:,}, {people['on_the_way']:,}, {people['arrived']:,} | {again:.1f} | {anew:.1f} | {again / anew:.2f} "
            f"| {', '.join(option['option'] for option in report['options'])} | {chosen['changed_people']:,} | {of(chosen['clearance_s'])} "
            f"| {of(summary['clearance_s']['plan'])} | {'no' if fails else 'yes'} |",
            flush=True,
        )


main()
