// Plans beside each other.

import { api } from "../api/client";
import type { ComparedRoad, Comparison } from "../api/types";
import { differenceByte } from "../map/scales";

function change(road: ComparedRoad): number {
  return (road.people[1] ?? 0) - (road.people[0] ?? 0);
}

class Compared {
  chosen = $state.raw<number[]>([]);
  comparison = $state.raw<Comparison | null>(null);

  /** Whether the difference of the first two plans is on the map. */
  onMap = $state(false);

  /** The greatest difference of people by road between the first two plans. */
  get most(): number {
    return Math.max(0, ...(this.comparison?.roads ?? []).map((road) => Math.abs(change(road))));
  }

  /** One byte a link of the first plan; see `differenceByte`. */
  bytes(links: number): Uint8Array {
    const bytes = new Uint8Array(links);
    const most = this.most;
    for (const road of this.comparison?.roads ?? []) {
      const row = road.rows[0];
      if (row != null && row < links) bytes[row] = differenceByte(change(road), most);
    }
    return bytes;
  }

  choose(versions: number[]): void {
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
    const comparison = await api.compare(chosen);
    if (this.chosen === chosen) this.comparison = comparison;
  }
}

export const compared = new Compared();
