import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FOREIGN_WITHIN_FRAMES, FRAME_BUDGET_MS, FrameReader, MOST_CODES } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/frame-reader.js';
import { STILL_AFTER_FRAMES, STILL_AFTER_SEARCHES, Stillness } from '../../../terminal/Voucher.Terminal/wwwroot/js/reading/stillness.js';
import { Random } from '../../Voucher.Reading/random.mjs';
import { drawDesk, photograph } from '../../Voucher.Reading/scene/camera.mjs';
import { drawSheet } from '../../Voucher.Reading/scene/sheet.mjs';
import { drawVoucher } from '../../Voucher.Reading/vouchers.mjs';

const random = new Random(11);
const desk = drawDesk(400, 300, random);
const [voucher, other] = [drawVoucher(random, 'paper'), drawVoucher(random, 'paper')];
const sheets = new Map([voucher, other].map(one => [one, drawSheet(one, 'paper', random)]));
const still = { width: 130, x: 200, y: 150, turn: 0.1, tilt: 0.2, tiltAxis: 1, blur: 0.6, motion: [0, 0], exposure: 1, noise: 4, range: [30, 200] };
const photo = (one, shot = {}) => photograph(sheets.get(one), { ...still, ...shot }, desk, random);
const empty = () => ({ data: new Uint8ClampedArray(400 * 300 * 4).fill(120), width: 400, height: 300 });

/** A plain decoder that says what it is told to: the reader's own work is what is tested. */
const blind = async () => [];
const says = (...texts) => async () => texts.map(text => ({ isValid: true, text, format: 'QRCode', position: square }));
const square = { topLeft: { x: 10, y: 10 }, topRight: { x: 60, y: 10 }, bottomRight: { x: 60, y: 60 }, bottomLeft: { x: 10, y: 60 } };
/** Time that passes by the reader's own looks at the clock, so that a busy machine reads the same. */
function patient() {
  let at = 0;
  return () => (at += 3);
}

async function readAll(reader, frames) {
  const texts = [];
  for (const frame of frames) texts.push(await reader.read(frame));
  return texts;
}

test('A voucher that the plain decoder does not see is read', async () => {
  assert.deepEqual(await new FrameReader(blind, patient()).read(photo(voucher)), [voucher.text]);
});

for (const [name, shot] of Object.entries({ 'light on dark': { range: [200, 30] }, 'turned by a quarter': { turn: 1.6 }, 'upside down': { turn: 3.2 } })) {
  test(`A voucher ${name} is read`, async () => {
    assert.deepEqual(await new FrameReader(blind, patient()).read(photo(voucher, shot)), [voucher.text]);
  });
}

test('Frames that are too noisy one by one are read together', async () => {
  const noisy = () => photo(voucher, { noise: 90 });
  const frames = Array.from({ length: 8 }, noisy);
  const alone = await Promise.all(frames.map(frame => new FrameReader(blind, patient()).read(frame)));
  const together = await readAll(new FrameReader(blind, patient()), frames);
  assert.ok(together.flat().includes(voucher.text));
  assert.ok(together.flat().length > alone.flat().length);
  assert.ok([...together.flat(), ...alone.flat()].every(text => text === voucher.text));
});

test('Once read, it is in view in frames that could not be read by themselves', async () => {
  const reader = new FrameReader(blind, patient());
  assert.deepEqual(await reader.read(photo(voucher)), [voucher.text]);
  const blurred = photo(voucher, { blur: 1.9, noise: 14 });
  assert.deepEqual(await new FrameReader(blind, patient()).read(blurred), []);
  assert.deepEqual(await reader.read(blurred), [voucher.text]);
});

test('Another voucher in the same place is never taken for the first', async () => {
  const reader = new FrameReader(blind, patient());
  await reader.read(photo(voucher));
  for (const texts of await readAll(reader, [photo(other, { blur: 1.9, noise: 14 }), photo(other), photo(other, { noise: 30 })])) assert.ok(!texts.includes(voucher.text));
});

test('Vouchers that follow each other in the noise give their own texts or none', async () => {
  const reader = new FrameReader(blind, patient());
  const frames = Array.from({ length: 12 }, (_, i) => photo(i % 6 < 3 ? voucher : other, { noise: 75 }));
  const texts = await readAll(reader, frames);
  texts.forEach((seen, i) => assert.ok(seen.every(text => text === (i % 6 < 3 ? voucher : other).text), `frame ${i}`));
});

test('A voucher that was taken away is not in view', async () => {
  const reader = new FrameReader(blind, patient());
  await reader.read(photo(voucher));
  assert.deepEqual(await readAll(reader, [empty(), empty(), empty()]), [[], [], []]);
});

