// Frames of one voucher as it is held before a camera: the hand trembles, the camera corrects its exposure, the sensor is noisy.
import { Random } from '../random.mjs';
import { drawVoucher } from '../vouchers.mjs';
import { drawDesk, photograph } from './camera.mjs';
import { drawSheet } from './sheet.mjs';

export const FRAMES = 10;
const ORDINARY = { blur: 0.5, motion: [0, 0], noise: 3, range: [25, 205], tilt: 0, tiltAxis: 0 };

/**
 * @param {{kind: object, strength: number, width: number, frame: [number, number], carrier: string}} cell
 * @param {number} seed
 * @returns {{text: string, frames: Generator<{data: Uint8ClampedArray, width: number, height: number}>}}
 */
export function holdUp(cell, seed) {
  const name = `${cell.kind.name}/${cell.strength}/${cell.width}/${cell.frame[0]}/${cell.carrier}`;
  const random = Random.for(seed, name);
  const voucher = drawVoucher(random, cell.carrier);
  const sheet = drawSheet(voucher, cell.carrier, random);
  const change = cell.kind.begin(cell.strength, random, { sheet, carrier: cell.carrier });
  return { text: voucher.text, frames: framesOf(cell, sheet, change, random) };
}

function* framesOf(cell, sheet, change, random) {
  const [width, height] = cell.frame;
  const desk = drawDesk(width, height, random);
  const held = { x: width * random.between(0.4, 0.6), y: height * random.between(0.42, 0.58), turn: random.normal() * 0.12, tilt: random.normal() * 0.08, axis: random.between(0, Math.PI) };
  for (let frame = 0; frame < FRAMES; frame++) {
    held.x += random.normal() * 1.2;
    held.y += random.normal() * 1.2;
    held.turn += random.normal() * 0.008;
    const shot = {
      ...ORDINARY, width: cell.width * (1 + 0.006 * random.normal()), x: held.x, y: held.y, turn: held.turn,
      tilt: held.tilt + random.normal() * 0.015, tiltAxis: held.axis, exposure: 1 + 0.05 * random.normal(),
    };
    change(shot, random, frame);
    yield photograph(sheet, shot, desk, random);
  }
}
