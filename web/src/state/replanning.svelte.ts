// Re-planning: a time, what was counted and reported by then, how the new plan is to be made. One table for one plan; another plan has
// another one.

import { api } from "../api/client";
import type { CountsInfo, Fault, JobOrder } from "../api/types";
import { amount, isNoAmount } from "../lib/typed";
import { t } from "../messages/i18n.svelte";
import { entry, entryOf, isFilled, key, rowOf, tableOf, type Entry, type What } from "./counts";
import { Latest } from "./latest";
import { project } from "./project.svelte";

export type Option = "keep" | "near" | "free";
const FILE = "counts.csv";

class Replanning {
  /** The plan that is being carried out. */
  plan = $state<number | null>(null);
  /** When the new plan begins, ms after the start of that one. */
  atMs = $state(0);
  entries = $state<Entry[]>([]);
  /** What is wrong with a row, by its number on the screen. */
  wrong = $state.raw<ReadonlyMap<number, Fault[]>>(new Map());
  /** What is wrong apart from these. */
  others = $state.raw<Fault[]>([]);
  /** Rows of a file that could not be read, which are not in the table. */
  unread = $state.raw<Fault[]>([]);
  file = $state<string | null>(null);
  isThere = $state(false);
  source = $state("");
  /** Hours after the start of the old plan; empty: none. */
  deadline = $state("");
  worth = $state("15");
  take = $state<Option | "">("");
  keepOnly = $state(false);
  accept = $state(false);
  #reading = new Latest();

  constructor() {
    project.whenLeft(() => this.forget());
  }

  forget(): void {
    this.#reading.drop();
    this.plan = null;
    this.#clear();
    this.atMs = 0;
    this.source = this.deadline = this.take = "";
    this.worth = "15";
    this.keepOnly = this.accept = false;
  }

