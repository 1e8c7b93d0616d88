// Paints films on the graphics card (WebGL2): stored values in textures of whole numbers, and one
// look-up table for everything between them and the grey of the screen.

import { idle } from "./idle.js";
import { ENTRIES } from "./windows.js";

/** @typedef {import("./film.js").Film} Film */

/** Films that the card holds at once: the one on the screen, three to come, and one to go back to. */
const MOST = 5;
/** Rows that are uploaded in one go, so that a film to come does not stop the hand on this one. */
const BYTES = 2 ** 21;

const VERTEX = `#version 300 es
void main() {
  // One triangle that covers the frame.
  gl_Position = vec4(float(gl_VertexID == 1) * 4.0 - 1.0, float(gl_VertexID == 2) * 4.0 - 1.0, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
uniform usampler2D film;
uniform sampler2D table;
uniform ivec2 last;
uniform vec2 from, stride;
uniform float height, scale;
out vec4 colour;
float at(ivec2 place) { return float(texelFetch(film, clamp(place, ivec2(0), last), 0).r); }
void main() {
  vec2 place = from + (vec2(gl_FragCoord.x, height - gl_FragCoord.y) - 0.5) * stride;
  ivec2 corner = ivec2(floor(place));
  vec2 share = place - vec2(corner);
  float upper = mix(at(corner), at(corner + ivec2(1, 0)), share.x);
  float lower = mix(at(corner + ivec2(0, 1)), at(corner + ivec2(1, 1)), share.x);
  int entry = int(mix(upper, lower, share.y) * scale + 0.5);
  colour = vec4(vec3(texelFetch(table, ivec2(entry & 255, entry >> 8), 0).r), 1.0);
}`;

/** A copy of a film on the card. @typedef {{ texture: WebGLTexture, rows: number }} Upload */

/** A painter (painters.js) on the graphics card. */
export class CardPainter {
  name = "card";

  /**
   * @param {() => void} changed the card was lost, or came back
   * @param {boolean} fast only if it is not worked by software
   * @returns {CardPainter | null}
   */
  static open(changed, fast) {
    if (typeof OffscreenCanvas === "undefined") return null;
    const canvas = new OffscreenCanvas(1, 1);
    const gl = canvas.getContext("webgl2", {
      alpha: false, antialias: false, depth: false, preserveDrawingBuffer: true, failIfMajorPerformanceCaveat: fast,
    });
    return gl && !(fast && inSoftware(gl)) ? new CardPainter(canvas, gl, changed) : null;
  }

  /** @param {OffscreenCanvas} canvas @param {WebGL2RenderingContext} gl @param {() => void} changed */
  constructor(canvas, gl, changed) {
    this.canvas = canvas;
    this.gl = gl;
    this.lost = false;
    /** Uniforms of the program. @type {Record<string, WebGLUniformLocation | null>} */
    this.places = {};
    /** Films on the card, the one used last at the end. @type {Map<Film, Upload[]>} */
    this.films = new Map();
    this.#build();
    canvas.addEventListener("webglcontextlost", (event) => {
      // Only so does the browser give it back.
      event.preventDefault();
      this.lost = true;
      this.films.clear();
      changed();
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.#build();
      this.lost = false;
      changed();
    });
  }

  #build() {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, source] of /** @type {[number, string][]} */ ([[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]])) {
      const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    this.places = Object.fromEntries(
      ["film", "table", "last", "from", "stride", "height", "scale"].map((name) => [name, gl.getUniformLocation(program, name)]),
    );
    gl.uniform1i(this.places.film, 0);
    gl.uniform1i(this.places.table, 1);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    this.most = gl.getParameter(gl.MAX_TEXTURE_SIZE) ?? 0;
    gl.activeTexture(gl.TEXTURE1);
    this.#texture(gl.R8, 256, ENTRIES / 256);
    /** The table that the card holds. @type {Uint8Array | null} */
    this.table = null;
  }

  /** A new texture, bound, whose pixels are taken as they are. @param {number} format @param {number} width @param {number} height */
  #texture(format, width, height) {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    for (const edge of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, edge, gl.CLAMP_TO_EDGE);
    return texture;
  }

  /** Whether it can paint a film now. @param {Film} film */
  takes(film) {
    return !this.lost && !this.gl.isContextLost() && Math.max(film.width, film.height) <= this.most;
  }

  /** Upload a film piece by piece, while nothing else is to do. @param {Film} film */
  async prepare(film) {
    // Small copies first: they are what a panel shows before anyone zooms.
    for (let level = film.levels.length - 1; level >= 0; level--) {
      while (this.takes(film) && !this.#upload(film, level)) await idle();
    }
  }

  /** @type {import("./painters.js").Painter["paint"]} */
  paint(plate, film, table, frame) {
    const { gl, places, canvas } = this;
    while (!this.#upload(film, frame.level));
    // It grows to the largest panel and stays: each change of size costs a new buffer.
    if (canvas.width < frame.width) canvas.width = frame.width;
    if (canvas.height < frame.height) canvas.height = frame.height;
    if (table !== this.table) {
      gl.activeTexture(gl.TEXTURE1);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 256, ENTRIES / 256, gl.RED, gl.UNSIGNED_BYTE, table);
      this.table = table;
    }
    const copy = film.levels[frame.level];
    gl.viewport(0, 0, frame.width, frame.height);
    gl.uniform2i(places.last, copy.width - 1, copy.height - 1);
    gl.uniform2f(places.from, frame.fromX, frame.fromY);
    gl.uniform2f(places.stride, frame.step, frame.stepDown);
    gl.uniform1f(places.height, frame.height);
    gl.uniform1f(places.scale, film.meaning.scale);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    const { left, top, width, height } = frame;
    plate.context.drawImage(canvas, 0, canvas.height - height, width, height, left, top, width, height);
  }

  /** Bind a film's copy, and upload some of its rows if it is not all there. @param {Film} film @param {number} level */
  #upload(film, level) {
    const { gl } = this;
    const { width, height, values } = film.levels[level];
    const bytes = values instanceof Uint8Array;
    const uploads = this.#held(film);
    gl.activeTexture(gl.TEXTURE0);
    if (!uploads[level]) uploads[level] = { texture: this.#texture(bytes ? gl.R8UI : gl.R16UI, width, height), rows: 0 };
    const upload = uploads[level];
    gl.bindTexture(gl.TEXTURE_2D, upload.texture);
    if (upload.rows === height) return true;
    const rows = Math.min(height - upload.rows, Math.max(1, Math.floor(BYTES / (width * values.BYTES_PER_ELEMENT))));
    gl.texSubImage2D(
      gl.TEXTURE_2D, 0, 0, upload.rows, width, rows, gl.RED_INTEGER,
      bytes ? gl.UNSIGNED_BYTE : gl.UNSIGNED_SHORT, values, upload.rows * width,
    );
    upload.rows += rows;
    return upload.rows === height;
  }

  /** The film's place on the card; the one longest unused makes room. @param {Film} film @returns {Upload[]} */
  #held(film) {
    const uploads = this.films.get(film) ?? [];
    this.films.delete(film);
    this.films.set(film, uploads);
    if (this.films.size > MOST) {
      const [oldest, gone] = /** @type {[Film, Upload[]]} */ (this.films.entries().next().value);
      for (const upload of gone) this.gl.deleteTexture(upload?.texture ?? null);
      this.films.delete(oldest);
    }
    return uploads;
  }
}

/** Browsers name software that plays the card, but not all count it as slow. @param {WebGL2RenderingContext} gl */
function inSoftware(gl) {
  const named = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}
