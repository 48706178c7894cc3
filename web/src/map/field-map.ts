// The map itself: what is on it and what was clicked. It knows no panel.

import * as maplibre from "maplibre-gl";
import type { GeoJSONSource, LngLatBoundsLike, MapMouseEvent } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { FlowLayer } from "./flow-layer";
import type { RoadLines } from "./lines";
import { byByte, byDifference, type Measure } from "./scales";
import { colours, emptyStyle, layersOf, roadLayers } from "./style";

maplibre.setWorkerUrl(workerUrl);

export type Shapes = GeoJSON.FeatureCollection | null;
export type Overlay = "area" | "zones" | "sites" | "proposed" | "hazards" | "bottlenecks" | "findings" | "told" | "reported" | "cross" | "selected";
export interface Picked {
  kind: "link" | "zone" | "site";
  id: string;
  /** Row in its table, where the map knows it. */
  row: number | null;
  geometry: GeoJSON.Geometry;
}

const NONE: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
/** How near a click has to be to a road, pixels. */
const NEAR = 6;

export class FieldMap {
  readonly map: maplibre.Map;
  #ready: Promise<void>;
  #flow: FlowLayer | null = null;
  #listens = true;
  /** How full sites were shown last. */
  #filled: (number | null)[] = [];
  onpick: (picked: Picked | null) => void = () => {};
  /** Hears of a proposed place that was clicked, by its id, and of every other click. */
  onproposed: (id: string | null) => void = () => {};

  constructor(container: HTMLElement, label: string) {
    this.map = new maplibre.Map({
      container,
      style: emptyStyle(),
      center: [0, 20],
      zoom: 1.4,
      minZoom: 1,
      maxZoom: 19,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      locale: { "Map.Title": label },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right");
    // The one that is added last stands above: below the scale, beside the buttons, it covers nothing of a small map's middle.
    this.map.addControl(new maplibre.AttributionControl({ compact: false }), "bottom-left");
    this.map.addControl(new maplibre.ScaleControl({ unit: "metric" }), "bottom-left");
    this.#ready = new Promise((done) => {
      this.map.once("load", () => {
        // From straight above no sky is seen. It would be drawn over the whole map with every step of time all the same.
        Object.assign(this.map.style.sky, { getEvaluated: () => undefined });
        done();
      });
    });
    // Paper needs no drawing.
    container.style.backgroundColor = colours.paper;
    this.map.on("click", (event) => this.#click(event));
    const tell = () => {
      const b = this.map.getBounds();
      container.dataset.bounds = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].join(",");
    };
    this.map.on("moveend", tell);
    this.map.on("resize", tell);
    this.map.on("render", () => (container.dataset.state = "busy"));
    this.map.on("idle", () => {
      tell();
      container.dataset.state = "idle";
    });
    this.map.on("error", (event) => console.warn(event.error?.message ?? event));
  }

  whenReady(): Promise<void> {
    return this.#ready;
  }

