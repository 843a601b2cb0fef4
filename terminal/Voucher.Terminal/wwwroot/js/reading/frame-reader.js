// Reads the codes in a camera's frames. Every frame is given to the plain decoder; what it cannot read is worked on as long as the
// frame's time lasts: symbols that it saw and could not read, symbols that only finder-patterns.js sees, and an enlarged, evened
// picture of the likeliest place. Knows neither camera nor page: it runs in the worker and in the bench.
import { PatternSearch, symbolsOf } from './finder-patterns.js';
import { fitGrid, tilted } from './grid-fit.js';
import { colourOf, enlarged, evened, greyOf } from './grey-picture.js';
import { sideOf } from './homography.js';
import { Stillness } from './stillness.js';
import { LAYOUTS } from './symbol-layout.js';
import { TrackedSymbol } from './tracked-symbol.js';
import { isVoucherText } from './voucher-text.js';

/** The work on one frame begins nothing new after this time, but for the step of a late search: 15 frames a second are 66 ms each. */
export const FRAME_BUDGET_MS = 45;
export const MOST_CODES = 4;
const MOST_TRACKED = 2;
/** Where the plain decoder alone takes a frame's time, every second frame still is searched for a step: slow is better than never. */
const LATE_SEARCH_EVERY = 2;
/** Symbols that are looked at more closely in one frame. */
const MOST_TRIED = 3;
/** A foreign code is told when two frames close to each other say the same: noise that happens to be a code says it once. */
export const FOREIGN_WITHIN_FRAMES = 5;
/** Correlation with the known modules from which a symbol is one. */
const SYMBOL_FIT = 0.55;
const PLAIN = { formats: ['QRCode'], tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true, maxNumberOfSymbols: MOST_CODES, returnErrors: true };
const CLOSE_UP = { ...PLAIN, tryDownscale: false, tryDenoise: true };
const CLOSE_UP_PX = 460;

export class FrameReader {
  #decode; #now; #search = new PatternSearch(); #stillness = new Stillness(); #tracked = []; #lastRead = []; #seenBefore = new Map(); #frame = 0;

  /**
   * @param {(frame: {data, width, height}, options: object) => Promise<object[]>} decode zxing-wasm's readBarcodes
   * @param {() => number} now milliseconds
   */
  constructor(decode, now) {
    this.#decode = decode;
    this.#now = now;
  }

  /** @param {{data: Uint8ClampedArray, width: number, height: number}} frame RGBA @returns {Promise<string[]>} the texts in view */
  async read(frame) {
    const started = this.#now();
    const hasTime = () => this.#now() - started < FRAME_BUDGET_MS;
    this.#frame++;
    const seen = await this.#decode(frame, PLAIN);
    const texts = this.#accepted(seen);
    if (texts.some(isVoucherText)) {
      this.#tracked = [];
      this.#lastRead = seen.filter(code => isVoucherText(code.text)).map(code => cornersOf(code.position));
      return texts;
    }
    const unread = [...seen.filter(code => !code.isValid).map(code => cornersOf(code.position)), ...this.#lastRead];
    this.#lastRead = [];
    const picture = greyOf(frame);
    const followed = this.#follow(picture, hasTime);
    const found = followed.length ? followed : this.#find(picture, unread, hasTime);
    if (found.length || texts.length || !hasTime()) return [...texts, ...found];
    return this.#closeUp(picture, unread[0] ?? this.#tracked[0]?.corners);
  }

  /** A voucher when its digits are whole; anything else when an earlier frame said the same. */
  #accepted(codes) {
    const texts = [...new Set(codes.filter(code => code.isValid && code.text !== '').map(code => code.text))];
    return texts.filter(text => isVoucherText(text) || this.#wasSeen(text));
  }

  #wasSeen(text) {
    for (const [other, at] of this.#seenBefore) if (this.#frame - at > FOREIGN_WITHIN_FRAMES) this.#seenBefore.delete(other);
    const before = this.#seenBefore.has(text);
    this.#seenBefore.set(text, this.#frame);
    return before;
  }

  /** Symbols of earlier frames. */
  #follow(picture, hasTime) {
    const texts = this.#tracked.map(symbol => symbol.follow(picture, hasTime)).filter(Boolean);
    this.#tracked = this.#tracked.filter(symbol => !symbol.isGone);
    return [...new Set(texts)];
  }

  /** Symbols that nobody follows yet. */
  #find(picture, unread, hasTime) {
    if (this.#tracked.length >= MOST_TRACKED || (!hasTime() && this.#frame % LATE_SEARCH_EVERY)) return [];
    const seen = unread.flatMap(corners => LAYOUTS.map(layout => ({ layout, corners, polarity: 1 })));
    const isIdle = this.#stillness.see(picture, this.#search.ended) || this.#tracked.length > 0;
    const searched = isIdle ? [] : symbolsOf(this.#search.advance(picture, hasTime), LAYOUTS);
    let tried = 0;
    for (const symbol of [...seen, ...searched]) {
      if (this.#tracked.length >= MOST_TRACKED || (tried >= MOST_TRIED && !hasTime())) break;
      if (this.#tracked.some(other => isNear(other.corners, symbol.corners))) continue;
      tried++;
      const text = this.#track(picture, symbol, hasTime);
      if (text) return [text];
    }
    return [];
  }

  #track(picture, symbol, hasTime) {
    const { corners, fit } = fitGrid(picture, symbol.layout, symbol.corners, symbol.polarity, tilted);
    if (fit < SYMBOL_FIT) return null;
    const tracked = new TrackedSymbol({ ...symbol, corners });
    this.#tracked.push(tracked);
    return tracked.read(picture, hasTime);
  }

  /** The likeliest place, enlarged and evened: for codes of another make. */
  async #closeUp(picture, corners) {
    if (!corners) return [];
    const box = around(corners, picture);
    const times = Math.min(3, CLOSE_UP_PX / Math.max(box.width, box.height));
    if (!(times > 0.5)) return [];
    const near = enlarged(picture, box, times);
    const picked = this.#frame % 2 ? near : evened(near, Math.round(CLOSE_UP_PX / 12));
    return this.#accepted(await this.#decode(colourOf(picked), CLOSE_UP));
  }
}

const cornersOf = ({ topLeft, topRight, bottomRight, bottomLeft }) => [topLeft, topRight, bottomRight, bottomLeft];

const middleOf = corners => ({ x: corners.reduce((sum, c) => sum + c.x, 0) / 4, y: corners.reduce((sum, c) => sum + c.y, 0) / 4 });

function isNear(a, b) {
  const [p, q] = [middleOf(a), middleOf(b)];
  return Math.hypot(p.x - q.x, p.y - q.y) < sideOf(a) / 4;
}

/** A box around a symbol, with its white margin. */
function around(corners, { width, height }) {
  const margin = sideOf(corners) * 0.2;
  const [xs, ys] = [corners.map(c => c.x), corners.map(c => c.y)];
  const left = Math.max(0, Math.floor(Math.min(...xs) - margin));
  const top = Math.max(0, Math.floor(Math.min(...ys) - margin));
  return { left, top, width: Math.min(width, Math.ceil(Math.max(...xs) + margin)) - left, height: Math.min(height, Math.ceil(Math.max(...ys) + margin)) - top };
}
