// How figures become colour. One hue per measure, from light to dark, so that it can be read in grey as well; no rainbow.

import type { Colouring } from "./flow-layer";

export type Measure = "flow" | "room" | "standing";

/** From which value on a road has which colour, from light to dark. One hue a measure. */
export const scales: Record<Measure, [from: number, colour: string][]> = {
  flow: [
    [0, "#b9d3e6"],
    [0.25, "#7fb0d3"],
    [0.5, "#3d87b9"],
    [0.75, "#17618f"],
    [0.95, "#0a3556"],
  ],
  standing: [
    [0, "#f3d3b0"],
    [10, "#e3a767"],
    [50, "#c97b2c"],
    [200, "#96530f"],
    [1000, "#5c2f05"],
  ],
  room: [
    [0, "#d9cfe6"],
    [0.25, "#b39cca"],
    [0.5, "#8a68ab"],
    [0.75, "#5f3c86"],
    [0.95, "#381c59"],
  ],
};

/** Roads of which something is not known, and roads that are closed. */
export const UNKNOWN = "#d8d4cb";
export const CLOSED = "#6f6a60";
const UNKNOWN_BYTE = 254;
const CLOSED_BYTE = 255;

/** The least byte that says a value or more: bytes are rounded up, so that only nothing is 0. */
function byteFrom(measure: Measure, value: number): number {
  if (value === 0) return 1;
  return measure === "standing" ? Math.ceil(50 * Math.log10(value + 1)) : Math.ceil(250 * value);
}

/** The colours of the bytes of a measure. */
export function byByte(measure: Measure): Colouring {
  const steps = scales[measure];
  return {
    from: [...steps.map(([value]) => byteFrom(measure, value)), UNKNOWN_BYTE, CLOSED_BYTE],
    colours: [...steps.map(([, colour]) => colour), UNKNOWN, CLOSED],
  };
}

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
