// The thing that is held before the camera, in its own plane: a printed sheet or a phone's screen, with everything that happened
// to it before (blots, streaks, cracks). Reflectance 0 (black) to 1 (white), at TEXELS texels a module.

export const TEXELS = 8;
const QUIET = 4;
const BORDER = 14;
const INK = 0.07;
const PAPER = 0.93;

/** @returns {{data: Float32Array, side: number, size: number, origin: number}} side in texels; the symbol begins at origin */
export function drawSheet(voucher, carrier, random) {
  const side = (voucher.size + 2 * BORDER) * TEXELS;
  const sheet = { data: new Float32Array(side * side).fill(PAPER), side, size: voucher.size, origin: BORDER * TEXELS };
  if (carrier === 'paper') drawLines(sheet, random);
  else drawPhone(sheet);
  for (let r = 0; r < voucher.size; r++) {
    for (let c = 0; c < voucher.size; c++) if (voucher.modules[r * voucher.size + c]) fill(sheet, sheet.origin + c * TEXELS, sheet.origin + r * TEXELS, TEXELS, TEXELS, INK);
  }
  return sheet;
}

function fill({ data, side }, x, y, width, height, value) {
  for (let row = Math.max(0, y); row < Math.min(side, y + height); row++) data.fill(value, row * side + Math.max(0, x), row * side + Math.min(side, x + width));
}

/** Lines of print above, below and beside the symbol, outside its quiet zone. */
function drawLines(sheet, random) {
  const [from, to] = [sheet.origin - QUIET * TEXELS, sheet.side - sheet.origin + QUIET * TEXELS];
  const height = 2 * TEXELS;
  for (let y = TEXELS; y + height < sheet.side; y += 2 * height) {
    for (let x = TEXELS; x < sheet.side - 3 * TEXELS; x += Math.round(random.between(2.2, 3.2) * TEXELS)) {
      if (y + height > from && y < to && x + 2 * TEXELS > from && x < to) continue;
      drawCharacter(sheet, x, y, height, random);
    }
  }
}

/** Something as dense as a Chinese character. */
function drawCharacter(sheet, x, y, height, random) {
  const stroke = Math.round(TEXELS / 4);
  for (let i = 0; i < 4; i++) {
    const along = Math.round(random.between(0.5, 1) * height);
    const at = random.below(height - stroke);
    if (i % 2) fill(sheet, x, y + at, along, stroke, INK);
    else fill(sheet, x + at, y, stroke, along, INK);
  }
}

/** A white card on a phone's screen, its dark rim around. */
function drawPhone(sheet) {
  const rim = 5 * TEXELS;
  fill(sheet, 0, 0, sheet.side, sheet.side, 0.12);
  fill(sheet, rim, 0, sheet.side - 2 * rim, sheet.side, PAPER);
}

/** Where a texel lies in the symbol, 0…1 each way. */
export const inSymbol = (sheet, x, y) => [(x - sheet.origin) / (sheet.size * TEXELS), (y - sheet.origin) / (sheet.size * TEXELS)];

/** Replaces every texel by what paint(value, u, v) makes of it; u, v as in inSymbol. */
export function paint(sheet, paintTexel) {
  for (let y = 0; y < sheet.side; y++) {
    for (let x = 0; x < sheet.side; x++) sheet.data[y * sheet.side + x] = paintTexel(sheet.data[y * sheet.side + x], ...inSymbol(sheet, x, y));
  }
}
