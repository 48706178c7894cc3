// How figures become colour. One hue per measure, from light to dark, so that it can be read in grey as well; no rainbow.

import type { ExpressionSpecification } from "maplibre-gl";

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

export function byDifference(): ExpressionSpecification {
  const [much, some, little] = difference.fewer;
  const [few, several, many] = difference.more;
  const v = ["coalesce", ["feature-state", "v"], 0];
  return [
    "step",
    v,
    NOTHING,
    1,
    much,
    44,
    some,
    86,
    little,
    128,
    NOTHING,
    129,
    few,
    170,
    several,
    212,
    many,
  ] as unknown as ExpressionSpecification;
}

export const NOTHING = "rgba(0,0,0,0)";

/** The colour of a byte (0: nothing), as an expression of MapLibre over the feature state `v`. */
export function byByte(measure: Measure): ExpressionSpecification {
  const steps = scales[measure].hue.flatMap(([at, colour]) => [at * 255, colour]);
  return ["step", ["coalesce", ["feature-state", "v"], 0], NOTHING, ...steps] as unknown as ExpressionSpecification;
}
