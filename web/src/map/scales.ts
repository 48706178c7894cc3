// How figures become colour. One hue per measure, from light to dark, so that it can be read in grey as well; no rainbow.

import type { Colouring } from "./flow-layer";

export type Measure = "flow" | "waiting" | "room";

/** Steps of a scale: the share of its largest value at which a colour begins, from light to dark. */
export interface Scale {
  hue: [at: number, colour: string][];
}

export const scales: Record<Measure, Scale> = {
  flow: {
    hue: [
      [0.004, "#b9d3e6"],
      [0.25, "#7fb0d3"],
      [0.5, "#3d87b9"],
      [0.75, "#17618f"],
      [0.95, "#0a3556"],
    ],
  },
  waiting: {
    hue: [
      [0.004, "#f3d3b0"],
      [0.125, "#e3a767"],
      [0.25, "#c97b2c"],
      [0.5, "#96530f"],
      [0.75, "#5c2f05"],
    ],
  },
  room: {
    hue: [
      [0.004, "#d9cfe6"],
      [0.25, "#b39cca"],
      [0.5, "#8a68ab"],
      [0.75, "#5f3c86"],
      [0.95, "#381c59"],
    ],
  },
};

/** Colours of a difference, from much fewer over none to much more: two hues with a gap between them. */
export const difference = {
  fewer: ["#7a4a12", "#c08a4a", "#e6cfae"],
  more: ["#b5d3cf", "#4f968d", "#0f5a51"],
} as const;

/** A byte for a difference: 0 none, 1 to 127 fewer (1 the most), 129 to 255 more (255 the most). */
export function differenceByte(value: number, most: number): number {
  if (value === 0 || most === 0) return 0;
  return 128 + Math.sign(value) * Math.max(1, Math.round((Math.abs(value) / most) * 127));
}

export function byDifference(): Colouring {
  return { from: [1, 44, 86, 128, 129, 170, 212], colours: [...difference.fewer, NONE, ...difference.more] };
}

/** No byte of a difference is this one. */
const NONE = "#ffffff";

/** The colours of the bytes of a measure. */
export function byByte(measure: Measure): Colouring {
  const hue = scales[measure].hue;
  return { from: hue.map(([at]) => at * 255), colours: hue.map(([, colour]) => colour) };
}
