// The two symbols in which vouchers are printed and shown (ISO/IEC 18004): which modules are known beforehand, and in which order
// the others hold the codewords. Pure.

const FINDER = 7;
const MASKS = [
  (r, c) => (r + c) % 2, r => r % 2, (r, c) => c % 3, (r, c) => (r + c) % 3,
  (r, c) => ((r >> 1) + Math.floor(c / 3)) % 2, (r, c) => ((r * c) % 2) + ((r * c) % 3),
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2,
];

/** On screens and small prints: 37 × 37 modules. */
export const SCREEN = layoutOf({ version: 5, levelBits: 0b00, parity: 24, dataOfBlocks: [43, 43], alignedAt: [6, 30] });
/** On paper: 45 × 45 modules. */
export const PAPER = layoutOf({ version: 7, levelBits: 0b11, parity: 18, dataOfBlocks: [14, 14, 15, 15, 15, 15], alignedAt: [6, 22, 38] });
export const LAYOUTS = [SCREEN, PAPER];

/**
 * @typedef {object} Layout
 * @property {number} size modules of a side
 * @property {Int8Array} known per module: 1 dark, −1 light, 0 not known beforehand
 * @property {Int8Array[]} formats per mask: the same for the modules that name level and mask; 0 elsewhere
 * @property {Int8Array[]} masks per mask: −1 where it turns the module over, else 1
 * @property {number} dataBits
 * @property {(bit: number) => number} moduleOfDataBit where a bit of the data stands, in the order of the data
 * @property {Int32Array} order the modules of the codewords' bits, highest bit first, in the order of the symbol
 * @property {{data: number, places: Int32Array}[]} blocks places: index of each codeword in the symbol's order, data first
 * @property {number} parity codewords of a block
 */
function layoutOf({ version, levelBits, parity, dataOfBlocks, alignedAt }) {
  const size = 17 + 4 * version;
  const known = new Int8Array(size * size);
  const set = (r, c, isDark) => { known[r * size + c] = isDark ? 1 : -1; };
  drawFinders(size, set);
  for (let i = 8; i < size - 8; i++) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0); }
  drawAligned(size, alignedAt, set);
  if (version >= 7) drawVersion(size, version, set);
  set(size - 8, 8, true);
  const formats = MASKS.map((_, mask) => formatOf(size, levelBits, mask));
  const order = orderOf(size, (r, c) => known[r * size + c] === 0 && formats[0][r * size + c] === 0);
  const blocks = blocksOf(dataOfBlocks, parity);
  const dataPlaces = blocks.flatMap(({ data, places }) => [...places.subarray(0, data)]);
  const moduleOfDataBit = bit => order[dataPlaces[bit >> 3] * 8 + (bit & 7)];
  const masks = MASKS.map(mask => Int8Array.from({ length: size * size }, (_, i) => (mask(Math.floor(i / size), i % size) ? 1 : -1)));
  return { version, size, known, formats, masks, order, parity, blocks, dataBits: dataPlaces.length * 8, moduleOfDataBit };
}

function drawFinders(size, set) {
  for (const [top, left] of [[0, 0], [0, size - FINDER], [size - FINDER, 0]]) {
    for (let r = -1; r <= FINDER; r++) {
      for (let c = -1; c <= FINDER; c++) {
        if (top + r < 0 || left + c < 0 || top + r >= size || left + c >= size) continue;
        const ring = Math.max(Math.abs(r - 3), Math.abs(c - 3));
        set(top + r, left + c, ring <= 1 || ring === 3);
      }
    }
  }
}

function drawAligned(size, at, set) {
  const last = size - FINDER;
  for (const row of at) {
    for (const column of at) {
      if ((row === 6 && (column === 6 || column === last)) || (row === last && column === 6)) continue;
      for (let r = -2; r <= 2; r++) for (let c = -2; c <= 2; c++) set(row + r, column + c, Math.max(Math.abs(r), Math.abs(c)) !== 1);
    }
  }
}

/** The remainder of a value by a generator of the given degree: what the standard appends to format and version. */
function remainderOf(value, generator, degree) {
  let rest = value << degree;
  for (let bit = 31 - Math.clz32(rest); bit >= degree; bit--) if ((rest >> bit) & 1) rest ^= generator << (bit - degree);
  return rest;
}

function drawVersion(size, version, set) {
  const bits = (version << 12) | remainderOf(version, 0x1f25, 12);
  for (let i = 0; i < 18; i++) {
    const [near, far] = [Math.floor(i / 3), size - 11 + (i % 3)];
    set(near, far, (bits >> i) & 1);
    set(far, near, (bits >> i) & 1);
  }
}

function formatOf(size, levelBits, mask) {
  const value = (levelBits << 3) | mask;
  const bits = ((value << 10) | remainderOf(value, 0x537, 10)) ^ 0x5412;
  const format = new Int8Array(size * size);
  for (let i = 0; i < 15; i++) {
    const sign = (bits >> i) & 1 ? 1 : -1;
    const row = i < 6 ? i : i < 8 ? i + 1 : size - 15 + i;
    const column = i < 8 ? size - 1 - i : i < 9 ? 7 : 14 - i;
    format[row * size + 8] = sign;
    format[8 * size + column] = sign;
  }
  return format;
}

/** Two columns at a time from the right, up and down in turns, past the upright timing line. */
function orderOf(size, isFree) {
  const order = [];
  for (let right = size - 1, isUp = true; right > 0; right -= 2, isUp = !isUp) {
    if (right === 6) right--;
    for (let i = 0; i < size; i++) {
      const row = isUp ? size - 1 - i : i;
      for (const column of [right, right - 1]) if (isFree(row, column)) order.push(row * size + column);
    }
  }
  return Int32Array.from(order);
}

function blocksOf(dataOfBlocks, parity) {
  const blocks = dataOfBlocks.map(data => ({ data, places: new Int32Array(data + parity) }));
  let at = 0;
  for (let i = 0; i < Math.max(...dataOfBlocks); i++) for (const block of blocks) if (i < block.data) block.places[i] = at++;
  for (let i = 0; i < parity; i++) for (const block of blocks) block.places[block.data + i] = at++;
  return blocks;
}
