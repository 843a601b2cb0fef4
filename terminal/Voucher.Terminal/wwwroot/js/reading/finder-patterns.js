// Looks for symbols that the plain decoder does not see: squares in a ring in a ring, by their correlation with the picture and so
// in blur, noise and low contrast too; then for three of them that make up a symbol. Pure.
import { halved, sumsOf } from './grey-picture.js';

/** px a module across and down; larger ones are looked for in the halved picture. Tilt narrows them one way. */
const MODULES = [1.65, 2, 2.4, 2.9, 3.4].flatMap(m => [[m, m], [m, 0.66 * m], [0.66 * m, m]]);
const WORTH_A_LOOK = 0.25;
const LEAST_LIKENESS = 0.4;
const MOST_PATTERNS = 16;
const MOST_SYMBOLS = 8;
const STRIDE = 2;
const TILE = 96;
/** A place whose values deviate less, in grey values, is blank. */
const LEAST_DEVIATION = 3;
/** Each side of each ring differs from the next ring's by at least this share of the place's deviation. */
const LEAST_SIDE = 0.1;

/** A search of the whole picture takes longer than one frame may: tile by tile, those with most detail first, over several frames. */
export class PatternSearch {
  #left = []; #found = []; #ended = 0;

  /** How often a whole picture has been searched. */
  get ended() { return this.#ended; }

  /**
   * Goes on with the search as long as there is time.
   * @param {() => boolean} hasTime
   * @returns {{x: number, y: number, module: number, likeness: number}[]} the likeliest first; likeness below 0 has its ring in light
   */
  advance(picture, hasTime) {
    if (this.#left.length === 0) {
      this.#left = tilesOf(picture);
      this.#found = [];
    }
    const levels = [picture, halved(picture)].map(level => ({ level, tables: sumsOf(level) }));
    do {
      const tile = this.#left.shift();
      levels.forEach(({ level, tables }, i) => this.#searchTile(level, tables, tile, 2 ** i));
    } while (this.#left.length && hasTime());
    if (this.#left.length === 0) this.#ended++;
    return peaksOf(this.#found);
  }

  #searchTile(level, tables, tile, factor) {
    for (const [across, down] of MODULES) {
      const module = Math.sqrt(across * down) * factor;
      const box = { left: tile.left / factor, top: tile.top / factor, right: tile.right / factor, bottom: tile.bottom / factor };
      search(level, tables, box, across, down, (x, y, likeness) => this.#found.push({ x: x * factor, y: y * factor, module, likeness }));
    }
  }
}

/** Tiles of the picture that have something in them, by how much changes from pixel to pixel there. */
function tilesOf({ data, width, height }) {
  const tiles = [];
  for (let top = 0; top < height; top += TILE) {
    for (let left = 0; left < width; left += TILE) {
      const tile = { left, top, right: Math.min(width, left + TILE), bottom: Math.min(height, top + TILE), detail: 0 };
      for (let y = top; y < tile.bottom - 2; y += 4) {
        for (let x = left, i = y * width + left; x < tile.right - 2; x += 4, i += 4) tile.detail += Math.abs(data[i] - data[i + 2]) + Math.abs(data[i] - data[i + 2 * width]);
      }
      tiles.push(tile);
    }
  }
  return tiles.sort((a, b) => b.detail - a.detail);
}

const boxOf = (table, k, w, h) => (table[k + h + w] - table[k - h + w] - table[k + h - w] + table[k - h - w]) | 0;

/** A square in a ring in a ring of light, as boxes around a place: half widths, and half heights in rows of the sums. */
function templateOf(across, down, row) {
  const rings = [1.5, 2.5, 3.5, 4.5];
  const w = rings.map(r => Math.max(1, Math.round(r * across)));
  const h = rings.map(r => Math.max(1, Math.round(r * down)) * row);
  const [a1, a2, a3, a4] = w.map((half, i) => (4 * half * h[i]) / row);
  const darkShare = (a1 + a3 - a2) / a4;
  return { w, h, area: a4, darkShare, spread: darkShare * (1 - darkShare) };
}

function search({ width, height }, tables, tile, across, down, tell) {
  const { sums, squares, row } = tables;
  const template = templateOf(across, down, row);
  const { w: [w1, w2, w3, w4], h: [h1, h2, h3, h4], area, darkShare, spread } = template;
  const edge = h4 / row + 1;
  const [top, bottom] = [Math.max(edge, tile.top), Math.min(height - edge, tile.bottom)];
  const [left, right] = [Math.max(w4 + 1, tile.left), Math.min(width - w4 - 1, tile.right)];
  const [worth, blank] = [WORTH_A_LOOK * WORTH_A_LOOK * spread, LEAST_DEVIATION * LEAST_DEVIATION];
  for (let y = top; y < bottom; y += STRIDE) {
    for (let x = left, k = y * row + left; x < right; x += STRIDE, k += STRIDE) {
      const mean = boxOf(sums, k, w4, h4) / area;
      const variance = boxOf(squares, k, w4, h4) / area - mean * mean;
      if (variance < blank) continue;
      const dark = boxOf(sums, k, w1, h1) + boxOf(sums, k, w3, h3) - boxOf(sums, k, w2, h2);
      const covariance = mean * darkShare - dark / area;
      if (covariance * covariance < worth * variance) continue;
      const best = bestNear(tables, template, k);
      if (best) tell(x + best.dx, y + best.dy, best.likeness);
    }
  }
}

/** The likeliest of a place and its neighbours, if it is likely enough. */
function bestNear({ sums, squares, row }, { w, h, area, darkShare, spread }, k) {
  let best = { likeness: 0, at: k };
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const at = k + dy * row + dx;
      const mean = boxOf(sums, at, w[3], h[3]) / area;
      const variance = boxOf(squares, at, w[3], h[3]) / area - mean * mean;
      const dark = boxOf(sums, at, w[0], h[0]) + boxOf(sums, at, w[2], h[2]) - boxOf(sums, at, w[1], h[1]);
      const likeness = (mean * darkShare - dark / area) / Math.sqrt(spread * Math.max(1, variance));
      if (Math.abs(likeness) > Math.abs(best.likeness)) best = { likeness, at, dx, dy, least: LEAST_SIDE * Math.sqrt(variance) };
    }
  }
  return Math.abs(best.likeness) >= LEAST_LIKENESS && hasSides(sums, row, best.at, w, h, Math.sign(best.likeness) * best.least) ? best : null;
}

/** Rings on all four sides, not the stripes of wood or lines of print. */
function hasSides(sums, row, k, w, h, least) {
  const rectangle = (left, top, right, bottom) =>
    ((sums[k + bottom + right] - sums[k + top + right] - sums[k + bottom + left] + sums[k + top + left]) | 0) / (((right - left) * (bottom - top)) / row);
  const core = rectangle(-w[0], -h[0], w[0], h[0]);
  for (const [x, y] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    const side = (inner, outer) => {
      if (y === 0) return x > 0 ? rectangle(w[inner], -h[0], w[outer], h[0]) : rectangle(-w[outer], -h[0], -w[inner], h[0]);
      return y > 0 ? rectangle(-w[0], h[inner], w[0], h[outer]) : rectangle(-w[0], -h[outer], w[0], -h[inner]);
    };
    const [light, dark] = [side(0, 1), side(1, 2)];
    if ((light - core) * Math.sign(least) < Math.abs(least) || (light - dark) * Math.sign(least) < Math.abs(least)) return false;
  }
  return true;
}

/** Of neighbours at any scale only the best. */
function peaksOf(found) {
  found.sort((a, b) => Math.abs(b.likeness) - Math.abs(a.likeness));
  const peaks = [];
  for (const one of found) {
    if (peaks.length === MOST_PATTERNS) break;
    if (!peaks.some(peak => Math.hypot(peak.x - one.x, peak.y - one.y) < 3.5 * Math.max(one.module, peak.module))) peaks.push(one);
  }
  return peaks;
}

/**
 * Three patterns that stand as in a symbol of one of the layouts.
 * @returns {{layout: object, corners: {x: number, y: number}[], polarity: number, score: number}[]} the likeliest first
 */
export function symbolsOf(patterns, layouts) {
  const symbols = [];
  patterns.forEach((corner, i) => patterns.forEach((right, k) => patterns.forEach((below, m) => {
    if (i === k || i === m || k === m) return;
    const symbol = symbolOf(corner, right, below);
    if (symbol) for (const layout of layouts) judge(symbol, layout, symbols);
  })));
  return symbols.sort((a, b) => b.score - a.score).slice(0, MOST_SYMBOLS);
}

function symbolOf(corner, right, below) {
  const polarity = Math.sign(corner.likeness);
  if (Math.sign(right.likeness) !== polarity || Math.sign(below.likeness) !== polarity) return null;
  const modules = [corner.module, right.module, below.module];
  if (Math.max(...modules) > 1.7 * Math.min(...modules)) return null;
  const [ax, ay, bx, by] = [right.x - corner.x, right.y - corner.y, below.x - corner.x, below.y - corner.y];
  const [a, b] = [Math.hypot(ax, ay), Math.hypot(bx, by)];
  const sine = (ax * by - ay * bx) / (a * b);
  if (sine < 0.5 || Math.max(a, b) > 2.2 * Math.min(a, b)) return null;
  const likeness = [corner, right, below].reduce((sum, one) => sum + Math.abs(one.likeness), 0) / 3;
  return { corner, ax, ay, bx, by, longer: Math.max(a, b), module: modules.reduce((x, y) => x + y) / 3, polarity, score: likeness + 0.2 * sine };
}

/** The patterns' own size tells how many modules lie between them, roughly. */
function judge({ corner, ax, ay, bx, by, longer, module, polarity, score }, layout, symbols) {
  const between = layout.size - 7;
  const ratio = longer / module / between;
  if (ratio < 0.6 || ratio > 1.6) return;
  const at = (u, v) => ({ x: corner.x + ((u - 3.5) * ax + (v - 3.5) * bx) / between, y: corner.y + ((u - 3.5) * ay + (v - 3.5) * by) / between });
  const n = layout.size;
  symbols.push({ layout, polarity, corners: [at(0, 0), at(n, 0), at(n, n), at(0, n)], score: score - 0.3 * Math.abs(Math.log(ratio)) });
}
