// Draws every road, coloured by one byte, which changes with each step of time. The lines go to the graphics card once; a step sends the bytes alone,
// as a small texture. MapLibre's own feature state takes a second for 75,000 links.
//
// Which roads are where on the screen changes only as the map moves. So that is drawn apart, once a view: for each pixel the nearest roads, and how far it
// is from the middle of each. A step then looks up the bytes of each pixel's roads, which takes as long for 75,000 roads as for one. Where a processor
// draws, drawing the lines again would be the half of a step.

import type { CustomLayerInterface, CustomRenderMethodInput, Map as Drawn } from "maplibre-gl";
import { MercatorCoordinate } from "maplibre-gl";
import type { RoadLines } from "./lines";

/** From which byte on a road has which colour. */
export interface Colouring {
  from: number[];
  colours: string[];
}

const MOST_COLOURS = 8;
const TEXTURE_WIDTH = 1024;
/** Floats of one corner of a piece of a line: both ends of the piece, and the row of its link. */
const CORNER = 5;
/** Corners of a piece, and those of the two triangles that it is drawn as. */
const CORNERS = 4;
const TRIANGLES = [0, 1, 2, 2, 1, 3] as const;
/** How wide roads are, as shares of the width at this zoom: those without a colour, the first colour, and how much more each colour after it. */
const PLAIN_WIDTH = 0.3;
const FIRST_WIDTH = 1;
const MORE_WIDTH = 0.12;
const MOST_WIDTH = FIRST_WIDTH + MORE_WIDTH * (MOST_COLOURS - 1);
/** How many roads of a pixel are known: one that is busy is seen also where others cross it or lie beside it. While the map moves one is enough. */
const DEEP = 3;
/** By how much a piece is longer than its ends, so that no gap shows where a line bends. */
const BEYOND = 0.35;

/** Draws a piece as wide as any road is. What is nearer to the middle of its road lies above. */
const PLACE_VERTEX = `#version 300 es
precision highp float;
uniform mat4 u_matrix;
uniform vec2 u_view;
uniform float u_width;
layout(location = 0) in vec4 a_ends;
layout(location = 1) in float a_row;
flat out uint v_road;
out float v_away;
void main() {
  vec4 begin = u_matrix * vec4(a_ends.xy, 0.0, 1.0);
  vec4 end = u_matrix * vec4(a_ends.zw, 0.0, 1.0);
  vec2 along = (end.xy / end.w - begin.xy / begin.w) * u_view;
  vec2 unit = along / max(length(along), 1e-6);
  // To the right of the direction of travel; clip space has y upwards.
  vec2 right = vec2(unit.y, -unit.x);
  bool last = gl_VertexID % 2 == 1;
  bool outer = (gl_VertexID % ${CORNERS}) / 2 == 1;
  vec2 shift = right * (outer ? ${MOST_WIDTH.toFixed(3)} : 0.0) + unit * (last ? ${BEYOND} : -${BEYOND});
  vec4 at = last ? end : begin;
  v_road = uint(a_row) + 1u;
  v_away = outer ? 1.0 : 0.0;
  gl_Position = vec4(at.xy + shift * u_width * 2.0 / u_view * at.w, (v_away - 0.5) * at.w, at.w);
}`;

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

/** The row of the road from 1, and in the last eight bits how far from its middle. Roads that were nearer are left out. */
function placeFragment(nearer: number): string {
  return `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
${numbers(nearer).map((at) => `uniform usampler2D u_roads${at};`).join("\n")}
flat in uint v_road;
in float v_away;
out uint road;
void main() {
${numbers(nearer).map((at) => `  if (texelFetch(u_roads${at}, ivec2(gl_FragCoord.xy), 0).r >> 8u == v_road) discard;`).join("\n")}
  road = (v_road << 8u) | uint(v_away * 255.0);
}`;
}

/** One triangle over everything. */
const COLOUR_VERTEX = `#version 300 es
void main() { gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0); }`;

/** The nearest road that has a colour and is wide enough to reach here; where there is none, one without a colour. */
function colourFragment(deep: number): string {
  return `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
${numbers(deep).map((at) => `uniform usampler2D u_roads${at};`).join("\n")}
uniform usampler2D u_bytes;
// Red, green and blue, and up to where a road of this colour reaches from its middle.
uniform vec4 u_look[${MOST_COLOURS + 1}];
out vec4 colour;
void main() {
  ivec2 here = ivec2(gl_FragCoord.xy);
  bool plain = false;
  uint road;
${numbers(deep).map(
  (at) => `  road = texelFetch(u_roads${at}, here, 0).r;
  if (road != 0u) {
    uint row = (road >> 8u) - 1u;
    // Which colour it has, from 1; 0: none.
    uint number = texelFetch(u_bytes, ivec2(row % ${TEXTURE_WIDTH}u, row / ${TEXTURE_WIDTH}u), 0).r;
    vec4 look = u_look[number];
    if (float(road & 255u) <= look.a) {
      if (number != 0u) {
        colour = vec4(look.rgb, 1.0);
        return;
      }
      plain = true;
    }
  }`,
).join("\n")}
  if (!plain) discard;
  colour = vec4(u_look[0].rgb, 1.0);
}`;
}

