// Findings of an audit on the map: where single places do not meet a rule, by `places.csv` of the audit.

import { api, ApiError } from "../api/client";
import type { PlanOverview, VersionInfo } from "../api/types";
import { number, table, type Row } from "../lib/csv";
import { Latest } from "./latest";
import { project } from "./project.svelte";

/** What an audit finds at one place: ids of findings, the most severe first. */
export interface PlacedFindings {
  kind: "zone" | "site";
  id: string;
  name: string;
  at: [number, number];
  rows: Row[];
}

class Findings {
  /** The audit whose findings are on the map. */
  audit = $state<number | null>(null);
  rows = $state.raw<Row[]>([]);
  #reading = new Latest();

  constructor() {
    project.whenLeft(() => this.show(null));
  }

  /** Shows the findings of an audit on the map; null: none. */
  async show(audit: VersionInfo | null): Promise<void> {
    this.#reading.drop();
    this.audit = audit?.id ?? null;
    this.rows = [];
    if (audit === null) return;
    // An audit without supplies or aid has no places.
    const text = api.text(audit.id, "places.csv").catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return "";
      throw error;
    });
    await this.#reading.ask(text, (found) => (this.rows = table(found)));
  }

  /** Findings by place, of places of a plan whose position is known. */
  placed(overview: PlanOverview | null): PlacedFindings[] {
    const places = new Map<string, PlacedFindings>();
    for (const row of this.rows) {
      const id = row.place_id ?? "";
      const zone = overview?.zones.find((one) => row.kind === "zone" && one.id === id);
      const place = zone ?? overview?.sites.find((one) => row.kind === "site" && one.id === id);
      const [lng, lat] = place?.at ?? [];
      if (!place || lng === undefined || lat === undefined) continue;
      const key = `${zone ? "zone" : "site"}/${id}`;
      const before = places.get(key);
      if (before) before.rows.push(row);
      else places.set(key, { kind: zone ? "zone" : "site", id, name: place.name || id, at: [lng, lat], rows: [row] });
    }
    return [...places.values()];
  }
}

/** What a row says, with its hours. */
export function hoursOf(row: Row): [number | null, number | null] {
  return [number(row.first_hour), number(row.hours)];
}

export const findings = new Findings();
