// A figure of a document as people read it.

import type { Reached } from "../api/types";
import { decimal, duration, percent, whole, type Rounding } from "./format";
import { t } from "../messages/i18n.svelte";

/** A value with its unit. What is never reached and what is not known are said, each in its own words. */
export function figure(value: Reached | undefined, unit: string, rounding: Rounding = "up"): string {
  if (value === null || value === undefined) return t("figure.unknown");
  if (value === "never") return t("figure.never");
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

/** A figure to sort by: what is never reached comes after all times, what is not known is no figure. */
export function sortable(value: Reached | undefined): number | null {
  return value === "never" ? Number.POSITIVE_INFINITY : (value ?? null);
}

/** From one moment to another, since the start. */
export function span(from: number, until: number): string {
  return `${duration(from, "down")} – ${duration(until, "up")}`;
}