test('A foreign code is told when two frames close to each other say it, a whole voucher at once', async () => {
  const reader = new FrameReader(says('https://example.cn'), patient());
  assert.deepEqual(await reader.read(empty()), []);
  assert.deepEqual(await reader.read(empty()), ['https://example.cn']);
  assert.deepEqual(await new FrameReader(says(voucher.text), patient()).read(empty()), [voucher.text]);
  let now = ['noise'];
  const flickering = new FrameReader((...given) => says(...now)(...given), patient());
  await flickering.read(empty());
  now = [];
  for (let i = 0; i < FOREIGN_WITHIN_FRAMES; i++) await flickering.read(empty());
  now = ['noise'];
  assert.deepEqual(await flickering.read(empty()), []);
});

test('Two hundred and two digits of which one is wrong are no voucher on first sight', async () => {
  const wrong = `${voucher.text.slice(0, -1)}${(Number(voucher.text.at(-1)) + 1) % 10}`;
  assert.deepEqual(await new FrameReader(says(wrong), patient()).read(empty()), []);
});

test('Once the frame’s time is over nothing new is begun: each frame ends, and the next goes on', async () => {
  let clock = 0;
  const hurried = new FrameReader(blind, () => (clock += FRAME_BUDGET_MS / 6));
  const texts = await readAll(hurried, Array.from({ length: 12 }, () => photo(voucher)));
  assert.ok(texts.flat().includes(voucher.text));
});

test('The plain decoder is asked for no more codes than the desk can tell apart', async () => {
  let asked;
  await new FrameReader(async (_, options) => { asked ??= options; return []; }, patient()).read(empty());
  assert.equal(asked.maxNumberOfSymbols, MOST_CODES);
});

test('An empty desk is searched no more after a while, and at once again when something moves', () => {
  const stillness = new Stillness();
  const grey = value => ({ data: new Uint8Array(400 * 300).fill(value), width: 400, height: 300 });
  for (let i = 0; i < STILL_AFTER_FRAMES; i++) assert.equal(stillness.see(grey(100 + (i % 2)), i), false);
  assert.equal(stillness.see(grey(101), STILL_AFTER_FRAMES), true);
  assert.equal(stillness.see(grey(112), STILL_AFTER_FRAMES), false);
});

test('A picture that lies still is searched until all of it has been, however many frames that takes', () => {
  const stillness = new Stillness();
  const grey = value => ({ data: new Uint8Array(400 * 300).fill(value), width: 400, height: 300 });
  for (let i = 0; i < 10 * STILL_AFTER_FRAMES; i++) assert.equal(stillness.see(grey(100), 7), false);
  assert.equal(stillness.see(grey(100), 7 + STILL_AFTER_SEARCHES - 1), false);
  assert.equal(stillness.see(grey(100), 7 + STILL_AFTER_SEARCHES), true);
});

test('On a busy PC, where a frame has time for one tile only, a voucher that lies still in a corner is read all the same', async () => {
  const [width, height] = [900, 600];
  const frame = photograph(sheets.get(voucher), { ...still, x: 800, y: 500 }, drawDesk(width, height, random), random);
  // Print all over the desk, which is searched first.
  for (let y = 0; y < height; y++) for (let x = 0; x < 670; x++) frame.data.fill(random.between(0, 1) < 0.5 ? 20 : 230, (y * width + x) * 4, (y * width + x) * 4 + 3);
  let at = 0;
  const reader = new FrameReader(blind, () => (at += FRAME_BUDGET_MS * 0.6));
  const texts = await readAll(reader, Array.from({ length: STILL_AFTER_FRAMES + 40 }, () => frame));
  assert.ok(texts.flat().includes(voucher.text));
  assert.ok(texts.slice(0, STILL_AFTER_FRAMES).every(seen => seen.length === 0), 'it was found before the desk was still: this shows nothing');
});

test('Where the plain decoder alone takes all of a frame’s time, what it cannot read is found within a few frames', async () => {
  let at = 0;
  const reader = new FrameReader(async () => { at += 2 * FRAME_BUDGET_MS; return []; }, () => at);
  const texts = await readAll(reader, Array.from({ length: 24 }, () => photo(voucher)));
  assert.ok(texts.flat().includes(voucher.text));
});

test('A voucher that is put on a desk that was empty for long is read', async () => {
  const reader = new FrameReader(blind, patient());
  await readAll(reader, Array.from({ length: STILL_AFTER_FRAMES + 5 }, empty));
  assert.deepEqual(await reader.read(photo(voucher)), [voucher.text]);
});
