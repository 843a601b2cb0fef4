// Lays the grid of a symbol over a picture: starting near, it shifts the four corners until the modules that are known beforehand
// (finders, timing, alignment, version, the white around) look as they must. Pure.
import { planeOf, sideOf } from './homography.js';
import { valueBetween } from './grey-picture.js';

/** Below this a fit is chance: correlation of the picture with the known modules. */
export const LEAST_FIT = 0.35;
const STEPS = [0.8, 0.4, 0.2, 0.1];

const knownPoints = new Map();

/** Centres and signs of the known modules, and of the ring of white around the symbol. */
function pointsOf(layout) {
  if (knownPoints.has(layout)) return knownPoints.get(layout);
  const points = [];
  layout.known.forEach((sign, i) => { if (sign) points.push([(i % layout.size) + 0.5, Math.floor(i / layout.size) + 0.5, sign]); });
  for (let i = 0; i < layout.size; i += 2) points.push([i + 0.5, -1, -1], [i + 0.5, layout.size + 1, -1], [-1, i + 0.5, -1], [layout.size + 1, i + 0.5, -1]);
  const mean = points.reduce((sum, point) => sum + point[2], 0) / points.length;
  const weights = Float64Array.from(points.flatMap(([u, v, sign]) => [u, v, sign - mean]));
  knownPoints.set(layout, weights);
  return weights;
}

/** Correlation −1…1 of the picture with the known modules; dark where dark is due counts above 0. */
export function fitOf(picture, layout, corners) {
  const h = planeOf(corners, layout.size);
  const points = pointsOf(layout);
  let [sum, square, product, signs] = [0, 0, 0, 0];
  for (let i = 0; i < points.length; i += 3) {
    const [u, v] = [points[i], points[i + 1]];
    const w = h[6] * u + h[7] * v + 1;
    const value = valueBetween(picture, (h[0] * u + h[1] * v + h[2]) / w - 0.5, (h[3] * u + h[4] * v + h[5]) / w - 0.5);
    sum += value;
    square += value * value;
    product += value * points[i + 2];
    signs += points[i + 2] * points[i + 2];
  }
  const variance = square - (sum * sum * 3) / points.length;
  return variance > 0 ? -product / Math.sqrt(variance * signs) : 0;
}

/**
 * @param {number} polarity −1 for a symbol that is light on dark
 * @param {(corners: object[]) => object[][]} starts other beginnings that are worth a try
 * @returns {{corners: {x: number, y: number}[], fit: number}}
 */
export function fitGrid(picture, layout, start, polarity, starts) {
  let corners = bestOf(starts(start), tried => polarity * fitOf(picture, layout, tried));
  let fit = polarity * fitOf(picture, layout, corners);
  for (const step of STEPS) {
    const reach = (step * sideOf(corners)) / layout.size;
    for (let round = 0; round < 4; round++) {
      const before = fit;
      for (const move of MOVES) {
        for (const way of [reach, -reach]) {
          const moved = move(corners, way);
          const tried = polarity * fitOf(picture, layout, moved);
          if (tried > fit) [corners, fit] = [moved, tried];
        }
      }
      if (fit - before < 0.003) break;
    }
  }
  return { corners, fit };
}

function bestOf(all, judge) {
  let [best, bestScore] = [all[0], -Infinity];
  for (const one of all) {
    const score = judge(one);
    if (score > bestScore) [best, bestScore] = [one, score];
  }
  return best;
}

const shiftAll = (dx, dy) => (corners, by) => corners.map(({ x, y }) => ({ x: x + dx * by, y: y + dy * by }));
const shiftOne = (which, dx, dy) => (corners, by) => corners.map((corner, i) => (i === which ? { x: corner.x + dx * by, y: corner.y + dy * by } : corner));
const grow = (corners, by) => {
  const [x, y] = [corners.reduce((sum, c) => sum + c.x, 0) / 4, corners.reduce((sum, c) => sum + c.y, 0) / 4];
  const factor = 1 + (2 * by) / sideOf(corners);
  return corners.map(corner => ({ x: x + (corner.x - x) * factor, y: y + (corner.y - y) * factor }));
};
const MOVES = [
  shiftAll(1, 0), shiftAll(0, 1), grow,
  ...[0, 1, 2, 3].flatMap(which => [shiftOne(which, 1, 0), shiftOne(which, 0, 1)]),
];

/** Three corners are known from their patterns; the fourth lies anywhere that a tilted sheet may put it. */
export function tilted(corners) {
  const [a, b, c, d] = corners;
  const starts = [];
  for (let i = -3; i <= 3; i++) {
    for (let k = -3; k <= 3; k++) starts.push([a, b, { x: c.x + 0.06 * (i * (b.x - a.x) + k * (d.x - a.x)), y: c.y + 0.06 * (i * (b.y - a.y) + k * (d.y - a.y)) }, d]);
  }
  return starts;
}

/** A hand has moved the symbol since the last frame. */
export function moved(corners) {
  const starts = [];
  for (let dy = -12; dy <= 12; dy += 2) for (let dx = -12; dx <= 12; dx += 2) starts.push(corners.map(({ x, y }) => ({ x: x + dx, y: y + dy })));
  return starts;
}
