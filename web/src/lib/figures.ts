// A figure of a document as people read it.

import { decimal, duration, percent, whole, type Rounding } from "./format";
import { t } from "../messages/i18n.svelte";

/** A value with its unit; `null` is said, not left out. */
export function figure(value: number | null | undefined, unit: string, rounding: Rounding = "up"): string {
  if (value === null || value === undefined) return t("figure.none");
  switch (unit) {
    case "s":
      return duration(value, rounding);
    case "ms":
      return duration(value / 1000, rounding);
    case "people":
      return t("people.count", { count: whole(value) });
    case "people/h":
      return `${whole(value)} ${t("unit.people_h")}`;
    case "ratio":
      return percent(value, 1);
    case "":
      return decimal(value, 2);
    default:
      return `${decimal(value, 1)}\u00a0${unit}`;
  }
}

/** From one moment to another, since the start. */
export function span(from: number, until: number): string {
  return `${duration(from, "down")} – ${duration(until, "up")}`;
}
