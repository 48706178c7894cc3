// What is drawn: one GeoJSON collection in the draft, in which each feature has a role. Its id says which one it is while it is changed.

import type { Draft } from "../api/types";

export type PolygonRole = "area" | "zone" | "hazard";
export type Role = PolygonRole | "site";

/** A polygon that can be drawn, with the key of its feature. */
export interface KeyedShape {
  key: string;
  role: PolygonRole;
  geometry: GeoJSON.Polygon;
}

export function features(draft: Draft): GeoJSON.Feature[] {
  const collection = draft.features as GeoJSON.FeatureCollection | null | undefined;
  return collection?.type === "FeatureCollection" ? collection.features : [];
}

export function ofRole(draft: Draft, role: Role): GeoJSON.Feature[] {
  return features(draft).filter((one) => one.properties?.role === role);
}

export function hasArea(draft: Draft): boolean {
  return ofRole(draft, "area").some((one) => single(one.geometry).length > 0);
}

/** The key of a feature: its id, or its place among those of its role where it has none. */
export function keyOf(draft: Draft, feature: GeoJSON.Feature): string {
  if (feature.id !== undefined) return String(feature.id);
  const role = feature.properties?.role as Role;
  return `${role}/${ofRole(draft, role).indexOf(feature)}`;
}

function isDrawable(feature: GeoJSON.Feature): feature is GeoJSON.Feature<GeoJSON.Polygon> {
  const role = feature.properties?.role as Role;
  return feature.geometry?.type === "Polygon" && role !== "site";
}

/** All polygons that can be drawn and changed. Features of several parts are shown by nobody and stay as they are. */
export function shapes(draft: Draft): KeyedShape[] {
  return features(draft)
    .filter(isDrawable)
    .map((one) => ({ key: keyOf(draft, one), role: one.properties?.role as PolygonRole, geometry: one.geometry }));
}

/** The collection after drawing: changed, new and taken away. Those in `refused` were not drawn and stay. */
export function withShapes(draft: Draft, drawn: KeyedShape[], refused: Set<string>, source: string): GeoJSON.FeatureCollection {
  const left = new Map(drawn.map((shape) => [shape.key, shape]));
  const kept = features(draft).flatMap((feature): GeoJSON.Feature[] => {
    const key = keyOf(draft, feature);
    if (!isDrawable(feature) || refused.has(key)) return [feature];
    const shape = left.get(key);
    if (!shape) return [];
    left.delete(key);
    return [{ ...feature, id: key, geometry: shape.geometry }];
  });
  const made = [...left.values()].map(
    ({ key, role, geometry }): GeoJSON.Feature => ({ type: "Feature", id: key, properties: { role, source }, geometry }),
  );
  return { type: "FeatureCollection", features: [...kept, ...made] };
}

/** The collection with other properties of one feature; `null` takes the feature away. A property that is `null` goes. */
export function withProperties(draft: Draft, key: string, change: Record<string, unknown> | null): GeoJSON.FeatureCollection {
  const all = features(draft).flatMap((feature): GeoJSON.Feature[] => {
    if (keyOf(draft, feature) !== key) return [feature];
    if (change === null) return [];
    const properties = Object.entries({ ...feature.properties, ...change }).filter(([, value]) => value !== null);
    return [{ ...feature, id: key, properties: Object.fromEntries(properties) }];
  });
  return { type: "FeatureCollection", features: all };
}

/** The collection with features of a role from a file in place of those there are. */
export function withLoaded(draft: Draft, role: PolygonRole, loaded: GeoJSON.Feature[], source: string): GeoJSON.FeatureCollection {
  const others = features(draft).filter((one) => one.properties?.role !== role);
  const ours = loaded.flatMap((feature): GeoJSON.Feature[] => {
    // An area is all its parts; zones and hazards of several parts stay one.
    const parts = role === "area" ? single(feature.geometry) : [feature.geometry];
    return parts.map((geometry) => ({
      type: "Feature",
      id: crypto.randomUUID(),
      properties: { ...feature.properties, role, source: feature.properties?.source || source },
      geometry,
    }));
  });
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

/** All features with polygons of a GeoJSON document. */
export function polygonFeatures(document: GeoJSON.GeoJSON | null | undefined): GeoJSON.Feature[] {
  if (!document) return [];
  switch (document.type) {
    case "FeatureCollection":
      return document.features.filter((one) => single(one.geometry).length > 0);
    case "Feature":
      return single(document.geometry).length > 0 ? [document] : [];
    default:
      return single(document).map((geometry) => ({ type: "Feature", properties: {}, geometry }));
  }
}
