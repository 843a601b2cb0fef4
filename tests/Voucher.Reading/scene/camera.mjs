// The camera: projects a sheet into a frame, with the light, the lens and the sensor that a shot asks for.
import jpeg from 'jpeg-js';
import { TEXELS } from './sheet.mjs';

const SAMPLES = 3;

/**
 * @typedef {object} Shot one frame's circumstances
 * @property {number} width px of the symbol's side, before tilt
 * @property {number} x centre of the symbol in the frame, px
 * @property {number} y
 * @property {number} turn rotation in the picture's plane, radians
 * @property {number} tilt out of the picture's plane, radians
 * @property {number} tiltAxis direction of the axis, radians
 * @property {number} blur standard deviation of the lens' blur, px
 * @property {[number, number]} motion px during the exposure
 * @property {number} exposure 1 is right
 * @property {number} noise standard deviation of the sensor's noise at middle grey, of 255
 * @property {[number, number]} range grey values of black and white, of 255
 * @property {number} [quality] of the JPEG, 1–100
 * @property {(u: number, v: number) => [number, number]} [bend] displacement of the sheet's points, in symbol sides
 * @property {(u: number, v: number) => number} [light] factor of the light that falls on a point of the sheet
 * @property {(u: number, v: number) => number} [gleam] light that is mirrored there, in whites
 * @property {(x: number, y: number) => number} [raster] factor by a screen's own pixels at a frame's pixel
 */

/** @returns {{data: Uint8ClampedArray, width: number, height: number}} RGBA */
export function photograph(sheet, shot, desk, random) {
  const frame = Float32Array.from(desk.data, value => value * shot.exposure);
  const box = project(sheet, shot, frame, desk);
  if (shot.blur > 0) soften(frame, desk, box, shot.blur);
  const grey = develop(frame, desk, shot, random);
  return shot.quality ? compress(grey, shot.quality) : grey;
}

/** From the frame to the symbol's plane (0…1 each way): the inverse of a pinhole's projection. */
function toSheet({ width, x, y, turn, tilt, tiltAxis }) {
  const [cosTurn, sinTurn, cosAxis, sinAxis] = [Math.cos(turn), Math.sin(turn), Math.cos(tiltAxis), Math.sin(tiltAxis)];
  const distance = 3.5;
  return (px, py) => {
    const [dx, dy] = [(px - x) / width, (py - y) / width];
    const [along, across] = [dx * cosAxis + dy * sinAxis, -dx * sinAxis + dy * cosAxis];
    const t = across / (Math.cos(tilt) - (across / distance) * Math.sin(tilt));
    const s = along * (1 + (t * Math.sin(tilt)) / distance);
    const [a, b] = [s * cosAxis - t * sinAxis, s * sinAxis + t * cosAxis];
    return [0.5 + a * cosTurn + b * sinTurn, 0.5 - a * sinTurn + b * cosTurn];
  };
}

function project(sheet, shot, frame, desk) {
  const reach = Math.ceil((shot.width * sheet.side) / (sheet.size * TEXELS) * 0.85);
  const box = { left: Math.max(0, Math.floor(shot.x - reach)), top: Math.max(0, Math.floor(shot.y - reach)), right: Math.min(desk.width, Math.ceil(shot.x + reach)), bottom: Math.min(desk.height, Math.ceil(shot.y + reach)) };
  const map = toSheet(shot);
  const steps = Math.max(1, Math.ceil(Math.hypot(...shot.motion) * 1.5));
  for (let py = box.top; py < box.bottom; py++) {
    for (let px = box.left; px < box.right; px++) frame[py * desk.width + px] = pixel(sheet, shot, map, px, py, steps, frame[py * desk.width + px]);
  }
  return box;
}

