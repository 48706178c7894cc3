// What is looked at: a plan with its figures, a place that was clicked, a moment.

import { api } from "../api/client";
import type { CurveInfo, LinkFigures, MapInfo, MapShapesInfo, PlanOverview, StepsInfo } from "../api/types";
import type { Picked } from "../map/field-map";
import type { Measure } from "../map/scales";

export type Tab = "prepare" | "answer" | "time" | "whatif" | "compare" | "review";

class Answer {
  tab = $state<Tab>("prepare");
  /** The plan that is looked at. */
  plan = $state<number | null>(null);
  overview = $state.raw<PlanOverview | null>(null);
  curve = $state.raw<CurveInfo | null>(null);
  steps = $state.raw<StepsInfo | null>(null);
  /** A second plan that is shown beside it over time. */
  beside = $state<number | null>(null);
  /** Length of a step of the plan's replay, s. */
  planStepS = $state<number | null>(null);
  measure = $state<Measure>("flow");
  step = $state(0);
  bytes = $state.raw<Uint8Array | null>(null);
  picked = $state.raw<Picked | null>(null);
  link = $state.raw<LinkFigures | null>(null);
  /** The version whose roads are on the map. */
  shown = $state<number | null>(null);
  mapInfo = $state.raw<MapInfo | null>(null);
  shapes = $state.raw<MapShapesInfo | null>(null);
  /** What sets the bound, as lines: `bottlenecks.geojson` of the plan. */
  bottleneckLines = $state.raw<GeoJSON.FeatureCollection | null>(null);
  #steps = new Map<string, Promise<Uint8Array>>();

  clear(): void {
    this.beside = null;
    this.plan = this.overview = this.curve = this.steps = this.bytes = this.picked = this.link = null;
    this.shown = this.mapInfo = this.shapes = this.bottleneckLines = null;
    this.step = 0;
    this.tab = "prepare";
    this.#steps.clear();
  }

  /** Looks at the roads of a version. */
  async look(version: number | null): Promise<void> {
    if (version === this.shown) return;
    this.shown = version;
    this.pick(null);
    const [map, shapes] = version === null ? [null, null] : await Promise.all([api.map(version), api.shapes(version)]);
    if (this.shown !== version) return;
    this.mapInfo = map;
    this.shapes = shapes;
  }

  /** Opens a plan: its figures at once, what there is over time when it is looked at. */
  async open(plan: number): Promise<void> {
    this.plan = plan;
    this.steps = this.curve = this.bytes = this.planStepS = null;
    this.step = 0;
    this.#steps.clear();
    const [overview, curve, lines] = await Promise.all([
      api.overview(plan),
      api.curve(plan),
      api.text(plan, "bottlenecks.geojson").catch(() => null),
    ]);
    if (this.plan !== plan) return;
    this.bottleneckLines = lines === null ? null : (JSON.parse(lines) as GeoJSON.FeatureCollection);
    this.overview = overview;
    this.curve = curve;
  }

  /** The version that has the figures over time: the simulation where there is one. */
  get timed(): number | null {
    return this.overview?.simulation ?? this.plan;
  }

  /** The step of the plan's own replay at the moment that is looked at; a simulation has steps of its own. */
  get planStep(): number | null {
    if (!this.steps || this.planStepS === null) return null;
    return Math.floor((this.step * this.steps.step_s) / this.planStepS);
  }

  async openSteps(): Promise<void> {
    const version = this.timed;
    const plan = this.plan;
    if (version === null || plan === null) return;
    const [steps, own] = await Promise.all([api.steps(version), version === plan ? null : api.steps(plan)]);
    if (this.timed !== version) return;
    this.steps = steps;
    this.planStepS = (own ?? steps).step_s;
    await this.go(this.step);
  }

  /** Goes to a step. */
  async go(step: number): Promise<void> {
    const version = this.timed;
    if (version === null || !this.steps || this.steps.count === 0) return;
    const at = Math.max(0, Math.min(step, this.steps.count - 1));
    this.step = at;
    const measure = this.measure;
    const bytes = await this.#bytesOf(version, measure, at);
    // The next one is wanted soon.
    if (at + 1 < this.steps.count) void this.#bytesOf(version, measure, at + 1);
    if (this.step === at && this.measure === measure && this.timed === version) this.bytes = bytes;
  }

  #bytesOf(version: number, measure: Measure, step: number): Promise<Uint8Array> {
    const key = `${version}/${measure}/${step}`;
    const known = this.#steps.get(key);
    if (known) return known;
    // 240 steps of 75,000 links are 18 MB.
    if (this.#steps.size > 240) this.#steps.clear();
    const wanted = api.step(version, measure, step);
    this.#steps.set(key, wanted);
    wanted.catch(() => this.#steps.delete(key));
    return wanted;
  }

  async pick(picked: Picked | null): Promise<void> {
    // A bottleneck on the map knows the id of its road and not the row.
    const known = picked?.kind === "link" && picked.row === null ? this.#bottleneckRow(picked.id) : null;
    const now = picked && known !== null ? { ...picked, row: known } : picked;
    this.picked = now;
    this.link = null;
    const version = this.shown;
    if (now?.kind !== "link" || version === null || now.row === null) return;
    const link = await api.link(version, now.row);
    // Figures stand under the road whose they are, or nowhere.
    if (this.picked === now && link.id === now.id) this.link = link;
  }

  /** The same road in the other direction. */
  async turn(): Promise<void> {
    const row = this.link?.opposite;
    const version = this.shown;
    const picked = this.picked;
    if (row == null || version === null || !picked) return;
    const link = await api.link(version, row);
    if (this.picked !== picked) return;
    this.picked = { ...picked, id: link.id, row };
    this.link = link;
  }

  #bottleneckRow(id: string): number | null {
    return this.overview?.bottlenecks.find((one) => one.element === "link" && one.id === id)?.row ?? null;
  }
}

export const answer = new Answer();
