// Brings what is known onto the map: roads of the version that is looked at, shapes, bottlenecks, colours of a step.

import { untrack } from "svelte";
import { api } from "../api/client";
import type { MapInfo } from "../api/types";
import { answer } from "../state/answer.svelte";
import { compared } from "../state/compared.svelte";
import { findings } from "../state/findings.svelte";
import { isFilled } from "../state/counts";
import { number } from "../lib/csv";
import { whole } from "../lib/format";
import { nameOf } from "../lib/proposed";
import { project } from "../state/project.svelte";
import { proposals } from "../state/proposals.svelte";
import { replanned } from "../state/replanned.svelte";
import { replanning } from "../state/replanning.svelte";
import { trouble } from "../state/trouble.svelte";
import { peopleAt } from "../state/places";
import type { FieldMap, Shapes } from "./field-map";

class MapSync {
  map = $state.raw<FieldMap | null>(null);
  /** Whether the middle of the map is marked, for those who set corners with the keyboard. */
  crosshair = $state(false);
  /** The version whose lines the map has. */
  lined = $state<number | null>(null);
  #fitted: string | null = null;

  attach(map: FieldMap): void {
    this.map = map;
    map.onpick = (picked) => void trouble.notice(() => answer.pick(picked));
    map.onproposed = (id) => (proposals.picked = id);
    $effect.root(() => this.#follow(map));
  }

  #follow(map: FieldMap): void {
    // Preparing needs all roads that were given; an answer those of its plan.
    $effect(() => {
      const roads = project.info?.roads ?? null;
      const ofTab = answer.tab === "prepare" ? (roads ?? answer.plan) : (answer.plan ?? roads);
      const wanted = answer.tab === "compare" && compared.onMap ? (compared.chosen[0] ?? roads) : ofTab;
      untrack(() => void trouble.notice(() => answer.look(wanted)));
    });
    $effect(() => {
      const info = answer.mapInfo;
      const version = answer.shown;
      this.lined = null;
      if (!info || version === null) {
        void map.roads(null, "", null);
        return;
      }
      // Zones and roads of one project are near each other: the view stays where it is.
      const place = String(project.info?.id);
      const [west, south, east, north] = info.bounds as [number, number, number, number];
      const bounds: [number, number, number, number] | null = this.#fitted === place ? null : [west, south, east, north];
      this.#fitted = place;
      void map.roads(api.tiles(version), attribution(info), bounds, info.min_zoom, info.max_zoom);
    });
    $effect(() => void map.show("zones", answer.tab === "prepare" ? null : named(collection(answer.shapes?.zones), answer.overview?.begins_s ?? 0)));
    $effect(() => void map.show("sites", answer.tab === "prepare" ? null : sites()));
    $effect(() => void map.fill(fullness()));
    $effect(() => void map.show("proposed", proposals.onMap ? proposed() : null));
    $effect(() => void map.show("hazards", answer.tab === "prepare" ? null : collection(answer.shapes?.hazards)));
    $effect(() => void map.show("findings", answer.tab === "prepare" ? null : pinned()));
    $effect(() => void map.show("told", replanned.mapped ? told() : null));
    $effect(() => void map.show("reported", answer.tab === "replan" ? reported() : null));
    $effect(() => void map.show("bottlenecks", answer.tab === "answer" ? answer.bottleneckLines : null));
    $effect(() => {
      const picked = answer.picked;
      void map.show("selected", picked ? one(picked.geometry) : null);
    });
    // Lines are wanted once something has to be coloured, and then kept.
    $effect(() => {
      const version = answer.shown;
      const differences = (answer.tab === "compare" && compared.onMap) || replanned.mapped !== null;
      if (version === null || (answer.tab !== "time" && !differences)) return;
      if (this.lined === version) return;
      void trouble.notice(async () => {
        const lines = await api.lines(version);
        if (answer.shown !== version || this.lined === version) return;
        await map.lines(lines);
        if (answer.shown === version) this.lined = version;
      });
    });
    $effect(() => {
      const shown = answer.shown;
      if (this.lined === null || this.lined !== shown) return;
      const links = answer.mapInfo?.links ?? 0;
      const { coloured, tab } = answer;
      // Bytes are of the links of their own plan, by the measure that they were asked for.
      if (tab === "compare" && compared.onMap && compared.chosen[0] === shown)
        void map.colour("difference", compared.bytes(links));
      else if (replanned.mapped?.version === shown) void map.colour("difference", replanned.bytes(links));
      else if (tab === "time" && coloured?.plan === shown) void map.colour(coloured.measure, coloured.bytes);
      else void map.colour(answer.measure, null);
    });
  }
}