  /** Shows the roads of these tiles; null: none. */
  async roads(
    tiles: string | null,
    attribution: string,
    bounds: LngLatBoundsLike | null,
    minzoom = 0,
    maxzoom = 14,
  ): Promise<void> {
    await this.#ready;
    for (const id of ["roads", "roads-now", "road-names"]) if (this.map.getLayer(id)) this.map.removeLayer(id);
    if (this.map.getSource("roads")) this.map.removeSource("roads");
    this.#flow = null;
    if (tiles === null) return;
    this.map.addSource("roads", {
      type: "vector",
      tiles: [new URL(tiles, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}")],
      minzoom,
      maxzoom,
      attribution,
    });
    for (const layer of roadLayers()) this.map.addLayer(layer, "hazards");
    if (bounds) this.fit(bounds);
  }

  fit(bounds: LngLatBoundsLike): void {
    this.map.fitBounds(bounds, { padding: 40, animate: false, maxZoom: 17 });
  }

  /** How full each site is, 0 to 1, by the number of its row; `null`: not known. */
  async fill(shares: (number | null)[]): Promise<void> {
    await this.#ready;
    // Whoever sets a state has its whole source looked through again.
    for (let id = 0; id < Math.max(shares.length, this.#filled.length); id++) {
      const share = shares[id] ?? null;
      if (share !== (this.#filled[id] ?? null)) this.map.setFeatureState({ source: "sites", id }, { share });
    }
    this.#filled = shares;
  }

  async show(overlay: Overlay, shapes: Shapes): Promise<void> {
    await this.#ready;
    const data = shapes ?? NONE;
    this.map.getSource<GeoJSONSource>(overlay)?.setData(data);
    // Each source that is drawn is cut to its tiles first, over the whole map, also if nothing is in it.
    const visibility = data.features.length > 0 ? "visible" : "none";
    for (const id of layersOf(overlay)) this.map.setLayoutProperty(id, "visibility", visibility);
  }

  /** Takes the lines of the roads, in the order of the tiles' feature ids. */
  async lines(lines: RoadLines): Promise<void> {
    await this.#ready;
    if (this.#flow) this.map.removeLayer(this.#flow.id);
    this.#flow = new FlowLayer(lines, colours.road);
    this.map.addLayer(this.#flow, this.map.getLayer("road-names") ? "road-names" : "hazards");
  }

  /** Colours the roads by one byte per link, in the order of their lines; null: plain roads again. */
  async colour(measure: Measure | "difference", bytes: Uint8Array | null): Promise<void> {
    await this.#ready;
    if (!this.#flow) return;
    this.#flow.show(bytes, measure === "difference" ? byDifference() : byByte(measure));
    // Roads are drawn once. Those that cannot be seen can still be clicked.
    this.map.setPaintProperty("roads", "line-opacity", bytes ? 0 : 1);
  }

  /** Whether clicks pick what is on the map; not while something is drawn. */
  listen(yes: boolean): void {
    this.#listens = yes;
    if (yes) this.map.doubleClickZoom.enable();
    else this.map.doubleClickZoom.disable();
  }

  /** What is in the middle of the map, for those who have no pointer. */
  pickMiddle(): void {
    const { clientWidth, clientHeight } = this.map.getContainer();
    this.#pick({ x: clientWidth / 2, y: clientHeight / 2 });
  }

  middle(): [number, number] {
    const { lng, lat } = this.map.getCenter();
    return [lng, lat];
  }

  #click(event: MapMouseEvent): void {
    if (this.#listens) this.#pick(event.point);
  }

  #pick(point: { x: number; y: number }): void {
    const box: [[number, number], [number, number]] = [
      [point.x - NEAR, point.y - NEAR],
      [point.x + NEAR, point.y + NEAR],
    ];
    const layers = ["findings", "told", "sites", "bottlenecks", "roads", "zones"].filter((id) => this.map.getLayer(id));
    const found = this.map.queryRenderedFeatures(box, { layers: ["proposed", ...layers] });
    const proposed = found.find((one) => one.layer.id === "proposed");
    this.onproposed(proposed ? String(proposed.properties.site_id) : null);
    if (proposed) return this.onpick(null);
    for (const layer of layers) {
      const here = found.filter((one) => one.layer.id === layer);
      // Of the two directions of a road the one that drives where the click was.
      const feature = (layer === "roads" && here.find((one) => this.#isRightOf(one.geometry, point))) || here[0];
      // Only the tiles number their features by row.
      const row = layer === "roads" && typeof feature?.id === "number" ? feature.id : null;
      const picked = feature ? pickedOf(layer, row, feature.properties, feature.geometry) : null;
      if (picked) return this.onpick(picked);
    }
    this.onpick(null);
  }

  /** Whether a point lies to the right of the piece of a line that is nearest to it, or on it. */
  #isRightOf(geometry: GeoJSON.Geometry, point: { x: number; y: number }): boolean {
    const lines =
      geometry.type === "LineString" ? [geometry.coordinates] : geometry.type === "MultiLineString" ? geometry.coordinates : [];
    let least = Number.POSITIVE_INFINITY;
    let right = false;
    for (const line of lines) {
      const at = line.map(([lng, lat]) => this.map.project([lng ?? 0, lat ?? 0]));
      at.slice(1).forEach((end, index) => {
        const begin = at[index] ?? end;
        const [dx, dy] = [end.x - begin.x, end.y - begin.y];
        const [px, py] = [point.x - begin.x, point.y - begin.y];
        const along = Math.max(0, Math.min(1, (px * dx + py * dy) / (dx * dx + dy * dy || 1)));
        const distance = Math.hypot(px - along * dx, py - along * dy);
        if (distance >= least) return;
        least = distance;
        // The screen has y downwards.
        right = dx * py - dy * px >= 0;
      });
    }
    return right;
  }

  /** The map as it is now, for a picture. */
  async canvas(): Promise<HTMLCanvasElement> {
    await this.#ready;
    const source = this.map.getCanvas();
    const copy = document.createElement("canvas");
    copy.width = source.width;
    copy.height = source.height;
    return new Promise((done) => {
      // Only while it is drawn does the canvas hold its picture.
      this.map.once("render", () => {
        const pen = copy.getContext("2d");
        if (pen) {
          pen.fillStyle = colours.paper;
          pen.fillRect(0, 0, copy.width, copy.height);
          pen.drawImage(source, 0, 0);
        }
        done(copy);
      });
      this.map.triggerRepaint();
    });
  }

  remove(): void {
    this.map.remove();
  }
}

function pickedOf(
  layer: string,
  row: number | null,
  properties: Record<string, unknown>,
  geometry: GeoJSON.Geometry,
): Picked | null {
  const text = (name: string) => String(properties[name] ?? "");
  switch (layer) {
    case "roads":
      return { kind: "link", id: text("link_id"), row, geometry };
    case "zones":
      return { kind: "zone", id: text("zone_id"), row, geometry };
    case "sites":
      return { kind: "site", id: text("site_id"), row, geometry };
    case "findings":
    case "told":
      return { kind: properties.kind === "zone" ? "zone" : "site", id: text("id"), row, geometry };
    case "bottlenecks":
      return properties.element === "link" ? { kind: "link", id: text("id"), row, geometry } : null;
    default:
      return null;
  }
}
