// Drawing areas, zones and hazards: click to set a corner, click the first one again (or press Enter) to close; corners snap to what is
// there already, whichever kind it is of, so that neighbours share their borders.

import {
  TerraDraw,
  TerraDrawModeUndoRedo,
  TerraDrawPolygonMode,
  TerraDrawSelectMode,
  TerraDrawSessionUndoRedo,
  TerraDrawUndoRedoKeyboardShortcuts,
  type GeoJSONStoreFeatures,
  type HexColor,
} from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import type { PolygonRole } from "../state/features";
import type { FieldMap } from "./field-map";
import { colours } from "./style";

type Ring = [number, number][];

/** A polygon on the map; the key says which feature of the draft it is. */
export interface DrawnShape {
  key: string;
  role: PolygonRole;
  geometry: GeoJSON.Polygon;
}

const colourOf: Record<PolygonRole, HexColor> = { area: colours.area, zone: colours.drawnZone, hazard: colours.hazard };

/** How near the pointer has to be to a corner, pixels. */
const NEAR = 14;

/** What can be changed of a polygon: its corners, which snap to those of others. */
function changing(snaps: boolean) {
  const coordinates = { midpoints: true, draggable: true, deletable: true, snappable: snaps ? { toCoordinate: true } : false };
  return { polygon: { feature: { draggable: false, coordinates } } };
}

export class ShapeDrawing {
  #map: FieldMap;
  #draw: TerraDraw;
  #corners: Ring = [];
  #role: PolygonRole = "area";
  /** What is drawn, by the number that the drawing gives it; what was taken away too, since undoing brings it back. */
  #known = new Map<string | number, DrawnShape>();
  /** Called with all polygons whenever one is finished, changed or taken away. */
  onchange: (shapes: DrawnShape[]) => void = () => {};
  /** Called when a polygon was closed with the pointer. */
  onclosed: () => void = () => {};
  /** Called when undoing becomes possible or impossible. */
  onhistory: (canUndo: boolean) => void = () => {};
  #loading = false;

