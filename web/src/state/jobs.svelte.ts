// Jobs of the open project, followed while they run. They belong to the server: a reload of the page finds them again.

import { api, ApiError } from "../api/client";
import type { JobInfo, JobOrder } from "../api/types";

export function isOver(job: JobInfo): boolean {
  return job.state !== "queued" && job.state !== "running";
}

/** How often the page asks after a job that it follows, should the events not come. */
const ASKS_EVERY_MS = 2000;

class Jobs {
  all = $state.raw<JobInfo[]>([]);
  #followed = new Map<number, { events: EventSource; ends: ((job: JobInfo) => void)[] }>();
  #project: number | null = null;

  get active(): JobInfo[] {
    return this.all.filter((job) => !isOver(job));
  }

  /** Finds the jobs of a project and follows those that run. */
  async open(project: number): Promise<void> {
    this.close();
    this.#project = project;
    this.all = await api.jobs(project);
    for (const job of this.active) void this.follow(job);
  }

  close(): void {
    for (const { events } of this.#followed.values()) events.close();
    this.#followed.clear();
    this.all = [];
    this.#project = null;
  }

  async order(order: JobOrder): Promise<JobInfo> {
    if (this.#project === null) throw new ApiError(0, "no project");
    const job = await api.order(this.#project, order);
    this.#put(job);
    return job;
  }

  /** The job when it is over. */
  follow(job: JobInfo): Promise<JobInfo> {
    const known = this.all.find((one) => one.id === job.id) ?? job;
    this.#put(known);
    if (isOver(known)) return Promise.resolve(known);
    return new Promise((end) => {
      const followed = this.#followed.get(job.id);
      if (followed) return void followed.ends.push(end);
      const events = api.jobEvents(job.id);
      const ends = [end];
      this.#followed.set(job.id, { events, ends });
      const know = (now: JobInfo) => {
        if (this.#followed.get(job.id)?.events !== events) return clearInterval(asking);
        this.#put(now);
        if (!isOver(now)) return;
        clearInterval(asking);
        events.close();
        this.#followed.delete(job.id);
        for (const one of ends) one(now);
      };
      const take = (event: MessageEvent<string>) => know(JSON.parse(event.data) as JobInfo);
      events.onmessage = take;
      events.addEventListener("job", take);
      // The browser connects again by itself, e.g. after a restart of the server, and is told what became of the job; but not after an
      // answer that is an error. So the page also asks now and then.
      const asking = setInterval(() => void api.job(job.id).then(know, () => undefined), ASKS_EVERY_MS);
    });
  }

  async cancel(job: JobInfo): Promise<void> {
    await api.cancel(job.id);
  }

  #put(job: JobInfo): void {
    const others = this.all.filter((one) => one.id !== job.id);
    this.all = [job, ...others].sort((a, b) => b.id - a.id);
  }
}

export const jobs = new Jobs();
