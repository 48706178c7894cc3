// Places of the tables as shapes of the map.

import type { BottleneckFigures, MapShapesInfo, SiteFigures, StepsInfo } from "../api/types";
import type { Picked } from "../map/field-map";

function feature(collection: unknown, is: (feature: GeoJSON.Feature) => boolean): GeoJSON.Geometry | null {
  const shapes = collection as GeoJSON.FeatureCollection | null | undefined;
  return shapes?.features?.find(is)?.geometry ?? null;
}

export const places = {
  zone(shapes: MapShapesInfo | null, id: string, row: number): Picked | null {
    const geometry = feature(shapes?.zones, (one) => one.properties?.zone_id === id);
    return { kind: "zone", id, row, geometry: geometry ?? { type: "GeometryCollection", geometries: [] } };
  },
  site(site: SiteFigures): Picked {
    const [lng, lat] = site.at ?? [];
    const geometry: GeoJSON.Geometry =
      lng === undefined || lat === undefined
        ? { type: "GeometryCollection", geometries: [] }
        : { type: "Point", coordinates: [lng, lat] };
    return { kind: "site", id: site.id, row: site.row, geometry };
  },
  bottleneck(lines: GeoJSON.FeatureCollection | null, one: BottleneckFigures): Picked | null {
    const geometry = feature(lines, (line) => line.properties?.id === one.id && line.properties?.element === one.element);
    const kind = one.element === "link" ? "link" : one.element === "site" ? "site" : null;
    if (kind === null) return null;
    return { kind, id: one.id, row: one.row ?? null, geometry: geometry ?? { type: "GeometryCollection", geometries: [] } };
  },
};

/** People at a site at the end of a step, by the plan; `null`: not known. */
export function peopleAt(steps: StepsInfo | null, id: string, step: number): number | null {
  return steps?.sites.find((site) => site.id === id)?.people[step] ?? null;
}
