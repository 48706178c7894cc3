// Numbers as people read them: always with their unit, never with more digits than the document has.

import { i18n, languages } from "../messages/i18n.svelte";

function formatter(options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  // Western digits in every language: orders and tables are compared with those that the program writes.
  return new Intl.NumberFormat(i18n.language, { numberingSystem: "latn", ...options });
}

/** Text that is read from left to right also within text that is not. */
function isolated(text: string): string {
  return languages[i18n.language].direction === "rtl" ? `\u2066${text}\u2069` : text;
}

/** A whole number with separators. */
export function whole(value: number): string {
  return formatter({ maximumFractionDigits: 0 }).format(value);
}

/** A number with at most `digits` decimals. */
export function decimal(value: number, digits = 1): string {
  return formatter({ maximumFractionDigits: digits }).format(value);
}

/** A ratio as per cent. */
export function percent(value: number, digits = 0): string {
  return formatter({ style: "percent", maximumFractionDigits: digits }).format(value);
}

/** A bound is rounded down and the time of an arrival up, as in the program's own words: neither then says more than is known. */
export type Rounding = "down" | "up";

/** Whole seconds. What is off by less than a thousandth of one is the whole second. */
export function wholeSeconds(seconds: number, rounding: Rounding): number {
  return rounding === "down" ? Math.floor(seconds + 0.001) : Math.ceil(seconds - 0.001);
}

/** Seconds as `2 h 47 min 10 s`; the parts that are zero are left out. */
export function duration(seconds: number, rounding: Rounding = "up"): string {
  const all = wholeSeconds(seconds, rounding);
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor((all % 3600) / 60);
  const rest = all % 60;
  const parts = [
    hours ? `${hours}\u00a0h` : "",
    minutes ? `${minutes}\u00a0min` : "",
    rest || all === 0 ? `${rest}\u00a0s` : "",
  ];
  return isolated(parts.filter(Boolean).join(" "));
}

/** Seconds since the start as a clock: `+2:47`. */
export function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `+${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Bytes in the usual unit. */
export function bytes(value: number): string {
  if (value < 1024 * 1024) return `${decimal(value / 1024, 0)} KB`;
  return `${decimal(value / 1024 / 1024, 1)} MB`;
}

/** A moment as the browser's reader writes it. */
export function moment(iso: string): string {
  return new Intl.DateTimeFormat(i18n.language, {
    dateStyle: "medium",
    timeStyle: "short",
    numberingSystem: "latn",
  }).format(new Date(iso));
}
