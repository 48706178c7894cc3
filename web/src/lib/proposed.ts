// How rows of a table of proposed places are put into words.

import { t } from "../messages/i18n.svelte";
import { number, words, type Row } from "./csv";
import { whole } from "./format";

/** What a place is called; its number in the map where that has no name. */
export function nameOf(row: Row): string {
  return words(row.name) || (row.site_id ?? "");
}

/** For how many people it has room, with the range; empty where nothing says it. */
export function capacityOf(row: Row): string {
  const value = number(row.capacity_people);
  if (value === null) return "";
  const [low, high] = [number(row.capacity_people_low) ?? value, number(row.capacity_people_high) ?? value];
  return t("propose.capacity", { low: whole(low), value: whole(value), high: whole(high) });
}
