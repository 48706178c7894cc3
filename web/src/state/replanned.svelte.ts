// What a plan that was made of what was left of another changes.

import { api } from "../api/client";
import type { ReplannedInfo, VersionInfo } from "../api/types";
import { differenceByte } from "../map/scales";
import { answer } from "./answer.svelte";
import { Latest } from "./latest";
import { project } from "./project.svelte";

/** Whether a plan was made of what was left of another. */
function isReplanned(plan: VersionInfo | undefined): boolean {
  const parent = project.version(plan?.parent);
  return parent?.kind === "plan" || (answer.overview?.version === plan?.id && (answer.overview?.begins_s ?? 0) > 0);
}

class Replanned {
  info = $state.raw<ReplannedInfo | null>(null);
  /** Whether roads and zones that change are on the map. */
  onMap = $state(true);
  #reading = new Latest();

  constructor() {
    project.whenLeft(() => this.#forget());
  }

  #forget(): void {
    this.#reading.drop();
    this.info = null;
  }

  /** The plan that is looked at, if it was made of what was left of another. */
  get plan(): VersionInfo | null {
    const plan = project.version(answer.plan);
    return plan !== undefined && isReplanned(plan) ? plan : null;
  }

  async read(plan: number | null): Promise<void> {
    if (plan === null) return this.#forget();
    await this.#reading.ask(api.replanned(plan), (info) => (this.info = info));
  }

  /** What is shown on the map: of the plan whose roads it has, and nothing else. */
  get mapped(): ReplannedInfo | null {
    const { info } = this;
    return this.onMap && answer.tab === "replan" && info !== null && info.version === answer.plan ? info : null;
  }

  /** The greatest difference of people by road. */
  get most(): number {
    return Math.max(0, ...(this.info?.roads ?? []).map((road) => Math.abs(road.new_people - road.given_people)));
  }

  /** One byte a link; see `differenceByte`. */
  bytes(links: number): Uint8Array {
    const bytes = new Uint8Array(links);
    for (const road of this.info?.roads ?? []) {
      if (road.row != null && road.row < links) bytes[road.row] = differenceByte(road.new_people - road.given_people, this.most);
    }
    return bytes;
  }

  /** People of a zone who are told something else, by zone. */
  get told(): Map<string, number> {
    const told = new Map<string, number>();
    for (const row of this.info?.report.instructions ?? []) told.set(row.zone_id, (told.get(row.zone_id) ?? 0) + row.people);
    return told;
  }
}

export const replanned = new Replanned();
