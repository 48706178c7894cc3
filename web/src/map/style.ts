// The look of the map: paper, roads by class, and on them what the figures say. Labels are drawn with the fonts of the machine, so that
// the map asks nobody for glyphs.

import type { StyleSpecification, LayerSpecification, ExpressionSpecification } from "maplibre-gl";

export const colours = {
  paper: "#f3f1ec",
  road: "#c9c3b8",
  bigRoad: "#a9a195",
  label: "#3a3f44",
  area: "#17456b",
  zone: "#5b6f7f",
  site: "#2c6e49",
  bottleneck: "#9c2a1f",
  selected: "#111111",
  hazard: "#7a4a12",
  drawnZone: "#2f5f7d",
  unknown: "#d8d4cb",
} as const;

const FONT = ["Noto Sans, Noto Sans Arabic, system-ui, sans-serif"];

/** The classes of OpenStreetMap that a map of a whole city shows. */
const BIG = ["motorway", "trunk", "primary", "secondary", "motorway_link", "trunk_link", "primary_link"];

const isBig: ExpressionSpecification = ["in", ["get", "class"], ["literal", BIG]];

/** Roads with one link per direction lie side by side, on the side that is driven on. */
function beside(least: number): ExpressionSpecification {
  return ["interpolate", ["linear"], ["zoom"], 12, least * 0.3, 15, least * 1.6, 18, least * 4];
}

function width(factor: number): ExpressionSpecification {
  return [
    "interpolate",
    ["exponential", 1.5],
    ["zoom"],
    9,
    ["*", factor, ["case", isBig, 1, 0.35]],
    14,
    ["*", factor, ["case", isBig, 2.6, 1.5]],
    18,
    ["*", factor, ["case", isBig, 9, 6]],
  ];
}

const lines = { "line-cap": "round", "line-join": "round" } as const;

function geojson(): { type: "geojson"; data: { type: "FeatureCollection"; features: [] } } {
  return { type: "geojson", data: { type: "FeatureCollection", features: [] } };
}

/** The style without roads; these come with a project. */
export function emptyStyle(): StyleSpecification {
  return {
    version: 8,
    sources: {
      area: geojson(),
      zones: geojson(),
      sites: geojson(),
      proposed: geojson(),
      hazards: geojson(),
      bottlenecks: geojson(),
      findings: geojson(),
      told: geojson(),
      reported: geojson(),
      cross: geojson(),
      selected: geojson(),
    },
    // Nothing is in them yet.
    layers: overlays.map((layer) => ({ ...layer, layout: { ...layer.layout, visibility: "none" } }) as LayerSpecification),
  };
}

/** The layers that draw a source. */
export function layersOf(source: string): string[] {
  return overlays.filter((layer) => "source" in layer && layer.source === source).map(({ id }) => id);
}

