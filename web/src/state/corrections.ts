// Figures of roads that a map has wrong, as changes in the draft: they are made to each scenario that comes of it.

import type { Draft } from "../api/types";
import { t } from "../messages/i18n.svelte";

type Change = NonNullable<Draft["changes"]>[number];

/** What is corrected of a road. */
export interface RoadCorrection {
  change: "road";
  link_id: string;
  lanes?: number | null;
  free_speed_km_h?: number | null;
  capacity_pcu_h?: number | null;
}

/** The correction of a road that a change is; `null` where it is another change. */
export function corrected(change: Change): RoadCorrection | null {
  const what = change.what as { change: string };
  return what.change === "road" ? (what as RoadCorrection) : null;
}

/** A correction with who makes it and when. */
export function correction(what: RoadCorrection, name: string, source: string, who: string, when: Date): Change {
  const note = t("corrections.note", { name, who, when: when.toISOString().slice(0, 16).replace("T", " ") });
  return { what, source: source || t("corrections.assumed", { who }), note } as Change;
}

/** The changes with one more; what was corrected of the same road before is replaced where both say something. */
export function withCorrection(changes: Change[], added: Change): Change[] {
  const now = corrected(added);
  const before = changes.findIndex((one) => now !== null && corrected(one)?.link_id === now.link_id);
  if (before < 0 || now === null) return [...changes, added];
  const said = Object.fromEntries(Object.entries(now).filter(([, value]) => value != null));
  const merged = { ...added, what: { ...corrected(changes[before] as Change), ...said } } as Change;
  return changes.map((one, at) => (at === before ? merged : one));
}

/** What is corrected, in words. */
export function correctionWords(road: RoadCorrection): string {
  const words = [
    road.lanes == null ? "" : t("change.lanes", { lanes: road.lanes }),
    road.free_speed_km_h == null ? "" : t("change.speed", { speed: road.free_speed_km_h }),
    road.capacity_pcu_h == null ? "" : t("change.capacity", { capacity: road.capacity_pcu_h }),
  ];
  return `${road.link_id}: ${words.filter(Boolean).join(", ")}`;
}
