// The ways in which a voucher is hard to read. Each kind has three strengths; a kind changes the sheet (what happened to it lasts
// over all frames) or the shot (differs from frame to frame).
import { paint } from './sheet.mjs';

/** Strength s is 0, 1 or 2. */
const at = (s, ...values) => values[s];
const smooth = x => x * x * (3 - 2 * x);

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {string[]} carriers on what it happens
 * @property {(s: number, random: Random, context: object) => ((shot: Shot, random: Random, frame: number) => void)} begin prepares one voucher; the returned function changes the shot of each frame
 */
export const KINDS = [
  { name: 'blur', carriers: ['paper', 'screen'], begin: s => (shot, random) => { shot.blur = at(s, 0.9, 1.3, 1.8) * random.between(0.9, 1.1); } },
  { name: 'noise', carriers: ['paper', 'screen'], begin: s => shot => { shot.noise = at(s, 12, 24, 38); } },
  { name: 'motion', carriers: ['paper', 'screen'], begin: motion },
  { name: 'tilt', carriers: ['paper', 'screen'], begin: tilt },
  { name: 'low contrast', carriers: ['paper', 'screen'], begin: lowContrast },
  { name: 'glare', carriers: ['paper', 'screen'], begin: glare },
  { name: 'blots', carriers: ['paper'], begin: blots },
  { name: 'streaks', carriers: ['paper', 'screen'], begin: streaks },
  { name: 'shadow', carriers: ['paper'], begin: shadow },
  { name: 'JPEG', carriers: ['paper', 'screen'], begin: s => shot => { shot.quality = at(s, 25, 12, 6); } },
  { name: 'crumple', carriers: ['paper'], begin: crumple },
  { name: 'moiré', carriers: ['screen'], begin: moire },
];

/** A hand swings: it is quicker in some frames than in others. */
function motion(s, random) {
  const [length, direction, phase] = [at(s, 2.5, 4, 6), random.between(0, Math.PI), random.between(0, 6)];
  return (shot, drawn, frame) => {
    const now = length * (0.75 + 0.35 * Math.cos(phase + frame * 1.9)) * drawn.between(0.9, 1.1);
    const towards = direction + drawn.normal() * 0.2;
    shot.motion = [now * Math.cos(towards), now * Math.sin(towards)];
  };
}

function tilt(s, random) {
  const [angle, axis] = [at(s, 32, 45, 56) * (Math.PI / 180) * random.sign(), random.between(-0.4, 0.4) + (random.below(2) * Math.PI) / 2];
  return shot => {
    shot.tilt += angle;
    shot.tiltAxis = axis;
  };
}

/** Pale print, or a phone's screen turned down in a bright room. */
function lowContrast(s, random) {
  const [range, middle] = [at(s, 45, 28, 17), random.between(90, 170)];
  return shot => { shot.range = [middle - range / 2, middle + range / 2]; };
}

/** A lamp mirrored in the foil or the screen: it wanders as the hand turns the sheet. */
function glare(s, random) {
  const [radius, strength] = [at(s, 0.14, 0.22, 0.3), at(s, 1.1, 1.6, 2.2)];
  let [u, v] = [random.between(0.25, 0.75), random.between(0.25, 0.75)];
  return (shot, drawn) => {
    u += drawn.normal() * 0.03;
    v += drawn.normal() * 0.03;
    const [x, y] = [u, v];
    shot.gleam = (a, b) => strength * Math.exp(-((((a - x) ** 2 + ((b - y) * 1.5) ** 2) / (radius * radius)) ** 1.5));
  };
}

