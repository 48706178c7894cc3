// What might be otherwise: changes that were picked on the map and are not computed yet. Each has a source.

import { answer } from "./answer.svelte";
import { project } from "./project.svelte";

/** One change of the library's `ScenarioChange`, with words for the list. */
export interface Wanted {
  what: Record<string, unknown> & { change: string };
  source: string;
  note: string;
  words: string;
}

class Changes {
  list = $state<Wanted[]>([]);

  constructor() {
    project.whenLeft(() => this.clear());
  }

  add(change: Wanted): void {
    this.list.push(change);
    answer.tab = "whatif";
  }

  remove(at: number): void {
    this.list.splice(at, 1);
  }

  clear(): void {
    this.list = [];
  }

  /** The body of a request. */
  body(): unknown[] {
    const who = project.session?.name ?? "";
    return $state.snapshot(this.list).map(({ what, source, note }) => ({
      what,
      source: source || (who ? `assumed by ${who}` : "assumed"),
      note,
    }));
  }
}

export const changes = new Changes();
