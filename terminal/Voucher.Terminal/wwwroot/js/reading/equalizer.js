// From a picture and a grid to evidence. Blur, motion and crosstalk mix neighbouring modules; a filter that unmixes them is learnt
// from the modules whose colour is known, anew for every frame. Pure.
import { planeOf } from './homography.js';
import { valueBetween } from './grey-picture.js';

/** Samples stand half a module apart, from this many modules outside the symbol. */
const MARGIN = 2;
/** The filter sees so many samples each way. */
const REACH = 2;
const TAPS = (2 * REACH + 1) ** 2;
/** Contrast is judged over so many modules each way. */
const SURROUNDINGS = 4;
const RIDGE = 4;
const MOST_EVIDENCE = 6;
const LEAST_NOISE = 0.04;

/** Samples of the picture on a grid of half modules, each compared with its surroundings: 0 is their mean. */
export function sampleGrid(picture, layout, corners, bend) {
  const side = 2 * (layout.size + 2 * MARGIN) + 1;
  const h = planeOf(corners, layout.size);
  const raw = new Float32Array(side * side);
  for (let r = 0; r < side; r++) {
    for (let c = 0; c < side; c++) {
      let [u, v] = [c / 2 - MARGIN, r / 2 - MARGIN];
      if (bend) [u, v] = bend(u, v);
      raw[r * side + c] = sample(picture, h, u, v);
    }
  }
  return { values: compared(raw, side), side };
}

/** The mean of the picture over about half a module. */
function sample(picture, h, u, v) {
  const w = h[6] * u + h[7] * v + 1;
  const [x, y] = [(h[0] * u + h[1] * v + h[2]) / w - 0.5, (h[3] * u + h[4] * v + h[5]) / w - 0.5];
  const reach = Math.hypot(h[0], h[3]) / 8;
  if (reach < 0.35) return valueBetween(picture, x, y);
  return (valueBetween(picture, x - reach, y - reach) + valueBetween(picture, x + reach, y - reach)
    + valueBetween(picture, x - reach, y + reach) + valueBetween(picture, x + reach, y + reach)) / 4;
}

/** Less the mean of the surroundings inside the symbol, over their deviation: dark is above 0. */
function compared(raw, side) {
  const row = side + 1;
  const [sums, squares] = [new Float64Array(row * row), new Float64Array(row * row)];
  for (let r = 0; r < side; r++) {
    let [sum, square] = [0, 0];
    for (let c = 0; c < side; c++) {
      sum += raw[r * side + c];
      square += raw[r * side + c] ** 2;
      const k = (r + 1) * row + c + 1;
      sums[k] = sums[k - row] + sum;
      squares[k] = squares[k - row] + square;
    }
  }
  const [first, last, reach] = [2 * MARGIN, side - 1 - 2 * MARGIN, 2 * SURROUNDINGS];
  const total = (table, t, l, b, r) => table[b * row + r] - table[t * row + r] - table[b * row + l] + table[t * row + l];
  const whole = (last - first + 1) ** 2;
  const wholeMean = total(sums, first, first, last + 1, last + 1) / whole;
  const wholeDeviation = Math.sqrt(Math.max(1, total(squares, first, first, last + 1, last + 1) / whole - wholeMean ** 2));
  return raw.map((value, i) => {
    const [r, c] = [Math.floor(i / side), i % side];
    const centre = at => Math.max(first + reach / 2, Math.min(last - reach / 2, at));
    const [t, l] = [Math.max(first, centre(r) - reach), Math.max(first, centre(c) - reach)];
    const [b, e] = [Math.min(last, centre(r) + reach) + 1, Math.min(last, centre(c) + reach) + 1];
    const area = (b - t) * (e - l);
    const mean = total(sums, t, l, b, e) / area;
    const deviation = Math.sqrt(Math.max(0, total(squares, t, l, b, e) / area - mean ** 2));
    return (mean - value) / Math.max(deviation, 0.25 * wholeDeviation);
  });
}

const indexOf = (side, row, column) => (2 * (row + MARGIN) + 1) * side + 2 * (column + MARGIN) + 1;

function tapsAt({ values, side }, row, column, into) {
  const centre = indexOf(side, row, column);
  let t = 0;
  for (let r = -REACH; r <= REACH; r++) for (let c = -REACH; c <= REACH; c++) into[t++] = values[centre + r * side + c];
  into[TAPS] = 1;
}

/**
 * Learns the filter from known modules and tells every module's evidence.
 * @param {Int8Array} signs per module: 1 dark, −1 light, 0 not known
 * @returns {{evidence: Float32Array, noise: number}} noise: what is left of 1 unexplained, 0 to 1
 */
export function equalize(samples, layout, signs) {
  const known = [];
  signs.forEach((sign, i) => { if (sign) known.push([Math.floor(i / layout.size), i % layout.size, sign]); });
  for (let i = 0; i < layout.size; i++) known.push([i, -1, -1], [i, layout.size, -1], [-1, i, -1], [layout.size, i, -1]);
  let { filter, noise } = learn(samples, known);
  // Once more without the modules that the first filter finds impossible: those under blots and glare.
  const plausible = known.filter(([r, c, sign]) => sign * applied(samples, filter, r, c) > -0.6);
  if (plausible.length < known.length && plausible.length > known.length / 2) filter = learn(samples, plausible).filter;
  noise = Math.max(LEAST_NOISE, noise);
  const evidence = Float32Array.from({ length: layout.size ** 2 }, (_, i) => {
    const value = (2 * applied(samples, filter, Math.floor(i / layout.size), i % layout.size)) / noise;
    return Math.max(-MOST_EVIDENCE, Math.min(MOST_EVIDENCE, value));
  });
  return { evidence, noise };
}

function applied(samples, filter, row, column) {
  const centre = indexOf(samples.side, row, column);
  let [sum, t] = [filter[TAPS], 0];
  for (let r = -REACH; r <= REACH; r++) {
    for (let c = -REACH, i = centre + r * samples.side - REACH; c <= REACH; c++) sum += filter[t++] * samples.values[i++];
  }
  return sum;
}

/** Least squares with a ridge, and the mean square that it leaves. */
function learn(samples, known) {
  const n = TAPS + 1;
  const [matrix, right, taps] = [new Float64Array(n * n), new Float64Array(n), new Float64Array(n)];
  for (const [row, column, sign] of known) {
    tapsAt(samples, row, column, taps);
    for (let i = 0; i < n; i++) {
      right[i] += taps[i] * sign;
      for (let k = 0; k <= i; k++) matrix[i * n + k] += taps[i] * taps[k];
    }
  }
  for (let i = 0; i < TAPS; i++) matrix[i * n + i] += RIDGE;
  const filter = solved(matrix, right, n);
  let rest = 0;
  for (const [row, column, sign] of known) rest += (sign - applied(samples, filter, row, column)) ** 2;
  return { filter, noise: rest / Math.max(1, known.length - n / 2) };
}

/** Cholesky; the matrix's lower half is given. */
function solved(matrix, right, n) {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k <= i; k++) {
      let sum = matrix[i * n + k];
      for (let j = 0; j < k; j++) sum -= matrix[i * n + j] * matrix[k * n + j];
      matrix[i * n + k] = i === k ? Math.sqrt(Math.max(1e-9, sum)) : sum / matrix[k * n + k];
    }
  }
  const x = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= matrix[i * n + k] * x[k];
    x[i] /= matrix[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= matrix[k * n + i] * x[k];
    x[i] /= matrix[i * n + i];
  }
  return x;
}
