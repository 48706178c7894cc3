// What is drawn and typed in one project, saved by itself. One save at a time: each is of what there was when it began, and what changes
// meanwhile is saved by the next. It belongs to its project for good, so that what is still to be saved goes there, whichever is open.

import { api, ApiError } from "../api/client";
import type { Draft, StoredDraft } from "../api/types";

/** How long nothing has to change before the draft is saved, ms. */
const QUIET_MS = 600;
/** When it is tried again after the server could not be reached, ms. */
const AGAIN_MS = 5000;

/** `conflict`: somebody else has saved since; theirs is not written over before somebody says so. */
export type Saving = "saved" | "unsaved" | "saving" | "conflict";

export class OpenDraft {
  content = $state<Draft>({} as Draft);
  saving = $state<Saving>("saved");
  revision = $state(0);
  /** Revisions that undoing goes back to, the next one last. */
  #past = $state<number[]>([]);
  #undone = $state<number[]>([]);
  /** The revision whose content is shown: an earlier one after undoing. */
  #shown = 0;
  /** Counts changes; those up to `#kept` are saved. */
  #changes = 0;
  #kept = 0;
  /** What was changed since the work that is under way began. */
  #meanwhile: Partial<Draft> = {};
  #note = "";
  #refused: ApiError | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** `failed` hears of what goes wrong in saves that nobody waits for. */
  constructor(
    readonly project: number,
    stored: StoredDraft,
    readonly failed: (error: unknown) => void,
  ) {
    this.#take(stored);
  }

  /** Whether something is not with the server yet. */
  get isPending(): boolean {
    return this.saving !== "saved";
  }

  get canUndo(): boolean {
    return this.#past.length > 0 || this.saving === "unsaved";
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Changes the draft; it is saved once nothing has changed for a moment. */
  change(change: Partial<Draft>, note: string): void {
    Object.assign(this.content, change);
    Object.assign(this.#meanwhile, change);
    this.#changes++;
    this.#undone = [];
    this.#note = note;
    if (this.saving === "conflict") return;
    if (this.saving === "saved") this.saving = "unsaved";
    this.#later(QUIET_MS);
  }

  /** Saves everything that was changed up to now, and waits for saves under way. */
  save(): Promise<void> {
    return this.#queue(() => this.#store());
  }

  /** The draft as it was before; it is saved as a new revision, so that nothing is lost. */
  undo(): Promise<void> {
    return this.#queue(async () => {
      await this.#store();
      const to = this.#past.at(-1);
      const from = this.#shown;
      if (to === undefined || !(await this.#again(to, "undone"))) return;
      this.#past.pop();
      this.#undone.push(from);
    });
  }

  redo(): Promise<void> {
    return this.#queue(async () => {
      const to = this.#undone.at(-1);
      const from = this.#shown;
      if (to === undefined || !(await this.#again(to, "redone"))) return;
      this.#undone.pop();
      this.#past.push(from);
    });
  }

  /** After a conflict: what somebody else has saved, in place of ours. */
  takeTheirs(): Promise<void> {
    return this.#queue(async () => this.#take(await api.draft(this.project)));
  }

  /** After a conflict: ours as the newest revision. Theirs stays among the revisions, and undoing leads to it. */
  keepOurs(): Promise<void> {
    return this.#queue(async () => {
      const { revision } = await api.draft(this.project);
      this.#begin(revision);
      this.#refused = null;
      this.saving = "unsaved";
      await this.#store();
    });
  }

  #take(stored: StoredDraft): void {
    this.content = stored.draft;
    this.#begin(stored.revision);
    this.#kept = this.#changes;
    this.#refused = null;
    this.saving = "saved";
  }

  #begin(revision: number): void {
    this.revision = this.#shown = revision;
    this.#past = Array.from({ length: revision }, (_, at) => at);
    this.#undone = [];
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save().catch(this.failed), ms);
  }

  #queue(work: () => Promise<void>): Promise<void> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #store(): Promise<void> {
    if (this.#kept === this.#changes) return;
    if (this.#refused) throw this.#refused;
    clearTimeout(this.#timer);
    const upTo = this.#changes;
    this.saving = "saving";
    const content = $state.snapshot(this.content) as Draft;
    const { revision } = await this.#send(this.#note, content);
    this.#past.push(this.#shown);
    this.#shown = revision;
    this.#kept = upTo;
    this.#settle();
  }

  /** Saves the content of an earlier revision as the newest one. What was changed meanwhile stands on top of it. False: something was. */
  async #again(revision: number, note: string): Promise<boolean> {
    this.#meanwhile = {};
    const before = this.#changes;
    const { draft } = await api.draft(this.project, revision);
    const saved = await this.#send(note, draft);
    const { ...typed } = this.#meanwhile;
    this.content = { ...saved.draft, ...typed };
    const untouched = this.#changes === before;
    if (untouched) {
      this.#shown = revision;
      this.#kept = this.#changes;
    } else this.#shown = saved.revision;
    this.#settle();
    return untouched;
  }

  async #send(note: string, draft: Draft): Promise<StoredDraft> {
    try {
      const saved = await api.saveDraft(this.project, this.revision, note, draft);
      this.revision = saved.revision;
      return saved;
    } catch (error) {
      this.saving = this.#kept === this.#changes ? "saved" : "unsaved";
      if (error instanceof ApiError && error.status === 409) {
        this.#refused = error;
        this.saving = "conflict";
      } else if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500) this.#later(AGAIN_MS);
      throw error;
    }
  }

  #settle(): void {
    this.saving = this.#kept === this.#changes ? "saved" : "unsaved";
    if (this.saving === "unsaved") this.#later(QUIET_MS);
  }
}
