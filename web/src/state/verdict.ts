// What the independent checker says of a plan: it makes no version, its job has it.

import type { JobInfo } from "../api/types";

export interface Verdict {
  holds: boolean;
  /** The first lines of what it says, without the verdict itself. */
  first: string[];
  more: string[];
}

/** Lines that are shown at once: how much was looked at, and the first findings. */
const SHOWN = 6;

/** The last verdict of jobs that are over; `null`: nothing was checked. A check that could not be made says nothing of the plan. */
export function verdict(jobs: JobInfo[]): Verdict | null {
  const checks = jobs.filter((job) => job.kind === "verify").sort((a, b) => b.id - a.id);
  for (const { state, words } of checks) {
    const holds = state === "done";
    if (!holds && !words.startsWith("does not hold")) continue;
    const lines = words.split("\n").map((line) => line.trim()).filter(Boolean);
    const said = lines.map((line, at) => (at === 0 ? line.replace(/^[^:]*: /, "") : line));
    return { holds, first: said.slice(0, SHOWN), more: said.slice(SHOWN) };
  }
  return null;
}
