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
const BEND_BELOW_FIT = 0.995;

export class TrackedSymbol {
  #sum = null; #frames = 0; #misses = 0;

  constructor({ layout, polarity, corners }) {
    this.layout = layout;
    this.polarity = polarity;
    this.corners = corners;
  }

  get isGone() { return this.#misses >= MOST_MISSES; }
  get frames() { return this.#frames; }

  /** Looks for the symbol near its last place. @returns {string|null} the voucher's text once it can be read */
  follow(picture) {
    const { corners, fit } = fitGrid(picture, this.layout, this.corners, this.polarity, moved);
    if (fit < LEAST_FIT) return this.#miss();
    this.corners = corners;
    return this.read(picture);
  }

  /** Reads the symbol where it lies now, by this frame alone and together with those before. @returns {string|null} */
  read(picture) {
    const flat = this.#look(picture, null);
    if (flat.text) return flat.text;
    const bent = this.#look(picture, bendGrid(picture, this.layout, this.corners, this.polarity));
    if (bent.text) return bent.text;
    return this.#combine(bent.noise < flat.noise ? bent : flat);
  }

  #look(picture, bend) {
    const samples = sampleGrid(picture, this.layout, this.corners, bend);
    let seen = equalize(samples, this.layout, this.layout.known);
    let read = readEvidence(this.layout, seen.evidence);
    if (!read.text && read.blocks > 0) {
      // What is mended already teaches the filter more.
      seen = equalize(samples, this.layout, read.signs);
      read = readEvidence(this.layout, seen.evidence);
    }
    return { ...seen, text: read.text };
  }

  #combine({ evidence }) {
    if (this.#sum && likeness(this.#sum, evidence, this.layout) < SAME_SYMBOL) return this.#miss();
    const isFull = this.#frames >= FRAMES_COMBINED;
    this.#sum = this.#sum ? this.#sum.map((sum, i) => (isFull ? sum * (1 - 1 / FRAMES_COMBINED) : sum) + evidence[i]) : evidence;
    this.#frames++;
    this.#misses = 0;
    return this.#frames > 1 ? readEvidence(this.layout, this.#sum).text : null;
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
