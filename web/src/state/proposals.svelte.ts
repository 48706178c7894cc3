// Places of the road map that might receive people, as the newest table of proposals has them, and which of them somebody has ticked. The panel, the map
// and what was clicked on it show the same.

import { api } from "../api/client";
import { number, table, type Row } from "../lib/csv";
import { answer } from "./answer.svelte";
import { project } from "./project.svelte";

const PROPOSED = "proposed sites.csv";
/** What the file is called that is made of those that were ticked. */
export const ACCEPTED = "accepted sites.csv";

class Proposals {
  rows = $state.raw<Row[]>([]);
  /** By id of the place. */
  ticked = $state<Record<string, boolean>>({});
  /** The one that was clicked on the map. */
  picked = $state<string | null>(null);

  constructor() {
    project.whenLeft(() => this.clear());
  }

  clear(): void {
    this.rows = [];
    this.ticked = {};
    this.picked = null;
  }

  /** Whether they are on the map: they are something to prepare with, and no destinations of a plan. */
  get onMap(): boolean {
    return answer.tab === "prepare" && this.rows.length > 0;
  }

  get chosen(): Row[] {
    return this.rows.filter((row) => this.ticked[row.site_id ?? ""]);
  }

  get pickedRow(): Row | null {
    return (this.onMap && this.rows.find((row) => row.site_id === this.picked)) || null;
  }

  /** Places for how many people those have that are ticked. */
  get places(): number {
    return this.chosen.reduce((sum, row) => sum + (number(row.capacity_people) ?? 0), 0);
  }

  /** Reads the newest table of a project, if there is one. Those that are destinations already are ticked. */
  async read(id: number): Promise<void> {
    const files = await api.givenFiles(id);
    const proposed = files.find((one) => one.name === PROPOSED);
    const accepted = files.find((one) => one.name === ACCEPTED && one.id === project.draft.sites_file);
    const [rows, taken] = await Promise.all([proposed, accepted].map(async (file) => (file ? table(await api.fileText(file.id)) : [])));
    if (project.info?.id !== id) return;
    if (this.rows.length === 0) for (const row of taken ?? []) this.ticked[row.site_id ?? ""] = true;
    this.rows = rows ?? [];
  }
}

export const proposals = new Proposals();