function pixel(sheet, shot, map, px, py, steps, behind) {
  let sum = 0;
  const samples = steps > 1 ? 2 : SAMPLES;
  for (let step = 0; step < steps; step++) {
    const along = steps > 1 ? (step + 0.5) / steps - 0.5 : 0;
    for (let j = 0; j < samples; j++) {
      for (let i = 0; i < samples; i++) {
        const at = map(px + (i + 0.5) / samples + along * shot.motion[0], py + (j + 0.5) / samples + along * shot.motion[1]);
        sum += point(sheet, shot, at[0], at[1], behind);
      }
    }
  }
  const isScreen = shot.raster && isOnSheet(sheet, ...map(px + 0.5, py + 0.5));
  return (sum / (samples * samples * steps)) * (isScreen ? shot.raster(px, py) : 1);
}

function isOnSheet(sheet, u, v) {
  const margin = sheet.origin / (sheet.size * TEXELS);
  return u > -margin && v > -margin && u < 1 + margin && v < 1 + margin;
}

function point(sheet, { bend, light, gleam, exposure }, u, v, behind) {
  if (bend) {
    const [du, dv] = bend(u, v);
    u += du;
    v += dv;
  }
  const x = Math.floor(sheet.origin + u * sheet.size * TEXELS);
  const y = Math.floor(sheet.origin + v * sheet.size * TEXELS);
  if (x < 0 || y < 0 || x >= sheet.side || y >= sheet.side) return behind;
  return (sheet.data[y * sheet.side + x] * (light ? light(u, v) : 1) + (gleam ? gleam(u, v) : 0)) * exposure;
}

function soften(frame, { width }, { left, top, right, bottom }, blur) {
  const reach = Math.ceil(3 * blur);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * blur * blur)));
  const total = weights.reduce((a, b) => a + b);
  const pass = (step, from, to, isInside) => {
    const copy = Float32Array.from(frame);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        let [sum, missing] = [0, 0];
        for (let k = -reach; k <= reach; k++) {
          if (isInside(x, y, k)) sum += weights[k + reach] * copy[y * width + x + k * step];
          else missing += weights[k + reach];
        }
        frame[y * width + x] = sum / (total - missing);
      }
    }
  };
  pass(1, left, right, (x, _, k) => x + k >= left && x + k < right);
  pass(width, top, bottom, (_, y, k) => y + k >= top && y + k < bottom);
}

const noises = new Map();

/** A long row of normal numbers, begun anywhere for each frame: a million draws a frame would take longer than all the rest. */
function noiseOf(random) {
  if (!noises.has(1)) {
    const row = new Float32Array(1 << 20);
    for (let i = 0; i < row.length; i++) row[i] = random.normal();
    noises.set(1, row);
  }
  return noises.get(1);
}

/** Grey values with shot and read noise, rounded and clipped to a byte. */
function develop(frame, { width, height }, { range: [black, white], noise }, random) {
  const data = new Uint8ClampedArray(width * height * 4);
  const row = noiseOf(random);
  let at = random.below(row.length);
  for (let i = 0; i < frame.length; i++) {
    const value = Math.min(255, black + frame[i] * (white - black));
    at = (at + 1) & (row.length - 1);
    const grey = value + row[at] * noise * Math.sqrt(0.35 + (0.65 * Math.max(0, value)) / 128);
    data[4 * i] = data[4 * i + 1] = data[4 * i + 2] = grey;
    data[4 * i + 3] = 255;
  }
  return { data, width, height };
}

function compress(picture, quality) {
  const { data } = jpeg.encode(picture, quality);
  const decoded = jpeg.decode(data, { useTArray: true });
  return { data: new Uint8ClampedArray(decoded.data.buffer, decoded.data.byteOffset, decoded.data.length), width: decoded.width, height: decoded.height };
}

/** An office desk: wood with its grain, darker to one side. Whites as in a sheet. */
export function drawDesk(width, height, random) {
  const data = new Float32Array(width * height);
  const [a, b, c] = [random.between(0.01, 0.03), random.between(0.05, 0.12), random.between(0, 6)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = 0.42 + 0.1 * (x / width) + 0.04 * Math.sin(y * b + c + 3 * Math.sin(x * a * 0.2)) + 0.02 * Math.sin(x * a + y * 0.7);
  }
  return { data, width, height };
}
