// One scan, asked of the program until it is known what came of it. Its id is made once and stays with it: however often it is
// asked, it is one scan, and is written down once.
import { askOnce } from './program.js';

/** The program waits 4 s for the server, and then for its disk. */
const ANSWER_WITHIN_MS = 10_000;
/** Between two questions; the last goes on for ever. */
export const PAUSES_MS = [500, 1000, 2000, 4000];

/**
 * Whether an answer says what came of the scan: a verdict, fields that cannot be used, or a disk that did not take it. Before
 * anything was lost, every other no to the question itself says that nothing was done, too. Pure.
 */
export function isKnown({ status, body }, lost) {
  if (status === 200) return Boolean(body?.outcome);
  if (status === 507) return Boolean(body?.reason);
  return status >= 400 && status < 500 && (Boolean(body?.errors) || lost === 0);
}

export class ScanQuestion {
  #order; #once; #pause; #lost = 0; #end; #ended;

  /** once(path, order, ms) and pause(ms) are the page's own but in tests. */
  constructor(order, once = askOnce, pause = ms => new Promise(done => setTimeout(done, ms))) {
    this.#order = order;
    this.#once = once;
    this.#pause = pause;
    this.#ended = new Promise(end => { this.#end = end; });
  }

  get order() { return this.#order; }

  /** An answer has been lost, or could not be used: what came of the scan is not known, and it is asked again. */
  get isAskedAgain() { return this.#lost > 0; }

  /** → { status, body }, or null when the desk has stopped the asking. again() when the first answer was lost. */
  answer(again) {
    this.#askUntilKnown(again);
    return this.#ended;
  }

  /** The program has told the answer in its stream of events; → whether it was meant here. */
  tell(verdict) {
    if (verdict.scanId !== this.#order.scanId) return false;
    this.#end({ status: 200, body: verdict });
    return true;
  }

  stop() { this.#end(null); }

  async #askUntilKnown(again) {
    let isOver = false;
    this.#ended.then(() => { isOver = true; });
    while (!isOver) {
      const answer = await this.#once('/local/scan', this.#order, ANSWER_WITHIN_MS).catch(() => null);
      if (answer && isKnown(answer, this.#lost)) return this.#end(answer);
      await null;
      if (isOver) return;
      if (this.#lost++ === 0) again();
      await this.#pause(PAUSES_MS[Math.min(this.#lost, PAUSES_MS.length) - 1]);
    }
  }
}

/** For so long the same code is the same scan; later it may be the next lesson's. */
export const SAME_FOR_MS = 10 * 60_000;

const isSame = (a, b) => a.mode === b.mode && a.classId === b.classId && a.digits === b.digits && a.shortCode === b.shortCode;

/**
 * Whether a reading is the one that is worked on, shown once more: somebody pressed the scanner twice because nothing had happened
 * yet. What the desk adds to it (a card, a class) makes it another. Pure.
 */
export const isSameReading = (a, b) => !a.foreign && !b.foreign && a.mode === b.mode && a.digits === b.digits && a.shortCode === b.shortCode
  && a.chosen?.id === b.chosen?.id && a.idNumber === b.idNumber && a.isClassSure === b.isClassSure && a.isPractice === b.isPractice;

/** Scans of which the desk did not wait to hear: the same code, shown again soon, is asked under the same id. */
export class UnansweredScans {
  #kept = [];

  /** The order with its id: its own, or that of the same scan a moment ago. */
  withId(order, at, newId = () => crypto.randomUUID()) {
    this.#kept = this.#kept.filter(one => at - one.at < SAME_FOR_MS);
    return { ...order, scanId: this.#kept.find(one => isSame(one.order, order))?.order.scanId ?? newId() };
  }

  /** No identity number is kept. By short code alone it cannot be told whether another card makes another scan. */
  keep({ idNumber, ...order }, at) {
    if (idNumber && order.shortCode) return;
    this.settle(order.scanId);
    this.#kept.push({ order, at });
  }

  settle(scanId) {
    this.#kept = this.#kept.filter(one => one.order.scanId !== scanId);
  }
}
