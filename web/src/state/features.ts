// What is drawn: one GeoJSON collection in the draft, in which each feature has a role.

import type { Draft } from "../api/types";

export type Role = "area" | "zone" | "site" | "hazard";

export function features(draft: Draft): GeoJSON.Feature[] {
  const collection = draft.features as GeoJSON.FeatureCollection | null | undefined;
  return collection?.type === "FeatureCollection" ? collection.features : [];
}

export function polygons(draft: Draft, role: Role): GeoJSON.Polygon[] {
  return features(draft)
    .filter((one) => one.properties?.role === role)
    .flatMap((one) => single(one.geometry));
}

export function hasArea(draft: Draft): boolean {
  return polygons(draft, "area").length > 0;
}

/** The collection with other polygons of a role. */
export function withPolygons(draft: Draft, role: Role, shapes: GeoJSON.Polygon[], source: string): GeoJSON.FeatureCollection {
  const others = features(draft).filter((one) => one.properties?.role !== role);
  const ours = shapes.map(
    (geometry): GeoJSON.Feature => ({ type: "Feature", properties: { role, source }, geometry }),
  );
  return { type: "FeatureCollection", features: [...others, ...ours] };
}

/** Polygons of a geometry; of several parts each on its own. */
export function single(geometry: GeoJSON.Geometry | null): GeoJSON.Polygon[] {
  switch (geometry?.type) {
    case "Polygon":
      return [geometry];
    case "MultiPolygon":
      return geometry.coordinates.map((coordinates) => ({ type: "Polygon", coordinates }));
    case "GeometryCollection":
      return geometry.geometries.flatMap(single);
    default:
      return [];
  }
}

/** All polygons of a GeoJSON document; null if it is none. */
export function polygonsOf(text: string): GeoJSON.Polygon[] | null {
  let document: GeoJSON.GeoJSON;
  try {
    document = JSON.parse(text) as GeoJSON.GeoJSON;
  } catch {
    return null;
  }
  switch (document?.type) {
    case "FeatureCollection":
      return document.features.flatMap((one) => single(one.geometry));
    case "Feature":
      return single(document.geometry);
    case undefined:
      return null;
    default:
      return single(document as GeoJSON.Geometry);
  }
}