  #clear(): void {
    this.entries = [];
    this.#faultless();
    this.file = null;
    this.isThere = false;
  }

  #faultless(): void {
    this.wrong = new Map();
    this.others = this.unread = [];
  }

  /** Whether a number is typed that is none. */
  get isMistyped(): boolean {
    return isNoAmount(this.deadline) || (this.take === "" && !this.keepOnly && isNoAmount(this.worth));
  }

  /** Whether something would be lost if the page were closed now. */
  get isPending(): boolean {
    return this.entries.some(isFilled);
  }

  get filled(): Entry[] {
    return this.entries.filter(isFilled);
  }

  /** Whether a fault keeps a new plan from being made. */
  get isRefused(): boolean {
    const all = [...this.others, ...this.unread, ...[...this.wrong.values()].flat()];
    return all.some((fault) => fault.severity === "error");
  }

  /** Whether counts contradict each other, which may be accepted. */
  get contradicts(): boolean {
    const all = [...this.others, ...[...this.wrong.values()].flat()];
    return this.accept || all.some((fault) => fault.hint.includes("uncertainty"));
  }

  /** Looks at a plan at a time: what it expects there. What was typed stays, unless it is of another plan. */
  async open(plan: number, atMs: number): Promise<void> {
    if (this.plan !== plan) this.#clear();
    this.plan = plan;
    this.atMs = atMs;
    await this.check();
  }

  /** Holds what is typed against the plan: what it expects, and what is wrong with the counts. False: something newer was asked meanwhile. */
  async check(): Promise<boolean> {
    const plan = this.plan;
    if (plan === null) return false;
    const sent = this.filled;
    const order = { request: this.#request(), files: [], counts: this.#tables(sent) };
    return this.#reading.ask(api.counts(plan, order), (info) => this.#expect(info, sent));
  }

  /** Takes a file with counts: what it says stands in place of what was typed there. */
  async give(file: File): Promise<void> {
    const plan = this.plan;
    const id = project.info?.id;
    if (plan === null || id === undefined) return;
    const given = await api.give(id, file);
    const order = { request: this.#request(), files: [given.file.id], counts: [] };
    await this.#reading.ask(api.counts(plan, order), (info) => this.#fill(info, file.name));
  }

  /** Goes on without the rows of the file that could not be read. */
  passOver(): void {
    this.unread = [];
  }

  /** The row of something; a new one where there is none yet. */
  row(what: What, id: string, name: string, geometry: GeoJSON.Geometry | null = null): Entry {
    const known = this.entries.find((one) => one.what === what && one.id === id);
    if (known) {
      known.geometry ??= geometry;
      return known;
    }
    this.entries.push({ ...entry(what, id, name), geometry });
    return this.entries.at(-1) as Entry;
  }

  remove(number: number): void {
    this.entries = this.entries.filter((one) => one.number !== number);
    this.wrong = new Map([...this.wrong].filter(([of]) => of !== number));
  }

  /** What is to be ordered. */
  order(name: string): JobOrder {
    return {
      kind: "replan",
      of: this.plan,
      request: this.#request(),
      counts: this.#tables(this.filled),
      name,
    } as JobOrder;
  }

  #request() {
    const hours = amount(this.deadline);
    return {
      at_ms: this.atMs,
      deadline_ms: hours === null ? null : Math.round(hours * 3_600_000),
      effort: this.keepOnly ? ("keep" as const) : ("all" as const),
      worth_min: Math.max(0, amount(this.worth) ?? 15),
      take: this.take === "" || this.keepOnly ? null : this.take,
      accept_contradictions: this.accept,
    };
  }

  #tables(entries: Entry[]): { name: string; content: string }[] {
    if (entries.length === 0) return [];
    const byHand = t("replan.byhand", { who: project.session?.name ?? "" });
    return [{ name: FILE, content: tableOf(entries, this.source.trim() || byHand) }];
  }

  /** Takes over what the plan expects; what is typed stays as it is. */
  #expect(info: CountsInfo, sent: Entry[]): void {
    const typed = new Map(this.entries.map((one) => [key(one), one]));
    const template = info.rows.map((one) => one.row).filter((row) => row.expected_people != null);
    const seen = new Set(template.map((row) => key(row)));
    const rows = template.map((row) => {
      const known = typed.get(key(row));
      if (!known) return entryOf({ ...row });
      known.expected = row.expected_people ?? null;
      return known;
    });
    const more = this.entries.filter((one) => !seen.has(key(one)) && (isFilled(one) || one.expected === null));
    for (const one of more) one.expected = null;
    // Of two rows about one place the second has no place in the template.
    const twice = this.entries.filter((one) => seen.has(key(one)) && typed.get(key(one)) !== one);
    this.entries = [...rows, ...twice, ...more];
    this.isThere = true;
    // rows of a file that could not be read stay named until somebody passes over them
    this.wrong = new Map();
    this.#blame(info.faults, (place) => sent[rowOf(place) ?? -1]?.number);
  }

  /** Takes over what a file says. What was typed of other places stays. */
  #fill(info: CountsInfo, file: string): void {
    const before = this.filled;
    const places = new Map<string, number>();
    const said = new Set<string>();
    const rows = info.rows.map(({ row, place }) => {
      const made = entryOf(row);
      if (place != null) {
        places.set(place, made.number);
        said.add(key(made));
      }
      return made;
    });
    const at = new Map(rows.map((one, index) => [key(one), index]));
    for (const one of before.filter((typed) => !said.has(key(typed)))) {
      const index = at.get(key(one));
      if (index === undefined) rows.push(one);
      else rows[index] = { ...one, expected: rows[index]?.expected ?? null };
    }
    this.entries = rows;
    this.file = file;
    this.isThere = true;
    this.#faultless();
    this.#blame(info.faults, (place) => places.get(place));
    this.unread = this.others;
    this.others = [];
  }

  /** Puts each fault to its row; those of none stand apart. */
  #blame(faults: Fault[], number: (place: string) => number | undefined): void {
    const wrong = new Map<number, Fault[]>();
    const others: Fault[] = [];
    for (const fault of faults) {
      const row = number(fault.place);
      if (row === undefined) others.push(fault);
      else wrong.set(row, [...(wrong.get(row) ?? []), fault]);
    }
    this.wrong = wrong;
    this.others = others;
  }
}

export const replanning = new Replanning();
