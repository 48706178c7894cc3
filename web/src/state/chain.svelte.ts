// One push of a button is several jobs: the scenario, the plan with its bound, the simulation. What comes next is kept in the browser, one
// note per project, so that a reload of the page goes on where it was. Where the note is gone nothing goes on: somebody has stopped it.

import { api, ApiError } from "../api/client";
import type { JobInfo, JobOrder } from "../api/types";
import { t } from "../messages/i18n.svelte";
import { answer } from "./answer.svelte";
import { jobs } from "./jobs.svelte";
import { project } from "./project.svelte";
import { verdict } from "./verdict";

type Step = "compose" | "plan" | "simulate";
const STEPS: Step[] = ["compose", "plan", "simulate"];

interface Note {
  job: number;
  step: Step;
  name: string;
  /** The plan that came out, once there is one. */
  plan: number | null;
}

class Chain {
  /** Projects in which this page is at it. */
  #at = $state.raw<number[]>([]);
  /** The job that failed last. */
  failed = $state.raw<JobInfo | null>(null);

  constructor() {
    project.whenLeft(() => this.forget());
  }

  get running(): boolean {
    return project.info !== null && this.#at.includes(project.info.id);
  }

  forget(): void {
    this.failed = null;
  }

  /** From the draft to the simulated plan; the plan, if one came out. */
  async run(name: string): Promise<number | null> {
    return this.#alone(async (id) => {
      await project.save();
      return this.#go(id, { step: "compose", name, plan: null }, { kind: "compose", name } as JobOrder);
    });
  }

  /** From a scenario to the simulated plan; the plan, if one came out. */
  async plan(scenario: number, name: string): Promise<number | null> {
    return this.#alone((id) =>
      this.#go(id, { step: "plan", name, plan: null }, { kind: "plan", of: scenario, name } as JobOrder),
    );
  }

  /** From what is left of a plan to the new one, simulated; the new plan, if one came out. */
  async replan(order: JobOrder, name: string): Promise<number | null> {
    return this.#alone((id) => this.#go(id, { step: "plan", name, plan: null }, order));
  }

  /** A job on its own; the version that came out, if one did. */
  async single(order: JobOrder): Promise<number | null> {
    this.failed = null;
    const over = await jobs.follow(await jobs.order(order));
    if (over === null) return null;
    this.#say(over);
    await project.refresh();
    return over.result ?? null;
  }

  /** What a job that somebody waited for has come to. */
  #say(over: JobInfo): void {
    // That a plan does not hold is an answer, and stands with the plan.
    if (verdict([over]) !== null) return;
    if (over.state !== "done" && over.project === project.info?.id) this.failed = over;
  }

  /** Ends a job, and with it what would have come after it. */
  async stop(job: JobInfo): Promise<void> {
    const isOurs = read(job.project)?.job === job.id;
    if (isOurs) erase(job.project);
    try {
      await jobs.cancel(job);
    } catch (error) {
      // It was over by then. What comes after it does not begin.
      if (!isOurs || !(error instanceof ApiError) || error.status !== 409) throw error;
    }
  }

  /** Goes on with what was running before the page was loaded again, unless another window of this browser is at it. */
  async resume(): Promise<void> {
    const id = project.info?.id;
    if (id === undefined || read(id) === null || this.running) return;
    await locked(id, true, async () => {
      const note = read(id);
      if (note === null || project.info?.id !== id || this.running) return null;
      return this.#working(id, async () => {
        let job: JobInfo;
        try {
          job = await api.job(note.job);
        } catch (error) {
          // The server has another folder by now.
          if (!(error instanceof ApiError) || error.status !== 404) throw error;
          erase(id);
          return null;
        }
        return this.#follow(id, note, job);
      });
    });
  }

  /** Does something in the open project, where nothing else of this kind is done. */
  async #alone(work: (id: number) => Promise<number | null>): Promise<number | null> {
    const id = project.info?.id;
    if (id === undefined || this.running) return null;
    this.failed = null;
    return this.#working(id, () => locked(id, false, () => work(id)));
  }

  async #working(id: number, work: () => Promise<number | null>): Promise<number | null> {
    this.#at = [...this.#at, id];
    try {
      return await work();
    } finally {
      this.#at = this.#at.filter((one) => one !== id);
    }
  }

  async #go(id: number, next: Omit<Note, "job">, order: JobOrder): Promise<number | null> {
    if (project.info?.id !== id) return null;
    const job = await jobs.order(order);
    const note = { ...next, job: job.id };
    localStorage.setItem(key(id), JSON.stringify(note));
    return this.#follow(id, note, job);
  }

  async #follow(id: number, note: Note, job: JobInfo): Promise<number | null> {
    const over = await jobs.follow(job);
    // Another project is open by now: it goes on when this one is opened again.
    if (over === null) return null;
    await project.refresh();
    if (project.info?.id !== id) return null;
    const result = over.result ?? null;
    const goesOn = over.state === "done" && result !== null && read(id)?.job === note.job;
    const plan = note.step === "plan" ? result : note.plan;
    if (!goesOn) this.#say(over);
    if (!goesOn || note.step === "simulate") erase(id, note.job);
    // Of a plan that was ended there is the bound that was proved by then.
    if (note.step !== "compose" && plan !== null) await this.#show(plan, note.step === "plan");
    if (!goesOn || result === null) return plan;
    const { name } = note;
    switch (note.step) {
      case "compose":
        return this.#go(id, { step: "plan", name, plan }, { kind: "plan", of: result, name } as JobOrder);
      case "plan": {
        const order = { kind: "simulate", of: result, name: t("version.simulated", { name }) } as JobOrder;
        return this.#go(id, { step: "simulate", name, plan }, order);
      }
      case "simulate":
        return plan;
    }
  }

  /** Opens a plan that has just come out; once more when it is simulated, where it is still looked at. */
  async #show(plan: number, isNew: boolean): Promise<void> {
    if (!isNew && answer.plan !== plan) return;
    await answer.open(plan);
    // A plan that goes on from another is looked at beside it.
    const goesOn = project.version(project.version(plan)?.parent)?.kind === "plan";
    if (isNew && answer.plan === plan) answer.tab = goesOn ? "replan" : "answer";
  }
}

function key(project: number): string {
  return `clearway-chain/${project}`;
}

/** The note of a project; what is none is not one. */
function read(project: number): Note | null {
  try {
    const note = JSON.parse(localStorage.getItem(key(project)) ?? "null") as Partial<Note> | null;
    if (typeof note?.job !== "number" || typeof note.name !== "string" || !STEPS.includes(note.step as Step)) return null;
    return { job: note.job, step: note.step as Step, name: note.name, plan: note.plan ?? null };
  } catch {
    return null;
  }
}

/** Takes the note away; with a job, only if it is about that one. */
function erase(project: number, job?: number): void {
  if (job === undefined || read(project)?.job === job) localStorage.removeItem(key(project));
}

/** Does something that only one window of this browser does at a time; `waits`: until the others are done with it. */
async function locked<Answer>(project: number, waits: boolean, work: () => Promise<Answer>): Promise<Answer | null> {
  // Browsers have locks on pages that came over TLS or from this machine.
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (!locks) return work();
  return locks.request(key(project), { ifAvailable: !waits }, async (lock): Promise<Answer | null> => {
    if (lock === null) throw new ApiError(0, t("chain.elsewhere"));
    return work();
  });
}

export const chain = new Chain();
