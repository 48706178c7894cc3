// Draws every road, coloured by one byte, which changes with each step of time. The lines go to the graphics card once; a step sends the bytes alone,
// as a small texture. MapLibre's own feature state takes a second for 75,000 links.

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

const VERTEX = `#version 300 es
precision highp float;
precision highp usampler2D;
uniform mat4 u_matrix;
uniform vec2 u_view;
uniform float u_width;
uniform float u_ratio;
uniform vec4 u_plain;
uniform usampler2D u_bytes;
uniform vec4 u_colours[${MOST_COLOURS}];
in vec4 a_ends;
in float a_row;
flat out vec4 v_colour;
void main() {
  int row = int(a_row);
  // Which colour it has, from 1; 0: none.
  int number = int(texelFetch(u_bytes, ivec2(row % ${TEXTURE_WIDTH}, row / ${TEXTURE_WIDTH}), 0).r);
  v_colour = number == 0 ? u_plain : u_colours[number - 1];
  float wide = number == 0 ? -0.7 : float(number - 1) * 0.12;
  vec4 begin = u_matrix * vec4(a_ends.xy, 0.0, 1.0);
  vec4 end = u_matrix * vec4(a_ends.zw, 0.0, 1.0);
  vec2 along = (end.xy / end.w - begin.xy / begin.w) * u_view;
  float length = max(length(along), 1e-6);
  vec2 unit = along / length;
  // To the right of the direction of travel; clip space has y upwards.
  vec2 right = vec2(unit.y, -unit.x);
  float width = u_width * (1.0 + wide);
  bool last = gl_VertexID % 2 == 1;
  bool outer = (gl_VertexID % ${CORNERS}) / 2 == 1;
  vec2 shift = right * (outer ? width : 0.0) + unit * (last ? 0.35 : -0.35) * width;
  vec4 at = last ? end : begin;
  gl_Position = vec4(at.xy + shift * 2.0 * u_ratio / u_view * at.w, 0.0, at.w);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
flat in vec4 v_colour;
out vec4 colour;
void main() { colour = v_colour; }`;

export class FlowLayer implements CustomLayerInterface {
  readonly id = "roads-now";
  readonly type = "custom" as const;
  readonly renderingMode = "2d" as const;
  #map: Drawn | null = null;
  #gl: WebGL2RenderingContext | null = null;
  #program: WebGLProgram | null = null;
  #array: WebGLVertexArrayObject | null = null;
  #buffer: WebGLBuffer | null = null;
  #order: WebGLBuffer | null = null;
  #texture: WebGLTexture | null = null;
  #places = new Map<string, WebGLUniformLocation | null>();
  #corners: Float32Array;
  #origin: { x: number; y: number };
  #links: number;
  #bytes: Uint8Array | null = null;
  #fresh = false;
  /** The number of the colour of each byte. */
  #number = new Uint8Array(256);
  #colours = new Float32Array(4 * MOST_COLOURS);

  readonly #plain: string;

  /** `plain`: the colour of roads on which nothing is. */
  constructor(lines: RoadLines, plain: string) {
    this.#plain = plain;
    this.#links = lines.points.length;
    const { corners, origin } = pieced(lines);
    this.#corners = corners;
    this.#origin = origin;
  }