/** Drops of ink, tea and grease. */
function blots(s, random, { sheet }) {
  const drops = Array.from({ length: at(s, 5, 8, 11) }, () => ({ u: random.next(), v: random.next(), radius: random.between(0.03, at(s, 0.075, 0.09, 0.1)), dark: random.next() < 0.7, lobes: random.between(0, 6) }));
  paint(sheet, (value, u, v) => {
    for (const { u: x, v: y, radius, dark, lobes } of drops) {
      const distance = Math.hypot(u - x, v - y) / (1 + 0.25 * Math.sin(3 * Math.atan2(v - y, u - x) + lobes));
      if (distance < radius) value = dark ? Math.min(value, 0.12) : Math.max(value, 0.85);
    }
    return value;
  });
  return () => {};
}

/** A print head that misses lines, a copier's scratched drum; on a screen the cracks of its glass. */
function streaks(s, random, { sheet, carrier }) {
  const lines = Array.from({ length: at(s, 3, 5, 8) }, () => ({
    angle: carrier === 'screen' ? random.between(0, Math.PI) : random.between(-0.03, 0.03), at: random.between(0.05, 0.95), half: random.between(0.003, 0.01), value: random.next() < 0.65 ? 0.9 : 0.1,
  }));
  paint(sheet, (value, u, v) => {
    for (const line of lines) {
      const across = (u - 0.5) * Math.sin(line.angle) + (v - 0.5) * Math.cos(line.angle) + 0.5 - line.at;
      if (Math.abs(across) < line.half) value = line.value;
    }
    return value;
  });
  return () => {};
}

/** The desk's lamp behind a hand: a hard edge through the symbol. */
function shadow(s, random) {
  const [dark, angle, offset] = [at(s, 0.4, 0.24, 0.14), random.between(0, 2 * Math.PI), random.between(-0.15, 0.15)];
  let drift = 0;
  return (shot, drawn) => {
    drift += drawn.normal() * 0.02;
    const place = offset + drift;
    shot.light = (u, v) => {
      const across = ((u - 0.5) * Math.cos(angle) + (v - 0.5) * Math.sin(angle) - place) / 0.06;
      return across < -1 ? dark : across > 1 ? 1 : dark + (1 - dark) * smooth((across + 1) / 2);
    };
    shot.noise *= 1.5;
  };
}

/** Folds and dents: the paper's points are shifted and lit unevenly. The hand bends it a little more or less. */
function crumple(s, random) {
  const [amplitude, shade] = [at(s, 0.006, 0.012, 0.018), at(s, 0.22, 0.36, 0.5)];
  const waves = Array.from({ length: 5 }, () => ({ fu: random.normal() * 6, fv: random.normal() * 6, phase: random.between(0, 6.3), du: random.normal(), dv: random.normal() }));
  return (shot, drawn) => {
    const bent = 1 + 0.1 * drawn.normal();
    const wave = (u, v, of) => waves.reduce((sum, w) => sum + of(w) * Math.sin(w.fu * u + w.fv * v + w.phase), 0) / Math.sqrt(waves.length);
    shot.bend = (u, v) => [amplitude * bent * wave(u, v, w => w.du), amplitude * bent * wave(u, v, w => w.dv)];
    shot.light = (u, v) => Math.max(0.15, 1 - shade * Math.abs(wave(u + 0.07, v, () => 1)));
  };
}

/** A phone's pixels beat with the camera's, and its refresh runs through the picture as a band. */
function moire(s, random) {
  const [depth, pitch, angle] = [at(s, 0.22, 0.38, 0.55), random.between(0.82, 1.22), random.between(-0.15, 0.15)];
  return (shot, drawn, frame) => {
    const [fx, fy] = [Math.cos(angle + shot.turn) / pitch, Math.sin(angle + shot.turn) / pitch];
    const [phase, band] = [shot.x * fx + shot.y * fy, frame * 137 + drawn.between(0, 40)];
    shot.raster = (x, y) => {
      const columns = Math.cos(2 * Math.PI * (x * fx + y * fy - phase));
      const rows = Math.cos(2 * Math.PI * (y * fx - x * fy + phase));
      return (1 + depth * (0.65 * columns + 0.35 * rows)) * (1 + 0.5 * depth * Math.sin((y + band) / 60));
    };
  };
}