function one(geometry: GeoJSON.Geometry): Shapes {
  return { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry }] };
}

function collection(value: unknown): Shapes {
  const shapes = value as GeoJSON.FeatureCollection | null | undefined;
  return shapes?.type === "FeatureCollection" ? shapes : null;
}

/** The shapes of a plan that begins so many seconds after the first of its line, and a point for the name of each: a polygon in two tiles would have its name twice. */
export function named(shapes: Shapes, beginsS: number): Shapes {
  if (!shapes) return null;
  // In a plan that goes on from another, people on the way are zones of their own, one a road: their names would hide the road.
  const isOnTheWay = (zone: unknown): boolean => beginsS > 0 && String(zone ?? "").startsWith("on-");
  const all = shapes.features.filter((one) => !isOnTheWay(one.properties?.zone_id));
  const names = all.flatMap((one): GeoJSON.Feature[] => {
    const { x_coord: x, y_coord: y, name, zone_id: id } = one.properties ?? {};
    if (typeof x !== "number" || typeof y !== "number") return [];
    return [{ type: "Feature", properties: { name: name || id }, geometry: { type: "Point", coordinates: [x, y] } }];
  });
  return { type: "FeatureCollection", features: [...all, ...names] };
}

/** Sites as points. */
function sites(): Shapes {
  const overview = answer.overview;
  if (!overview) return null;
  const features = overview.sites.flatMap((site): GeoJSON.Feature[] => {
    const [lng, lat] = site.at ?? [];
    if (lng === undefined || lat === undefined) return [];
    return [
      {
        type: "Feature",
        id: site.row,
        properties: { site_id: site.id, name: site.name || site.id },
        geometry: { type: "Point", coordinates: [lng, lat] },
      },
    ];
  });
  return { type: "FeatureCollection", features };
}

/** Proposed places as points. */
function proposed(): Shapes {
  const features = proposals.rows.flatMap((row): GeoJSON.Feature[] => {
    const [lng, lat] = [number(row.lon), number(row.lat)];
    if (lng === null || lat === null) return [];
    const id = row.site_id ?? "";
    const properties = { site_id: id, name: nameOf(row), ticked: proposals.ticked[id] === true, in_hazard: row.in_hazard === "yes" };
    return [{ type: "Feature", properties, geometry: { type: "Point", coordinates: [lng, lat] } }];
  });
  return { type: "FeatureCollection", features };
}

/** What an audit finds at single places, as points. */
function pinned(): Shapes {
  const features = findings.placed(answer.overview).map(
    ({ kind, id, at, rows }): GeoJSON.Feature => ({
      type: "Feature",
      properties: { kind, id, count: rows.length },
      geometry: { type: "Point", coordinates: at },
    }),
  );
  return { type: "FeatureCollection", features };
}

/** Zones of which people are told something else, as points with how many. */
function told(): Shapes {
  const features = [...replanned.told].flatMap(([id, people]): GeoJSON.Feature[] => {
    const [lng, lat] = answer.overview?.zones.find((one) => one.id === id)?.at ?? [];
    if (lng === undefined || lat === undefined) return [];
    const properties = { kind: "zone", id, people: whole(people), count: people };
    return [{ type: "Feature", properties, geometry: { type: "Point", coordinates: [lng, lat] } }];
  });
  return { type: "FeatureCollection", features };
}

/** Roads of which something was reported. */
function reported(): Shapes {
  const roads = replanning.entries.filter((one) => one.what === "road" && one.geometry !== null && isFilled(one));
  const features = roads.map((one): GeoJSON.Feature => ({ type: "Feature", properties: {}, geometry: one.geometry as GeoJSON.Geometry }));
  return { type: "FeatureCollection", features };
}

/** How full each site is at the end of the step that is looked at, by row; where there is no capacity, whether anybody is there; `null`: not known. */
function fullness(): (number | null)[] {
  const steps = answer.tab === "time" ? answer.steps : null;
  const shares: (number | null)[] = [];
  for (const site of answer.overview?.sites ?? []) {
    const people = steps === null ? site.arrived : peopleAt(steps, site.id, answer.step);
    if (people == null) shares[site.row] = null;
    else shares[site.row] = site.capacity_people ? people / site.capacity_people : people > 0 ? 0.5 : 0;
  }
  return shares;
}

/** What must be said beside the map, for the map. */
export function attribution(info: MapInfo): string {
  return info.attribution.map(escaped).join(" · ");
}

/** Text of a map's makers goes into the page as text. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign);
}

export const mapSync = new MapSync();
