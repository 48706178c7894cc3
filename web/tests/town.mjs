// A town of our own making as an OpenStreetMap file: a grid of streets, a river through it, two bridges, and roads that lead out east.

const WEST = 10.0;
const SOUTH = 50.0;
/** Distance of two streets, degrees: about 150 m. */
const EAST_STEP = 0.0021;
const NORTH_STEP = 0.00135;
const COLUMNS = 14;
const ROWS = 9;
/** The river flows between these two columns. */
const RIVER_AFTER = 7;
const BRIDGES = new Map([
  [2, "South Bridge"],
  [6, "North Bridge"],
]);

export const bounds = [WEST, SOUTH, WEST + (COLUMNS + 3) * EAST_STEP, SOUTH + ROWS * NORTH_STEP];

/** Where a crossing is: longitude, latitude. */
export function crossing(column, row) {
  return [round(WEST + column * EAST_STEP), round(SOUTH + row * NORTH_STEP)];
}

/** The middle of a bridge. */
export function bridge(row) {
  const [west, lat] = crossing(RIVER_AFTER, row);
  return [west + EAST_STEP / 2, lat];
}

/** The part of the town west of the river, a little wider than its streets. */
export function westernTown() {
  const [west, south] = crossing(0, 0);
  const [east, north] = crossing(RIVER_AFTER, ROWS - 1);
  const rim = 0.0005;
  return [
    [west - rim, south - rim],
    [east + rim, south - rim],
    [east + rim, north + rim],
    [west - rim, north + rim],
  ];
}

export function osm() {
  const id = (column, row) => 1 + row * 100 + column;
  const nodes = [];
  const ways = [];
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column <= COLUMNS + 2; column++) {
      const [lon, lat] = crossing(column, row);
      nodes.push(`<node id="${id(column, row)}" version="1" lat="${lat}" lon="${lon}"/>`);
    }
  const way = (name, highway, lanes, refs, more = "") => {
    const nds = refs.map((ref) => `<nd ref="${ref}"/>`).join("");
    const tags = `<tag k="highway" v="${highway}"/><tag k="name" v="${name}"/><tag k="lanes" v="${lanes}"/><tag k="maxspeed" v="50"/>${more}`;
    ways.push(`<way id="${1000 + ways.length}" version="1">${nds}${tags}</way>`);
  };
  for (let row = 0; row < ROWS; row++) {
    const main = BRIDGES.has(row);
    const kind = main ? "primary" : "residential";
    const across = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => id(from + at, row));
    way(`${row + 1}. Cross Street`, kind, 2, across(0, RIVER_AFTER));
    way(`${row + 1}. East Street`, kind, 2, across(RIVER_AFTER + 1, COLUMNS + (main ? 2 : 0)));
    const name = BRIDGES.get(row);
    if (name) way(name, "primary", 2, across(RIVER_AFTER, RIVER_AFTER + 1), '<tag k="bridge" v="yes"/>');
  }
  for (let column = 0; column <= COLUMNS; column++) {
    const refs = Array.from({ length: ROWS }, (_, row) => id(column, row));
    way(`${column + 1}. Long Street`, "residential", 2, refs);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="test">${nodes.join("")}${ways.join("")}</osm>\n`;
}

function round(degrees) {
  return Math.round(degrees * 1e7) / 1e7;
}
