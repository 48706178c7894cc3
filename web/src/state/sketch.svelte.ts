// Who draws what just now: one drawing for areas, zones and hazards together, so that each snaps to the others.

import { untrack } from "svelte";
import type { ShapeDrawing } from "../map/drawing";
import { t } from "../messages/i18n.svelte";
import { shapes, withShapes, type KeyedShape, type PolygonRole } from "./features";
import { project } from "./project.svelte";

export type SketchMode = "rest" | "draw" | "edit" | "keys";

class Sketch {
  mode = $state<SketchMode>("rest");
  role = $state<PolygonRole>("area");
  snapping = $state(true);
  canUndo = $state(false);
  corners = $state(0);
  said = $state("");
  #drawing: ShapeDrawing | null = null;
  #refused = new Set<string>();
  /** What we have put into the draft ourselves; the rest comes from elsewhere, e.g. from undo. */
  #ours = "";

  /** Takes a drawing, which shows what the draft has. */
  attach(drawing: ShapeDrawing): void {
    this.#drawing = drawing;
    drawing.onchange = (drawn) => this.#changed(drawn);
    drawing.onhistory = (possible) => (this.canUndo = possible);
    drawing.onclosed = () => (this.mode = "edit");
    this.load();
  }

  detach(): void {
    this.#drawing?.stop();
    this.#drawing = null;
    this.mode = "rest";
    this.canUndo = false;
    this.said = "";
  }

  /** Whether the draft has something that the drawing has not. */
  isBehind(): boolean {
    return JSON.stringify(shapes(project.draft)) !== this.#ours;
  }

  load(): void {
    const all = $state.snapshot(shapes(project.draft)) as KeyedShape[];
    this.#ours = JSON.stringify(all);
    this.#refused = this.#drawing?.load(all) ?? new Set();
    if (this.mode !== "draw") this.set(this.mode, this.role);
    else this.#drawing?.begin(this.role);
  }

  #changed(drawn: KeyedShape[]): void {
    const draft = $state.snapshot(project.draft) as typeof project.draft;
    const features = withShapes(draft, drawn, this.#refused, t("area.source"));
    const now = JSON.stringify(shapes({ ...draft, features: features as never }));
    if (now === this.#ours) return;
    this.#ours = now;
    project.change({ features: features as never }, `${untrack(() => this.role)} drawn`);
  }

  set(mode: SketchMode, role: PolygonRole): void {
    this.mode = mode;
    this.role = role;
    this.corners = 0;
    if (mode === "draw") this.#drawing?.begin(role);
    else if (mode === "edit") this.#drawing?.edit();
    else this.#drawing?.rest();
  }

  toggle(mode: SketchMode, role: PolygonRole): void {
    this.set(this.mode === mode && this.role === role ? "rest" : mode, role);
  }

  snap(yes: boolean): void {
    this.snapping = yes;
    this.#drawing?.snap(yes);
  }

  corner(): void {
    this.corners = this.#drawing?.corner(this.role) ?? 0;
    this.said = t("area.corner.set", { count: this.corners });
  }

  close(): void {
    if (this.#drawing?.close()) {
      this.set("rest", this.role);
      this.said = t("area.closed");
    } else this.said = t("area.notclosed");
  }

  undo(): void {
    this.#drawing?.undo();
    if (this.mode === "keys") this.corners = Math.max(0, this.corners - 1);
  }
}

export const sketch = new Sketch();
