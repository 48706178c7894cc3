// One push of a button is several jobs: the scenario, the plan with its bound, the simulation. What comes next is kept in the browser, so
// that a reload of the page goes on where it was.

import { api } from "../api/client";
import type { JobInfo, JobOrder } from "../api/types";
import { t } from "../messages/i18n.svelte";
import { answer } from "./answer.svelte";
import { jobs } from "./jobs.svelte";
import { project } from "./project.svelte";

type Step = "compose" | "plan" | "simulate";

interface Kept {
  project: number;
  job: number;
  step: Step;
  name: string;
}

const KEY = "clearway-chain";

class Chain {
  running = $state(false);
  /** The job that failed last. */
  failed = $state.raw<JobInfo | null>(null);

  forget(): void {
    this.failed = null;
  }

  /** From the draft to the simulated plan. */
  async run(name: string): Promise<void> {
    await project.save();
    await this.#go("compose", { kind: "compose", name } as JobOrder, name);
  }

  /** From a scenario to the simulated plan. */
  async plan(scenario: number, name: string): Promise<void> {
    await this.#go("plan", { kind: "plan", of: scenario, name } as JobOrder, name);
  }

  /** A job on its own; the version that came out, if one did. */
  async single(order: JobOrder): Promise<number | null> {
    this.failed = null;
    const job = await jobs.follow(await jobs.order(order));
    await project.refresh();
    if (job.state !== "done") this.failed = job;
    return job.result ?? null;
  }

  /** Goes on with what was running before the page was loaded again. */
  async resume(): Promise<void> {
    const kept = read();
    if (!kept || this.running || kept.project !== project.info?.id) return;
    this.running = true;
    await this.#follow(kept, await api.job(kept.job));
  }

  async #go(step: Step, order: JobOrder, name: string): Promise<void> {
    const id = project.info?.id;
    if (id === undefined) return;
    this.failed = null;
    this.running = true;
    try {
      const job = await jobs.order(order);
      await this.#follow(keep({ project: id, job: job.id, step, name }), job);
    } catch (error) {
      this.running = false;
      throw error;
    }
  }

  async #follow(kept: Kept, job: JobInfo): Promise<void> {
    const over = await jobs.follow(job);
    // Another project is open by now: it goes on when this one is opened again.
    if (project.info?.id !== kept.project) {
      this.running = false;
      return;
    }
    await project.refresh();
    const result = over.result ?? null;
    if (over.state !== "done" || result === null) {
      this.failed = over;
      return this.#end();
    }
    if (kept.step === "compose")
      return this.#go("plan", { kind: "plan", of: result, name: kept.name } as JobOrder, kept.name);
    if (kept.step === "plan") {
      await answer.open(result);
      answer.tab = "answer";
      const name = t("version.simulated", { name: kept.name });
      return this.#go("simulate", { kind: "simulate", of: result, name } as JobOrder, kept.name);
    }
    // The simulation stands beside the plan that it is of.
    const plan = project.version(result)?.parent ?? null;
    if (plan !== null && answer.plan === plan) await answer.open(plan);
    this.#end();
  }

  #end(): void {
    localStorage.removeItem(KEY);
    this.running = false;
  }
}

function keep(kept: Kept): Kept {
  localStorage.setItem(KEY, JSON.stringify(kept));
  return kept;
}

function read(): Kept | null {
  const text = localStorage.getItem(KEY);
  return text === null ? null : (JSON.parse(text) as Kept);
}

export const chain = new Chain();
