// The voucher is for another programme than the chosen class, and exactly one other class has it: one key or one touch takes
// it there. Only this scan goes there; the picker stays where the desk has put it.
import { whenOf } from './class-picker.js';
import * as layers from './layers.js';
import { say } from './words.js';

/** The person has gone away without the desk deciding; nothing was recorded. */
export const ABANDONED_MS = 60_000;

const byId = id => document.getElementById(id);

export class ClassOffer {
  #decided = null; #scan; #other; #timer;

  /** decided(scan, class) when the desk has chosen one of the two. */
  constructor(decided) {
    this.#decided = decided;
    byId('offer-take').addEventListener('click', () => this.#decide(this.#other));
    byId('offer-keep').addEventListener('click', () => this.#decide(this.#scan.chosen));
    byId('offer-cancel').addEventListener('click', () => this.cancel());
    document.addEventListener('language', () => { if (this.isOpen) this.#fill(); });
  }

  get isOpen() { return !byId('offer').hidden; }

  /** scan.chosen is the class that the screen showed when the code was read. */
  open(scan, voucher, other) {
    this.#scan = { ...scan, voucher };
    this.#other = other;
    this.#fill();
    layers.open(byId('offer'), byId('offer-take'));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.cancel(), ABANDONED_MS);
  }

  cancel() {
    clearTimeout(this.#timer);
    layers.close(byId('offer'));
  }

  #decide(one) {
    this.cancel();
    this.#decided(this.#scan, one);
  }

  #fill() {
    byId('offer-voucher').textContent = this.#scan.voucher;
    byId('offer-chosen').textContent = this.#scan.chosen.name;
    byId('offer-other').textContent = this.#other.name;
    byId('offer-when').textContent = `${this.#other.programme} · ${whenOf(this.#other)}`;
    byId('offer-keep-name').textContent = say('offerKeep', this.#scan.chosen.name);
  }
}
