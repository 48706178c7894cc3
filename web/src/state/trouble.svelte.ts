// What went wrong last, said once where everybody sees it.

import { ApiError } from "../api/client";
import type { Fault } from "../api/types";
import { t } from "../messages/i18n.svelte";

class Trouble {
  text = $state("");
  faults = $state.raw<Fault[]>([]);

  say(error: unknown): void {
    if (error instanceof ApiError) {
      this.text = error.message === "unreachable" ? t("trouble.unreachable") : error.message;
      this.faults = error.faults;
    } else {
      this.text = error instanceof Error ? error.message : String(error);
      this.faults = [];
    }
  }

  clear(): void {
    this.text = "";
    this.faults = [];
  }

  /** Does something that somebody asked for; what goes wrong is said, and what was said before goes. True if nothing went wrong. */
  async watch(work: () => Promise<unknown>): Promise<boolean> {
    this.clear();
    return this.notice(work);
  }

  /** Does something that the page does by itself: what is said already stays, so that people can read it. */
  async notice(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.say(error);
      return false;
    }
  }
}

export const trouble = new Trouble();
