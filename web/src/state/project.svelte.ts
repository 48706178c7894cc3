// The open project: what was drawn and typed, saved by itself, and its versions.

import { api, ApiError } from "../api/client";
import type { Draft, ProjectInfo, SessionInfo, VersionInfo } from "../api/types";
import { jobs } from "./jobs.svelte";

/** How long nothing has to change before the draft is saved, ms. */
const QUIET_MS = 600;

export type Saving = "saved" | "unsaved" | "saving" | "conflict";

class OpenProject {
  session = $state.raw<SessionInfo | null>(null);
  all = $state.raw<ProjectInfo[]>([]);
  info = $state.raw<ProjectInfo | null>(null);
  versions = $state.raw<VersionInfo[]>([]);
  draft = $state<Draft>({} as Draft);
  saving = $state<Saving>("saved");
  revision = $state(0);
  /** The revision whose content is shown: an earlier one after undoing. */
  #shown = $state(0);
  #undone = $state<number[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #note = "";

  async start(): Promise<void> {
    this.session = await api.session();
    this.all = await api.projects();
  }

  async open(id: number): Promise<void> {
    const [info, draft, versions] = await Promise.all([api.project(id), api.draft(id), api.versions(id)]);
    await jobs.open(id);
    this.info = info;
    this.draft = draft.draft;
    this.revision = draft.revision;
    this.versions = versions;
    this.saving = "saved";
    this.#shown = draft.revision;
    this.#undone = [];
    history.replaceState(null, "", `#project=${id}`);
  }

  async create(name: string, context: string): Promise<void> {
    const made = await api.newProject({ name, context });
    this.all = await api.projects();
    await this.open(made.id);
  }

  close(): void {
    jobs.close();
    this.info = null;
    this.versions = [];
    history.replaceState(null, "", "#");
    void this.start();
  }

  /** Reads again what jobs have changed. */
  async refresh(): Promise<void> {
    const id = this.info?.id;
    if (id === undefined) return;
    [this.info, this.versions] = await Promise.all([api.project(id), api.versions(id)]);
  }

  /** Changes the draft; it is saved once nothing has changed for a moment. */
  change(change: Partial<Draft>, note: string): void {
    Object.assign(this.draft, change);
    this.#undone = [];
    this.#note = note;
    this.saving = "unsaved";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), QUIET_MS);
  }

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    const id = this.info?.id;
    if (id === undefined || this.saving !== "unsaved") return;
    this.saving = "saving";
    try {
      const saved = await api.saveDraft(id, this.revision, this.#note, $state.snapshot(this.draft) as Draft);
      this.revision = saved.revision;
      this.#shown = saved.revision;
      this.saving = "saved";
    } catch (error) {
      // Somebody else has saved since: theirs is not written over.
      this.saving = error instanceof ApiError && error.status === 409 ? "conflict" : "unsaved";
      throw error;
    }
  }

  get canUndo(): boolean {
    return this.#shown > 0 || this.saving === "unsaved";
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** The draft as it was before; it is saved as a new revision, so that nothing is lost. */
  async undo(): Promise<void> {
    await this.save();
    if (this.#shown === 0) return;
    const from = this.#shown;
    await this.#again(from - 1, "undone");
    this.#undone.push(from);
  }

  async redo(): Promise<void> {
    const to = this.#undone.pop();
    if (to !== undefined) await this.#again(to, "redone");
  }

  async #again(revision: number, note: string): Promise<void> {
    const id = this.info?.id;
    if (id === undefined) return;
    const { draft } = await api.draft(id, revision);
    const saved = await api.saveDraft(id, this.revision, note, draft);
    this.draft = saved.draft;
    this.revision = saved.revision;
    this.#shown = revision;
    this.saving = "saved";
  }

  version(id: number | null | undefined): VersionInfo | undefined {
    return this.versions.find((one) => one.id === id);
  }

  /** The newest version of a kind. */
  newest(kind: VersionInfo["kind"]): VersionInfo | undefined {
    return this.versions.filter((one) => one.kind === kind).sort((a, b) => b.id - a.id)[0];
  }
}

export const project = new OpenProject();
