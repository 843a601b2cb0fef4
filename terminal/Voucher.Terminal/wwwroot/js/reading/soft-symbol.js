// From evidence to text. Evidence is one number a module: above 0 it looks dark, below 0 light, and its size says how surely
// (the logarithm of the odds). What plain decoders throw away, which modules are doubtful, mends a symbol here: doubtful
// codewords are erased, which costs half of an error, and every block that is mended shows where the picture lies. Pure.
import { mend } from './reed-solomon.js';
import { isVoucherText, VOUCHER_DIGITS } from './voucher-text.js';

/** Parity codewords of each block that are never spent: a wrong block passes by chance once in 256³. */
export const RESERVE = 3;
/** Numeric mode, how many digits, …, and in the larger symbol the end mark and one byte of filling. */
const HEADER = { at: 0, bits: ((0b0001 << 10) | VOUCHER_DIGITS).toString(2).padStart(14, '0') };
const TEXT_AT = HEADER.bits.length;
const TEXT_BITS = Math.floor(VOUCHER_DIGITS / 3) * 10 + 4;
const FILLING = { at: TEXT_AT + TEXT_BITS, bits: `${'0'.repeat(8)}11101100` };
const CERTAIN = 50;
/** How far around a wrong module others are doubted, in modules. */
const TAINT_RADIUS = 2.5;
const MOST_PASSES = 4;

/**
 * @param {import('./symbol-layout.js').Layout} layout
 * @param {Float32Array} evidence one number a module, row by row
 * @returns {{text: string|null, signs: Int8Array, blocks: number}} signs: every module that is known by now, 1 dark, −1 light,
 * else 0; blocks: how many are whole
 */
export function readEvidence(layout, evidence) {
  const mask = maskOf(layout, evidence);
  const signs = layout.known.map((sign, i) => sign || layout.formats[mask][i]);
  const turned = evidence.map((value, i) => value * layout.masks[mask][i]);
  for (const [module, sign] of givenModules(layout)) turned[module] = sign * CERTAIN;
  const blocks = layout.blocks.map(() => null);
  for (let pass = 0, before = -1; pass < MOST_PASSES; pass++) {
    const found = mendBlocks(layout, mask, withoutTaint(layout, turned, evidence, signs), blocks, signs);
    if (found === blocks.length || found === before) break;
    before = found;
  }
  return { text: blocks.every(Boolean) ? textOf(blocks) : null, signs, blocks: blocks.filter(Boolean).length };
}

/** Level and mask stand in the symbol twice, with proof; what every voucher begins and ends with speaks too. */
function maskOf(layout, evidence) {
  const bounded = evidence.map(value => Math.max(-3, Math.min(3, value)));
  const given = [...givenModules(layout)];
  const scores = layout.masks.map((turns, mask) => {
    let score = 0;
    layout.formats[mask].forEach((sign, i) => { score += sign * bounded[i]; });
    for (const [module, sign] of given) score += sign * turns[module] * bounded[module];
    return score;
  });
  return scores.indexOf(Math.max(...scores));
}

/** The modules that are the same in every voucher, before the mask turns them: [module, sign]. */
export function* givenModules(layout) {
  for (const { at, bits } of [HEADER, FILLING]) {
    for (let i = 0; i < bits.length && at + i < layout.dataBits; i++) yield [layout.moduleOfDataBit(at + i), bits[i] === '1' ? 1 : -1];
  }
}

/** Around modules that are known to have been seen wrongly, under a blot or in a glare, the others are worth less. */
function withoutTaint(layout, turned, evidence, signs) {
  const { size } = layout;
  const [wrong, seen] = [new Float32Array(size * size), new Float32Array(size * size)];
  signs.forEach((sign, i) => {
    if (sign === 0) return;
    const isWrong = sign * evidence[i] <= 0;
    spread(size, i, (at, weight) => { seen[at] += weight; if (isWrong) wrong[at] += weight; });
  });
  return turned.map((value, i) => {
    if (Math.abs(value) >= CERTAIN) return value;
    const share = (wrong[i] + 0.02) / (seen[i] + 0.5);
    return value * Math.max(0.02, 1 - 2.2 * share);
  });
}

const neighbours = [];
for (let r = -3; r <= 3; r++) for (let c = -3; c <= 3; c++) neighbours.push([r, c, Math.exp(-(r * r + c * c) / (TAINT_RADIUS * TAINT_RADIUS))]);

function spread(size, module, put) {
  const [row, column] = [Math.floor(module / size), module % size];
  for (const [r, c, weight] of neighbours) {
    if (row + r >= 0 && column + c >= 0 && row + r < size && column + c < size) put((row + r) * size + column + c, weight);
  }
}

/** Mends what can be mended and returns how many blocks are whole. */
function mendBlocks(layout, mask, evidence, blocks, signs) {
  layout.blocks.forEach(({ places }, b) => {
    if (!blocks[b]) blocks[b] = mendBlock(layout, evidence, layout.blocks[b]);
    if (!blocks[b]) return;
    places.forEach((place, i) => {
      for (let bit = 0; bit < 8; bit++) {
        const module = layout.order[place * 8 + bit];
        signs[module] = ((blocks[b].bytes[i] >> (7 - bit)) & 1 ? 1 : -1) * layout.masks[mask][module];
      }
    });
  });
  return blocks.filter(Boolean).length;
}

function mendBlock(layout, evidence, { places, data }) {
  const bytes = new Uint8Array(places.length);
  const doubt = new Float32Array(places.length);
  places.forEach((place, i) => {
    for (let bit = 0; bit < 8; bit++) {
      const value = evidence[layout.order[place * 8 + bit]];
      if (value > 0) bytes[i] |= 128 >> bit;
      doubt[i] += Math.log1p(Math.exp(-Math.abs(value)));
    }
  });
  const doubtful = [...doubt.keys()].sort((a, b) => doubt[b] - doubt[a]);
  for (let erased = 0; erased <= layout.parity - RESERVE; erased++) {
    const result = mend(bytes, layout.parity, doubtful.slice(0, erased), RESERVE);
    if (result) return { bytes: result.block, data };
  }
  return null;
}

function textOf(blocks) {
  const bits = blocks.map(({ bytes, data }) => Array.from(bytes.subarray(0, data), byte => byte.toString(2).padStart(8, '0')).join('')).join('');
  if (!bits.startsWith(HEADER.bits)) return null;
  let text = '';
  for (let at = TEXT_AT, left = VOUCHER_DIGITS; left > 0; left -= 3) {
    const [digits, width] = left >= 3 ? [3, 10] : [1, 4];
    const group = String(parseInt(bits.slice(at, at + width), 2)).padStart(digits, '0');
    if (group.length > digits) return null;
    text += group;
    at += width;
  }
  return isVoucherText(text) ? text : null;
}
