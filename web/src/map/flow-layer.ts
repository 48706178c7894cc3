// Draws every road, coloured by one byte, which changes with each step of time. The lines go to the graphics card once; a step sends the bytes alone,
// as a small texture. MapLibre's own feature state takes a second for 75,000 links.
//
// Which road is where on the screen changes only as the map moves. So that is drawn apart, once a view: for each pixel the nearest road, and how far from
// its middle. A step then looks up the byte of each pixel's road, which takes as long for 75,000 roads as for one. Where a processor draws, drawing the
// lines again would be nine tenths of a step.

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
/** By how much a piece is longer than its ends, so that no gap shows where a line bends. */
const BEYOND = 0.35;

/** Draws a piece as wide as any road is. What is nearer to the middle of its road lies above. */
const PLACE_VERTEX = `#version 300 es
precision highp float;
uniform mat4 u_matrix;
uniform vec2 u_view;
uniform float u_width;
in vec4 a_ends;
in float a_row;
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

/** The row of the road from 1, and in the last eight bits how far from its middle. */
const PLACE_FRAGMENT = `#version 300 es
precision highp float;
flat in uint v_road;
in float v_away;
out uint road;
void main() { road = (v_road << 8u) | uint(v_away * 255.0); }`;

/** One triangle over everything. */
const COLOUR_VERTEX = `#version 300 es
void main() { gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0); }`;

const COLOUR_FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
uniform usampler2D u_roads;
uniform usampler2D u_bytes;
// Red, green and blue, and up to where a road of this colour reaches from its middle.
uniform vec4 u_look[${MOST_COLOURS + 1}];
out vec4 colour;
void main() {
  uint road = texelFetch(u_roads, ivec2(gl_FragCoord.xy), 0).r;
  if (road == 0u) discard;
  uint row = (road >> 8u) - 1u;
  // Which colour it has, from 1; 0: none.
  uint number = texelFetch(u_bytes, ivec2(row % ${TEXTURE_WIDTH}u, row / ${TEXTURE_WIDTH}u), 0).r;
  vec4 look = u_look[number];
  if (float(road & 255u) > look.a) discard;
  colour = vec4(look.rgb, 1.0);
}`;

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
  #placing: Program | null = null;
  #colouring: Program | null = null;
  #array: WebGLVertexArrayObject | null = null;
  #buffer: WebGLBuffer | null = null;
  #order: WebGLBuffer | null = null;
  #bytesNow: WebGLTexture | null = null;
  /** The road of each pixel, and what it is drawn with. */
  #roads: WebGLTexture | null = null;
  #depth: WebGLRenderbuffer | null = null;
  #frame: WebGLFramebuffer | null = null;
  /** The view that `#roads` is of. */
  #view = "";
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
    this.#placing = linked(gl, PLACE_VERTEX, PLACE_FRAGMENT, ["u_matrix", "u_view", "u_width"]);
    this.#colouring = linked(gl, COLOUR_VERTEX, COLOUR_FRAGMENT, ["u_roads", "u_bytes", "u_look"]);
    if (!this.#placing || !this.#colouring) return;
    this.#array = gl.createVertexArray();
    gl.bindVertexArray(this.#array);
    this.#buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.bufferData(gl.ARRAY_BUFFER, this.#corners, gl.STATIC_DRAW);
    for (const [name, size, offset] of [
      ["a_ends", 4, 0],
      ["a_row", 1, 16],
    ] as const) {
      const place = gl.getAttribLocation(this.#placing.program, name);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, size, gl.FLOAT, false, 4 * CORNER, offset);
    }
    // One list of triangles. As so many instances of four corners it takes a processor that draws seconds: each instance is a job to it.
    this.#order = gl.createBuffer();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#order);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, ordered(this.#pieceCount), gl.STATIC_DRAW);
    gl.bindVertexArray(null);
    this.#bytesNow = gl.createTexture();
    this.#roads = gl.createTexture();
    this.#depth = gl.createRenderbuffer();
    this.#frame = gl.createFramebuffer();
    this.#fresh = true;
    this.#view = "";
  }

  onRemove(): void {
    const gl = this.#gl;
    for (const one of [this.#placing, this.#colouring]) gl?.deleteProgram(one?.program ?? null);
    for (const buffer of [this.#buffer, this.#order]) gl?.deleteBuffer(buffer);
    for (const texture of [this.#bytesNow, this.#roads]) gl?.deleteTexture(texture);
    gl?.deleteVertexArray(this.#array);
    gl?.deleteRenderbuffer(this.#depth);
    gl?.deleteFramebuffer(this.#frame);
    this.#gl = this.#map = this.#placing = this.#colouring = null;
  }

  /** Draws which road is where, if the map has moved since. */
  prerender(context: WebGLRenderingContext | WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const gl = context as WebGL2RenderingContext;
    if (!this.#placing || !this.#shown || !this.#map) return;
    const matrix = moved(input.defaultProjectionData.mainMatrix, this.#origin);
    const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
    const ratio = width / Math.max(1, this.#map.getContainer().clientWidth);
    const wide = widthAt(this.#map.getZoom()) * ratio;
    const size = `${width} ${height}`;
    const view = `${size} ${wide} ${matrix.join(" ")}`;
    if (view === this.#view) return;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frame);
    if (!this.#view.startsWith(`${size} `)) this.#resize(gl, width, height);
    this.#view = view;
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
    gl.clearBufferuiv(gl.COLOR, 0, [0, 0, 0, 0]);
    gl.clearBufferfv(gl.DEPTH, 0, [1]);
    const { program, places } = this.#placing;
    gl.useProgram(program);
    gl.uniformMatrix4fv(places.get("u_matrix") ?? null, false, matrix);
    gl.uniform2f(places.get("u_view") ?? null, width, height);
    gl.uniform1f(places.get("u_width") ?? null, wide);
    gl.bindVertexArray(this.#array);
    gl.drawElements(gl.TRIANGLES, TRIANGLES.length * this.#pieceCount, gl.UNSIGNED_INT, 0);
    gl.bindVertexArray(null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  render(context: WebGLRenderingContext | WebGL2RenderingContext): void {
    const gl = context as WebGL2RenderingContext;
    if (!this.#colouring || !this.#shown || this.#view === "") return;
    const { program, places } = this.#colouring;
    gl.useProgram(program);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.#roads);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#bytesNow);
    if (this.#fresh) this.#send(gl);
    gl.uniform1i(places.get("u_bytes") ?? null, 0);
    gl.uniform1i(places.get("u_roads") ?? null, 1);
    gl.uniform4fv(places.get("u_look") ?? null, this.#look);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    gl.disable(gl.BLEND);
    gl.bindVertexArray(null);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  get #pieceCount(): number {
    return this.#corners.length / (CORNER * CORNERS);
  }

  /** Makes room for the road of each pixel. The frame is bound. */
  #resize(gl: WebGL2RenderingContext, width: number, height: number): void {
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#roads);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32UI, width, height, 0, gl.RED_INTEGER, gl.UNSIGNED_INT, null);
    byTexel(gl);
    gl.bindRenderbuffer(gl.RENDERBUFFER, this.#depth);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH_COMPONENT16, width, height);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.#roads, 0);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, this.#depth);
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
