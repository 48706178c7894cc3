// A figure of a document as people read it.

import type { Reached } from "../api/types";
import { decimal, duration, percent, whole, wholeSeconds, type Rounding } from "./format";
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

/** A value as it is shown with its unit: what is subtracted, so that the difference is that of the two numbers that one reads. */
export function shown(value: number, unit: string, rounding: Rounding): number {
  // Not -0, which would be shown with its sign.
  const rounded = (digits: number) => Math.round(value * 10 ** digits) / 10 ** digits + 0;
  switch (unit) {
    case "s":
      return wholeSeconds(value, rounding);
    case "ms":
      return wholeSeconds(value / 1000, rounding) * 1000;
    case "people":
    case "people/h":
      return rounded(0);
    case "ratio":
      return rounded(3);
    case "":
      return rounded(2);
    default:
      return rounded(1);
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
