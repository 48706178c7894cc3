// How figures become colour. One hue per measure, from light to dark, so that it can be read in grey as well; no rainbow.

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

export const NOTHING = "rgba(0,0,0,0)";

/** The colour of a byte (0: nothing), as an expression of MapLibre over the feature state `v`. */
export function byByte(measure: Measure): unknown[] {
  const steps = scales[measure].hue.flatMap(([at, colour]) => [at * 255, colour]);
  return ["step", ["coalesce", ["feature-state", "v"], 0], NOTHING, ...steps];
}
