// Plans beside each other.

import { api } from "../api/client";
import type { ComparedRoad, Comparison } from "../api/types";
import { differenceByte } from "../map/scales";
import { Latest } from "./latest";
import { project } from "./project.svelte";

/** The difference of people between the first two plans; `null` where a plan does not say who passes. */
function change(road: ComparedRoad): number | null {
  const [first, second] = road.people;
  return first == null || second == null ? null : second - first;
}

class Compared {
  chosen = $state.raw<number[]>([]);
  comparison = $state.raw<Comparison | null>(null);

  /** Whether the difference of the first two plans is on the map. */
  onMap = $state(false);

  #reading = new Latest();

  constructor() {
    project.whenLeft(() => this.choose([]));
  }

  /** The greatest difference of people by road between the first two plans. */
  get most(): number {
    return Math.max(0, ...(this.comparison?.roads ?? []).map((road) => Math.abs(change(road) ?? 0)));
  }

  /** One byte a link of the first plan; see `differenceByte`. */
  bytes(links: number): Uint8Array {
    const bytes = new Uint8Array(links);
    const most = this.most;
    for (const road of this.comparison?.roads ?? []) {
      const row = road.rows[0];
      if (row != null && row < links) bytes[row] = differenceByte(change(road) ?? 0, most);
    }
    return bytes;
  }

  choose(versions: number[]): void {
    this.#reading.drop();
    this.chosen = versions;
    this.comparison = null;
    this.onMap = false;
  }

  toggle(version: number): void {
    this.choose(
      this.chosen.includes(version) ? this.chosen.filter((one) => one !== version) : [...this.chosen, version],
    );
  }

  async read(): Promise<void> {
    const chosen = this.chosen;
    if (chosen.length < 2) return;
    await this.#reading.ask(api.compare(chosen), (comparison) => (this.comparison = comparison));
  }
}

export const compared = new Compared();
