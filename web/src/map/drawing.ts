// Drawing the area: click to set a corner, click the first one again (or press Enter) to close; corners snap to what is there already.

import {
  TerraDraw,
  TerraDrawModeUndoRedo,
  TerraDrawPolygonMode,
  TerraDrawSelectMode,
  TerraDrawSessionUndoRedo,
  TerraDrawUndoRedoKeyboardShortcuts,
  type GeoJSONStoreFeatures,
} from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import type { FieldMap } from "./field-map";
import { colours } from "./style";

type Ring = [number, number][];

const styles = {
  fillColor: colours.area,
  fillOpacity: 0.08,
  outlineColor: colours.area,
  outlineWidth: 2.5,
  closingPointColor: "#ffffff",
  closingPointOutlineColor: colours.area,
  closingPointWidth: 7,
  snappingPointColor: colours.bottleneck,
  coordinatePointColor: colours.area,
  coordinatePointWidth: 4,
} as const;

export class AreaDrawing {
  #map: FieldMap;
  #draw: TerraDraw;
  #corners: Ring = [];
  /** Called with the polygons whenever one is finished or changed. */
  onchange: (polygons: GeoJSON.Polygon[]) => void = () => {};
  /** Called when a polygon was closed with the pointer. */
  onclosed: () => void = () => {};
  /** Called when undoing becomes possible or impossible. */
  onhistory: (canUndo: boolean) => void = () => {};

  constructor(map: FieldMap, snapping: boolean) {
    this.#map = map;
    this.#draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map: map.map, coordinatePrecision: 7 }),
      modes: [
        new TerraDrawPolygonMode({
          snapping: { toCoordinate: snapping, toLine: snapping },
          pointerDistance: 14,
          showCoordinatePoints: true,
          styles,
        }),
        new TerraDrawSelectMode({
          flags: {
            polygon: {
              feature: { draggable: false, coordinates: { midpoints: true, draggable: true, deletable: true } },
            },
          },
        }),
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

  /** Puts polygons there, to be changed. */
  load(polygons: GeoJSON.Polygon[]): void {
    this.#draw.clear();
    this.#draw.addFeatures(
      polygons.map(
        (geometry) =>
          ({
            type: "Feature",
            // Positions with more digits than the drawing keeps are refused.
            geometry: { type: "Polygon", coordinates: geometry.coordinates.slice(0, 1).map((ring) => ring.map(rounded)) },
            properties: { mode: "polygon" },
          }) as GeoJSONStoreFeatures,
      ),
    );
    this.#draw.clearUndoRedoHistory();
    this.#history();
  }

  /** Sets corners with clicks. */
  begin(): void {
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
  }

  undo(): void {
    if (this.#corners.length > 0) {
      this.#corners.pop();
      this.#cross();
    } else if (this.#draw.canUndo()) this.#draw.undo();
    this.#tell();
    this.#history();
  }

  clear(): void {
    this.#corners = [];
    this.#cross();
    this.#draw.clear();
    this.#tell();
    this.#history();
  }

  /** Without a pointer: a corner where the middle of the map is. */
  corner(): number {
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

  polygons(): GeoJSON.Polygon[] {
    const drawing = this.#draw.getModeState() === "drawing";
    return this.#draw
      .getSnapshot()
      .filter((one) => one.geometry.type === "Polygon" && one.properties.mode === "polygon")
      .filter((one) => !drawing || !one.properties.currentlyDrawing)
      .map((one) => one.geometry as GeoJSON.Polygon);
  }

  stop(): void {
    this.#cross();
    this.#draw.stop();
    this.#map.listen(true);
  }

  #tell(): void {
    this.onchange(this.polygons());
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

function rounded(position: number[]): [number, number] {
  const round = (degrees: number | undefined) => Math.round((degrees ?? 0) * 1e7) / 1e7;
  return [round(position[0]), round(position[1])];
}
