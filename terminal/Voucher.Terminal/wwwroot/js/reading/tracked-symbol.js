// A symbol that was found and not yet read: followed from frame to frame, the evidence of its modules added up until it suffices.
import { bendGrid } from './bent-grid.js';
import { equalize, sampleGrid } from './equalizer.js';
import { fitGrid, LEAST_FIT, moved } from './grid-fit.js';
import { readEvidence } from './soft-symbol.js';

/** Correlation of a frame's evidence with that of the frames before, below which it is another voucher's. Two vouchers have 0.1. */
const SAME_SYMBOL = 0.25;
/** So many frames in a row that fit nothing: it is gone, or another one has taken its place. */
const MOST_MISSES = 3;
/** Frames whose evidence is added up; older evidence fades. */
export const FRAMES_COMBINED = 24;

export class TrackedSymbol {
  #sum = null; #frames = 0; #misses = 0; #text = null;

  constructor({ layout, polarity, corners }) {
    this.layout = layout;
    this.polarity = polarity;
    this.corners = corners;
  }

  get isGone() { return this.#misses >= MOST_MISSES; }

  /** Looks for the symbol near its last place. @returns {string|null} the voucher's text once it can be read */
  follow(picture, hasTime) {
    const { corners, fit } = fitGrid(picture, this.layout, this.corners, this.polarity, moved);
    if (fit < LEAST_FIT) return this.#miss();
    this.corners = corners;
    return this.read(picture, hasTime);
  }

  /** Reads the symbol where it lies now, by this frame alone and together with those before. @returns {string|null} */
  read(picture, hasTime) {
    const samples = sampleGrid(picture, this.layout, this.corners, null);
    const seen = equalize(samples, this.layout, this.layout.known);
    // Once it is read it is in view as long as its modules look the same, readable in this frame or not.
    if (this.#text && likeness(this.#sum, seen.evidence, this.layout) >= SAME_SYMBOL) {
      this.#misses = 0;
      return this.#text;
    }
    const flat = this.#decode(samples, seen);
    if (flat.text) return this.#settle(flat);
    if (this.#text) return this.#miss();
    if (!hasTime()) return this.#combine(flat);
    const bent = this.#look(picture, bendGrid(picture, this.layout, this.corners, this.polarity));
    return bent.text ? this.#settle(bent) : this.#combine(bent.noise < flat.noise ? bent : flat);
  }

  #look(picture, bend) {
    const samples = sampleGrid(picture, this.layout, this.corners, bend);
    return this.#decode(samples, equalize(samples, this.layout, this.layout.known));
  }

  /** What is mended already teaches the filter more. */
  #decode(samples, seen) {
    const read = readEvidence(this.layout, seen.evidence);
    if (read.text || read.blocks === 0) return { ...seen, ...read };
    const again = equalize(samples, this.layout, read.signs);
    return { ...again, ...readEvidence(this.layout, again.evidence) };
  }

  #settle({ text, signs }) {
    this.#text = text;
    this.#sum = Float32Array.from(signs);
    this.#misses = 0;
    return text;
  }

  #combine({ evidence }) {
    if (this.#sum && likeness(this.#sum, evidence, this.layout) < SAME_SYMBOL) return this.#miss();
    const isFull = this.#frames >= FRAMES_COMBINED;
    this.#sum = this.#sum ? this.#sum.map((sum, i) => (isFull ? sum * (1 - 1 / FRAMES_COMBINED) : sum) + evidence[i]) : evidence;
    this.#frames++;
    this.#misses = 0;
    if (this.#frames < 2) return null;
    const read = readEvidence(this.layout, this.#sum);
    return read.text ? this.#settle(read) : null;
  }

  #miss() {
    this.#misses++;
    return null;
  }
}

/** Correlation of two pieces of evidence over the modules that differ from voucher to voucher. */
function likeness(a, b, layout) {
  let [product, squareA, squareB] = [0, 0, 0];
  for (const module of layout.order) {
    product += a[module] * b[module];
    squareA += a[module] ** 2;
    squareB += b[module] ** 2;
  }
  return product / Math.sqrt(squareA * squareB || 1);
}