  constructor(map: FieldMap, snapping: boolean) {
    this.#map = map;
    const colour = (feature: { id?: string | number }) => colourOf[this.#roleOf(feature.id)];
    const styles = {
      fillColor: colour,
      fillOpacity: 0.08,
      outlineColor: colour,
      outlineWidth: 2.5,
      closingPointColor: "#ffffff",
      closingPointOutlineColor: colours.area,
      closingPointWidth: 7,
      snappingPointColor: colours.bottleneck,
      coordinatePointColor: colours.area,
      coordinatePointWidth: 4,
    } as const;
    this.#draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map: map.map, coordinatePrecision: 7 }),
      modes: [
        new TerraDrawPolygonMode({
          snapping: { toCoordinate: snapping, toLine: snapping },
          pointerDistance: NEAR,
          showCoordinatePoints: true,
          styles,
        }),
        new TerraDrawSelectMode({ pointerDistance: NEAR, flags: changing(snapping) }),
      ],
      undoRedo: {
        modeLevel: new TerraDrawModeUndoRedo(),
        sessionLevel: new TerraDrawSessionUndoRedo(),
        keyboardShortcuts: new TerraDrawUndoRedoKeyboardShortcuts(),
      },
    });
    this.#draw.start();
    this.#draw.on("finish", () => {
      this.#tell();
      if (this.#draw.getMode() !== "polygon") return;
      this.edit();
      this.onclosed();
    });
    this.#draw.on("history", () => {
      this.#tell();
      this.#history();
    });
  }

  #roleOf(id: string | number | undefined): PolygonRole {
    return (id === undefined ? undefined : this.#known.get(id)?.role) ?? this.#role;
  }

  /** Puts polygons there, to be changed; the keys of those that cannot be drawn, which stay as they are. */
  load(shapes: DrawnShape[]): Set<string> {
    this.#loading = true;
    this.#draw.clear();
    this.#known.clear();
    const refused = new Set<string>();
    for (const shape of shapes) {
      const ring = (shape.geometry.coordinates[0] ?? []).map(rounded);
      const feature = { type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties: { mode: "polygon" } };
      const [added] = this.#draw.addFeatures([feature as GeoJSONStoreFeatures]);
      if (added?.valid && added.id !== undefined) this.#known.set(added.id, shape);
      else refused.add(shape.key);
    }
    this.#draw.clearUndoRedoHistory();
    this.#loading = false;
    this.#history();
    return refused;
  }

  /** Sets corners with clicks. */
  begin(role: PolygonRole): void {
    this.#role = role;
    this.#map.listen(false);
    this.#draw.setMode("polygon");
  }

  /** Moves, adds and removes corners of what is there. */
  edit(): void {
    this.#map.listen(false);
    this.#draw.setMode("select");
  }

  /** Looks only. */
  rest(): void {
    this.#corners = [];
    this.#cross();
    this.#draw.setMode("static");
    this.#map.listen(true);
  }

  snap(yes: boolean): void {
    this.#draw.updateModeOptions<typeof TerraDrawPolygonMode>("polygon", {
      snapping: { toCoordinate: yes, toLine: yes },
    });
    this.#draw.updateModeOptions<typeof TerraDrawSelectMode>("select", { flags: changing(yes) });
  }

  undo(): void {
    if (this.#corners.length > 0) {
      this.#corners.pop();
      this.#cross();
    } else if (this.#draw.canUndo()) this.#draw.undo();
    this.#tell();
    this.#history();
  }

  /** Without a pointer: a corner where the middle of the map is. */
  corner(role: PolygonRole): number {
    this.#role = role;
    this.#corners.push(rounded(this.#map.middle()));
    this.#cross();
    this.#history();
    return this.#corners.length;
  }

  /** Closes the corners that were set in the middle; false where they are no area. */
  close(): boolean {
    const [first] = this.#corners;
    if (!first || this.#corners.length < 3) return false;
    const added = this.#draw.addFeatures([
      {
        type: "Feature",
        geometry: { type: "Polygon", coordinates: [[...this.#corners, first]] },
        properties: { mode: "polygon" },
      } as GeoJSONStoreFeatures,
    ]);
    if (!added.every((one) => one.valid)) return false;
    this.#corners = [];
    this.#cross();
    this.#tell();
    this.#history();
    return true;
  }

  stop(): void {
    this.#corners = [];
    this.#cross();
    this.#draw.stop();
    this.#map.listen(true);
  }

  /** Everything that is closed. What was not touched is as it was loaded, with its holes and all its digits. */
  #shapes(): DrawnShape[] {
    const drawing = this.#draw.getModeState() === "drawing";
    const shapes: DrawnShape[] = [];
    for (const { id, geometry, properties } of this.#draw.getSnapshot()) {
      if (id === undefined || geometry.type !== "Polygon" || properties.mode !== "polygon") continue;
      if (drawing && properties.currentlyDrawing) continue;
      const [ring] = geometry.coordinates as number[][][];
      if (!ring) continue;
      const known = this.#known.get(id);
      const role = known?.role ?? this.#role;
      const isSame = known !== undefined && same(ring, known.geometry.coordinates[0] ?? []);
      const holes = known?.geometry.coordinates.slice(1) ?? [];
      const now = isSame ? known.geometry : { type: "Polygon" as const, coordinates: [ring, ...holes] };
      const shape = { key: known?.key ?? String(id), role, geometry: now };
      if (!known) this.#known.set(id, shape);
      shapes.push(shape);
    }
    return shapes;
  }

  #tell(): void {
    if (!this.#loading) this.onchange(this.#shapes());
  }

  #history(): void {
    this.onhistory(this.#corners.length > 0 || this.#draw.canUndo());
  }

  #cross(): void {
    const features: GeoJSON.Feature[] = this.#corners.map((at) => ({
      type: "Feature",
      properties: {},
      geometry: { type: "Point", coordinates: at },
    }));
    if (this.#corners.length > 1)
      features.push({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: this.#corners } });
    void this.#map.show("cross", { type: "FeatureCollection", features });
  }
}

/** Positions have as many digits as the drawing keeps; with more it refuses them. */
function rounded(position: number[]): [number, number] {
  const round = (degrees: number | undefined) => Math.round((degrees ?? 0) * 1e7) / 1e7;
  return [round(position[0]), round(position[1])];
}

/** Whether two rings have the same corners, to the digits that the drawing keeps. */
function same(one: number[][], other: number[][]): boolean {
  return JSON.stringify(one.map(rounded)) === JSON.stringify(other.map(rounded));
}
