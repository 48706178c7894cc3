// What is looked at: a plan with its figures, a place that was clicked, a moment. What is here belongs together: figures of one plan never
// stand beside the map or the moment of another.

import { api } from "../api/client";
import type { CurveInfo, LinkFigures, MapInfo, MapShapesInfo, PlanOverview, StepsInfo } from "../api/types";
import type { Picked } from "../map/field-map";
import type { Measure } from "../map/scales";
import { Latest } from "./latest";
import { project } from "./project.svelte";

export type Tab = "prepare" | "answer" | "time" | "replan" | "whatif" | "compare" | "review";

/** How each road is at a step: one byte a link of the plan. */
export interface Coloured {
  plan: number;
  measure: Measure;
  step: number;
  bytes: Uint8Array;
}

/** Steps that are kept: 240 of 75,000 links are 18 MB. */
const MOST_STEPS = 240;

class Answer {
  tab = $state<Tab>("prepare");
  /** The plan that is looked at. */
  plan = $state<number | null>(null);
  /** Figures of `plan`; `null` while they are read. */
  overview = $state.raw<PlanOverview | null>(null);
  curve = $state.raw<CurveInfo | null>(null);
  steps = $state.raw<StepsInfo | null>(null);
  /** A second plan that is shown beside it over time. */
  beside = $state<number | null>(null);
  /** Whether the second plan lies over the first, with a line to move, and not beside it. */
  swipe = $state(false);
  measure = $state<Measure>("flow");
  step = $state(0);
  coloured = $state.raw<Coloured | null>(null);
  picked = $state.raw<Picked | null>(null);
  link = $state.raw<LinkFigures | null>(null);
  /** The version whose roads are on the map, with what is known of them. */
  shown = $state<number | null>(null);
  mapInfo = $state.raw<MapInfo | null>(null);
  shapes = $state.raw<MapShapesInfo | null>(null);
  /** What sets the bound, as lines: `bottlenecks.geojson` of the plan. */
  bottleneckLines = $state.raw<GeoJSON.FeatureCollection | null>(null);
  #bytes = new Map<string, Promise<Uint8Array>>();
  #looking = new Latest();
  #opening = new Latest();
  #timing = new Latest();
  #going = new Latest();
  #picking = new Latest();
  #wanted: number | null = null;

  constructor() {
    project.whenLeft(() => this.clear());
  }

  clear(): void {
    for (const asked of [this.#looking, this.#opening]) asked.drop();
    this.beside = this.plan = this.#wanted = this.shown = null;
    this.mapInfo = this.shapes = null;
    this.#forgetFigures();
    this.#forgetSteps();
    this.#unpick();
    this.step = 0;
    this.measure = "flow";
    this.tab = "prepare";
  }

  #forgetFigures(): void {
    this.overview = this.curve = this.bottleneckLines = null;
  }

  #forgetSteps(): void {
    this.#timing.drop();
    this.#going.drop();
    this.steps = this.coloured = null;
    this.#bytes.clear();
  }

  #unpick(): void {
    this.#picking.drop();
    this.picked = this.link = null;
  }

  /** Looks at the roads of a version. They come onto the map once they are there, all at once. */
  async look(version: number | null): Promise<void> {
    if (version === this.#wanted) return;
    this.#wanted = version;
    const nothing: [null, null] = [null, null];
    const answers = version === null ? Promise.resolve(nothing) : Promise.all([api.map(version), api.shapes(version)]);
    await this.#looking.ask<[MapInfo | null, MapShapesInfo | null]>(answers, ([map, shapes]) => {
      this.#unpick();
      this.shown = version;
      this.mapInfo = map;
      this.shapes = shapes;
    });
  }

  /** Opens a plan: its figures at once, what there is over time when it is looked at. The same one again: what is new of it. */
  async open(plan: number): Promise<void> {
    if (this.plan !== plan) {
      this.#forgetFigures();
      this.step = 0;
      if (this.beside === plan) this.beside = null;
    }
    this.plan = plan;
    this.#forgetSteps();
    const answers = Promise.all([
      api.overview(plan),
      api.curve(plan),
      api.text(plan, "bottlenecks.geojson").catch(() => null),
    ]);
    await this.#opening.ask(answers, ([overview, curve, lines]) => {
      this.bottleneckLines = lines === null ? null : (JSON.parse(lines) as GeoJSON.FeatureCollection);
      this.overview = overview;
      this.curve = curve;
    });
  }

  /** The version that has the figures over time: the simulation where there is one. Not known before the plan's figures are. */
  get timed(): number | null {
    return this.overview === null ? null : (this.overview.simulation ?? this.plan);
  }

  /** The end of the step that is looked at, s: the moment at which people are where the page says. */
  get momentS(): number {
    return (this.step + 1) * (this.steps?.step_s ?? 0);
  }

  async openSteps(): Promise<void> {
    const version = this.timed;
    if (version === null) return;
    const isThere = await this.#timing.ask(api.steps(version), (steps) => (this.steps = steps));
    if (isThere) await this.go(this.step);
  }

  /** Goes to a step. */
  async go(step: number): Promise<void> {
    const version = this.timed;
    const plan = this.plan;
    if (version === null || plan === null || !this.steps || this.steps.count === 0) return;
    const at = Math.max(0, Math.min(step, this.steps.count - 1));
    this.step = at;
    const measure = this.measure;
    const wanted = this.#bytesOf(version, measure, at);
    // The next one is wanted soon.
    if (at + 1 < this.steps.count) void this.#bytesOf(version, measure, at + 1).catch(() => undefined);
    try {
      await this.#going.ask(wanted, (bytes) => (this.coloured = { plan, measure, step: at, bytes }));
    } catch (error) {
      // Colours of another moment are none of this one.
      this.coloured = null;
      throw error;
    }
  }

  /** Looks at another measure, at the same moment. */
  async show(measure: Measure): Promise<void> {
    this.measure = measure;
    await this.go(this.step);
  }

  #bytesOf(version: number, measure: Measure, step: number): Promise<Uint8Array> {
    const key = `${version}/${measure}/${step}`;
    const known = this.#bytes.get(key);
    if (known) return known;
    if (this.#bytes.size > MOST_STEPS) this.#bytes.clear();
    const wanted = api.step(version, measure, step);
    this.#bytes.set(key, wanted);
    wanted.catch(() => this.#bytes.delete(key));
    return wanted;
  }

  async pick(picked: Picked | null): Promise<void> {
    // A bottleneck on the map knows the id of its road and not the row.
    const known = picked?.kind === "link" && picked.row === null ? this.#bottleneckRow(picked.id) : null;
    const now = picked && known !== null ? { ...picked, row: known } : picked;
    this.#unpick();
    this.picked = now;
    const version = this.shown;
    if (now?.kind !== "link" || version === null || now.row === null) return;
    await this.#picking.ask(api.link(version, now.row), (link) => {
      // Figures stand under the road whose they are, or nowhere.
      if (link.id === now.id) this.link = link;
    });
  }

  /** The same road in the other direction. */
  async turn(): Promise<void> {
    const row = this.link?.opposite;
    const version = this.shown;
    const picked = this.picked;
    if (row == null || version === null || !picked) return;
    await this.#picking.ask(api.link(version, row), (link) => {
      this.picked = { ...picked, id: link.id, row };
      this.link = link;
    });
  }

  #bottleneckRow(id: string): number | null {
    return this.overview?.bottlenecks.find((one) => one.element === "link" && one.id === id)?.row ?? null;
  }
}

export const answer = new Answer();
