// Plans beside each other.

import { api } from "../api/client";
import type { Comparison } from "../api/types";

class Compared {
  chosen = $state.raw<number[]>([]);
  comparison = $state.raw<Comparison | null>(null);

  choose(versions: number[]): void {
    this.chosen = versions;
    this.comparison = null;
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
