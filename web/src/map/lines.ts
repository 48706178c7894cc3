// The courses of all roads as the server gives them.

/** Lines as the server gives them: how many points each link has, then all points in 1e-7 degrees. */
export interface RoadLines {
  points: Uint32Array;
  positions: Int32Array;
}

/** Reads the lines: number of links, points of each, then pairs of longitude and latitude. */
export function readLines(buffer: ArrayBuffer): RoadLines {
  const links = new DataView(buffer).getUint32(0, true);
  const points = new Uint32Array(buffer, 4, links);
  return { points, positions: new Int32Array(buffer, 4 + 4 * links) };
}
