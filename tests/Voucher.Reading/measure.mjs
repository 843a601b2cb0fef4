// One voucher held up: its first frame for everybody, and up to ten for the terminal's own reading.
import { FrameReader } from '../../terminal/Voucher.Terminal/wwwroot/js/reading/frame-reader.js';
import { DECODERS, readBarcodes } from './decoders.mjs';
import { holdUp } from './scene/sequence.mjs';

/** The reader's clock goes by its own steps, so that a busy machine reads the same: each look at it is so many milliseconds. */
const STEP_MS = 3;

/**
 * @returns {Promise<{text: string, still: object, single: object, ours: {still: boolean, at: number|null, wrong: number}, zxingAt: number|null, times: number[]}>}
 * at: in which frame it was read, from 1; times: milliseconds of the processor's time a frame, whatever else the machine does
 */
export async function measure(cell, seed, { toTheEnd }) {
  const { text, frames } = holdUp(cell, seed);
  let clock = 0;
  const reader = new FrameReader(readBarcodes, () => (clock += STEP_MS));
  const result = { cell, text, single: {}, ours: { at: null, wrong: 0 }, zxingAt: null, times: [] };
  let number = 0;
  for (const frame of frames) {
    number++;
    if (number === 1) await readSingle(frame, result);
    if (result.ours.at === null) await readOurs(reader, frame, number, result);
    if (toTheEnd && result.zxingAt === null && (await DECODERS['zxing-wasm'](frame)).includes(text)) result.zxingAt = number;
    if (result.ours.at !== null && (!toTheEnd || result.zxingAt !== null)) break;
  }
  return result;
}

async function readSingle(frame, result) {
  result.still = frame;
  for (const [name, decode] of Object.entries(DECODERS)) result.single[name] = judged(await decode(frame), result.text);
}

export const judged = (texts, text) => ({ isRead: texts.includes(text), wrong: texts.filter(one => one !== text).length });

async function readOurs(reader, frame, number, { text, ours, times }) {
  const before = process.cpuUsage();
  const texts = await reader.read(frame);
  const { user, system } = process.cpuUsage(before);
  times.push((user + system) / 1000);
  ours.wrong += texts.filter(one => one !== text).length;
  if (texts.includes(text)) ours.at = number;
}