const overlays: LayerSpecification[] = [
  {
    id: "hazards",
    type: "fill",
    source: "hazards",
    paint: { "fill-color": colours.hazard, "fill-opacity": 0.14, "fill-outline-color": colours.hazard },
  },
  { id: "zones", type: "fill", source: "zones", paint: { "fill-color": colours.zone, "fill-opacity": 0.1 } },
  {
    id: "zone-lines",
    type: "line",
    source: "zones",
    paint: { "line-color": colours.zone, "line-width": 1.2, "line-dasharray": [3, 2] },
  },
  {
    id: "area",
    type: "line",
    source: "area",
    layout: lines,
    paint: { "line-color": colours.area, "line-width": 2.5 },
  },
  {
    id: "bottlenecks",
    type: "line",
    source: "bottlenecks",
    layout: lines,
    paint: { "line-color": colours.bottleneck, "line-width": 5, "line-opacity": 0.75 },
  },
  {
    id: "reported",
    type: "line",
    source: "reported",
    layout: lines,
    paint: { "line-color": colours.bottleneck, "line-width": 5, "line-dasharray": [1, 1.4] },
  },
  {
    id: "selected",
    type: "line",
    source: "selected",
    layout: lines,
    paint: { "line-color": colours.selected, "line-width": 3 },
  },
  {
    id: "cross-line",
    type: "line",
    source: "cross",
    paint: { "line-color": colours.area, "line-width": 2, "line-dasharray": [2, 1] },
  },
  {
    id: "cross-corners",
    type: "circle",
    source: "cross",
    paint: { "circle-color": colours.area, "circle-radius": 4 },
  },
  {
    id: "sites",
    type: "circle",
    source: "sites",
    paint: {
      "circle-color": [
        "case",
        ["==", ["feature-state", "share"], null],
        colours.unknown,
        ["interpolate", ["linear"], ["to-number", ["feature-state", "share"], 0], 0, "#ffffff", 0.01, "#cfe3d6", 1, "#1d4f33"],
      ],
      "circle-radius": 8,
      "circle-stroke-color": colours.site,
      "circle-stroke-width": 2.5,
    },
  },
  {
    id: "proposed",
    type: "circle",
    source: "proposed",
    // Where many lie close to each other, those that are ticked are above.
    layout: { "circle-sort-key": ["case", ["get", "ticked"], 1, 0] },
    paint: {
      "circle-color": ["case", ["get", "ticked"], colours.site, "#ffffff"],
      "circle-radius": 6,
      "circle-stroke-color": ["case", ["get", "in_hazard"], colours.hazard, colours.site],
      "circle-stroke-width": 2,
    },
  },
  {
    id: "findings",
    type: "circle",
    source: "findings",
    paint: { "circle-color": "#fff", "circle-radius": 9, "circle-stroke-color": colours.bottleneck, "circle-stroke-width": 3 },
  },
  {
    id: "finding-counts",
    type: "symbol",
    source: "findings",
    layout: { "text-field": ["to-string", ["get", "count"]], "text-font": FONT, "text-size": 12, "text-allow-overlap": true },
    paint: { "text-color": colours.bottleneck },
  },
  {
    id: "zone-names",
    type: "symbol",
    source: "zones",
    filter: ["==", ["geometry-type"], "Point"],
    layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12 },
    paint: { "text-color": colours.label, "text-halo-color": colours.paper, "text-halo-width": 1.6 },
  },
  {
    id: "site-names",
    type: "symbol",
    source: "sites",
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": 12,
      "text-anchor": "top",
      "text-offset": [0, 0.8],
    },
    paint: { "text-color": colours.site, "text-halo-color": "#fff", "text-halo-width": 1.6 },
  },
  {
    id: "proposed-names",
    type: "symbol",
    source: "proposed",
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": 12,
      "text-anchor": "top",
      "text-offset": [0, 0.7],
      // Where not all names can be read, those of ticked places are there.
      "symbol-sort-key": ["case", ["get", "ticked"], 0, 1],
    },
    paint: { "text-color": colours.site, "text-halo-color": "#fff", "text-halo-width": 1.6 },
  },
  {
    id: "bottleneck-numbers",
    type: "symbol",
    source: "bottlenecks",
    layout: {
      "symbol-placement": "line-center",
      "text-rotation-alignment": "viewport",
      "text-field": ["to-string", ["get", "rank"]],
      "text-font": FONT,
      "text-size": 14,
      "text-allow-overlap": true,
    },
    paint: { "text-color": colours.bottleneck, "text-halo-color": "#fff", "text-halo-width": 2.4 },
  },
  {
    id: "told",
    type: "circle",
    source: "told",
    // Many people are a large circle, above those of few.
    layout: { "circle-sort-key": ["get", "count"] },
    paint: {
      "circle-color": "#fff",
      "circle-radius": ["interpolate", ["linear"], ["get", "count"], 1, 6, 10, 8, 100, 12, 1000, 16],
      "circle-stroke-color": colours.area,
      "circle-stroke-width": 2.5,
    },
  },
  {
    id: "told-people",
    type: "symbol",
    source: "told",
    // Where not all numbers can be read, those of most people are there.
    layout: { "text-field": ["get", "people"], "text-font": FONT, "text-size": 11, "text-padding": 6, "symbol-sort-key": ["-", ["get", "count"]] },
    paint: { "text-color": colours.area },
  },
];

/** The layers of the roads, which go below everything else. */
export function roadLayers(): LayerSpecification[] {
  const roads = { source: "roads", "source-layer": "links" } as const;
  return [
    {
      id: "roads",
      type: "line",
      ...roads,
      layout: lines,
      paint: {
        "line-color": ["case", isBig, colours.bigRoad, colours.road],
        "line-width": width(1),
        "line-offset": beside(0.5),
      },
    },
    {
      id: "road-names",
      type: "symbol",
      ...roads,
      minzoom: 13.5,
      filter: ["!=", ["coalesce", ["get", "name"], ""], ""],
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 320,
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": 11,
      },
      paint: { "text-color": colours.label, "text-halo-color": colours.paper, "text-halo-width": 1.4 },
    },
  ];
}
