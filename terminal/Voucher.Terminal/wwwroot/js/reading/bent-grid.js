// Paper is seldom flat, and no lens is right: part by part the grid is shifted to where modules stand out most clearly. Pure.
import { planeOf } from './homography.js';
import { valueBetween } from './grey-picture.js';

/** Parts of the grid each way, and how far each is shifted at most, in modules. */
const PARTS = 6;
const SHIFTS = [-0.4, -0.2, 0, 0.2, 0.4];
const ROUNDS = 2;
const REACH = 4;

/** @returns {(u: number, v: number) => [number, number]} where the modules of the flat grid really lie */
export function bendGrid(picture, layout, corners, polarity) {
  const h = planeOf(corners, layout.size);
  const offsets = new Float64Array(2 * PARTS * PARTS);
  const bend = (u, v) => bent(offsets, layout.size, u, v);
  for (let round = 0; round < ROUNDS; round++) {
    const next = Float64Array.from(offsets);
    for (let part = 0; part < PARTS * PARTS; part++) {
      const [du, dv] = bestShift(picture, layout, h, part, bend, polarity);
      next[2 * part] += du;
      next[2 * part + 1] += dv;
    }
    offsets.set(smoothed(next));
  }
  return bend;
}

const centreOf = (size, part) => [((part % PARTS) + 0.5) * (size / PARTS), (Math.floor(part / PARTS) + 0.5) * (size / PARTS)];

function bestShift(picture, layout, h, part, bend, polarity) {
  const [cu, cv] = centreOf(layout.size, part);
  let best = [0, 0];
  let bestScore = -Infinity;
  for (const du of SHIFTS) {
    for (const dv of SHIFTS) {
      const score = clarity(picture, layout, h, cu, cv, du, dv, bend, polarity) - 0.02 * Math.hypot(du, dv);
      if (score > bestScore) [best, bestScore] = [[du, dv], score];
    }
  }
  return best;
}

/** How far the centres of the modules around stand from each other, and from what is known of them. */
function clarity(picture, layout, h, cu, cv, du, dv, bend, polarity) {
  let [sum, square, product, signs, count] = [0, 0, 0, 0, 0];
  const [row, column] = [Math.floor(cv), Math.floor(cu)];
  for (let r = Math.max(0, row - REACH); r <= Math.min(layout.size - 1, row + REACH); r++) {
    for (let c = Math.max(0, column - REACH); c <= Math.min(layout.size - 1, column + REACH); c++) {
      const [u, v] = bend(c + 0.5, r + 0.5);
      const w = h[6] * (u + du) + h[7] * (v + dv) + 1;
      const value = valueBetween(picture, (h[0] * (u + du) + h[1] * (v + dv) + h[2]) / w - 0.5, (h[3] * (u + du) + h[4] * (v + dv) + h[5]) / w - 0.5);
      const sign = layout.known[r * layout.size + c];
      sum += value;
      square += value * value;
      product += value * sign;
      signs += sign;
      count++;
    }
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(1, square / count - mean * mean));
  return deviation / 40 - (2 * polarity * (product - mean * signs)) / (count * deviation);
}

/** Neighbouring parts move together. */
function smoothed(offsets) {
  return offsets.map((value, i) => {
    const [part, axis] = [i >> 1, i & 1];
    let [sum, weight] = [2 * value, 2];
    for (const step of [-1, 1, -PARTS, PARTS]) {
      const other = part + step;
      if (other < 0 || other >= PARTS * PARTS || (Math.abs(step) === 1 && Math.floor(other / PARTS) !== Math.floor(part / PARTS))) continue;
      sum += 0.5 * offsets[2 * other + axis];
      weight += 0.5;
    }
    return sum / weight;
  });
}

function bent(offsets, size, u, v) {
  const inside = at => Math.max(0, Math.min(PARTS - 1.001, (at / size) * PARTS - 0.5));
  const [x, y] = [inside(u), inside(v)];
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  const at = axis => {
    const value = (c, r) => offsets[2 * (r * PARTS + c) + axis];
    return (value(left, top) * (1 - fx) + value(left + 1, top) * fx) * (1 - fy) + (value(left, top + 1) * (1 - fx) + value(left + 1, top + 1) * fx) * fy;
  };
  return [u + at(0), v + at(1)];
}
