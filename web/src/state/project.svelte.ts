// The open project: what was drawn and typed, and its versions.

import { api } from "../api/client";
import type { Draft, ProjectInfo, Role, SessionInfo, VersionInfo } from "../api/types";
import { OpenDraft, type Saving } from "./draft.svelte";
import { jobs } from "./jobs.svelte";
import { Latest } from "./latest";
import { trouble } from "./trouble.svelte";

const ROLES: Role[] = ["viewer", "planner", "reviewer", "admin"];
const EMPTY = {} as Draft;

class OpenProject {
  session = $state.raw<SessionInfo | null>(null);
  all = $state.raw<ProjectInfo[]>([]);
  info = $state.raw<ProjectInfo | null>(null);
  versions = $state.raw<VersionInfo[]>([]);
  /** `null`: whoever looks may not see it. */
  #work = $state.raw<OpenDraft | null>(null);
  /** What was left while something of it was not with the server. */
  #left = new Set<OpenDraft>();
  #opening = new Latest();
  #refreshing = new Latest();
  #forgetting: (() => void)[] = [];

  constructor() {
    // What a job has changed is read again, whoever has ordered it.
    jobs.onover = () => void trouble.notice(() => this.refresh());
  }

  /** Whether whoever looks has a role, or one that may do more. */
  may(role: Role): boolean {
    const ours = this.session?.role;
    return ours != null && ROLES.indexOf(ours) >= ROLES.indexOf(role);
  }

  /** Something that belongs to a project is forgotten when it is left. */
  whenLeft(forget: () => void): void {
    this.#forgetting.push(forget);
  }

  async start(): Promise<void> {
    this.session = await api.session();
    this.all = this.session.role == null ? [] : await api.projects();
  }

  async signOut(): Promise<void> {
    await this.close();
    await api.signOut();
    await this.start();
  }

  async open(id: number): Promise<void> {
    const may = this.may("planner");
    this.#leave();
    const answers = Promise.all([
      api.project(id),
      api.versions(id),
      may ? api.draft(id) : null,
      may ? api.jobs(id) : [],
    ]);
    await this.#opening.ask(answers, ([info, versions, stored, list]) => {
      this.info = info;
      this.versions = versions;
      this.#work = stored && new OpenDraft(id, stored, (error) => trouble.say(error));
      jobs.open(id, list, may);
      history.replaceState(null, "", `#project=${id}`);
    });
  }

  async create(name: string, context: string): Promise<void> {
    const made = await api.newProject({ name, context });
    this.all = await api.projects();
    await this.open(made.id);
  }

  async close(): Promise<void> {
    this.#leave();
    history.replaceState(null, "", "#");
    await this.start();
  }

  /** Nothing of a project stays where another is opened; what is still to be saved is saved. */
  #leave(): void {
    this.#opening.drop();
    this.#refreshing.drop();
    jobs.close();
    for (const forget of this.#forgetting) forget();
    const work = this.#work;
    if (work?.isPending) {
      this.#left.add(work);
      const said = (error: unknown) => trouble.say(error);
      void work.save().catch(said).finally(() => this.#left.delete(work));
    }
    this.info = null;
    this.versions = [];
    this.#work = null;
  }

  /** Reads again what jobs have changed. */
  async refresh(): Promise<void> {
    const id = this.info?.id;
    if (id === undefined) return;
    await this.#refreshing.inOrder(Promise.all([api.project(id), api.versions(id)]), ([info, versions]) => {
      this.info = info;
      this.versions = versions;
    });
  }

  get draft(): Draft {
    return this.#work?.content ?? EMPTY;
  }

  get saving(): Saving {
    return this.#work?.saving ?? "saved";
  }

  /** Whether something would be lost if the page were closed now. */
  get isPending(): boolean {
    return (this.#work?.isPending ?? false) || this.#left.size > 0;
  }

  get canUndo(): boolean {
    return this.#work?.canUndo ?? false;
  }

  get canRedo(): boolean {
    return this.#work?.canRedo ?? false;
  }

  change(change: Partial<Draft>, note: string): void {
    this.#work?.change(change, note);
  }

  async save(): Promise<void> {
    await this.#work?.save();
  }

  async undo(): Promise<void> {
    await this.#work?.undo();
  }

  async redo(): Promise<void> {
    await this.#work?.redo();
  }

  async takeTheirs(): Promise<void> {
    await this.#work?.takeTheirs();
  }

  async keepOurs(): Promise<void> {
    await this.#work?.keepOurs();
  }

  version(id: number | null | undefined): VersionInfo | undefined {
    return this.versions.find((one) => one.id === id);
  }

  /** The plan to begin with: the newest that was taken as the baseline, else the newest that was not discarded. */
  get current(): VersionInfo | undefined {
    const plans = this.versions.filter((one) => one.kind === "plan").sort((a, b) => b.id - a.id);
    return plans.find((one) => one.baseline) ?? plans.find((one) => one.review !== "discarded") ?? plans[0];
  }

  /** The newest version of a kind. */
  newest(kind: VersionInfo["kind"]): VersionInfo | undefined {
    return this.versions.filter((one) => one.kind === kind).sort((a, b) => b.id - a.id)[0];
  }
}

export const project = new OpenProject();