/** A program of the graphics card with the places of its values. */
interface Program {
  program: WebGLProgram;
  places: Map<string, WebGLUniformLocation | null>;
}

export class FlowLayer implements CustomLayerInterface {
  readonly id = "roads-now";
  readonly type = "custom" as const;
  readonly renderingMode = "2d" as const;
  #map: Drawn | null = null;
  #gl: WebGL2RenderingContext | null = null;
  /** Draw the nearest road of each pixel, the one behind it, and so on; colour as many of them. */
  #placing: Program[] = [];
  #colouring: Program[] = [];
  #array: WebGLVertexArrayObject | null = null;
  #buffer: WebGLBuffer | null = null;
  #order: WebGLBuffer | null = null;
  #bytesNow: WebGLTexture | null = null;
  /** The roads of each pixel, the nearest first, and what they are drawn with. */
  #roads: WebGLTexture[] = [];
  #depth: WebGLRenderbuffer | null = null;
  #frames: WebGLFramebuffer[] = [];
  /** The view that `#roads` is of, and how many of them. */
  #view = "";
  #deep = 0;
  #size = "";
  readonly #again = () => this.#map?.triggerRepaint();
  #corners: Float32Array;
  #origin: { x: number; y: number };
  #texels: Uint8Array;
  #shown = false;
  #fresh = true;
  #look: number[] = [];
  readonly #plain: string;

  /** `plain`: the colour of roads on which nothing is. */
  constructor(lines: RoadLines, plain: string) {
    this.#plain = plain;
    this.#texels = new Uint8Array(TEXTURE_WIDTH * Math.max(1, Math.ceil(lines.points.length / TEXTURE_WIDTH)));
    const { corners, origin } = pieced(lines);
    this.#corners = corners;
    this.#origin = origin;
  }