  /** One byte a link; null: nothing is coloured. */
  show(bytes: Uint8Array | null, colouring: Colouring): void {
    this.#bytes = bytes;
    this.#fresh = true;
    const from = colouring.from.slice(0, MOST_COLOURS);
    for (let byte = 0; byte < 256; byte++) this.#number[byte] = from.filter((least) => byte >= least).length;
    colouring.colours.slice(0, MOST_COLOURS).forEach((colour, at) => this.#colours.set(rgba(colour), 4 * at));
    this.#map?.triggerRepaint();
  }

  onAdd(map: Drawn, gl: WebGLRenderingContext | WebGL2RenderingContext): void {
    this.#map = map;
    const gl2 = gl as WebGL2RenderingContext;
    this.#gl = gl2;
    const program = gl2.createProgram();
    for (const [kind, text] of [
      [gl2.VERTEX_SHADER, VERTEX],
      [gl2.FRAGMENT_SHADER, FRAGMENT],
    ] as const) {
      const shader = gl2.createShader(kind);
      if (!shader) return;
      gl2.shaderSource(shader, text);
      gl2.compileShader(shader);
      gl2.attachShader(program, shader);
    }
    gl2.linkProgram(program);
    if (!gl2.getProgramParameter(program, gl2.LINK_STATUS)) {
      console.warn(gl2.getProgramInfoLog(program));
      return;
    }
    this.#program = program;
    for (const name of ["u_matrix", "u_view", "u_width", "u_ratio", "u_bytes", "u_colours", "u_plain"])
      this.#places.set(name, gl2.getUniformLocation(program, name));
    this.#array = gl2.createVertexArray();
    gl2.bindVertexArray(this.#array);
    this.#buffer = gl2.createBuffer();
    gl2.bindBuffer(gl2.ARRAY_BUFFER, this.#buffer);
    gl2.bufferData(gl2.ARRAY_BUFFER, this.#corners, gl2.STATIC_DRAW);
    for (const [name, size, offset] of [
      ["a_ends", 4, 0],
      ["a_row", 1, 16],
    ] as const) {
      const place = gl2.getAttribLocation(program, name);
      gl2.enableVertexAttribArray(place);
      gl2.vertexAttribPointer(place, size, gl2.FLOAT, false, 4 * CORNER, offset);
    }
    // One list of triangles. As so many instances of four corners it takes a processor that draws seconds: each instance is a job to it.
    this.#order = gl2.createBuffer();
    gl2.bindBuffer(gl2.ELEMENT_ARRAY_BUFFER, this.#order);
    gl2.bufferData(gl2.ELEMENT_ARRAY_BUFFER, ordered(this.#pieceCount), gl2.STATIC_DRAW);
    gl2.bindVertexArray(null);
    this.#texture = gl2.createTexture();
    this.#fresh = true;
  }

  onRemove(): void {
    const gl = this.#gl;
    gl?.deleteProgram(this.#program);
    gl?.deleteBuffer(this.#buffer);
    gl?.deleteBuffer(this.#order);
    gl?.deleteVertexArray(this.#array);
    gl?.deleteTexture(this.#texture);
    this.#gl = this.#map = this.#program = null;
  }

  render(context: WebGLRenderingContext | WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const gl = context as WebGL2RenderingContext;
    if (!this.#program || !this.#bytes || !this.#map) return;
    gl.useProgram(this.#program);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    if (this.#fresh) this.#send(gl);
    const place = (name: string) => this.#places.get(name) ?? null;
    gl.uniformMatrix4fv(place("u_matrix"), false, moved(input.defaultProjectionData.mainMatrix, this.#origin));
    gl.uniform2f(place("u_view"), gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.uniform1f(place("u_width"), widthAt(this.#map.getZoom()));
    gl.uniform1f(place("u_ratio"), gl.drawingBufferWidth / Math.max(1, this.#map.getContainer().clientWidth));
    gl.uniform1i(place("u_bytes"), 0);
    gl.uniform4fv(place("u_colours"), this.#colours);
    gl.uniform4fv(place("u_plain"), rgba(this.#plain));
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    gl.disable(gl.BLEND);
    gl.bindVertexArray(this.#array);
    gl.drawElements(gl.TRIANGLES, TRIANGLES.length * this.#pieceCount, gl.UNSIGNED_INT, 0);
    gl.bindVertexArray(null);
  }

  get #pieceCount(): number {
    return this.#corners.length / (CORNER * CORNERS);
  }

  #send(gl: WebGL2RenderingContext): void {
    const height = Math.max(1, Math.ceil(this.#links / TEXTURE_WIDTH));
    const texels = new Uint8Array(TEXTURE_WIDTH * height);
    const bytes = this.#bytes ?? new Uint8Array();
    for (let row = 0; row < Math.min(bytes.length, texels.length); row++) texels[row] = this.#number[bytes[row] ?? 0] ?? 0;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8UI, TEXTURE_WIDTH, height, 0, gl.RED_INTEGER, gl.UNSIGNED_BYTE, texels);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    this.#fresh = false;
  }
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

/** `#rrggbb` as four numbers from 0 to 1. */
function rgba(colour: string): [number, number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255, 1];
}
