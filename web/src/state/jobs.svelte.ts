// Jobs of the open project. They belong to the server: a reload of the page finds them again.

import { api, ApiError } from "../api/client";
import type { JobInfo, JobOrder } from "../api/types";
import { Latest } from "./latest";

export function isOver(job: JobInfo): boolean {
  return job.state !== "queued" && job.state !== "running";
}

/** How often the page asks after all jobs while some run, and while none does, ms: others order jobs as well, and events may not come. */
const ASKS_EVERY_MS = 2000;
const LOOKS_EVERY_MS = 15_000;
/** Streams of events at once. A browser has six connections to one server, and all else needs some. */
const MOST_STREAMS = 2;

type End = (job: JobInfo | null) => void;

class Jobs {
  all = $state.raw<JobInfo[]>([]);
  /** Hears of each job that is over by now. */
  onover: (job: JobInfo) => void = () => {};
  #project: number | null = null;
  #ends = new Map<number, End[]>();
  #streams = new Map<number, EventSource>();
  #asking: ReturnType<typeof setTimeout> | undefined;
  #asked = new Latest();

  get active(): JobInfo[] {
    return this.all.filter((job) => !isOver(job));
  }

  /** Follows the jobs of a project, of which a list was read. */
  open(project: number, list: JobInfo[], follows: boolean): void {
    this.close();
    this.#project = project;
    this.all = list;
    if (!follows) return;
    this.#attend();
    this.#askLater();
  }

  close(): void {
    clearTimeout(this.#asking);
    this.#asked.drop();
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
    this.all = [];
    this.#project = null;
    const waiting = [...this.#ends.values()].flat();
    this.#ends.clear();
    for (const end of waiting) end(null);
  }

  async order(order: JobOrder): Promise<JobInfo> {
    const project = this.#project;
    if (project === null) throw new ApiError(0, "no project");
    const job = await api.order(project, order);
    this.#put(job);
    return job;
  }

  /** The job when it is over; `null` if its project is left before. */
  follow(job: JobInfo): Promise<JobInfo | null> {
    if (job.project !== this.#project) return Promise.resolve(null);
    this.#put(job);
    const known = this.all.find((one) => one.id === job.id) ?? job;
    if (isOver(known)) return Promise.resolve(known);
    this.#askLater();
    return new Promise((end) => this.#ends.set(job.id, [...(this.#ends.get(job.id) ?? []), end]));
  }

  async cancel(job: JobInfo): Promise<void> {
    await api.cancel(job.id);
  }

  /** Takes note of how a job gets on. Jobs of other projects are not shown here, and what is over stays over. */
  #put(job: JobInfo): void {
    if (job.project !== this.#project) return;
    const known = this.all.find((one) => one.id === job.id);
    if (known && isOver(known)) return;
    const others = this.all.filter((one) => one.id !== job.id);
    this.all = [job, ...others].sort((a, b) => b.id - a.id);
    if (isOver(job)) this.#end(job);
    this.#attend();
  }

  #end(job: JobInfo): void {
    const ends = this.#ends.get(job.id) ?? [];
    this.#ends.delete(job.id);
    this.onover(job);
    for (const end of ends) end(job);
  }

  /** Hears events of the jobs that come first. */
  #attend(): void {
    const first = this.active.toSorted((a, b) => a.id - b.id).slice(0, MOST_STREAMS);
    for (const [id, stream] of this.#streams) {
      if (first.some((job) => job.id === id)) continue;
      stream.close();
      this.#streams.delete(id);
    }
    for (const { id } of first) {
      if (this.#streams.has(id)) continue;
      const stream = api.jobEvents(id);
      this.#streams.set(id, stream);
      stream.addEventListener("job", (event: MessageEvent<string>) => {
        if (this.#streams.get(id) === stream) this.#put(JSON.parse(event.data) as JobInfo);
      });
    }
  }

  #askLater(): void {
    clearTimeout(this.#asking);
    const wait = this.active.length > 0 ? ASKS_EVERY_MS : LOOKS_EVERY_MS;
    this.#asking = setTimeout(() => void this.#ask(), wait);
  }

  async #ask(): Promise<void> {
    const project = this.#project;
    if (project === null) return;
    try {
      let listed: JobInfo[] = [];
      await this.#asked.inOrder(api.jobs(project), (list) => {
        listed = list;
        for (const job of list) this.#put(job);
      });
      const missing = [...this.#ends.keys()].filter((id) => !listed.some((job) => job.id === id));
      await Promise.all(missing.map((id) => this.#look(id)));
    } catch {
      // It is asked again; what people do themselves says that the server cannot be reached.
    }
    if (this.#project === project) this.#askLater();
  }

  /** Asks after a job that is waited for and that no list has. One that is not there is not waited for. */
  async #look(id: number): Promise<void> {
    try {
      this.#put(await api.job(id));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) return;
      const ends = this.#ends.get(id) ?? [];
      this.#ends.delete(id);
      this.all = this.all.filter((one) => one.id !== id);
      for (const end of ends) end(null);
    }
  }
}

export const jobs = new Jobs();