  /** One byte a link; null: nothing is coloured. */
  show(bytes: Uint8Array | null, colouring: Colouring): void {
    const from = colouring.from.slice(0, MOST_COLOURS);
    const number = Uint8Array.from({ length: 256 }, (_, byte) => from.filter((least) => byte >= least).length);
    const texels = this.#texels;
    let changed = this.#shown !== (bytes !== null);
    this.#shown = bytes !== null;
    for (let row = 0; bytes !== null && row < texels.length; row++) {
      const now = number[bytes[row] ?? 0] ?? 0;
      if (texels[row] === now) continue;
      texels[row] = now;
      changed = this.#fresh = true;
    }
    const look = [this.#plain, ...colouring.colours.slice(0, MOST_COLOURS)].flatMap((colour, at) => [...rgb(colour), reach(at)]);
    if (look.some((value, at) => value !== this.#look[at])) changed = true;
    this.#look = look;
    // A moment that looks like the one before it needs no drawing.
    if (changed) this.#map?.triggerRepaint();
  }

  onAdd(map: Drawn, given: WebGLRenderingContext | WebGL2RenderingContext): void {
    this.#map = map;
    const gl = given as WebGL2RenderingContext;
    this.#gl = gl;
    const values = ["u_matrix", "u_view", "u_width", "u_bytes", "u_look", ...numbers(DEEP).map((at) => `u_roads${at}`)];
    const made = (vertex: string, fragment: string) => linked(gl, vertex, fragment, values) ?? [];
    this.#placing = numbers(DEEP).flatMap((nearer) => made(PLACE_VERTEX, placeFragment(nearer)));
    this.#colouring = numbers(DEEP).flatMap((before) => made(COLOUR_VERTEX, colourFragment(before + 1)));
    if (!this.#isReady) return;
    map.on("moveend", this.#again);
    this.#array = gl.createVertexArray();
    gl.bindVertexArray(this.#array);
    this.#buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.bufferData(gl.ARRAY_BUFFER, this.#corners, gl.STATIC_DRAW);
    for (const [place, size, offset] of [
      [0, 4, 0],
      [1, 1, 16],
    ] as const) {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, size, gl.FLOAT, false, 4 * CORNER, offset);
    }
    // One list of triangles. As so many instances of four corners it takes a processor that draws seconds: each instance is a job to it.
    this.#order = gl.createBuffer();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#order);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, ordered(this.#pieceCount), gl.STATIC_DRAW);
    gl.bindVertexArray(null);
    this.#bytesNow = gl.createTexture();
    this.#roads = numbers(DEEP).map(() => gl.createTexture());
    this.#frames = numbers(DEEP).map(() => gl.createFramebuffer());
    this.#depth = gl.createRenderbuffer();
    this.#fresh = true;
    this.#size = this.#view = "";
  }

  onRemove(): void {
    const gl = this.#gl;
    for (const { program } of [...this.#placing, ...this.#colouring]) gl?.deleteProgram(program);
    for (const buffer of [this.#buffer, this.#order]) gl?.deleteBuffer(buffer);
    for (const texture of [this.#bytesNow, ...this.#roads]) gl?.deleteTexture(texture);
    for (const frame of this.#frames) gl?.deleteFramebuffer(frame);
    gl?.deleteVertexArray(this.#array);
    gl?.deleteRenderbuffer(this.#depth);
    this.#map?.off("moveend", this.#again);
    this.#gl = this.#map = null;
    this.#placing = this.#colouring = [];
  }

  /** Draws which roads are where, if the map has moved since. */
  prerender(context: WebGLRenderingContext | WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const gl = context as WebGL2RenderingContext;
    if (!this.#isReady || !this.#shown || !this.#map) return;
    const matrix = moved(input.defaultProjectionData.mainMatrix, this.#origin);
    const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
    const ratio = width / Math.max(1, this.#map.getContainer().clientWidth);
    const wide = widthAt(this.#map.getZoom()) * ratio;
    const deep = this.#map.isMoving() ? 1 : DEEP;
    const view = [width, height, wide, ...matrix].join(" ");
    if (view === this.#view && deep <= this.#deep) return;
    this.#resize(gl, width, height);
    gl.viewport(0, 0, width, height);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.SCISSOR_TEST);
    gl.disable(gl.CULL_FACE);
    gl.disable(gl.BLEND);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    gl.depthMask(true);
    gl.depthRange(0, 1);
    gl.colorMask(true, true, true, true);
    gl.bindVertexArray(this.#array);
    // What was drawn of this view while it moved is still there.
    for (let at = view === this.#view ? this.#deep : 0; at < deep; at++) {
      const { program, places } = this.#placing[at] as Program;
      gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frames[at] ?? null);
      gl.clearBufferuiv(gl.COLOR, 0, [0, 0, 0, 0]);
      gl.clearBufferfv(gl.DEPTH, 0, [1]);
      gl.useProgram(program);
      this.#bindRoads(gl, places, at);
      gl.uniformMatrix4fv(places.get("u_matrix") ?? null, false, matrix);
      gl.uniform2f(places.get("u_view") ?? null, width, height);
      gl.uniform1f(places.get("u_width") ?? null, wide);
      gl.drawElements(gl.TRIANGLES, TRIANGLES.length * this.#pieceCount, gl.UNSIGNED_INT, 0);
    }
    gl.bindVertexArray(null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this.#unbindRoads(gl);
    this.#view = view;
    this.#deep = deep;
  }

  render(context: WebGLRenderingContext | WebGL2RenderingContext): void {
    const gl = context as WebGL2RenderingContext;
    if (!this.#isReady || !this.#shown || this.#deep === 0) return;
    const { program, places } = this.#colouring[this.#deep - 1] as Program;
    gl.useProgram(program);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#bytesNow);
    if (this.#fresh) this.#send(gl);
    this.#bindRoads(gl, places, this.#deep);
    gl.uniform1i(places.get("u_bytes") ?? null, 0);
    gl.uniform4fv(places.get("u_look") ?? null, this.#look);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    gl.disable(gl.BLEND);
    gl.bindVertexArray(null);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    this.#unbindRoads(gl);
  }

  get #isReady(): boolean {
    return this.#placing.length === DEEP && this.#colouring.length === DEEP;
  }

  /** The nearest roads of each pixel, so many of them, for the program in use; the first place is that of the bytes. */
  #bindRoads(gl: WebGL2RenderingContext, places: Program["places"], count: number): void {
    for (const at of numbers(count)) {
      gl.activeTexture(gl.TEXTURE1 + at);
      gl.bindTexture(gl.TEXTURE_2D, this.#roads[at] ?? null);
      gl.uniform1i(places.get(`u_roads${at}`) ?? null, 1 + at);
    }
    gl.activeTexture(gl.TEXTURE0);
  }

  /** What is drawn into must not be bound, and others use these places as well. */
  #unbindRoads(gl: WebGL2RenderingContext): void {
    for (const at of numbers(DEEP)) {
      gl.activeTexture(gl.TEXTURE1 + at);
      gl.bindTexture(gl.TEXTURE_2D, null);
    }
    gl.activeTexture(gl.TEXTURE0);
  }

  get #pieceCount(): number {
    return this.#corners.length / (CORNER * CORNERS);
  }

  /** Makes room for the roads of each pixel. */
  #resize(gl: WebGL2RenderingContext, width: number, height: number): void {
    const size = `${width} ${height}`;
    if (size === this.#size) return;
    this.#size = size;
    gl.bindRenderbuffer(gl.RENDERBUFFER, this.#depth);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH_COMPONENT16, width, height);
    gl.activeTexture(gl.TEXTURE0);
    this.#roads.forEach((roads, at) => {
      gl.bindTexture(gl.TEXTURE_2D, roads);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32UI, width, height, 0, gl.RED_INTEGER, gl.UNSIGNED_INT, null);
      byTexel(gl);
      gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frames[at] ?? null);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, roads, 0);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, this.#depth);
    });
    gl.bindTexture(gl.TEXTURE_2D, null);
  }

  #send(gl: WebGL2RenderingContext): void {
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    const height = this.#texels.length / TEXTURE_WIDTH;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8UI, TEXTURE_WIDTH, height, 0, gl.RED_INTEGER, gl.UNSIGNED_BYTE, this.#texels);
    byTexel(gl);
    this.#fresh = false;
  }
}

/** A program of two texts; `null`, and said, if this graphics card does not take them. */
function linked(gl: WebGL2RenderingContext, vertex: string, fragment: string, names: string[]): Program | null {
  const program = gl.createProgram();
  for (const [kind, text] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    console.warn(gl.getProgramInfoLog(program));
    return null;
  }
  return { program, places: new Map(names.map((name) => [name, gl.getUniformLocation(program, name)])) };
}

/** The texture that is bound is read texel by texel. */
function byTexel(gl: WebGL2RenderingContext): void {
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
}

/** The corners of each piece of each line with its link's row, relative to the first point: single precision is a metre of the whole earth. */
function pieced(lines: RoadLines): { corners: Float32Array; origin: { x: number; y: number } } {
  const mercator = (at: number) =>
    MercatorCoordinate.fromLngLat([(lines.positions[2 * at] ?? 0) / 1e7, (lines.positions[2 * at + 1] ?? 0) / 1e7]);
  const origin = mercator(0);
  let count = 0;
  for (const points of lines.points) count += Math.max(0, points - 1);
  const corners = new Float32Array(CORNER * CORNERS * count);
  let to = 0;
  let at = 0;
  lines.points.forEach((points, row) => {
    let before = points > 0 ? mercator(at) : origin;
    for (let point = 1; point < points; point++) {
      const here = mercator(at + point);
      const corner = [before.x - origin.x, before.y - origin.y, here.x - origin.x, here.y - origin.y, row];
      for (let number = 0; number < CORNERS; number++, to += CORNER) corners.set(corner, to);
      before = here;
    }
    at += points;
  });
  return { corners, origin: { x: origin.x, y: origin.y } };
}

/** Which corners the triangles of all pieces have. */
function ordered(pieces: number): Uint32Array {
  const order = new Uint32Array(TRIANGLES.length * pieces);
  for (let piece = 0; piece < pieces; piece++)
    TRIANGLES.forEach((corner, at) => (order[TRIANGLES.length * piece + at] = CORNERS * piece + corner));
  return order;
}

/** The matrix for positions relative to an origin. */
function moved(matrix: ArrayLike<number>, { x, y }: { x: number; y: number }): Float32Array {
  const m = Float32Array.from(matrix);
  for (let row = 0; row < 4; row++)
    m[12 + row] = (matrix[row] ?? 0) * x + (matrix[4 + row] ?? 0) * y + (matrix[12 + row] ?? 0);
  return m;
}

/** Pixels; roads of opposite directions lie beside each other. */
function widthAt(zoom: number): number {
  return Math.min(9, Math.max(1.1, 1.1 * 1.45 ** (zoom - 11)));
}

/** `#rrggbb` as three numbers from 0 to 1. */
function rgb(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** Up to how many 255ths of the widest road one of a colour reaches; 0: without a colour. */
function reach(number: number): number {
  const width = number === 0 ? PLAIN_WIDTH : FIRST_WIDTH + MORE_WIDTH * (number - 1);
  return (255 * width) / MOST_WIDTH;
}
