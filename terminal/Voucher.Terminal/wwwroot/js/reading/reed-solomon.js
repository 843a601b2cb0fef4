// Reed–Solomon as QR codes use it, with erasures: a codeword of whose place one knows that it is doubtful costs half of what an
// unknown error costs. Pure.
import { inverse, log, power, times, valueAt } from './galois-field.js';

/** The parity codewords of a block's data. */
export function parityOf(data, parityLength) {
  const generator = generatorOf(parityLength);
  const rest = new Uint8Array(parityLength);
  for (const byte of data) {
    const factor = byte ^ rest[0];
    rest.copyWithin(0, 1);
    rest[parityLength - 1] = 0;
    if (factor) for (let i = 0; i < parityLength; i++) rest[i] ^= times(generator[i], factor);
  }
  return rest;
}

const generators = new Map();

/** Highest coefficient first, without the leading 1. */
function generatorOf(length) {
  if (!generators.has(length)) {
    let product = [1];
    for (let i = 0; i < length; i++) product = [...product, 0].map((c, k) => c ^ times(power(i), product[k - 1] ?? 0));
    generators.set(length, product.slice(1));
  }
  return generators.get(length);
}

/**
 * Mends a block.
 * @param {Uint8Array} block data, then parity
 * @param {number} parityLength
 * @param {number[]} erased places in the block that are doubtful
 * @param {number} reserve parity that must be left over as proof: by chance a wrong block passes once in 256^reserve
 * @returns {{block: Uint8Array, errors: number}|null} errors: how many mended places were not among the erased
 */
export function mend(block, parityLength, erased, reserve) {
  const syndromes = syndromesOf(block, parityLength);
  if (syndromes.every(s => s === 0)) return { block, errors: 0 };
  const places = erased.map(at => block.length - 1 - at);
  const locator = locatorOf(syndromes, places, parityLength);
  const degree = locator.length - 1;
  const errors = degree - erased.length;
  if (errors < 0 || 2 * errors + erased.length > parityLength - reserve) return null;
  const roots = rootsOf(locator, block.length);
  if (roots.length !== degree) return null;
  const mended = corrected(block, syndromes, locator, roots);
  return syndromesOf(mended, parityLength).every(s => s === 0) ? { block: mended, errors } : null;
}

function syndromesOf(block, count) {
  const syndromes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const x = power(i);
    let value = 0;
    for (let k = 0; k < block.length; k++) value = times(value, x) ^ block[k];
    syndromes[i] = value;
  }
  return syndromes;
}

/** Berlekamp and Massey, begun with the locator of the erased places. Lowest coefficient first. */
function locatorOf(syndromes, places, parityLength) {
  let locator = [1];
  for (const place of places) locator = timesLinear(locator, power(place));
  let [former, length] = [locator, places.length];
  for (let n = places.length; n < parityLength; n++) {
    let discrepancy = 0;
    for (let i = 0; i < locator.length && i <= n; i++) discrepancy ^= times(locator[i], syndromes[n - i]);
    former = [0, ...former];
    if (discrepancy === 0) continue;
    const next = sum(locator, former, discrepancy);
    if (2 * length <= n + places.length) {
      former = locator.map(c => times(c, inverse(discrepancy)));
      length = n + 1 + places.length - length;
    }
    locator = next;
  }
  while (locator.length > 1 && locator.at(-1) === 0) locator.pop();
  return locator;
}

const timesLinear = (polynomial, root) => [...polynomial, 0].map((c, i) => c ^ (i ? times(polynomial[i - 1], root) : 0));

function sum(a, b, factor) {
  const result = new Array(Math.max(a.length, b.length)).fill(0);
  a.forEach((c, i) => { result[i] ^= c; });
  b.forEach((c, i) => { result[i] ^= times(c, factor); });
  return result;
}

/** The places, counted from the block's end, that the locator names. */
function rootsOf(locator, length) {
  const places = [];
  for (let place = 0; place < length; place++) if (valueAt(locator, power((255 - place) % 255)) === 0) places.push(place);
  return places;
}

/** Forney's formula. */
function corrected(block, syndromes, locator, places) {
  const evaluator = syndromes.map((_, n) => {
    let c = 0;
    for (let i = 0; i <= n && i < locator.length; i++) c ^= times(locator[i], syndromes[n - i]);
    return c;
  });
  const mended = Uint8Array.from(block);
  for (const place of places) {
    const x = power((255 - place) % 255);
    let slope = 0;
    for (let i = 1; i < locator.length; i += 2) slope ^= times(locator[i], power((log(x) * (i - 1)) % 255));
    if (slope) mended[block.length - 1 - place] ^= times(power(place), times(valueAt(evaluator.subarray(0, locator.length - 1), x), inverse(slope)));
  }
  return mended;
}
